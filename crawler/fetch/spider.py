"""The spider of one site: it follows the site's own pages and looks again at whatever failed.

It judges nothing. Every request ends in one outcome; what was seen goes to the RunLog as it comes.
`start()` is the visit's story: pages, then pages that only a browser can fill, then second looks.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from array import array
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.exceptions import CloseSpider, StopDownload
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.facts import FetchOutcome, Link, Outcome, PageFact, PageKind, Region, Resource, Site
from crawler.fetch.companions import LastVisit, OffSite, OwnNetwork, Renderer
from crawler.fetch.limits import Limits
from crawler.fetch.log import Baseline, Place, Progress, RunLog
from crawler.fetch.looks import Looks
from crawler.fetch.outcome import Ending
from crawler.fetch.robots import Robots
from crawler.fetch.soft404 import SoftNotFound
from crawler.fetch.visits import (
    PAGE_RESOURCES,
    ending_of,
    header_of,
    headers_of,
    is_data,
    is_html,
    not_visited,
    now,
    request_of,
    visit_of,
    visit_of_failure,
)
from crawler.read.page import PageReader, Reading
from crawler.read.urls import host_of, normalise

logger = logging.getLogger(__name__)

LONGEST_URL = 2083
SOME_TEXT = 50
"""Characters of main text below which a list page without entries may be one that scripts fill."""
SILENCE = 10
"""So many requests in a row without any answer make us doubt our own network."""
TIME_LIMIT, PAGE_LIMIT = "时间上限", "页面数上限"
SHUT_OUT, OWN_NETWORK = Outcome.BLOCKED.label, Outcome.OWN_NETWORK.label
_LIST_REGIONS = frozenset({Region.NAVIGATION, Region.BREADCRUMB})


class SiteSpider(Spider):
    """One site's visit under Scrapy's engine, which brings pace, slots and redirects."""

    name = "site"

    def __init__(
        self,
        site: Site,
        limits: Limits,
        log: RunLog,
        reader: PageReader,
        robots: Robots,
        offsite: OffSite,
        renderer: Renderer | None,
        network: OwnNetwork,
        own_hosts: frozenset[str],
        progress: Progress,
        baseline: Baseline,
        last_visit: LastVisit,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.site, self.limits, self.run_log, self.reader = site, limits, log, reader
        self.robots, self.offsite, self.renderer = robots, offsite, renderer
        self.network = network
        self.own_hosts = own_hosts
        self.home = normalise(site.home_url)
        self.truncated_by = ""
        self.too_deep = 0
        self.cpu = 0.0
        self.counts: dict[Outcome, int] = {}
        self.pages = len(progress.pages)
        self.unchanged = 0
        self.resources = 0
        self._soft = SoftNotFound()
        self._last = last_visit
        self._numbers: dict[Link, int] = {**baseline.links, **progress.links}
        self._by_number = {number: link for link, number in self._numbers.items()} if baseline.pages else {}
        self._highest = max(self._numbers.values(), default=0)
        self._borne: set[int] = set(progress.links.values())
        self._new_requests: list[Request] = []
        self._known: set[str] = {*progress.visits, *progress.to_visit, *progress.pages}
        self._recorded: set[str] = set(progress.pages)
        self._asked = len(progress.pages)
        self._looks = Looks(progress.visits, {u: p for u, p in progress.to_confirm.items() if host_of(u) in own_hosts})
        self._left_over = progress
        self._silent = 0
        self._shells: dict[str, tuple[Reading, FetchOutcome]] = {}
        self._lists: set[str] = set(progress.pages)
        self._shown = 0
        self._underway = 0
        self._settled = asyncio.Event()
        self._deadline = time.monotonic() + limits.seconds

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> SiteSpider:
        """Scrapy's constructor."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.headers_received, signal=signals.headers_received)
        return spider

    @property
    def links(self) -> int:
        """Distinct links seen so far."""
        return len(self._borne)

    # ------------------------------------------------------------------ the story of a visit

    async def start(self) -> AsyncIterator[Request]:
        """Requests in the order of the visit; each stage waits until the one before it has settled."""
        yield self._probe_not_found()
        if self.home not in self._known:
            self._known.add(self.home)
            if self._last.takes(self.home, Place(0, Resource.PAGE, "")):
                self._asked += 1
            else:
                yield self._page_request(self.home, 0, Region.NAVIGATION)
        for request in self._go_on():
            yield request
        await self._wait_until_settled()
        while True:  # what a browser shows names new addresses, and a second look may show a page that needs a browser
            async for request in self._revisits():
                yield request
            async for request in self._render_shells():
                yield request
            await self._wait_until_settled()
            async for request in self._second_looks():
                yield request
            if self._is_over() or not (self._shells or self._last.waiting):
                return

    async def _revisits(self) -> AsyncIterator[Request]:
        """Asks what is known from the last visit, then visits what has changed or is new; never both at one time."""
        while self._last.waiting and not self._is_over():
            changed = await self._last.work_off(self._take_unchanged, self._is_over)
            for request in self._new_requests:
                yield request
            self._new_requests = []
            for url, place in changed:
                if place.resource in PAGE_RESOURCES:
                    self._asked -= 1  # counted when it was queued
                    yield self._page_request(url, place.depth, Region.OTHER)
                else:
                    yield self._resource_request(url, place.resource)
            await self._wait_until_settled()

    def _go_on(self) -> Iterator[Request]:
        """What a stopped run has left to do; nothing in a new one."""
        left, self._left_over = self._left_over, Progress()
        for url, place in {**left.to_visit, **left.to_confirm}.items():
            if host_of(url) not in self.own_hosts:
                self.offsite.submit(url, place.parent, place.resource, left.visits.get(url, ()))
            elif url in left.to_confirm:
                continue  # its next look comes with the second looks
            elif place.resource in PAGE_RESOURCES:
                if self._last.takes(url, place):
                    self._asked += 1
                else:
                    yield self._page_request(url, place.depth, Region.OTHER)
            elif not self._last.takes(url, place):
                yield self._resource_request(url, place.resource)

    def _probe_not_found(self) -> Request:
        return self._made(
            Request(
                self._soft.probe_address(self.home),
                callback=self.on_not_found_probe,
                errback=self.on_not_found_probe_error,
                dont_filter=True,
                priority=2_000,
            )
        )

    async def _second_looks(self) -> AsyncIterator[Request]:
        """Looks again at every address that failed, at least `confirm_gap` seconds after all first looks."""
        for look in range(2, self.limits.looks + 1):
            due = tuple(self._looks.due(look))
            if not due or self._is_over():
                return
            await asyncio.sleep(self.limits.confirm_gap)
            for url, place in due:
                yield self._second_look(url, place)
            await self._wait_until_settled()

    async def _render_shells(self) -> AsyncIterator[Request]:
        """Shows pages that scripts fill to a browser, within its budget; the rest is recorded as it was received.

        A page whose list was read from where its script or frame has it needs no browser.
        """
        shells, self._shells = self._shells, {}
        for url, (reading, visit) in shells.items():
            html = None
            is_read = not self._lists.isdisjoint(reading.fact.embedded)
            in_budget = self._shown < self.limits.rendered and not self._is_over()
            if self.renderer is not None and in_budget and not is_read:
                self._shown += 1
                html = await self.renderer.render(url)
            if html is not None:
                self.run_log.capture(url, visit.attempt, visit.at, visit.status, (), html, kind="rendered")
                reading = self.reader.read(
                    html,
                    url,
                    fetched_at=visit.at,
                    status=visit.status or 200,
                    content_type="text/html; charset=utf-8",
                    depth=reading.fact.depth,
                    rendered=True,
                )
            for request in self._record(reading.fact if html is not None else _unshown(reading.fact)):
                yield request

    async def _wait_until_settled(self) -> None:
        """Waits for all requests that are underway; leaves the visit where there is a reason to end it."""
        while self._underway:
            self._settled.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._settled.wait(), timeout=1)
            if self._silent >= SILENCE and await self.network.is_up() is False:
                self.truncated_by = OWN_NETWORK
            if self._is_over():
                raise CloseSpider(self.truncated_by)

    def _is_over(self) -> bool:
        if time.monotonic() > self._deadline:
            self.truncated_by = TIME_LIMIT
        return self.truncated_by in (TIME_LIMIT, SHUT_OUT, OWN_NETWORK)

    # ------------------------------------------------------------------ requests

    def _made(self, request: Request) -> Request:
        self._underway += 1
        return request

    def _ended(self) -> None:
        self._underway -= 1
        if not self._underway:
            self._settled.set()

    def _page_request(self, url: str, depth: int, region: Region) -> Request:
        self._asked += 1
        # Nearest pages first; of one depth the lists before the articles, so that a cut-off crawl knows its columns.
        priority = -10 * depth + (5 if region in _LIST_REGIONS else 0)
        return self._made(
            Request(
                url,
                callback=self.on_page,
                errback=self.on_page_error,
                dont_filter=True,
                priority=priority,
                meta={"address": url, "depth": depth, "download_maxsize": self.limits.page_bytes},
            )
        )

    def _resource_request(self, url: str, resource: Resource, *, method: str = "HEAD") -> Request:
        return self._made(
            Request(
                url,
                method=method,
                callback=self.on_resource,
                errback=self.on_resource_error,
                dont_filter=True,
                priority=-500,
                meta={"address": url, "resource": resource},
            )
        )

    def _second_look(self, url: str, place: Place) -> Request:
        """A GET as a visitor's browser sends it, from the page that names the address."""
        is_page = place.resource in PAGE_RESOURCES
        return self._made(
            Request(
                url,
                headers={"Referer": place.parent} if place.parent else None,
                callback=self.on_page if is_page else self.on_resource,
                errback=self.on_page_error if is_page else self.on_resource_error,
                dont_filter=True,
                meta={"address": url, "depth": place.depth, "resource": place.resource},
            )
        )

    def headers_received(self, headers: Any, body_length: int, request: Request, spider: Any) -> None:
        """Ends the download of what is looked at for its status alone."""
        if request.method == "GET" and request.callback == self.on_resource:
            raise StopDownload(fail=False)

    # ------------------------------------------------------------------ answers

    def on_not_found_probe(self, response: Response) -> Iterator[Request]:
        """Learns how this site answers an address that cannot exist."""
        try:
            if is_html(response):
                reading = self.reader.read(response.body, response.url, fetched_at=now(), status=response.status)
                self._soft.learn(response.status, normalise(response.url), self.home, reading.text)
            else:
                self._soft.learn(response.status, normalise(response.url), self.home, "")
            yield from ()
        finally:
            self._ended()

    def on_not_found_probe_error(self, failure: Failure) -> None:
        """A probe without an answer teaches nothing."""
        self._ended()

    def on_page(self, response: Response) -> Iterator[Request]:
        """Records a page and goes on to the addresses that it names for the first time."""
        started = time.thread_time()
        try:
            yield from self._take_page(response)
        finally:
            self.cpu += time.thread_time() - started
            self._ended()

    def _take_page(self, response: Response) -> Iterator[Request]:
        address: str = response.meta["address"]
        final = address if response.url == address else normalise(response.url)
        ending = ending_of(response, address, final, self.home, self.own_hosts)
        reading = None
        if (
            ending.outcome in (Outcome.OK, Outcome.REDIRECTED)
            and host_of(final) in self.own_hosts
            and (is_html(response) or is_data(response))
        ):
            if final in self._recorded:
                self._visit(address, response, ending, final)
                return
            reading = self.reader.read(
                response.body,
                final,
                fetched_at=now(),
                status=response.status,
                content_type=header_of(response, b"Content-Type"),
                depth=response.meta["depth"],
            )
            if not reading.fact.reply and not is_html(response):
                reading = None
            elif sign := self._soft.sign(address, final, self.home, reading):
                ending, reading = Ending(Outcome.SOFT_404, sign), None
            elif reading.fact.outcome is Outcome.EMPTY_SHELL:
                ending = Ending(Outcome.EMPTY_SHELL, "页面内容由脚本生成")
        visit = self._visit(address, response, ending, final)
        if reading is None:
            return
        self._recorded.add(final)
        fact = reading.fact
        if _leaves_open(fact):
            self._shells[final] = (reading, visit)
            yield from self._fillers(fact)
            return
        yield from self._record(fact, header_of(response, b"ETag"), header_of(response, b"Last-Modified"))

    def on_page_error(self, failure: Failure) -> None:
        """A page request that got no answer."""
        try:
            self._failed(failure)
        finally:
            self._ended()

    def on_resource(self, response: Response) -> Iterator[Request]:
        """A resource, of which the status is all that matters. HEAD may be refused where GET is not."""
        try:
            address: str = response.meta["address"]
            final = address if response.url == address else normalise(response.url)
            ending = ending_of(response, address, final, self.home, self.own_hosts)
            if response.request is not None and response.request.method == "HEAD" and not ending.outcome.is_seen:
                yield self._resource_request(address, response.meta["resource"], method="GET")
                return
            self._visit(address, response, ending, final)
        finally:
            self._ended()

    def on_resource_error(self, failure: Failure) -> Iterator[Request]:
        """A resource without an answer; a failed HEAD is asked again by GET."""
        try:
            request = request_of(failure)
            if request.method == "HEAD":
                yield self._resource_request(request.meta["address"], request.meta["resource"], method="GET")
            else:
                self._failed(failure)
        finally:
            self._ended()

    # ------------------------------------------------------------------ recording

    def _fillers(self, fact: PageFact) -> Iterator[Request]:
        """Requests for what may fill a page's list: its frames, and the data that its scripts ask for."""
        for link in fact.links:
            if link.url in fact.embedded and link.url not in self._known:
                request = self._follow(link, fact.url, fact.depth, fact.embedded)
                if request is not None:
                    yield request

    def _record(self, fact: PageFact, etag: str = "", last_modified: str = "") -> Iterator[Request]:
        numbers = array("I")
        if fact.items:
            self._lists.add(fact.url)
        for link in fact.links:
            number = self._numbers.get(link)
            if number is None:
                self._highest += 1
                number = self._numbers[link] = self._highest
                self.run_log.link(number, link)
            numbers.append(number)
            if number not in self._borne:
                self._borne.add(number)
                if link.url and link.url not in self._known:
                    request = self._follow(link, fact.url, fact.depth, fact.next_pages)
                    if request is not None:
                        yield request
        self.pages += 1
        self.run_log.page(replace(fact, links=(), etag=etag, last_modified=last_modified), numbers)

    def _take_unchanged(self, url: str, place: Place, visit: FetchOutcome) -> None:
        """Records an address of the last visit that has not changed, and goes on to where its links lead."""
        self._note(replace(visit, attempt=self._looks.attempt(url), resource=place.resource), None)
        self._silent = 0
        page = self._last.page(url)
        if page is None:
            return
        self._recorded.add(url)
        self.pages += 1
        self.unchanged += 1
        if page.kind is PageKind.COLUMN:
            self._lists.add(url)
        self.run_log.unchanged(page.number)
        for number in page.links:
            if number not in self._borne:
                self._borne.add(number)
                link = self._by_number[number]
                if link.url and link.url not in self._known:
                    request = self._follow(link, url, place.depth, page.next_pages)
                    if request is not None:
                        self._new_requests.append(request)

    def _follow(self, link: Link, page: str, depth: int, next_pages: tuple[str, ...]) -> Request | None:
        """The request for a link's address, where it leads somewhere new that is ours to visit."""
        url = link.url
        self._known.add(url)
        if len(url) > LONGEST_URL or self._is_over():
            return None
        if host_of(url) not in self.own_hosts:
            self.offsite.submit(url, page, link.resource)
            return None
        if not self.robots.permits(url):
            self._note(not_visited(url, link.resource, "robots.txt 不允许访问"), None)
            return None
        if link.resource not in PAGE_RESOURCES:
            if self.resources >= self.limits.resources:
                return None
            self.resources += 1
            if self._last.takes(url, Place(depth, link.resource, page)):
                return None
            return self._resource_request(url, link.resource)
        depth = depth if url in next_pages else depth + 1
        if depth > self.limits.depth:
            self.too_deep += 1
            return None
        if self._asked >= self.limits.pages:
            self.truncated_by = self.truncated_by or PAGE_LIMIT
            return None
        if self._last.takes(url, Place(depth, link.resource, page)):
            self._asked += 1
            return None
        return self._page_request(url, depth, link.region)

    def _visit(self, address: str, response: Response, ending: Ending, final: str) -> FetchOutcome:
        visit = visit_of(response, ending, address, final, self._looks.attempt(address))
        seen = ending.outcome.is_seen
        if visit.resource in PAGE_RESOURCES or not seen:
            body = response.body if seen else response.body[:65_536]
            kept_under = final if seen else address
            self.run_log.capture(kept_under, visit.attempt, visit.at, response.status, headers_of(response), body)
        self._silent = 0
        self._note(visit, response.request)
        return visit

    def _failed(self, failure: Failure) -> None:
        request = request_of(failure)
        self._silent += 1
        self._note(visit_of_failure(failure, self._looks.attempt(request.meta["address"])), request)

    def _note(self, visit: FetchOutcome, request: Request | None) -> None:
        self.run_log.visit(visit)
        self.counts[visit.outcome] = self.counts.get(visit.outcome, 0) + 1
        if request is not None:
            referer = (request.headers.get("Referer") or b"").decode("latin-1")
            self._looks.note(visit, Place(request.meta.get("depth", 0), visit.resource, referer))
        if visit.outcome is Outcome.BLOCKED:
            self._stop_when_shut_out()

    def _stop_when_shut_out(self) -> None:
        blocked = self.counts[Outcome.BLOCKED]
        if blocked >= 20 and blocked * 2 > sum(self.counts.values()):
            self.truncated_by = SHUT_OUT


def _unshown(fact: PageFact) -> PageFact:
    """A page that left something open and that no browser has shown: where it bears scripts, its gaps prove nothing."""
    return replace(fact, scripted=fact.scripted or any(link.tag == "script" for link in fact.links))


def _leaves_open(fact: PageFact) -> bool:
    """The page as received shows nothing where something may be: a browser must show it before it is called empty."""
    if fact.outcome is Outcome.EMPTY_SHELL or fact.scripted:
        return True
    return fact.kind is PageKind.COLUMN and not fact.items and fact.body_length < SOME_TEXT and not fact.notice
