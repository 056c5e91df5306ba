"""One site's visit from the first probe to the last off-site link, and what all visits of a worker share."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import httpx
from msgspec import Struct
from msgspec.structs import replace
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.crawler import Crawler as ScrapyCrawler

from crawler.documents.process import DocumentReader
from crawler.facts import (
    DisplayFact,
    Ipv6Fact,
    Outcome,
    Pace,
    PageFact,
    PageKind,
    Pages,
    Resource,
    RunFacts,
    SearchTrial,
    Site,
    TlsFact,
    Trials,
    Yardstick,
)
from crawler.facts.behaviour import ScriptFact
from crawler.facts.endings import DONE, STOPPED, UNREACHABLE
from crawler.facts.texts import Attachments
from crawler.fetch.attachments import read_attachments
from crawler.fetch.browser import Chromium
from crawler.fetch.client import visiting_client
from crawler.fetch.companions import LastVisit, NoLastVisit
from crawler.fetch.displays import chosen, displays
from crawler.fetch.guard import GuardedResolver
from crawler.fetch.limits import Limits
from crawler.fetch.log import Baseline, Progress, RunLog
from crawler.fetch.network import Canaries
from crawler.fetch.offsite import OffSiteHosts, OffSiteQueue
from crawler.fetch.policy import AddressPolicy, literal
from crawler.fetch.probes import probe_until_open
from crawler.fetch.robots import Robots, read_robots
from crawler.fetch.scripts import read_scripts, scripts_of
from crawler.fetch.search import try_search
from crawler.fetch.settings import scrapy_settings
from crawler.fetch.sights import accused, look_again
from crawler.fetch.spider import OWN_NETWORK, SiteSpider
from crawler.fetch.traps import TRAP, Traps
from crawler.fetch.visits import not_visited
from crawler.fetch.yardsticks import OwnLag, way_ms
from crawler.read.page import PageReader
from crawler.read.scope import own_hosts_of
from crawler.read.site import home_of, sample_of
from crawler.read.urls import normalise
from crawler.words.wordbook import Wordbook


class Equipment(Struct, frozen=True):
    """What all crawls of one worker share: one client, one browser, one manner towards foreign hosts."""

    policy: AddressPolicy
    client: httpx.AsyncClient
    canaries: Canaries
    hosts: OffSiteHosts
    renderer: Chromium | None
    runner: AsyncCrawlerRunner
    words: Wordbook
    documents: DocumentReader
    roots: str = ""


@contextlib.asynccontextmanager
async def equipment(
    *,
    limits: Limits,
    policy: AddressPolicy,
    canaries: Sequence[str],
    rendering: bool,
    words: Wordbook,
    roots: str = "",
) -> AsyncIterator[Equipment]:
    """The worker's equipment; needs the asyncio reactor to be running.

    `roots` is a file of certificates that the office trusts beside Mozilla's list.
    """
    from twisted.internet import reactor

    GuardedResolver.under(policy, reactor).install_on_reactor()
    async with contextlib.AsyncExitStack() as stack:
        client = await stack.enter_async_context(visiting_client(policy, limits))
        renderer = Chromium(policy, limits.user_agent) if rendering else None
        if renderer is not None:
            await stack.enter_async_context(renderer)
        documents = DocumentReader()
        stack.push_async_callback(documents.close)
        yield Equipment(
            policy=policy,
            client=client,
            canaries=Canaries(client, canaries),
            hosts=OffSiteHosts(client),
            renderer=renderer,
            runner=AsyncCrawlerRunner(),
            words=words,
            documents=documents,
            roots=roots,
        )


class CrawlEnd(Struct, frozen=True):
    """How a visit ended. `truncated_by` is "" for a whole visit; `cpu` seconds spent on this site's answers.

    `note` tells in Chinese what was left alone or cut off beside that. `too_deep` counts addresses left out beyond
    the depth limit: they are outside the scope, so they truncate nothing.
    """

    exit_reason: str
    truncated_by: str
    trials: Trials
    robots_text: str
    robots_note: str
    requests: int
    offsite: int
    too_deep: int
    cpu: float
    note: str = ""


async def crawl(
    site: Site,
    as_of: datetime,
    limits: Limits,
    log: RunLog,
    progress: Progress,
    baseline: Baseline,
    kit: Equipment,
    *,
    recorded: Callable[[], RunFacts],
    started: Callable[[SiteSpider], None] = lambda spider: None,
) -> CrawlEnd:
    """Visits one site within its limits; what `baseline` knows and has not changed is not read again.

    `recorded` gives what the log has kept so far (asked for at the crawl's end); `started` is handed the spider for
    live figures. Never raises for what a site does; a fault of ours propagates.
    """
    home = normalise(site.home_url)
    own = own_hosts_of(site)
    probes = await probe_until_open(
        kit.client, kit.canaries, home, times=limits.probes, gap=limits.probe_gap, most=limits.page_bytes, log=log
    )
    if probes[-1].outcome is Outcome.OWN_NETWORK:
        return CrawlEnd(OWN_NETWORK, OWN_NETWORK, Trials(probes), "", "", len(probes), 0, 0, 0.0)
    if all(probe.outcome.is_failure for probe in probes):
        tls = await _certificate(kit, home, limits)
        return CrawlEnd(UNREACHABLE, UNREACHABLE, Trials(probes, tls=tls), "", "", len(probes), 0, 0, 0.0)
    robots = await read_robots(
        kit.client, home, obeyed=not site.ignore_robots, agent=limits.user_agent, seconds=limits.timeout
    )
    pace = replace(site.pace, interval=max(site.pace.interval, min(robots.delay, 10.0)))
    reader = PageReader(home, own, as_of, words=kit.words)
    deadline = time.monotonic() + limits.seconds
    offsite = OffSiteQueue(kit.hosts, limits, log, deadline, baseline.offsite)
    traps = Traps(as_of, same_shape=limits.same_shape)
    crawler = ScrapyCrawler(SiteSpider, scrapy_settings(pace, limits, kit.policy))
    renderer = kit.renderer if kit.renderer is not None and kit.renderer.is_available else None
    lag = OwnLag()
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(lag)
        last_visit: LastVisit = NoLastVisit()
        if baseline.pages:
            from crawler.fetch.revisits import Revisits  # loads libcurl, which a full visit does not need

            last_visit = await stack.enter_async_context(Revisits(baseline, pace, limits, kit.policy))
        task = kit.runner.crawl(
            crawler,
            site=site,
            limits=limits,
            log=log,
            reader=reader,
            robots=robots,
            offsite=offsite,
            renderer=renderer,
            network=kit.canaries,
            own_hosts=own,
            traps=traps,
            progress=progress,
            baseline=baseline,
            last_visit=last_visit,
            sampled=lambda: sample_of(recorded(), home, own) if renderer is not None else (),
        )
        await asyncio.sleep(0)
        if isinstance(crawler.spider, SiteSpider):
            started(crawler.spider)
        await task
    spider = crawler.spider
    if not isinstance(spider, SiteSpider):
        raise RuntimeError("the spider never opened")
    reason = crawler.stats.get_value("finish_reason") if crawler.stats else ""
    truncated = STOPPED if reason == "shutdown" else spider.truncated_by
    trials = Trials(probes)
    if spider.fault is not None:
        offsite.cancel()
        raise spider.fault
    if truncated in (STOPPED, OWN_NETWORK):
        offsite.cancel()
    else:
        for _, url, why in traps.cut():
            log.visit(not_visited(url, Resource.PAGE, why))
        truncated = truncated or (TRAP if traps.hides else "")
        await offsite.drain()
        if renderer is not None:
            dead = accused(recorded(), home, own, limits.sights)
            await look_again(dead, renderer, reader, spider.soft_not_found, log, home, interval=pace.interval)
        trials = await _tried(trials, kit, lag, site, reader, recorded(), limits, pace, log, robots, baseline)
    notes = (
        _led(kit.policy, home),
        traps.note,
        offsite.note,
        _left_out(spider.left_out),
        _unread(spider.unread),
    )
    return CrawlEnd(
        exit_reason=truncated or DONE,
        truncated_by=truncated,
        trials=trials,
        robots_text=robots.text,
        robots_note=robots.note,
        requests=sum(spider.tally.counts.values()),
        offsite=offsite.submitted,
        too_deep=spider.too_deep,
        cpu=spider.cpu,
        note="；".join(filter(None, notes)),
    )


def _led(policy: AddressPolicy, home: str) -> str:
    host = urlsplit(home).hostname or ""
    led = policy.led_to(host)
    return f"域名 {host} 按台账登记的地址（{'、'.join(led)}）访问，没有查询域名解析" if led else ""


def _unread(answers: int) -> str:
    return f"另有 {answers} 个应答因本系统出错没有读取" if answers else ""


def _left_out(resources: int) -> str:
    return f"附件、图片等另有 {resources} 个因数量上限未访问" if resources else ""


async def _tried(
    trials: Trials,
    kit: Equipment,
    lag: OwnLag,
    site: Site,
    reader: PageReader,
    run: RunFacts,
    limits: Limits,
    pace: Pace,
    log: RunLog,
    robots: Robots,
    baseline: Baseline,
) -> Trials:
    """What is tried once the pages are known, beside the probes that came before them."""
    home = home_of(site, run)
    address = home.url if home is not None else normalise(site.home_url)
    return replace(
        trials,
        search=await _search(kit, reader, run.pages, limits, pace, log),
        tls=await _certificate(kit, address, limits),
        ipv6=await _ipv6(kit, address, limits),
        yardstick=Yardstick(lag.ms, await way_ms(kit.policy, address, gap=pace.interval)),
        scripts=await _scripts(kit, site, run, limits, pace, robots),
        displays=await _displays(kit, home, run, site, limits, pace),
        attachments=await _attachments(kit, site, run, limits, pace, robots, log, baseline),
    )


async def _attachments(
    kit: Equipment,
    site: Site,
    run: RunFacts,
    limits: Limits,
    pace: Pace,
    robots: Robots,
    log: RunLog,
    baseline: Baseline,
) -> Attachments:
    """What the text of a few attachments holds."""
    return await read_attachments(
        run,
        kit.documents,
        kit.client,
        kit.words,
        own_hosts=own_hosts_of(site),
        permits=robots.permits,
        limits=limits,
        interval=pace.interval,
        log=log,
        known=baseline.attachments,
    )


async def _scripts(
    kit: Equipment, site: Site, run: RunFacts, limits: Limits, pace: Pace, robots: Robots
) -> tuple[ScriptFact, ...]:
    """What the scripts of the home page and of the sample hold."""
    own = own_hosts_of(site)
    tried = (*run.pages(PageKind.HOME), *sample_of(run, normalise(site.home_url), own))
    return await read_scripts(
        kit.client,
        scripts_of(tried, run),
        own_hosts=own,
        permits=robots.permits,
        limits=limits,
        interval=pace.interval,
    )


async def _displays(
    kit: Equipment, home: PageFact | None, run: RunFacts, site: Site, limits: Limits, pace: Pace
) -> tuple[DisplayFact, ...] | None:
    """A few pages measured in the browser; None where there is none, or where none is wanted."""
    if kit.renderer is None or not kit.renderer.is_available or not limits.displays or home is None:
        return None
    own = own_hosts_of(site)
    pages = chosen(home, sample_of(run, home.url, own), limits.displays)
    return await displays(pages, kit.renderer, home=home.url, own_hosts=own, interval=pace.interval)


async def _ipv6(kit: Equipment, address: str, limits: Limits) -> Ipv6Fact | None:
    """The home page's host over IPv6, where it has a name."""
    if literal(urlsplit(address).hostname or "") is not None:
        return None
    from crawler.fetch.ipv6 import ipv6  # loads a resolver, which only named hosts need

    return await ipv6(kit.policy, address, kit.canaries.addresses, limits, gap=limits.probe_gap)


async def _certificate(kit: Equipment, address: str, limits: Limits) -> TlsFact | None:
    """The certificate of the home page's host, where there is one."""
    if not address.startswith("https:"):
        return None
    from crawler.fetch.tls import certificate  # loads what only https needs

    return await certificate(kit.policy, kit.client, address, gap=limits.probe_gap, roots=kit.roots)


async def _search(
    kit: Equipment, reader: PageReader, pages: Pages, limits: Limits, pace: Pace, log: RunLog
) -> tuple[SearchTrial, ...] | None:
    """Tries the search that the home page offers; None where it offers none that can be tried."""
    form = next((form for page in pages(PageKind.HOME) for form in page.search_forms), None)
    if form is None:
        return None

    articles = pages(PageKind.ARTICLE)
    return await try_search(kit.client, reader, form, articles, limits=limits, interval=pace.interval, log=log)
