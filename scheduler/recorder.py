"""The RunLog of a worker: gathers what a crawl saw into batches and hands each to the store in one transaction.

One batch at most is on its way; a crawl that outruns the disk waits for it. What was handed over survives a kill.
"""

from __future__ import annotations

from array import array
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from crawler.facts import Exchange, FetchOutcome, Link, PageFact
from storage.runs import Capture, RecordedLink, RecordedPage, Runs

BATCH = 200
"""Rows (pages, links, visits) that make a batch; `tick` hands over smaller ones as time passes."""


class RunRecorder:
    """Writes one run. `fault` is set when the store refused a batch; the crawl must then be ended."""

    def __init__(self, runs: Runs, run: int, writer: ThreadPoolExecutor) -> None:
        self._runs, self.run, self._writer = runs, run, writer
        self._pages: list[RecordedPage] = []
        self._links: list[RecordedLink] = []
        self._visits: list[FetchOutcome] = []
        self._captures: list[Capture] = []
        self._kept: list[int] = []
        self._underway: Future[None] | None = None
        self.fault: Exception | None = None

    def page(self, fact: PageFact, links: array[int]) -> None:
        """A page without its links, and the numbers of its links in page order."""
        self._pages.append(RecordedPage(fact, links))
        self._hand_over_when_full()

    def unchanged(self, page: int) -> None:
        """A page of the last visit, by its number there, that has not changed."""
        self._kept.append(page)

    def link(self, number: int, link: Link) -> None:
        """A link seen for the first time."""
        self._links.append(RecordedLink(number, link))

    def visit(self, outcome: FetchOutcome) -> None:
        """A visit that ended."""
        self._visits.append(outcome)
        self._hand_over_when_full()

    def capture(
        self,
        url: str,
        attempt: int,
        at: datetime,
        status: int | None,
        headers: tuple[tuple[str, str], ...],
        body: bytes,
        kind: str = "response",
        exchange: Exchange = Exchange(),
    ) -> None:
        """The bytes and headers that prove a visit."""
        self._captures.append(Capture(url, attempt, at, status, headers, body, kind, exchange))

    def tick(self) -> None:
        """Hands over what has gathered; called about once a second."""
        if self._underway is None or self._underway.done():
            self._hand_over()

    def flush(self) -> None:
        """Returns when everything is in the store. Raises the store's error if it refused a batch."""
        self._hand_over()
        self._wait()
        if self.fault is not None:
            raise self.fault

    def _hand_over_when_full(self) -> None:
        if len(self._pages) + len(self._links) + len(self._visits) >= BATCH:
            self._hand_over()

    def _hand_over(self) -> None:
        if not (self._pages or self._links or self._visits or self._captures or self._kept):
            return
        self._wait()
        batch = self._pages, self._links, self._visits, self._captures, self._kept
        self._pages, self._links, self._visits, self._captures, self._kept = [], [], [], [], []
        self._underway = self._writer.submit(self._append, *batch)

    def _append(
        self,
        pages: list[RecordedPage],
        links: list[RecordedLink],
        visits: list[FetchOutcome],
        captures: list[Capture],
        kept: list[int],
    ) -> None:
        self._runs.append(self.run, pages=pages, links=links, visits=visits, captures=captures, kept=kept)

    def _wait(self) -> None:
        if self._underway is None:
            return
        error = self._underway.exception()
        if isinstance(error, Exception):
            self.fault = self.fault or error
        self._underway = None
