"""The pages that a browser measured: those that tell something, and why the others do not."""

from __future__ import annotations

from checks.model import JSON
from crawler.facts import DisplayFact, SiteFacts

LISTED = 200
"""Pages that a finding names at most."""


def shown(facts: SiteFacts) -> tuple[DisplayFact, ...]:
    """The measured pages that stood as a visitor sees them."""
    return tuple(page for page in facts.displays or () if not page.error)


def why_not(facts: SiteFacts) -> list[str]:
    """Why pages were not measured, in Chinese; empty where all were."""
    if facts.displays is None:
        return ["没有可用的浏览器，或未取得首页"]
    if not facts.displays:
        return ["没有可供测量的页面"]
    return list(dict.fromkeys(f"{page.error}（{page.url}）" for page in facts.displays if page.error))


def listed(pages: list[DisplayFact]) -> list[JSON]:
    """The addresses of pages as a finding's observed values hold them."""
    return [page.url for page in pages[:LISTED]]
