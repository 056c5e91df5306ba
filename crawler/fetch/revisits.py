"""Revisits: asks the pages and resources of the last visit whether they have changed, before they are fetched anew.

An answer here can say one thing only: unchanged. Whatever else comes (a change, an error, a redirect, a firewall,
silence) is nothing; the address then gets its visit under Scrapy as if nobody had asked. A page that was
shown by a browser, or that leaves something to scripts, is never asked: its bytes do not tell what it shows.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Self

import httpx

from crawler.clock import now
from crawler.facts import FetchOutcome, Outcome, Pace, PageKind
from crawler.fetch.companions import Take
from crawler.fetch.limits import VISITOR, Limits
from crawler.fetch.log import Baseline, KnownPage, Place
from crawler.fetch.policy import AddressPolicy
from crawler.fetch.transfers import TransferFailed, Transfers

SAMPLE = 30
"""So many questions in which most pages had changed end the asking: this site changes with every visit."""
_READS_IN_FULL = frozenset({PageKind.HOME, PageKind.COLUMN})
"""Whether these have changed is told by their bytes alone: a server's mistaken 304 must not make a unit look idle."""


class Revisits:
    """The queue of one site's revisits; an async context. `stop` says that the visit is over."""

    def __init__(self, baseline: Baseline, pace: Pace, limits: Limits, policy: AddressPolicy) -> None:
        self._baseline, self._limits = baseline, limits
        self._connections = max(pace.connections, 1)
        self._gap = _Gap(pace.interval, self._connections)
        self._waiting: deque[tuple[str, Place]] = deque()
        self._changed: list[tuple[str, Place]] = []
        self._asked = self._kept = 0
        self._transfers = Transfers(policy, {"User-Agent": limits.user_agent, **VISITOR}, limits.timeout)

    async def __aenter__(self) -> Self:
        await self._transfers.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transfers.__aexit__(kind, error, trace)

    @property
    def waiting(self) -> bool:
        """Whether somebody is to be asked."""
        return bool(self._waiting)

    def page(self, url: str) -> KnownPage | None:
        """The page that is known under that address."""
        return self._baseline.pages.get(url)

    def takes(self, url: str, place: Place) -> bool:
        """Queues an address of the last visit; False where it is not known or asking has proved idle."""
        known = url in self._baseline.pages or url in self._baseline.resources
        if not known or self._is_idle:
            return False
        self._waiting.append((url, place))
        return True

    async def work_off(self, take: Take, stop: Callable[[], bool]) -> list[tuple[str, Place]]:
        """Asks until nobody waits, also those that `take` queues; answers whom to visit in full.

        `take` is handed every address that has not changed, its place and the visit.
        """
        await asyncio.gather(*(self._work(take, stop) for _ in range(self._connections)))
        changed, self._changed = self._changed, []
        return changed

    @property
    def _is_idle(self) -> bool:
        """Whether asking has proved idle: most of the first pages had changed."""
        return self._asked >= SAMPLE and self._kept * 2 < self._asked

    async def _work(self, take: Take, stop: Callable[[], bool]) -> None:
        while self._waiting and not stop():
            if self._is_idle:
                self._changed.extend(self._waiting)
                self._waiting.clear()
                return
            url, place = self._waiting.popleft()
            page = self._baseline.pages.get(url)
            await self._gap.turn()
            started = time.monotonic()
            try:
                visit = await (
                    self._unchanged_resource(url, place) if page is None else self._unchanged_page(url, place, page)
                )
            except (TransferFailed, httpx.TransportError, ValueError):
                visit = None
            self._gap.learn(time.monotonic() - started)
            if page is not None:
                self._asked += 1
                self._kept += visit is not None
            if visit is None:
                self._changed.append((url, place))
            else:
                take(url, place, visit)

    async def _unchanged_page(self, url: str, place: Place, page: KnownPage) -> FetchOutcome | None:
        """The visit of a page that has not changed: by 304, or by bytes that are the same; else None."""
        headers = []
        if page.kind not in _READS_IN_FULL:
            if page.etag:
                headers.append(f"If-None-Match: {page.etag}")
            if page.last_modified:
                headers.append(f"If-Modified-Since: {page.last_modified}")
        digest, size = hashlib.sha256(), 0

        def write(piece: bytes) -> int:
            nonlocal size
            size += len(piece)
            digest.update(piece)
            return len(piece) if size <= self._limits.page_bytes else 0

        answer = await self._transfers.get(url, headers, write)
        if answer.status == 304 and headers:
            return _visit(url, place, 304, "内容未变化（服务器答复 304）", page.content_type)
        if answer.status != 200 or answer.content_type != page.content_type or digest.hexdigest() != page.sha256:
            return None
        return _visit(url, place, 200, "内容未变化（与上次采集逐字节相同）", page.content_type)

    async def _unchanged_resource(self, url: str, place: Place) -> FetchOutcome | None:
        """The visit of a resource that answers HEAD as it did; else None."""
        kind = self._baseline.resources[url]
        answer = await self._transfers.head(url)
        if answer.status != 200 or answer.content_type != kind:
            return None
        return _visit(url, place, 200, "", kind, method="HEAD")


def _visit(url: str, place: Place, status: int, reason: str, content_type: str, method: str = "GET") -> FetchOutcome:
    return FetchOutcome(
        requested_url=url,
        final_url=url,
        at=now(),
        outcome=Outcome.OK,
        status=status,
        reason=reason,
        method=method,
        content_type=content_type,
        resource=place.resource,
    )


class _Gap:
    """The pace towards one host: a turn each `interval` seconds, and slower where the host answers slowly."""

    def __init__(self, interval: float, connections: int) -> None:
        self._least = self._interval = interval
        self._connections = connections
        self._free_at = 0.0

    async def turn(self) -> None:
        """Returns when the next question may be asked."""
        if not self._least:
            return
        at = time.monotonic()
        turn = max(at, self._free_at)
        self._free_at = turn + self._interval
        if turn > at:
            await asyncio.sleep(turn - at)

    def learn(self, latency: float) -> None:
        """Scrapy's AutoThrottle: half way towards the pace at which `connections` answers are always underway."""
        wanted = (self._interval + latency / self._connections) / 2
        self._interval = min(max(self._least, wanted), 30.0)
