"""What several checks derive from a site's facts, computed once per run of the checks.

`of(facts)` streams the pages once; within `shared()` the outcome is kept for the checks that follow.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache, lru_cache
from typing import TypeVar, cast
from urllib.parse import urlsplit

from msgspec import Struct

from checks import lexicon
from checks.gatherers import GATHERERS
from checks.gathering import Gatherer
from checks.window import beijing_day
from crawler.facts import DateSource, LinkFact, ListItem, PageFact, PageKind, Region, Resource, SiteFacts

NEAR = 3
"""Clicks from the home page within which a required entry must be found (国办发〔2017〕47号: 层级不宜过深)."""

_SHOWN_ON_PAGE = frozenset({DateSource.LABEL, DateSource.LABELLED_TEXT, DateSource.STRUCTURED, DateSource.TEXT})

_LONGEST_NAME = 60
"""Characters of a link's words beyond which it is a sentence, not an entry."""

_CONTENT = frozenset({Region.LIST, Region.BODY, Region.OTHER})
"""The regions of a page that hold what it publishes, not its frame."""


class Mention(Struct, frozen=True):
    """A name under which something can be reached: `text` stands on `page` and leads to `url`."""

    text: str
    url: str
    page: str


class Heading(Struct, frozen=True):
    """A page's name for checks that look through all pages: its own day, and whether it is an article."""

    url: str
    title: str
    published: date | None
    article: bool


class SiteView(Struct, frozen=True):
    """What one pass over the pages gives.

    `mentions` stand within three clicks of the home page, `texts` tells by text where among them. `published` holds the
    day an article itself shows, for the undated entries of the home page and the columns (None: it shows none); an
    address that is not in it was not seen. `written` are those of them that are articles. `reports` are the pages whose
    title may name a report. `undated` are articles, listed or labelled as such, without any date of their own;
    `articles` counts those told, `unrendered` those that could not be. `gathered` holds what each family keeps of the
    pages. `below` holds the columns under which other pages stand, by breadcrumb or by folder: True where articles do.
    `frames` are pages that stand inside others and bear no foot or head.
    """

    today: date
    mentions: tuple[Mention, ...]
    texts: Mapping[str, list[int]]
    published: dict[str, date | None]
    written: frozenset[str]
    reports: tuple[Heading, ...]
    undated: tuple[Heading, ...]
    articles: int
    unrendered: int
    near_pages: int
    below: dict[str, bool]
    frames: frozenset[str]
    notices: dict[str, str]
    failures: dict[str, LinkFact]
    gap: str
    gathered: Mapping[type[Gatherer], Gatherer]

    def find(self, wanted: re.Pattern[str], unwanted: re.Pattern[str]) -> tuple[Mention, ...]:
        """The mentions whose text is a name of what is wanted, in order of discovery."""
        return self._mentioned(text for text in self.texts if wanted.search(text) and not unwanted.search(text))

    def named(self, name: re.Pattern[str], longest: int) -> tuple[Mention, ...]:
        """The mentions whose text bears a name and has no more characters than that, in order of discovery."""
        return self._mentioned(text for text in self.texts if len(text) <= longest and name.search(text))

    def _mentioned(self, texts: Iterable[str]) -> tuple[Mention, ...]:
        return tuple(self.mentions[at] for at in sorted(at for text in texts for at in self.texts[text]))

    def day_of(self, item: ListItem) -> date | None:
        """When an entry was published: as the list says, else as its page says; None where neither is known."""
        return item.date.value if item.date else self.published.get(item.url)


def host(url: str) -> str:
    """The host of an address without its port, in lower case; "" where there is none."""
    return (urlsplit(url).hostname or "").lower()


def is_named_host(name: str) -> bool:
    """Whether a host is a domain name, so that a rule on domain names can be tried on it."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return "." in name
    return False


def is_own(facts: SiteFacts, url: str) -> bool:
    """Whether an address lies on the site's own hosts (its home page's or a registered alias)."""
    return _netloc(url) in _own_hosts(facts.site.home_url, facts.site.aliases)


def _netloc(url: str) -> str:
    """Host and port of a normal address, in lower case: of all links of a site, so without parsing the rest."""
    return _AFTER_HOST.split(url.partition("://")[2], 1)[0].lower()


@lru_cache(maxsize=8)
def _own_hosts(home_url: str, aliases: tuple[str, ...]) -> frozenset[str]:
    """The site's hosts with their ports, in lower case."""
    return frozenset((_netloc(home_url), *map(str.lower, aliases)))


def gap_of(facts: SiteFacts) -> str:
    """Why "nothing was found" would not be believed of this crawl, in Chinese; "" where it may be.

    A few pages behind a login are no gap: the names of the links that lead to them were seen.
    """
    if facts.coverage.truncated_by:
        return f"采集未完成（{facts.coverage.truncated_by}）"
    if facts.home is not None and facts.home.scripted and not facts.home.rendered:
        return "首页由脚本生成，未能渲染"
    blocked, attempted, unrendered = facts.coverage.blocked, facts.coverage.attempted, facts.coverage.unrendered
    if unrendered > attempted * lexicon.table("coverage")["unrendered_share_max"]:
        return f"有 {unrendered} 个页面由脚本生成，未能渲染"
    if blocked > attempted * lexicon.table("coverage")["blocked_share_max"]:
        return f"有 {blocked} 个本站地址被拦截或需登录"
    return ""


@cache
def _entry_names() -> tuple[re.Pattern[str], ...]:
    """Every name of data/entries.yaml, so that of the links of a whole site only those are kept that may matter."""
    return tuple(lexicon.pattern("entries", key) for key in lexicon.table("entries") if not key.startswith("not_"))


_AFTER_HOST = re.compile(r"[/?#]")
_INDEX = re.compile(r"/(?:index|default)\.\w+$", re.IGNORECASE)


_kept: ContextVar[list[tuple[SiteFacts, SiteView]] | None] = ContextVar("derived", default=None)


@contextmanager
def shared() -> Iterator[None]:
    """Within it, `of` computes once per SiteFacts; what was derived is let go at the end of the outermost."""
    if _kept.get() is not None:
        yield
        return
    token = _kept.set([])
    try:
        yield
    finally:
        _kept.reset(token)


def of(facts: SiteFacts) -> SiteView:
    """The view of a site; the pages are streamed once."""
    kept = _kept.get()
    if kept is None:
        return _derive(facts)
    for known, view in kept:
        if known is facts:
            return view
    view = _derive(facts)
    kept.append((facts, view))
    return view


G = TypeVar("G", bound=Gatherer)


def gathered(facts: SiteFacts, kind: type[G]) -> G:
    """What one family's gatherer of `checks.gatherers` kept of the site's pages. KeyError where it stands not there."""
    return cast(G, of(facts).gathered[kind])


def _derive(facts: SiteFacts) -> SiteView:
    awaited = {item.url for item in _entries(facts) if item.date is None and item.url}
    listed = {item.url for column in facts.columns for item in column.items}
    frames: set[str] = set()
    mentions = list(_standing_mentions(facts, frames))
    published: dict[str, date | None] = {}
    written: set[str] = set()
    reports: list[Heading] = []
    undated: list[Heading] = []
    notices: dict[str, str] = {}
    places = {place(column.url): column.url for column in facts.columns}
    below: dict[str, bool] = {}
    articles = unrendered = near_pages = 0
    gatherers = {kind: kind(facts) for kind in GATHERERS}
    for page in facts.pages():
        if not page.outcome.is_seen:
            continue
        for gatherer in gatherers.values():
            gatherer.see(page)
        name = page.heading or page.title
        if page.url in awaited:
            published[page.url] = _own_day(page)
            if page.kind is PageKind.ARTICLE:
                written.add(page.url)
        if page.depth <= NEAR:
            near_pages += 1
            mentions += _page_mentions(page, name)
        for url in _above(page, places):
            below[url] = below.get(url, False) or page.kind is PageKind.ARTICLE
        if page.notice:
            notices[page.url] = page.notice
        if "报" in name and "年" in name:
            reports.append(Heading(page.url, name, _own_day(page), page.kind is PageKind.ARTICLE))
        if page.kind is PageKind.ARTICLE:
            if page.scripted:
                unrendered += 1
                continue
            articles += 1
            if _is_undated(page) and (page.url in listed or page.label("ArticleTitle") is not None):
                undated.append(Heading(page.url, name, None, article=True))
    texts: dict[str, list[int]] = {}
    for at, mention in enumerate(mentions):
        texts.setdefault(mention.text, []).append(at)
    return SiteView(
        today=beijing_day(facts.as_of),
        mentions=tuple(mentions),
        texts=texts,
        published=published,
        written=frozenset(written),
        reports=tuple(reports),
        undated=tuple(undated),
        articles=articles,
        unrendered=unrendered,
        near_pages=near_pages,
        below=below,
        frames=frozenset(frames),
        notices=notices,
        failures={link.url: link for link in facts.failures if link.url},
        gap=gap_of(facts),
        gathered=gatherers,
    )


def home_entries(facts: SiteFacts) -> tuple[ListItem, ...]:
    """What the home page shows: its dated entries, then every other own page that its content links to, undated."""
    home = facts.home
    if home is None:
        return ()
    known = {item.url for item in home.items}
    others = (
        ListItem(link.text, link.url)
        for link in home.links
        if link.tag == "a" and link.region in _CONTENT and link.url not in known and is_own(facts, link.url)
    )
    return (*home.items, *dict.fromkeys(others))


def _entries(facts: SiteFacts) -> Iterator[ListItem]:
    yield from home_entries(facts)
    for column in facts.columns:
        yield from column.items


def _standing_mentions(facts: SiteFacts, frames: set[str]) -> Iterator[Mention]:
    """Names that stand in the navigation, on the home page, as a column and in the columns' lists.

    `frames` grows by the addresses that stand in frames: the links are streamed once for both.
    """
    home = facts.site.home_url
    names, known = _entry_names(), dict[str, bool]()
    for link in (*facts.navigation, *(facts.home.links if facts.home else ())):
        if link.url and link.text:
            yield Mention(link.text, link.url, home)
    for page in facts.sample:
        for link in page.links:
            if link.url and link.text:
                yield Mention(link.text, link.url, page.url)
    for link in facts.links():
        if link.resource is Resource.FRAME:
            frames.add(link.url)
        if not link.url or len(link.text) > _LONGEST_NAME:
            continue
        matters = known.get(link.text)
        if matters is None:
            matters = known[link.text] = any(name.search(link.text) for name in names)
        if matters:
            yield Mention(link.text, link.url, home)
    for column in facts.columns:
        yield Mention(column.name, column.url, home)
        for item in column.items:
            yield Mention(item.title, item.url, column.url)


def _page_mentions(page: PageFact, name: str) -> Iterator[Mention]:
    yield Mention(name, page.url, page.url)
    column = page.label("ColumnName")
    if column and page.kind is not PageKind.ARTICLE:
        yield Mention(column, page.url, page.url)
    for crumb in page.breadcrumb:
        if crumb.url:
            yield Mention(crumb.name, crumb.url, page.url)


def place(url: str) -> str:
    """One address for a folder and its index page."""
    return _INDEX.sub("/", url)


def _above(page: PageFact, places: Mapping[str, str]) -> Iterator[str]:
    """The columns, by place, that a page stands under: those of its breadcrumb and the one of its folder."""
    own = place(page.url)
    folder = own.removesuffix("/").rpartition("/")[0] + "/"
    for name in {folder, *(place(crumb.url) for crumb in page.breadcrumb)}:
        if name != own and name in places:
            yield places[name]


def _is_undated(page: PageFact) -> bool:
    """Whether nothing on the page itself says when it was published; its address and the list do not count."""
    return not any(found.source in _SHOWN_ON_PAGE for found in (page.published, *page.dates) if found)


def _own_day(page: PageFact) -> date | None:
    return page.published.value if page.published else None
