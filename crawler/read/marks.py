"""The marks of a page's footer (国办发〔2017〕47号: 底部功能区), read from its tail and its links."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from crawler.facts import FooterMarks, Link
from crawler.read.lexicon import any_pattern, table, words
from crawler.read.outline import Outline
from crawler.read.zones import Zone

_TAIL_LINES = 40
_LONGEST = 60
_LONGEST_SCRIPT = 20_000


def footer_marks(page: Outline, marked: dict[str, Link]) -> FooterMarks:
    """Each mark as the page shows it; `marked` are the links that bear one.

    `scripted` is told where a script writes the footer, so that absence proves nothing.
    """
    named, tail = _foot(page)
    badge, error_report = _address(marked.get("badge")), _address(marked.get("error_report"))
    scripts = [script.text for script in page.scripts if len(script.text) < _LONGEST_SCRIPT]
    if not badge and any(_says("badge", script) for script in scripts):
        badge = "scripted"
    if not error_report and any(_says("error_report", script) for script in scripts):
        error_report = "scripted"

    small = tail.lower()

    def told(key: str) -> str:
        return _found_again(key, named) or _found(key, tail, small)

    return FooterMarks(
        icp=told("icp"),
        police_filing=told("police_filing") or _filing_code(marked.get("filing")),
        site_code=told("site_code"),
        badge=badge,
        organiser=told("organiser") or told("owner"),
        contact=told("contact"),
        sitemap=_address(marked.get("sitemap")) or told("sitemap"),
        error_report=error_report or told("error_report_text"),
        scripted=_is_scripted(page, scripts, f"{named}\n{tail}", marked),
    )


def _foot(page: Outline) -> tuple[str, str]:
    """The footer's text: what is named so, and what else the last lines of the page say."""
    named = dict.fromkeys(line.text for line in page.lines if line.zone is Zone.FOOTER)
    last = page.lines[-_TAIL_LINES:]
    tail = [line.text for line in last if len(line.text) - line.linked <= 400 and line.text not in named]
    if sum(map(len, named)) + sum(map(len, tail)) < 30:
        return "", "\n".join(line.text for line in last)
    return "\n".join(named), "\n".join(tail)


@lru_cache(maxsize=256)
def _found_again(key: str, footer: str) -> str:
    """What a footer tells. A site repeats its footer on every page; it is searched once."""
    return _found(key, footer, footer.lower())


def _found(key: str, text: str, small: str) -> str:
    """What a text tells; `small` is the text in lower case."""
    for letters in _needs()[key]:
        if letters in small:
            break
    else:
        return ""
    found = _pattern(key).search(text)
    if found is None:
        return ""
    quote = next((group for group in found.groups() if group), found[0])
    return " ".join(quote.split())[:_LONGEST]


def _filing_code(link: Link | None) -> str:
    """The filing number that the link to the police's register bears."""
    found = _pattern("filing").search(link.url) if link is not None else None
    return next((group for group in found.groups() if group), "") if found else ""


def _address(link: Link | None) -> str:
    return (link.url or link.text) if link is not None else ""


def _is_scripted(page: Outline, scripts: list[str], foot: str, marked: dict[str, Link]) -> bool:
    """Whether the footer is left to a script: written inline, included by name, or an empty container for it."""
    if "footer_file" in marked:
        return True
    for script in page.scripts:
        if script.zone is Zone.FOOTER and any(word in script.text for word in words("marks", "writes")):
            return True
        if "document.write" in script.text and _says("footer_content", script.text):
            return True
    left_open = "footer_script" in marked or any(zone == Zone.FOOTER.value for _, _, zone in page.hollow)
    if left_open and not _pattern("any_mark").search(foot):
        return True
    return any("oot" in script and _says("loads_footer", script) for script in scripts)


@lru_cache(maxsize=256)
def _says(key: str, script: str) -> bool:
    """Whether a script holds a mark. A site repeats its scripts on every page; they are searched once."""
    return _pattern(key).search(script) is not None


@cache
def _needs() -> dict[str, tuple[str, ...]]:
    return {key: tuple(letters) for key, letters in table("marks")["needs"].items()}


@cache
def _pattern(key: str) -> re.Pattern[str]:
    return any_pattern("marks", key)
