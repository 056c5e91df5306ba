"""Links to other hosts: distinct addresses beside the crawls, polite to each host, looked at twice before they accuse.

A success is remembered for all crawls of the worker, and for the nights of a week; a failure never is, so that every
accusation rests on a look of its own night.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zlib import crc32

import httpx

from crawler.clock import now
from crawler.facts import Exchange, FetchOutcome, Outcome, Resource
from crawler.fetch.exchange import exchange_of_client_failure
from crawler.fetch.limits import OFFSITE_BYTES, Limits
from crawler.fetch.log import RunLog
from crawler.fetch.outcome import Ending, of_exception
from crawler.fetch.policy import literal
from crawler.fetch.received import Received, receive
from crawler.fetch.unjudged import why_unjudged
from crawler.fetch.visits import not_visited
from crawler.read.concealment import is_watched
from crawler.read.titles import title_of
from crawler.read.urls import host_of

logger = logging.getLogger(__name__)

HOST_INTERVAL = 1.0
AT_ONCE = 16
LEAST_DAYS, SPREAD = 5, 2
"""Days for which a good answer serves nightly visits, and over how many more addresses are spread: a week at most."""


class OffSiteHosts:
    """The worker's manners towards foreign hosts: one request at a time and a second between, whoever asks."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.successes: dict[str, FetchOutcome] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def request(
        self, method: str, url: str, referer: str, seconds: float
    ) -> tuple[Ending, Received | None, Exchange]:
        """One request in the host's turn, `seconds` for all of it; a page's beginning is enough."""
        host = host_of(url)
        lock = self._locks.setdefault(host, asyncio.Lock())
        async with self._slots, lock:
            started = time.monotonic()
            try:
                answer = await receive(
                    self.client,
                    url,
                    most=OFFSITE_BYTES,
                    seconds=seconds,
                    method=method,
                    headers={"Referer": referer},
                    whole=False,
                )
                ending = answer.ending(home="", own_hosts=frozenset({host_of(answer.final)}))
                return ending, answer, answer.exchange
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                return of_exception(error), None, exchange_of_client_failure(error, url)
            finally:
                address = literal(host.rsplit(":", 1)[0])
                if address is None or not address.is_loopback:
                    await asyncio.sleep(max(0.0, HOST_INTERVAL - (time.monotonic() - started)))


class OffSiteQueue:
    """One crawl's foreign links. Each outcome goes to the log as it comes, with what proves it where it ended badly.

    Hosts that cannot be judged from outside are never asked, and counted in `unjudged`. `deadline` (monotonic) ends
    the crawl. What the budget or the time leaves out stays unvisited and is counted in `left_out`. `known` are the last
    good answers that an earlier visit had: within a week they are recorded again as they were, with their own date.
    """

    def __init__(
        self,
        hosts: OffSiteHosts,
        limits: Limits,
        log: RunLog,
        deadline: float,
        known: Mapping[str, FetchOutcome] | None = None,
    ) -> None:
        self._hosts, self._limits, self._log, self._deadline = hosts, limits, log, deadline
        self._known = known or {}
        self.carried = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._unread = 0
        self.left_out = 0
        self.unjudged = 0
        self.submitted = 0

    def submit(self, url: str, referer: str, resource: Resource, earlier: Sequence[FetchOutcome] = ()) -> None:
        """Queues a distinct address; `earlier` are the looks that a stopped run has had at it.

        Beyond the budget an address stays unvisited and is counted.
        """
        if why := why_unjudged(host_of(url), self._limits.unjudged_hosts):
            self.unjudged += 1
            self._log.visit(not_visited(url, resource, f"无法从外部判断：{why}"))
            return
        known = self._known.get(url)
        if known is not None and not earlier and known.resource is resource and serves(known, now()):
            self.carried += 1
            self._log.visit(known)
            return
        if self.submitted >= self._limits.resources:
            self.left_out += 1
            return
        self.submitted += 1
        task = asyncio.get_running_loop().create_task(self._settle(url, referer, resource, earlier))
        self._tasks.add(task)
        task.add_done_callback(self._settled)

    async def drain(self) -> None:
        """Waits until every address is settled, or until the crawl's time is over."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=max(0.0, self._deadline - time.monotonic()))
            self.left_out += len(late)
            for task in late:
                task.cancel()

    @property
    def note(self) -> str:
        """What was left out, in Chinese; "" where nothing was."""
        parts = (
            f"站外链接另有 {self.left_out} 个因数量或时间上限未访问" if self.left_out else "",
            f"站外链接另有 {self._unread} 个因本系统出错未访问" if self._unread else "",
            f"站外链接中 {self.unjudged} 个所在主机无法从外部判断，未访问" if self.unjudged else "",
            f"站外链接中 {self.carried} 个一周内访问正常，沿用当时的结果" if self.carried else "",
        )
        return "；".join(filter(None, parts))

    def cancel(self) -> None:
        """Drops what is not settled; it stays unvisited."""
        for task in self._tasks:
            task.cancel()

    def _settled(self, task: asyncio.Task[None]) -> None:
        """What no answer explains is a fault of ours: the address stays unvisited, and is counted."""
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._unread += 1
            logger.error("a foreign address was not settled", exc_info=error)

    async def _settle(self, url: str, referer: str, resource: Resource, earlier: Sequence[FetchOutcome]) -> None:
        known = self._hosts.successes.get(url)
        if known is not None:
            self._log.visit(known)
            return
        previous: Outcome | None = earlier[-1].outcome if earlier else None
        for attempt in range(len(earlier) + 1, self._limits.looks + 1):
            if attempt > 1:
                await asyncio.sleep(self._limits.confirm_gap)
            visit = await self._look(url, referer, resource, attempt)
            self._log.visit(visit)
            if visit.outcome.is_seen:
                self._hosts.successes[url] = visit
            if not visit.outcome.is_failure or visit.outcome is previous:
                return
            previous = visit.outcome

    async def _look(self, url: str, referer: str, resource: Resource, attempt: int) -> FetchOutcome:
        # What a page of nobody's government has become since it was linked, only its own words tell.
        told = resource is Resource.PAGE and is_watched(url)
        method = "HEAD" if attempt == 1 and not told else "GET"
        at, started = now(), time.monotonic()
        ending, answer, exchange = await self._hosts.request(method, url, referer, self._limits.timeout)
        if method == "HEAD" and not ending.outcome.is_seen and ending.outcome is not Outcome.NOT_VISITED:
            method = "GET"
            ending, answer, exchange = await self._hosts.request(method, url, referer, self._limits.timeout)
        if answer is None:
            self._log.capture(url, attempt, at, None, (), b"", kind="failure", exchange=exchange)
        elif not ending.outcome.is_seen:
            self._log.capture(url, attempt, at, answer.status, answer.kept_headers, answer.body, exchange=exchange)
        return FetchOutcome(
            requested_url=url,
            final_url=answer.final if answer is not None else url,
            at=at,
            outcome=ending.outcome,
            status=answer.status if answer is not None else None,
            reason=ending.reason,
            attempt=attempt,
            method=method,
            elapsed_ms=int((time.monotonic() - started) * 1000),
            content_type=answer.content_type if answer is not None else "",
            redirects=answer.redirects if answer is not None else (),
            resource=resource,
            title=title_of(answer.body, answer.content_type) if told and answer is not None else "",
        )


def serves(known: FetchOutcome, now: datetime) -> bool:
    """An earlier answer still stands for its address: a good one, younger than a week, not of a page that is watched.

    Each address has a day of its own on which it is asked again, so that one night does not ask them all.
    """
    if not known.outcome.is_seen or (known.resource is Resource.PAGE and is_watched(known.requested_url)):
        return False
    days = LEAST_DAYS + crc32(known.requested_url.encode()) % (SPREAD + 1)
    return timedelta() <= now - known.at < timedelta(days=days)
