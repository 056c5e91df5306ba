"""Links to other hosts: distinct addresses beside the crawls, polite to each host, looked at twice before they accuse.

A success is remembered for all crawls of the worker; a failure never is.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime

import httpx

from crawler.facts import BEIJING, FetchOutcome, Outcome, Resource
from crawler.fetch.limits import Limits
from crawler.fetch.outcome import Ending, of_exception, of_response
from crawler.fetch.policy import literal
from crawler.read.urls import host_of, normalise

HOST_INTERVAL = 1.0
AT_ONCE = 16


class OffSiteHosts:
    """The worker's manners towards foreign hosts: one request at a time and a second between, whoever asks."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.successes: dict[str, FetchOutcome] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def request(self, method: str, url: str, referer: str) -> tuple[Ending, httpx.Response | None]:
        """One request in the host's turn."""
        host = host_of(url)
        lock = self._locks.setdefault(host, asyncio.Lock())
        async with self._slots, lock:
            started = time.monotonic()
            try:
                async with self.client.stream(
                    method, url, headers={"Referer": referer}, follow_redirects=True
                ) as response:
                    body = await _head_of(response) if method == "GET" else b""
                    final = normalise(str(response.url)) or url
                    ending = of_response(
                        status=response.status_code,
                        headers=response.headers,
                        body=body,
                        requested=url,
                        final=final,
                        home="",
                        own_hosts=frozenset({host_of(final)}),
                    )
                    return ending, response
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                return of_exception(error), None
            finally:
                address = literal(host.rsplit(":", 1)[0])
                if address is None or not address.is_loopback:
                    await asyncio.sleep(max(0.0, HOST_INTERVAL - (time.monotonic() - started)))


async def _head_of(response: httpx.Response, limit: int = 16_384) -> bytes:
    body = b""
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) >= limit:
            break
    return body


class OffSiteQueue:
    """One crawl's foreign links. `visit` hands each outcome on as it comes."""

    def __init__(self, hosts: OffSiteHosts, limits: Limits, visit: Callable[[FetchOutcome], None]) -> None:
        self._hosts, self._limits, self._visit = hosts, limits, visit
        self._tasks: set[asyncio.Task[None]] = set()
        self.left_out = 0
        self.submitted = 0

    def submit(self, url: str, referer: str, resource: Resource, earlier: Sequence[FetchOutcome] = ()) -> None:
        """Queues a distinct address; `earlier` are the looks that a stopped run has had at it.

        Beyond the budget an address stays unvisited and is counted.
        """
        if self.submitted >= self._limits.resources:
            self.left_out += 1
            return
        self.submitted += 1
        task = asyncio.get_running_loop().create_task(self._settle(url, referer, resource, earlier))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Waits until every address is settled."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    def cancel(self) -> None:
        """Drops what is not settled; it stays unvisited."""
        for task in self._tasks:
            task.cancel()

    async def _settle(self, url: str, referer: str, resource: Resource, earlier: Sequence[FetchOutcome]) -> None:
        known = self._hosts.successes.get(url)
        if known is not None:
            self._visit(known)
            return
        previous: Outcome | None = earlier[-1].outcome if earlier else None
        for attempt in range(len(earlier) + 1, self._limits.looks + 1):
            if attempt > 1:
                await asyncio.sleep(self._limits.confirm_gap)
            visit = await self._look(url, referer, resource, attempt)
            self._visit(visit)
            if visit.outcome.is_seen:
                self._hosts.successes[url] = visit
            if not visit.outcome.is_failure or visit.outcome is previous:
                return
            previous = visit.outcome

    async def _look(self, url: str, referer: str, resource: Resource, attempt: int) -> FetchOutcome:
        method = "HEAD" if attempt == 1 else "GET"
        at, started = datetime.now(BEIJING), time.monotonic()
        ending, response = await self._hosts.request(method, url, referer)
        if method == "HEAD" and not ending.outcome.is_seen and ending.outcome is not Outcome.NOT_VISITED:
            method = "GET"
            ending, response = await self._hosts.request(method, url, referer)
        return FetchOutcome(
            requested_url=url,
            final_url=(normalise(str(response.url)) or url) if response is not None else url,
            at=at,
            outcome=ending.outcome,
            status=response.status_code if response is not None else None,
            reason=ending.reason,
            attempt=attempt,
            method=method,
            elapsed_ms=int((time.monotonic() - started) * 1000),
            content_type=response.headers.get("content-type", "") if response is not None else "",
            redirects=tuple(str(hop.url) for hop in response.history) if response is not None else (),
            resource=resource,
        )
