"""The spider of one site: it follows the site's own pages and looks again at whatever failed.

It judges nothing. Every request ends in one outcome; what was seen goes to the RunLog as it comes.
`start()` is the visit's story: pages, then pages that only a browser can fill, then second looks.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.exceptions import CloseSpider, StopDownload
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.clock import now
from crawler.facts import FetchOutcome, Link, Outcome, PageFact, PageKind, Region, Resource, Site
from crawler.facts.endings import OWN_FAULT
from crawler.fetch.asking import page_request, resource_request, second_look
from crawler.fetch.companions import LastVisit, OffSite, OwnNetwork, Renderer
from crawler.fetch.ledger import Ledger
from crawler.fetch.limits import Limits
from crawler.fetch.log import Baseline, Place, Progress, RunLog
from crawler.fetch.looks import Looks
from crawler.fetch.outcome import Ending, too_many
from crawler.fetch.rendering import Rendering, leaves_open
from crawler.fetch.robots import Robots
from crawler.fetch.soft404 import SoftNotFound, prefix_of
from crawler.fetch.tally import Tally
from crawler.fetch.traps import REPEATED, Shape, Step, Traps, Yield
from crawler.fetch.visits import (
    PAGE_RESOURCES,
    ending_of,
    header_of,
    is_data,
    is_html,
    request_of,
)
from crawler.read.complexity import too_complex
from crawler.read.page import PageReader, Reading
from crawler.read.urls import host_of, normalise

logger = logging.getLogger(__name__)

LONGEST_URL = 2083
SILENCE = 10
"""So many requests in a row without any answer make us doubt our own network."""
TIME_LIMIT, PAGE_LIMIT = "时间上限", "页面数上限"
SHUT_OUT, OWN_NETWORK = Outcome.BLOCKED.label, Outcome.OWN_NETWORK.label


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
        traps: Traps,
        progress: Progress,
        baseline: Baseline,
        last_visit: LastVisit,
        sampled: Callable[[], Sequence[PageFact]] = tuple,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.site, self.limits, self.run_log, self.reader = site, limits, log, reader
        self.robots, self.offsite = robots, offsite
        self.network = network
        self.traps = traps
        self.own_hosts = own_hosts
        self.home = normalise(site.home_url)
        self.truncated_by = ""
        self.fault: Exception | None = None
        self.unread = 0
        self.too_deep = 0
        self.left_out = 0
        self.cpu = 0.0
        self.ledger = Ledger(log, baseline, progress)
        self.resources = 0
        self.soft_not_found = SoftNotFound()
        self._suspects: dict[str, list[Response]] = {}
        self._last = last_visit
        self._new_requests: list[Request] = []
        self._known: set[str] = {*progress.visits, *progress.to_visit, *progress.pages}
        self._asked = len(progress.pages)
        in_doubt = {url: place for url, place in progress.to_confirm.items() if host_of(url) in own_hosts}
        self.tally = Tally(log, Looks(progress.visits, in_doubt))
        self._left_over = progress
        self._rendering = Rendering(
            renderer, reader, log, limits, self.home, interval=site.pace.interval, at_once=site.pace.connections
        )
        self._sampled = sampled
        self._underway = 0
        self._settled = asyncio.Event()
        self._deadline = time.monotonic() + limits.seconds

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> SiteSpider:
        """Scrapy's constructor."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.headers_received, signal=signals.headers_received)
        crawler.signals.connect(spider.unread_answer, signal=signals.spider_error)
        return spider

    # ------------------------------------------------------------------ the story of a visit

    async def start(self) -> AsyncIterator[Request]:
        """Requests in the order of the visit. A fault of ours ends the visit and stands in `fault`."""
        try:
            async for request in self._stages():
                yield request
        except CloseSpider:
            raise
        except Exception as error:
            self.fault = error
            raise CloseSpider(OWN_FAULT) from error

    async def _stages(self) -> AsyncIterator[Request]:
        """Each stage waits until the one before it has settled."""
        yield self._probe_not_found(prefix_of(self.home))
        if self.home not in self._known:
            self._known.add(self.home)
            if self._last.takes(self.home, Place(0, Resource.PAGE, "")):
                self._asked += 1
            else:
                yield self._page_request(Step(self.home, 0, Region.NAVIGATION, self.traps.shape_of(self.home)))
        for request in self._go_on():
            yield request
        await self._wait_until_settled()
        while True:  # what a browser shows names new addresses, and a second look may show a page that needs a browser
            async for request in self._revisits():
                yield request
            while self._rendering.is_waited_for:
                async for request in self._show(self._rendering.pages(self._is_over, self._is_filled)):
                    yield request
                await self._wait_until_settled()
            async for request in self._second_looks():
                yield request
            if self._is_over():
                return
            if not self._rendering.is_waited_for and not self._last.waiting:
                break
        # a page kept from the last visit is no row of this run that another could take the place of
        samples = [page for page in self._sampled() if page.url not in self.ledger.kept]
        async for request in self._show(self._rendering.samples(samples, self._is_over), again=True):
            yield request
        await self._wait_until_settled()

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
                    yield self._page_request(Step(url, place.depth, Region.OTHER, self.traps.shape_of(url)))
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
                step = Step(url, place.depth, Region.OTHER, self.traps.shape_of(url))
                if self._last.takes(url, place):
                    self._asked += 1
                elif self.traps.admit(step):
                    yield self._page_request(step)
            elif not self._last.takes(url, place):
                yield self._resource_request(url, place.resource)

    def _probe_not_found(self, prefix: str, like: str = "") -> Request:
        self._suspects[prefix] = []
        return self._made(
            Request(
                self.soft_not_found.probe_address(prefix, like),
                callback=self.on_not_found_probe,
                errback=self.on_not_found_probe_error,
                dont_filter=True,
                priority=2_000,
                meta={"prefix": prefix},
            )
        )

    async def _second_looks(self) -> AsyncIterator[Request]:
        """Looks again at every address that failed, at least `confirm_gap` seconds after all first looks."""
        for look in range(2, self.limits.looks + 1):
            due = tuple(self.tally.looks.due(look))
            if not due or self._is_over():
                return
            await asyncio.sleep(self.limits.confirm_gap)
            for url, place in due:
                yield self._second_look(url, place)
            await self._wait_until_settled()

    async def _show(self, facts: AsyncIterator[PageFact], *, again: bool = False) -> AsyncIterator[Request]:
        """Records pages as a browser shows them and goes on to what they name; `again` those that were recorded."""
        async for fact in facts:
            self.ledger.pages -= again
            for request in self._record(fact):
                yield request

    async def _wait_until_settled(self) -> None:
        """Waits for all requests that are underway; leaves the visit where there is a reason to end it."""
        while self._underway:
            self._settled.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._settled.wait(), timeout=1)
            if self.tally.silent >= SILENCE and await self.network.is_up() is False:
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

    def _page_request(self, step: Step) -> Request:
        self._asked += 1
        return self._made(page_request(step, self.limits, self.on_page, self.on_page_error))

    def _resource_request(self, url: str, resource: Resource, *, method: str = "HEAD") -> Request:
        return self._made(resource_request(url, resource, method, self.on_resource, self.on_resource_error))

    def _second_look(self, url: str, place: Place) -> Request:
        if place.resource in PAGE_RESOURCES:
            return self._made(second_look(url, place, self.on_page, self.on_page_error))
        return self._made(second_look(url, place, self.on_resource, self.on_resource_error))

    def headers_received(self, headers: Any, body_length: int, request: Request, spider: Any) -> None:
        """Ends the download of what is looked at for its status alone; remembers that an answer has begun."""
        request.meta["answered"] = request.url
        if request.method == "GET" and request.callback == self.on_resource:
            raise StopDownload(fail=False)

    # ------------------------------------------------------------------ answers

    def unread_answer(self, failure: Failure, response: Any, spider: Any) -> None:
        """A fault of ours while an answer was read: what it named is unknown, so nothing may be called missing."""
        self.unread += 1
        self.truncated_by = self.truncated_by or OWN_FAULT

    def on_not_found_probe(self, response: Response) -> Iterator[Request]:
        """Learns how this site answers an address that cannot exist, and judges the pages that waited for it."""
        prefix: str = response.meta["prefix"]
        try:
            self.soft_not_found.learn_from(prefix, response, self.home, self.reader, self.limits.page_tags)
            yield from self._judge_suspects(prefix)
        finally:
            self._ended()

    def on_not_found_probe_error(self, failure: Failure) -> Iterator[Request]:
        """A probe without an answer teaches nothing."""
        prefix: str = request_of(failure).meta["prefix"]
        try:
            self.soft_not_found.learn_nothing(prefix)
            yield from self._judge_suspects(prefix)
        finally:
            self._ended()

    def _judge_suspects(self, prefix: str) -> Iterator[Request]:
        for response in self._suspects.pop(prefix, ()):
            yield from self._take_page(response)

    def _suspect(self, prefix: str, response: Response) -> Iterator[Request]:
        """Keeps a page until its prefix has answered; the first of them asks. The probe is counted as a page."""
        if prefix in self._suspects:
            self._suspects[prefix].append(response)
            return
        probe = self._probe_not_found(prefix, response.url)
        self._asked += 1
        self._suspects[prefix].append(response)  # before the request goes out, for its answer may be quick
        yield probe

    def _may_be_asked(self, prefix: str) -> bool:
        """Whether an answer of this prefix is on its way or may be asked for: budget and robots.txt allow it."""
        if prefix in self._suspects:
            return True
        return self._asked < self.limits.pages and not self._is_over() and self.robots.permits(f"{prefix}xuncha.html")

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
        shape: Shape | None = response.meta.get("shape")
        reading = None
        if (
            ending.outcome in (Outcome.OK, Outcome.REDIRECTED)
            and host_of(final) in self.own_hosts
            and (is_html(response) or is_data(response))
        ):
            if self.ledger.holds(final):
                self._answered(response, ending, final)
                yield from self._learn(shape, Yield.NOTHING)
                return
            if excess := too_complex(response.body, self.limits.page_tags):
                ending = too_many(excess)
            else:
                ending, reading = self._read(response, ending, address, final)
            if reading is not None:
                prefix = self.soft_not_found.unsettled(address, final, self.home, reading)
                if prefix and self._may_be_asked(prefix):
                    yield from self._suspect(prefix, response)
                    return
        if reading is None:
            self._answered(response, ending, final)
            yield from self._learn(shape, Yield.UNTOLD)
            return
        fact = reading.fact
        weight = self.traps.weigh(shape, fact, reading.text)
        self.ledger.claim(final)
        if weight.repeats and not any(self._is_promising(link, shape) for link in fact.links):
            self.traps.skip()
            self._answered(response, Ending(ending.outcome, ending.reason or REPEATED), final)
            yield from self._learn(shape, Yield.NOTHING)
            return
        visit = self._answered(response, ending, final)
        is_fruitful = weight.is_new
        if leaves_open(fact):
            self._rendering.wait(fact, visit)
            yield from self._fillers(fact)
            if shape is not None:
                shape.unshown += 1
        else:
            for request in self._record(fact, header_of(response, b"ETag"), header_of(response, b"Last-Modified")):
                named = request.meta.get("shape")
                is_fruitful = is_fruitful or (named is not None and self.traps.is_promising(named, shape))
                yield request
        yield from self._learn(shape, Yield.SOMETHING if is_fruitful else Yield.NOTHING)

    def _is_promising(self, link: Link, shape: Shape | None) -> bool:
        """Whether a link leads to a page of the site that nobody has named and that may be asked for."""
        if not link.url or link.url in self._known or link.resource not in PAGE_RESOURCES:
            return False
        return host_of(link.url) in self.own_hosts and self.traps.is_promising(self.traps.shape_of(link.url), shape)

    def _read(self, response: Response, ending: Ending, address: str, final: str) -> tuple[Ending, Reading | None]:
        """What a page shows; None for one that says it is not there."""
        reading = self.reader.read(
            response.body,
            final,
            fetched_at=now(),
            status=response.status,
            content_type=header_of(response, b"Content-Type"),
            depth=response.meta["depth"],
        )
        if not (reading.fact.reply or is_html(response)):
            return ending, None  # data that is no list
        if sign := self.soft_not_found.sign(address, final, self.home, reading):
            return Ending(Outcome.SOFT_404, sign), None
        if reading.fact.outcome is Outcome.EMPTY_SHELL:
            ending = Ending(Outcome.EMPTY_SHELL, "页面内容由脚本生成")
        return ending, reading

    def _learn(self, shape: Shape | None, found: Yield) -> Iterator[Request]:
        """Tells the ration what a visit brought; requests for the addresses that waited for it."""
        for step in self.traps.learn(shape, found):
            if self._has_room():
                yield self._page_request(step)

    def _has_room(self) -> bool:
        """Whether the budget of pages allows another."""
        if self._asked < self.limits.pages:
            return True
        self.truncated_by = self.truncated_by or PAGE_LIMIT
        return False

    def on_page_error(self, failure: Failure) -> Iterator[Request]:
        """A page request that got no answer."""
        try:
            self.tally.failed(failure)
            yield from self._learn(request_of(failure).meta.get("shape"), Yield.UNTOLD)
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
            self._answered(response, ending, final)
        finally:
            self._ended()

    def on_resource_error(self, failure: Failure) -> Iterator[Request]:
        """A resource without an answer; a failed HEAD is asked again by GET."""
        try:
            request = request_of(failure)
            if request.method == "HEAD":
                yield self._resource_request(request.meta["address"], request.meta["resource"], method="GET")
            else:
                self.tally.failed(failure)
        finally:
            self._ended()

    # ------------------------------------------------------------------ recording

    def _is_filled(self, fact: PageFact) -> bool:
        """Whether a column's list was read from where its script or iframe has it, so that it needs no browser."""
        is_column = fact.kind is not PageKind.HOME and not any(link.tag == "frame" for link in fact.links)
        return is_column and self.ledger.has_list_at(fact.embedded)

    def _fillers(self, fact: PageFact) -> Iterator[Request]:
        """Requests for what may fill a page's list: its frames, and the data that its scripts ask for."""
        fillers = [link for link in fact.links if link.url in fact.embedded]
        yield from self._follow(fillers, fact.url, fact.depth, fact.embedded)

    def _record(self, fact: PageFact, etag: str = "", last_modified: str = "") -> Iterator[Request]:
        """Hands over a page with its links, then goes on to what they name.

        Nothing is yielded before: a run that is killed then has the page and all that it names, or neither.
        """
        new = self.ledger.record(fact, etag, last_modified)
        yield from self._follow(new, fact.url, fact.depth, fact.next_pages)

    def _take_unchanged(self, url: str, place: Place, visit: FetchOutcome) -> None:
        """Records an address of the last visit that has not changed, and goes on to where its links lead."""
        self.tally.unchanged(visit)
        page = self._last.page(url)
        if page is None:
            return
        new = self.ledger.keep(url, page)
        self._new_requests.extend(self._follow(new, url, place.depth, page.next_pages))

    def _follow(self, links: Iterable[Link], page: str, depth: int, next_pages: tuple[str, ...]) -> Iterator[Request]:
        """Requests for the addresses that nobody has named before, where they are ours to visit."""
        for link in links:
            if link.url and link.url not in self._known:
                request = self._first_request(link, page, depth, next_pages)
                if request is not None:
                    yield request

    def _first_request(self, link: Link, page: str, depth: int, next_pages: tuple[str, ...]) -> Request | None:
        url = link.url
        self._known.add(url)
        if len(url) > LONGEST_URL or self._is_over():
            return None
        if host_of(url) not in self.own_hosts:
            self.offsite.submit(url, page, link.resource)
            return None
        refusal = self.traps.refusal(url) if self.robots.permits(url) else "robots.txt 不允许访问"
        if refusal:
            self.tally.left_alone(url, link.resource, refusal)
            return None
        if link.resource not in PAGE_RESOURCES:
            if self.resources >= self.limits.resources:
                self.left_out += 1
                return None
            self.resources += 1
            if self._last.takes(url, Place(depth, link.resource, page)):
                return None
            return self._resource_request(url, link.resource)
        depth = depth if url in next_pages else depth + 1
        if depth > self.limits.depth:
            self.too_deep += 1
            return None
        if not self._has_room():
            return None
        if self._last.takes(url, Place(depth, link.resource, page)):
            self._asked += 1
            return None
        step = Step(url, depth, link.region, self.traps.shape_of(url))
        return self._page_request(step) if self.traps.admit(step) else None

    def _answered(self, response: Response, ending: Ending, final: str) -> FetchOutcome:
        visit = self.tally.answered(response, ending, final)
        if visit.outcome is Outcome.BLOCKED and self.tally.is_shut_out:
            self.truncated_by = SHUT_OUT
            self._settled.set()  # who waits ends the visit now, not after whatever is still queued
        return visit
