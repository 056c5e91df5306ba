"""The pages of one crawl that wait for a browser: which they are, which come first, and what becomes of them.

The budget goes where it decides most: the home page, first-level columns, other columns, articles. What is left over is
recorded as received and marked, so that nothing is ever held against it.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterable

from msgspec.structs import replace

from crawler.facts import FetchOutcome, FooterMarks, Link, Outcome, PageFact, PageKind, Region, Resource
from crawler.fetch.companions import Renderer
from crawler.fetch.limits import PAGE_TAGS, Limits
from crawler.fetch.log import RunLog
from crawler.fetch.outcome import of_response
from crawler.fetch.tab import Sight
from crawler.read.complexity import too_complex
from crawler.read.page import PageReader
from crawler.read.urls import host_of

SOME_TEXT = 50
"""Characters of main text below which a list page without entries may be one that scripts fill."""
LONGEST_PAUSE = 10.0
"""Seconds for which a host is left alone after a page at most, however many requests the page made."""
_GOVERNMENT = ".gov.cn"
_LISTS = frozenset({PageKind.HOME, PageKind.COLUMN})
_FOOT = ("icp", "police_filing", "site_code", "badge", "organiser", "contact", "sitemap", "error_report")


def leaves_open(fact: PageFact) -> bool:
    """The page as received shows nothing where something may be: a browser must show it before it is called empty."""
    if fact.outcome is Outcome.EMPTY_SHELL or fact.scripted:
        return True
    if any(link.tag == "frame" for link in fact.links):
        return True  # a frameset holds nothing itself
    if fact.kind is PageKind.HOME and lacks_foot(fact.marks):
        return True
    if fact.items or fact.notice:
        return False
    if fact.embedded and fact.kind in (PageKind.HOME, PageKind.COLUMN, PageKind.OTHER):
        return True
    return fact.kind is PageKind.COLUMN and fact.body_length < SOME_TEXT


def lacks_foot(marks: FooterMarks) -> bool:
    """Whether marks are missing from a footer that a script writes."""
    return marks.scripted and not all(getattr(marks, name) for name in _FOOT)


def unshown(fact: PageFact) -> PageFact:
    """A page that left something open and that no browser has shown: where it bears scripts, its gaps prove nothing."""
    tags = {link.tag for link in fact.links}
    bare = fact.kind is PageKind.COLUMN and not fact.items and fact.body_length < SOME_TEXT and "script" in tags
    return replace(fact, scripted=fact.scripted or bare or "frame" in tags)


class Rendering:
    """The pages that wait, and the budget. `interval` is the pace of the site in seconds a request."""

    def __init__(
        self,
        renderer: Renderer | None,
        reader: PageReader,
        log: RunLog,
        limits: Limits,
        home: str,
        *,
        interval: float,
        at_once: int,
    ) -> None:
        self._renderer, self._reader, self._log = renderer, reader, log
        self._home, self._interval = home, interval
        self._left = limits.rendered
        self._left_for_samples = limits.rendered_samples
        self._lanes = asyncio.Semaphore(max(1, min(2, at_once)))
        self._waiting: dict[str, tuple[PageFact, FetchOutcome]] = {}

    @property
    def is_waited_for(self) -> bool:
        """Whether pages wait."""
        return bool(self._waiting)

    def wait(self, fact: PageFact, visit: FetchOutcome) -> None:
        """Takes a page that leaves something open."""
        self._waiting[fact.url] = (fact, visit)

    async def pages(
        self, is_over: Callable[[], bool], is_filled: Callable[[PageFact], bool]
    ) -> AsyncIterator[PageFact]:
        """The waiting pages that matter most, as a browser shows them; once the budget is spent, all that are left.

        Those whose list was read elsewhere need no browser. Call it again as long as pages wait: what one lot names
        may matter more than what the next holds.
        """
        for url in [url for url, (fact, _) in self._waiting.items() if is_filled(fact)]:
            yield unshown(self._waiting.pop(url)[0])
        ranked = sorted(self._waiting, key=lambda url: _rank(self._waiting[url][0], self._home))
        spent = self._renderer is None or not self._left or is_over()
        first = _rank(self._waiting[ranked[0]][0], self._home)[0] if ranked else 0
        lot = [
            self._waiting.pop(url) for url in ranked if spent or _rank(self._waiting[url][0], self._home)[0] == first
        ]
        chosen, rest = ([], lot) if spent else (lot[: self._left], lot[self._left :])
        self._left -= len(chosen)
        async for fact in self._shown(chosen, is_over):
            yield fact
        for fact, _ in rest:
            yield unshown(fact)

    async def samples(self, pages: Iterable[PageFact], is_over: Callable[[], bool]) -> AsyncIterator[PageFact]:
        """Of pages that are tried for their footer those whose footer only a browser shows, as it shows them."""
        wanted = [
            (page, FetchOutcome(page.url, page.url, page.fetched_at, page.outcome, page.status))
            for page in pages
            if lacks_foot(page.marks) and not page.rendered
        ]
        if self._renderer is not None:
            async for fact in self._shown(wanted[: self._left_for_samples], is_over):
                if fact.rendered:
                    yield fact

    async def _shown(
        self, chosen: list[tuple[PageFact, FetchOutcome]], is_over: Callable[[], bool]
    ) -> AsyncIterator[PageFact]:
        tasks = [asyncio.ensure_future(self._show(fact, visit, is_over)) for fact, visit in chosen]
        try:
            for task in tasks:
                yield await task
        finally:
            for task in tasks:
                task.cancel()

    async def _show(self, fact: PageFact, visit: FetchOutcome, is_over: Callable[[], bool]) -> PageFact:
        async with self._lanes:
            if self._renderer is None or is_over():
                return unshown(fact)
            sight = await self._renderer.see(
                fact.url, inlined=lambda frame: is_of_the_page(frame, self._reader.own_hosts)
            )
            # what the page asked for counts against the pace of its host
            await asyncio.sleep(min(self._interval * (sight.requests if sight else 1), LONGEST_PAUSE))
        shown = read_shown(self._reader, fact, sight, self._home) if sight is not None else None
        if shown is None or sight is None:
            return unshown(fact)
        self._log.capture(
            fact.url, visit.attempt, visit.at, sight.status, tuple(sight.headers.items()), sight.html, kind="rendered"
        )
        return shown


def is_of_the_page(frame: str, own_hosts: frozenset[str]) -> bool:
    """Whether a frame's document is part of the page: of the site's own hosts or another government host."""
    host = host_of(frame)
    return host in own_hosts or host.partition(":")[0].endswith(_GOVERNMENT)


def read_shown(reader: PageReader, fact: PageFact, sight: Sight, home: str) -> PageFact | None:
    """The page as the browser shows it; None where that is another page, a refusal or no page at all.

    Where something the page asked for did not come and it shows next to nothing, it stays `scripted` and unrendered.
    """
    ending = of_response(
        status=sight.status or 0,
        headers=sight.headers,
        body=sight.html,
        requested=fact.url,
        final=sight.url,
        home=home,
        own_hosts=reader.own_hosts,
    )
    if not ending.outcome.is_seen or not sight.html or host_of(sight.url) not in reader.own_hosts:
        return None
    if too_complex(sight.html, PAGE_TAGS):
        return None
    if sight.url == home and fact.url != home and fact.kind is not PageKind.HOME:
        return None
    shown = reader.read(
        sight.html,
        fact.url,
        fetched_at=fact.fetched_at,
        status=fact.status,
        content_type="text/html; charset=utf-8",
        depth=fact.depth,
        rendered=True,
    ).fact
    known = {link.url for link in shown.links}
    frames = tuple(
        Link(url, url, url.rstrip("/").rpartition("/")[2], "iframe", Region.OTHER, Resource.FRAME)
        for url in sight.frames
        if url not in known
    )
    if sight.doubt and not shown.items and (shown.body_length < SOME_TEXT or shown.kind in _LISTS):
        return replace(shown, links=shown.links + frames, scripted=True, rendered=False)
    marks = shown.marks if sight.doubt else replace(shown.marks, scripted=False)
    return replace(shown, links=shown.links + frames, marks=marks)


def _rank(fact: PageFact, home: str) -> tuple[int, bytes]:
    """Home, first-level columns and shells, others, articles; within a rank by a hash, whatever the crawl's order."""
    draw = hashlib.blake2b(fact.url.encode(), digest_size=8).digest()
    if fact.url == home or fact.kind is PageKind.HOME:
        return 0, draw
    if fact.kind is PageKind.COLUMN or fact.outcome is Outcome.EMPTY_SHELL:
        return (1 if fact.depth <= 1 else 2), draw
    return 3, draw
