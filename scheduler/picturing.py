"""Screenshots of what was found: which faults are pictured, from which kept bytes, and where the pictures are kept.

It comes after judging and changes no result: without a browser, or where one fails, bytes and headers are the evidence.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache, partial
from importlib.resources import files
from typing import Any

import yaml

from checks.model import CheckResult, StampedFinding
from crawler.fetch.browser import Chromium
from crawler.fetch.screenshots import Fault, Picture, Subject, take
from storage.run_view import RunView
from storage.store import Store

logger = logging.getLogger(__name__)


async def keep_pictures(
    store: Store,
    run: RunView,
    results: Iterable[CheckResult],
    browser: Chromium,
    most: int,
    clock: Callable[[], datetime],
) -> Mapping[str, tuple[str, ...]]:
    """Takes at most `most` pictures of a site's findings and keeps them; the evidence ids of each by fingerprint."""
    subjects = await asyncio.to_thread(_subjects, run, results, most)
    kept: dict[str, tuple[str, ...]] = {}
    for subject, findings in subjects:
        pictures = await browser.run(partial(take, subject=subject))
        for picture in pictures or ():
            stamped = findings[picture.fault.id]
            kept[stamped.fingerprint] = await asyncio.to_thread(_keep, store, run, stamped, picture, clock())
    return kept


def _subjects(
    run: RunView, results: Iterable[CheckResult], most: int
) -> list[tuple[Subject, Mapping[str, StampedFinding]]]:
    """The pages to be pictured with their faults, those first that stand first in the table; each page once."""
    places: Mapping[str, str] = _table()["places"]
    per_check: int = _table()["per_check"]
    standing = [
        stamped
        for result in results
        for stamped in result.findings
        if stamped.check in places and stamped.finding.url.startswith("http")
    ]
    rank = {check: number for number, check in enumerate(places)}
    standing.sort(key=lambda one: (rank[one.check], one.finding.url, one.fingerprint))
    used: Counter[str] = Counter()
    by_page: dict[str, list[StampedFinding]] = defaultdict(list)
    for stamped in standing:
        if used[stamped.check] < per_check and used.total() < most:
            used[stamped.check] += 1
            by_page[stamped.finding.url].append(stamped)
    subjects: list[tuple[Subject, Mapping[str, StampedFinding]]] = []
    for url, found in by_page.items():
        faults = tuple(_fault(stamped, places[stamped.check]) for stamped in found)
        subject = _subject(run, url, faults)
        if subject is not None:
            subjects.append((subject, {stamped.fingerprint: stamped for stamped in found}))
    return subjects


def _fault(stamped: StampedFinding, place: str) -> Fault:
    finding = stamped.finding
    words = str(finding.observed.get("column") or "") if place == "heading" else finding.quote
    return Fault(stamped.fingerprint, _title(stamped.check), finding.message, place, words, finding.problem_url)


def _subject(run: RunView, url: str, faults: tuple[Fault, ...]) -> Subject | None:
    """The page as it was last kept: as a browser showed it, else as received; a bare caption where nothing came."""
    captures = run.captures(url)
    kept = next((one for one in reversed(captures) if one.kind == "rendered"), None) or next(
        (one for one in reversed(captures) if one.kind == "response" and one.body), None
    )
    if kept is not None:
        rendered = kept.kind == "rendered"
        kind = next((value for name, value in kept.headers if name.lower() == "content-type"), "")
        return Subject(url, kept.body, "text/html; charset=utf-8" if rendered else kind, rendered, kept.at, faults)
    visits = run.visits_of(url)
    bare = tuple(fault for fault in faults if fault.place == "page")
    return Subject(url, b"", "", rendered=False, at=visits[-1].at, faults=bare) if visits and bare else None


def _keep(store: Store, run: RunView, stamped: StampedFinding, picture: Picture, now: datetime) -> tuple[str, ...]:
    client = str(run.record.settings.get("user_agent", ""))
    keep = store.evidence.keep
    marked = keep(picture.marked, kind="png", url=stamped.picture, at=now, client=client, run=run.record.id)
    if not picture.plain:
        return (marked.sha256,)
    plain = keep(picture.plain, kind="png", url=stamped.plain_picture, at=now, client=client, run=run.record.id)
    return marked.sha256, plain.sha256


def _title(check: str) -> str:
    from checks.registry import CHECKS

    return CHECKS[check].title if check in CHECKS else check


@cache
def _table() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(
        files("scheduler").joinpath("data/pictures.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
    )
    return loaded
