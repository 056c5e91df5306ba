"""A site's run put together: pages streamed once, and what they add up to."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from msgspec.structs import replace

from crawler.facts import (
    Coverage,
    FetchOutcome,
    LeaderFact,
    Link,
    PageFact,
    PageKind,
    Pages,
    Region,
    RunFacts,
    Site,
    SiteFacts,
    Trials,
    Unit,
    pages_of,
)
from crawler.facts.behaviour import ForeignPage
from crawler.read.columns import Place, canonical, column_facts, is_candidate
from crawler.read.disclosure import DisclosureSeeker
from crawler.read.embedding import framed_alone, framed_lists, unlinked
from crawler.read.failures import link_facts
from crawler.read.rereading import Reread
from crawler.read.scope import own_hosts_of
from crawler.read.urls import host_of, normalise

_SAMPLED = 5
_FEWEST_NAMED = 3
_LONGEST_NAME = 8


class MemoryRun(RunFacts):
    """A run held in memory: for one site at a time, for tests, and for reading a handful of pages."""

    def __init__(
        self,
        pages: Iterable[PageFact],
        visits: Iterable[FetchOutcome] = (),
        bodies: Mapping[str, bytes] | None = None,
    ) -> None:
        self._visits = tuple(visits)
        self._bodies = dict(bodies or {})
        self._numbers: dict[Link, int] = {}
        self._bearers: dict[int, dict[str, None]] = {}
        self._links: dict[str, tuple[Link, ...]] = {}
        bare: list[PageFact] = []
        for page in pages:
            self._links[page.url] = page.links
            for link in page.links:
                number = self._numbers.setdefault(link, len(self._numbers) + 1)
                self._bearers.setdefault(number, {})[page.url] = None
            bare.append(replace(page, links=()))
        self._pages = pages_of(bare)

    @property
    def pages(self) -> Pages:
        """The pages without their links."""
        return self._pages

    def visits(self) -> Iterator[FetchOutcome]:
        """Every visit in the order given."""
        return iter(self._visits)

    def visits_to(self, urls: Collection[str]) -> Mapping[str, tuple[FetchOutcome, ...]]:
        """The visits of each of these addresses."""
        found: dict[str, list[FetchOutcome]] = {url: [] for url in urls}
        for visit in self._visits:
            if visit.requested_url in found:
                found[visit.requested_url].append(visit)
        return {url: tuple(visits) for url, visits in found.items()}

    def links(self) -> Iterator[tuple[int, Link]]:
        """Every distinct link with its number."""
        return ((number, link) for link, number in self._numbers.items())

    def parents(self, links: Collection[int]) -> Mapping[int, tuple[str, ...]]:
        """The pages that bear each of these links."""
        return {number: tuple(self._bearers.get(number, ())) for number in links}

    def links_of(self, url: str) -> tuple[Link, ...]:
        """The links of one page."""
        return self._links.get(url, ())

    def body(self, url: str) -> bytes | None:
        """The bytes of a page, where they were given."""
        return self._bodies.get(url)


def assemble(
    unit: Unit,
    site: Site,
    as_of: datetime,
    run: RunFacts,
    *,
    coverage: Coverage,
    trials: Trials = Trials(),
) -> SiteFacts:
    """All that the checks may know of a site in one run.

    The pages are streamed; what is kept are the home page, the list pages, what the navigation leads to and a sample.
    The same run gives the same facts, whatever the order its pages were found in.
    """
    own = own_hosts_of(site)
    home = home_of(site, run)
    navigation = _navigation(run, home, own)
    named = {canonical(link.url): link.text for link in reversed(navigation)}
    listed: list[PageFact] = []
    links = link_facts(run, own)
    frames = unlinked(run, links.frames)
    framed: dict[str, PageFact] = {}
    sampler = Sampler()
    seeker = DisclosureSeeker()
    again = Reread(run)
    unrendered = 0
    for page in run.pages():
        if host_of(page.url) not in own:
            continue
        unrendered += page.scripted and not page.rendered
        if home is not None and page.url == home.url:
            continue
        if page.url in frames:
            framed[page.url] = page
            continue
        if is_candidate(page, named):
            listed.append(page)
        sampler.offer(page)
        seeker.offer(page)
        again.offer(page)
    listed += framed_lists(listed, framed, frames)
    listed.sort(key=lambda page: page.url)
    place = Place(home, named, run.links_of, site.columns, as_of, _blocks(home, listed))
    columns = column_facts(listed, place)
    leaders: tuple[LeaderFact, ...] | None = None
    if any(column.type == "leaders" for column in columns):
        from crawler.read.leaders import leaders_of  # loads BeautifulSoup, which few sites need

        leaders = leaders_of(columns, listed, run)
    sample = sampler.sample()
    from crawler.read.looks import looks_of  # only a run that is judged needs it, never a crawl

    return SiteFacts(
        unit=unit,
        site=site,
        as_of=as_of,
        coverage=replace(coverage, unrendered=unrendered),
        pages=run.pages,
        home=home,
        sample=sample,
        columns=columns,
        failures=links.failures,
        placeholders=links.placeholders,
        navigation=navigation,
        links=lambda: (link for _, link in run.links()),
        leaders=leaders,
        search=trials.search,
        probes=trials.probes,
        tls=trials.tls,
        ipv6=trials.ipv6,
        yardstick=trials.yardstick,
        participation=again.participation(columns, as_of),
        services=again.services(columns),
        disclosure=seeker.facts(unit, columns, run),
        looks=looks_of((home, *sample) if home is not None else sample, run, own),
        scripts=trials.scripts,
        foreign=_foreign(run, own),
        displays=trials.displays,
        attachments=trials.attachments,
    )


def _foreign(run: RunFacts, own: Collection[str]) -> tuple[ForeignPage, ...]:
    """The pages of other hosts that told their title, by address; the last look at each."""
    found = {
        visit.requested_url: ForeignPage(visit.requested_url, visit.final_url, visit.title)
        for visit in run.visits()
        if (visit.title or visit.redirects) and visit.outcome.is_seen and host_of(visit.requested_url) not in own
    }
    return tuple(found[url] for url in sorted(found))


def _blocks(home: PageFact | None, columns: list[PageFact]) -> dict[str, str]:
    """The words over the lists whose 更多 leads to an address; the home page's before those of the nearest column."""
    bearers = sorted(columns, key=lambda page: (page.depth, page.url))
    found: dict[str, str] = {}
    for page in (home, *bearers) if home else bearers:
        for block in page.blocks:
            found.setdefault(canonical(block.url), block.name)
    return found


def sample_of(run: RunFacts, home: str, own_hosts: frozenset[str]) -> tuple[PageFact, ...]:
    """The inner pages of a run that per-page requirements will be tried on."""
    sampler = Sampler()
    frames = framed_alone(run)
    for page in run.pages():
        if host_of(page.url) in own_hosts and page.url != home and page.url not in frames:
            sampler.offer(page)
    return sampler.sample()


class Sampler:
    """A few columns and articles, chosen by a hash of their address: spread over the site, the same at each run."""

    def __init__(self) -> None:
        self._chosen: dict[PageKind, list[tuple[int, str, PageFact]]] = {PageKind.COLUMN: [], PageKind.ARTICLE: []}

    def offer(self, page: PageFact) -> None:
        """Takes a page into the draw; pages that say they are missing are no sample of the site."""
        heap = self._chosen.get(page.kind)
        if heap is None or page.reply or not page.outcome.is_seen or page.missing or not 200 <= page.status < 300:
            return
        rank = int.from_bytes(hashlib.blake2b(page.url.encode(), digest_size=8).digest(), "big")
        entry = (-rank, page.url, page)
        if len(heap) < _SAMPLED:
            heapq.heappush(heap, entry)
        elif entry[:2] > heap[0][:2]:
            heapq.heapreplace(heap, entry)

    def sample(self) -> tuple[PageFact, ...]:
        """The columns, then the articles, each in the draw's order."""
        return tuple(
            page
            for kind in (PageKind.COLUMN, PageKind.ARTICLE)
            for _, _, page in sorted(self._chosen[kind], key=lambda entry: (-entry[0], entry[1]))
        )


def home_of(site: Site, run: RunFacts) -> PageFact | None:
    """The home page: at the registered address or where its last visit ended, else the one that was read as such."""
    registered = normalise(site.home_url)
    visits = run.visits_to((registered,))[registered]
    ends = (normalise(visit.final_url) for visit in visits if visit.outcome.is_seen)
    wanted = (registered, *ends)
    homes = list(run.pages(PageKind.HOME))
    candidates = {page.url: page for page in homes if page.url in wanted}
    if not candidates:
        candidates = {page.url: page for page in run.pages() if page.url in wanted}
    fallback = next((page for page in homes if host_of(page.url) == host_of(registered)), None)
    found = next((candidates[url] for url in reversed(wanted) if url in candidates), fallback)
    if found is None:
        return None
    return replace(found, kind=PageKind.HOME, links=run.links_of(found.url))


def _navigation(run: RunFacts, home: PageFact | None, own: frozenset[str]) -> tuple[Link, ...]:
    """The home page's navigation links, each address once.

    Where next to none stand in what is told as navigation, the short links outside lists and footer are taken for it.
    """
    if home is None:
        return ()
    links = [link for link in run.links_of(home.url) if link.tag in ("a", "area") and link.url]
    found = {link.url: link for link in reversed(links) if link.region is Region.NAVIGATION}
    if sum(host_of(url) in own for url in found) < _FEWEST_NAMED:
        found |= {
            link.url: link
            for link in reversed(links)
            if link.region is Region.OTHER and len(link.text) <= _LONGEST_NAME and host_of(link.url) in own
        }
    order = dict.fromkeys(link.url for link in links if link.url in found)
    return tuple(found[url] for url in order if canonical(url) != canonical(home.url))
