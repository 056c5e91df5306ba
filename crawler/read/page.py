"""One page: bytes in, a PageFact with its links out. The hot path of a crawl: every page is parsed and walked once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from html import escape

from crawler.facts import (
    BEIJING,
    DateSource,
    FooterMarks,
    ListItem,
    Outcome,
    PageFact,
    PageKind,
    PublishedDate,
)
from crawler.read import scripted
from crawler.read.body import NO_BODY, Body, body_of, heading_of, prose_of, residue
from crawler.read.breadcrumb import breadcrumb
from crawler.read.charset import Decoded, decode
from crawler.read.datastore import Datastore, datastore_of
from crawler.read.dates import DateText, settle
from crawler.read.fragments import FragmentMemory
from crawler.read.items import Entry, Group, entries_of, groups, is_list, main_list
from crawler.read.kind import Signs, is_home, kind_of
from crawler.read.links import LinkReader
from crawler.read.marks import footer_marks
from crawler.read.navigation import mark_navigation
from crawler.read.notices import missing_of, notice_of
from crawler.read.outline import Outline
from crawler.read.pagination import next_pages
from crawler.read.published import published, source_of, year_in
from crawler.read.search_form import search_forms
from crawler.read.urls import join, normalise, place_of
from crawler.read.walk import outline
from crawler.read.zones import Zone

_STRONG = (DateSource.LABEL, DateSource.LABELLED_TEXT, DateSource.STRUCTURED)
_HEAD = 2000
_WRAPPED_SHARE = 0.15
_WRAPPED_TEXT = 150


@dataclass(frozen=True, slots=True)
class Reading:
    """A page's fact, and its visible text, which is not stored."""

    fact: PageFact
    text: str


class PageReader:
    """Reads the pages of one site in one run; remembers links, for navigation repeats on every page.

    `home_urls` may be added to: the addresses that the home page redirects to are the home page too.
    """

    def __init__(self, home_url: str, own_hosts: frozenset[str], as_of: datetime) -> None:
        self.home_url = normalise(home_url)
        self.home_urls: set[str] = {self.home_url}
        self._own_hosts = own_hosts
        self._as_of = as_of
        self._links = LinkReader()
        self._fragments = FragmentMemory()

    def read(
        self,
        body: bytes,
        url: str,
        *,
        fetched_at: datetime,
        status: int = 200,
        content_type: str = "",
        outcome: Outcome = Outcome.OK,
        depth: int = 0,
        rendered: bool = False,
    ) -> Reading:
        """What a page shows. Never raises, whatever the bytes are.

        `outcome` becomes EMPTY_SHELL where the page is nothing without its scripts and was not rendered.
        """
        decoded = decode(body, content_type)
        store = datastore_of(decoded.text)
        page = _outlined(decoded.text, store, self._fragments, url)
        latest = max(self._as_of.astimezone(BEIJING), fetched_at.astimezone(BEIJING)).date()
        view = _View(self, page, decoded, url, latest, store, rendered=rendered)
        kind, links = view.kind, view.links
        if page.fragments:
            self._fragments.keep(page, *place_of(url, page.base))
        shell = outcome is Outcome.OK and not rendered and scripted.is_shell(page) and not view.redirected
        fact = PageFact(
            url=url,
            fetched_at=fetched_at,
            outcome=Outcome.EMPTY_SHELL if shell else outcome,
            kind=kind,
            status=status,
            content_type=content_type,
            charset_declared=decoded.declared,
            charset_used=decoded.used,
            title=page.title,
            heading=view.heading,
            labels=tuple(page.labels),
            published=view.published,
            dates=view.dates,
            source=source_of(page, page.lines[:60], view.label("ContentSource")) if kind is PageKind.ARTICLE else "",
            breadcrumb=breadcrumb(page, view.base, decoded.used),
            items=view.items,
            next_pages=view.next_pages,
            marks=view.marks,
            search_forms=search_forms(page, view.base, decoded.used) if page.forms else (),
            text_length=page.plain + page.link_chars,
            body_length=view.body_length,
            notice=notice_of(page, view.body_length) if not view.items else "",
            missing=missing_of(page, view.heading),
            embedded=view.embedded,
            scripted=shell or view.scripted,
            rendered=rendered,
            depth=depth,
            sha256=hashlib.sha256(body).hexdigest(),
            links=tuple(links),
        )
        return Reading(fact, "\n".join([line.text for line in page.lines]))

    @property
    def own_hosts(self) -> frozenset[str]:
        """The hosts whose pages are the site's own."""
        return self._own_hosts

    @property
    def link_reader(self) -> LinkReader:
        """The memory of this site's links."""
        return self._links


class _View:
    """One page while it is being read: what several facts are derived from, each worked out once."""

    def __init__(
        self,
        reader: PageReader,
        page: Outline,
        decoded: Decoded,
        url: str,
        latest: date,
        store: Datastore | None,
        *,
        rendered: bool,
    ) -> None:
        self.page = page
        self.url = url
        self._labels = {name.lower(): value for name, value in reversed(page.labels)}
        mark_navigation(page)
        article_title = self._labels.get("articletitle", "")
        # an article that says so needs no search for lists
        is_article = bool(article_title) and article_title != self._labels.get("columnname", "")
        found = [] if is_article else groups(page)
        chosen = main_list(page, found)
        body = body_of(page)
        self.heading, heading_line = heading_of(page, article_title)
        body_first = body.first if body.named else NO_BODY.first
        told = published(page, body_first, heading_line, url, latest)
        self.dates, self.published, self._evident = told.dates, told.holding, told.evident
        self.base = (join(url, page.base, decoded.used) or url) if page.base else url
        further = next_pages(page, self.base, decoded.used)
        self.next_pages = tuple(address for address in _more(further, store, self.base) if address != url)
        home = is_home(url, reader.home_url, reader.home_urls)
        self.kind = PageKind.HOME if home else kind_of(url, self._signs(chosen, body, article_title, store))
        if self.kind is PageKind.HOME:
            listing = [entry for entry in entries_of(found) if entry.date]
        elif self.kind is PageKind.COLUMN and is_list(chosen):
            listing = list(entries_of(chosen))
        else:
            listing = []
        self._drop_weak_dates()
        shown = chosen if self.kind is PageKind.COLUMN else found if self.kind is PageKind.HOME else []
        in_lists = {id(entry.link) for entry in entries_of(shown)}
        span = body.links if self.kind in (PageKind.ARTICLE, PageKind.DOCUMENT) else (0, 0)
        self.links, marked = reader.link_reader.links(page, url, decoded.used, in_lists, span)
        sent_on = reader.link_reader.redirect(page, url, decoded.used)
        self.redirected = sent_on is not None
        if sent_on is not None:
            self.links.append(sent_on)
        self.items = _items(listing, self.base, decoded.used, latest, apart=self.kind is PageKind.HOME)
        self.marks: FooterMarks = footer_marks(page, marked)
        has_text = self.kind in (PageKind.ARTICLE, PageKind.DOCUMENT)
        self.body_length = (
            body.length if has_text or body.named else residue(page, frozenset((self.heading, page.title)))
        )
        lacking = not self.items and self.body_length < 100 and not rendered
        own = scripted.own_scripts(self.links, reader.own_hosts) if lacking else 0
        self.scripted = lacking and scripted.is_scripted(page, decoded.text, own)
        frames = scripted.embedded(self.links, reader.own_hosts)
        if lacking and self.scripted:
            frames += scripted.requests(page, self.base)
        self.embedded = tuple(dict.fromkeys(frames)) if not self.items or self.kind is PageKind.HOME else ()

    def label(self, name: str) -> str | None:
        """The first label of that name."""
        return self._labels.get(name.lower())

    def _signs(self, chosen: list[Group], body: Body, article_title: str, store: Datastore | None) -> Signs:
        entries = list(entries_of(chosen))
        return Signs(
            article_title=article_title,
            publication_label=any(found.source is DateSource.LABEL for found in self.dates),
            column_name=self._labels.get("columnname", ""),
            listed=len(entries),
            dated=sum(entry.date is not None for entry in entries),
            is_list=is_list(chosen),
            body=body.length,
            body_named=body.named,
            prose=prose_of(self.page, [(group.box.texts, group.box.texts_end) for group in chosen]),
            has_date=self.published is not None,
            has_strong_date=self.published is not None and self.published.source in _STRONG,
            has_heading=bool(self.heading),
            paged=bool(self.next_pages) or store is not None,
        )

    def _drop_weak_dates(self) -> None:
        """A page that is no article has a publication date only where it is evident.

        A standing text may tell it in its address too. What a list shows are its entries' days.
        """
        if self.kind is PageKind.ARTICLE or (self._evident and self.kind is not PageKind.HOME):
            return
        strong = (
            (*_STRONG, DateSource.URL) if self.kind is PageKind.DOCUMENT else (DateSource.LABEL, DateSource.STRUCTURED)
        )
        self.dates = tuple(found for found in self.dates if found.source in strong)
        if self.published is not None and self.published.source not in strong:
            self.published = None


def _outlined(text: str, store: Datastore | None, memory: FragmentMemory | None = None, url: str = "") -> Outline:
    """The page's outline; without hints from names where they would leave next to nothing of it."""
    if store is not None and "<html" not in text[:2000].lower() and text.lstrip()[:11].lower() == "<datastore>":
        return outline(store.html)
    if "<" not in text[:_HEAD]:
        # a text file: its lines are the blocks
        text = "<br>".join(escape(line, quote=False) for line in text.splitlines())
    page = outline(text, memory=memory, url=url)
    total = page.plain + page.link_chars
    if total > 400:
        main = sum(len(line.text) for line in page.lines if line.zone in (Zone.MAIN, Zone.SIDE))
        if main < min(_WRAPPED_SHARE * total, _WRAPPED_TEXT):
            plain = outline(text, hints=False)
            if sum(len(line.text) for line in plain.lines if line.zone is Zone.MAIN and not line.linked) > main:
                page = plain
    if store is not None and store.records:
        page.graft(outline(store.html))
    return page


def _more(pages: tuple[str, ...], store: Datastore | None, url: str) -> tuple[str, ...]:
    if store is None or not store.more or (store.total and store.records >= store.total):
        return pages
    more = join(url, store.more)
    return (*pages, more) if more and more not in pages else pages


def _items(entries: list[Entry], url: str, charset: str, latest: date, *, apart: bool) -> tuple[ListItem, ...]:
    """The entries as facts; one that leads nowhere keeps its place with an empty address.

    `apart` says that the entries stand in several lists (the home page's): each date is settled by itself, and
    entries without a date are left out.
    """
    urls = [join(url, entry.link.href, charset) for entry in entries]
    read = [_with_year(entry.date, target) for entry, target in zip(entries, urls, strict=True)]
    if apart:
        days = [settle([one], latest)[0] for one in read]
    else:
        alone = [settle([one], latest)[0] if entry.pinned else None for entry, one in zip(entries, read, strict=True)]
        order = settle([None if entry.pinned else one for entry, one in zip(entries, read, strict=True)], latest)
        days = [one or other for one, other in zip(alone, order, strict=True)]
    items: list[ListItem] = []
    for entry, target, one, day in zip(entries, urls, read, days, strict=True):
        shown = PublishedDate(day, DateSource.LIST, one.quote, one.clock) if day and one else None
        if shown or not apart:
            items.append(ListItem(entry.title, target, shown, entry.pinned))
    return tuple(dict.fromkeys(items))


def _with_year(read: DateText | None, url: str) -> DateText | None:
    """A date without a year takes the one that the entry's address tells, where it tells the same month."""
    if read is None or read.year is not None:
        return read
    year = year_in(url, read.month)
    return read if year is None else replace(read, year=year)
