"""One page: bytes in, a PageFact with its links out. The hot path of a crawl: every page is parsed and walked once."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from html import escape

from msgspec import Struct
from msgspec.structs import replace

from crawler.facts import (
    BEIJING,
    Crumb,
    DateSource,
    FooterMarks,
    Link,
    ListItem,
    Outcome,
    PageFact,
    PageKind,
    PublishedDate,
    Region,
    Resource,
)
from crawler.facts.behaviour import Sign, Suspect
from crawler.facts.documents import DocumentFact, PolicyText
from crawler.read import scripted
from crawler.read.blocks import blocks
from crawler.read.body import NO_BODY, Body, body_of, heading_of, residue
from crawler.read.breadcrumb import breadcrumb
from crawler.read.charset import Decoded, decode
from crawler.read.coverage import reaches_back
from crawler.read.data_requests import data_requests
from crawler.read.datastore import Datastore, datastore_of
from crawler.read.dates import DateText, settle
from crawler.read.documents import document_of
from crawler.read.entries import Entry
from crawler.read.fragments import FragmentMemory
from crawler.read.items import Group, entries_of, groups, is_list, main_list
from crawler.read.kind import is_home, kind_of, looks_like_home, signs_of
from crawler.read.links import LinkReader
from crawler.read.marks import footer_marks
from crawler.read.navigation import mark_navigation
from crawler.read.notices import missing_of, notice_of
from crawler.read.outline import Outline
from crawler.read.pagination import COMPUTED, Paging, paging_of, unfollowed_of
from crawler.read.pagination_scripts import record_pages
from crawler.read.policy_text import has_sign, is_named, policy_text
from crawler.read.published import published, source_of, tells_outside, year_in
from crawler.read.replies import counts_pages, further_replies, reply_of
from crawler.read.search_form import search_forms
from crawler.read.urls import host_of, join, normalise, place_of
from crawler.read.walk import outline
from crawler.read.zones import Zone
from crawler.words.wordbook import Wordbook, built_in

_STRONG = (DateSource.LABEL, DateSource.LABELLED_TEXT, DateSource.STRUCTURED)
_HOLDS_BLOCKS = (PageKind.HOME, PageKind.COLUMN)
_HEAD = 2000
_ENTRIES = 2
_LEAST_TITLE = 6
_WRAPPED_SHARE = 0.15
_WRAPPED_TEXT = 150


class Reading(Struct, frozen=True):
    """A page's fact, and its visible text, which is not stored."""

    fact: PageFact
    text: str


class PageReader:
    """Reads the pages of one site in one run; remembers links, for navigation repeats on every page.

    `home_urls` may be added to: the addresses that the home page redirects to are the home page too. With `home_known`
    off, for a page saved from who knows where, a page may also look like a home page. `words` are the lexicons that
    the main text is scanned by, those that come with the program where none are given.
    """

    def __init__(
        self,
        home_url: str,
        own_hosts: frozenset[str],
        as_of: datetime,
        *,
        home_known: bool = True,
        words: Wordbook | None = None,
    ) -> None:
        self.home_known = home_known
        self.words = words or built_in()
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
        store = datastore_of(decoded.text) or reply_of(decoded.text)
        page = outlined(decoded.text, store, self._fragments, url)
        latest = max(self._as_of.astimezone(BEIJING), fetched_at.astimezone(BEIJING)).date()
        view = _View(self, page, decoded, url, latest, store, rendered=rendered)
        kind, links = view.kind, view.links
        if page.fragments:
            self._fragments.keep(page, *place_of(url, page.base))
        shell = outcome is Outcome.OK and not rendered and scripted.is_shell(page) and not view.redirected
        text = "\n".join([line.text for line in page.lines])
        crumbs = breadcrumb(page, view.base, decoded.used)
        document, policy = view.policy(text, crumbs, decoded.used, rendered=rendered)
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
            breadcrumb=crumbs,
            blocks=blocks(page, view.base, decoded.used) if kind in _HOLDS_BLOCKS else (),
            items=view.items,
            next_pages=view.next_pages,
            unfollowed=view.unfollowed,
            marks=view.marks,
            search_forms=search_forms(page, view.base, decoded.used) if page.forms else (),
            text_length=page.plain + page.link_chars,
            body_length=view.body_length,
            notice=notice_of(page, view.body_length) if not view.items else "",
            missing=view.missing,
            embedded=view.embedded,
            scripted=shell or view.scripted,
            rendered=rendered,
            reply=store is not None and store.whole,
            depth=depth,
            sha256=hashlib.sha256(body).hexdigest(),
            links=tuple(links),
            document=document,
            policy=policy,
            suspects=_foreign(page.suspects, view.base, self._own_hosts, rendered=rendered) if page.suspects else (),
            hits=self.words.hits(_said(page)) if store is None or not store.whole else (),
        )
        return Reading(fact, text)

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
        self.body = body = body_of(page)
        self.heading, self.heading_line = heading_of(page, article_title)
        body_first = body.first if body.named else NO_BODY.first
        told = published(page, body_first, self.heading_line, url, latest)
        self.dates, self.published, self._evident = told.dates, told.holding, told.evident
        self.base = (join(url, page.base, decoded.used) or url) if page.base else url
        paging = _more(paging_of(page, self.base, decoded.used), page, store, self.base)
        self.next_pages = tuple(address for address in paging.pages if address != url)
        self.kind = self._kind(reader, chosen, found, body, paged=bool(self.next_pages) or store is not None)
        self.missing = missing_of(page, self.heading)
        if self.missing and self.kind is PageKind.COLUMN and not any(group.dated for group in chosen):
            # the links of an error page's frame are no list; a column with a name of its own stays what it is
            self.kind = self.kind if self._labels.get("columnname") else PageKind.OTHER
        if self.kind is PageKind.HOME:
            listed = [group.entries for group in found if group.dated]
        elif self.kind is PageKind.COLUMN and is_list(chosen):
            listed = [list(entries_of(chosen))]
        else:
            listed = []
        shown = chosen if self.kind is PageKind.COLUMN else found if self.kind is PageKind.HOME else []
        in_lists = {id(entry.link) for entry in entries_of(shown)}
        span = body.links if self.kind in (PageKind.ARTICLE, PageKind.DOCUMENT) else (0, 0)
        self.links, marked = reader.link_reader.links(page, url, decoded.used, in_lists, span)
        sent_on = reader.link_reader.redirect(page, url, decoded.used)
        self.redirected = sent_on is not None
        if sent_on is not None:
            self.links.append(sent_on)
        read = [item for entries in listed for item in _items(entries, self.base, decoded.used, latest)]
        # the home page's blocks without dates are entrances, pictures and links
        self.items = tuple(dict.fromkeys(item for item in read if item.date or self.kind is not PageKind.HOME))
        self._drop_weak_dates(chosen)
        is_listing = self.kind is PageKind.COLUMN and bool(self.items)
        self.unfollowed = unfollowed_of(page, paging) if is_listing else ""
        onward = next((address for address in self.next_pages if address in paging.computed), "")
        if onward and self.items and not reaches_back(self.items, latest):
            self.links.append(Link(onward, onward, "下一页", COMPUTED, Region.OTHER, Resource.PAGE))
        self.marks: FooterMarks = footer_marks(page, marked)
        has_text = self.kind in (PageKind.ARTICLE, PageKind.DOCUMENT)
        self.body_length = (
            body.length if has_text or body.named else residue(page, frozenset((self.heading, page.title)))
        )
        lacking = not self.items and self.body_length < 100 and not rendered
        own = scripted.own_scripts(self.links, reader.own_hosts) if lacking else 0
        self.scripted = lacking and scripted.is_scripted(page, decoded.text, own)
        frames = scripted.embedded(self.links, reader.own_hosts)
        if self.items and self.kind is not PageKind.HOME:
            frames = []
        if (lacking and self.scripted) or (self.unfollowed and not rendered):
            asked = data_requests(page, self.base, self._labels)
            if self.items:
                asked = tuple(address for address in asked if counts_pages(address))
            frames += asked
            if self.kind in (PageKind.COLUMN, PageKind.OTHER):
                self.links += scripted.requested(asked, reader.own_hosts)
        self.embedded = tuple(dict.fromkeys(frames))

    def _kind(
        self, reader: PageReader, chosen: list[Group], found: list[Group], body: Body, *, paged: bool
    ) -> PageKind:
        if is_home(self.url, reader.home_url, reader.home_urls):
            return PageKind.HOME
        signs = signs_of(self.page, chosen, body, self.heading, self.dates, self.published, self._labels, paged=paged)
        if not reader.home_known and looks_like_home(self.page, found, signs, self._labels.get("sitename", "")):
            return PageKind.HOME
        return kind_of(self.url, signs)

    def label(self, name: str) -> str | None:
        """The first label of that name."""
        return self._labels.get(name.lower())

    def policy(
        self, text: str, crumbs: tuple[Crumb, ...], charset: str, *, rendered: bool
    ) -> tuple[DocumentFact | None, PolicyText | None]:
        """What the page tells as a document or an interpretation; None where it bears no sign of being one."""
        if self.kind not in (PageKind.ARTICLE, PageKind.DOCUMENT):
            return None, None
        heading = self.heading or self.label("ArticleTitle") or self.page.title
        named = is_named(f"{heading} {self.label('ColumnName')} {' '.join([crumb.name for crumb in crumbs])}")
        document = None
        if named or has_sign(text):
            document = document_of(self.page, heading, self.heading_line, self.body, rendered=rendered)
        if not named and (document is None or not (document.number or document.index)):
            return document, None
        return document, policy_text(self.page, heading, self.body, self.base, charset, rendered=rendered)

    def _drop_weak_dates(self, chosen: list[Group]) -> None:
        """A page that is no article has a publication date only where it is evident.

        A standing text may tell it in its address too. What a list shows are its entries' days.
        """
        if self.kind is PageKind.ARTICLE:
            return
        if self._evident and self.kind is not PageKind.HOME and not self._is_entry_day(chosen):
            return
        strong = (
            (*_STRONG, DateSource.URL) if self.kind is PageKind.DOCUMENT else (DateSource.LABEL, DateSource.STRUCTURED)
        )
        self.dates = tuple(found for found in self.dates if found.source in strong)
        if self.published is not None and self.published.source not in strong:
            self.published = None

    def _is_entry_day(self, chosen: list[Group]) -> bool:
        """Whether the day that holds is one of the column's entries', and no text outside its list tells it."""
        if self.kind is not PageKind.COLUMN or self.published is None:
            return False
        day = self.published.value
        days = [item.date.value for item in self.items if item.date and len(item.title) >= _LEAST_TITLE]
        if len(days) < _ENTRIES or day not in days:
            return False
        return not tells_outside(self.page, day, [(group.box.texts, group.box.texts_end) for group in chosen])


def outlined(text: str, store: Datastore | None, memory: FragmentMemory | None = None, url: str = "") -> Outline:
    """The page's outline; without hints from names where they would leave next to nothing of it."""
    if store is not None and store.whole:
        return outline(store.html)
    if "<" not in text[:_HEAD]:
        # a text file: its lines are the blocks
        text = "<br>".join(escape(line, quote=False) for line in text.splitlines())
    page = outline(text, memory=memory, url=url)
    total = page.plain + page.link_chars
    if total > 400:
        main, enough = 0, min(_WRAPPED_SHARE * total, _WRAPPED_TEXT)
        for line in page.lines:
            if line.zone is Zone.MAIN or line.zone is Zone.SIDE:
                main += len(line.text)
                if main >= enough:
                    break
        else:
            plain = outline(text, hints=False)
            if sum(len(line.text) for line in plain.lines if line.zone is Zone.MAIN and not line.linked) > main:
                page = plain
    if store is not None and store.records:
        page.graft(outline(store.html))
    return page


def _foreign(suspects: list[Suspect], base: str, own: frozenset[str], *, rendered: bool) -> tuple[Suspect, ...]:
    """The signs of a page with their addresses made absolute; what leads to the site itself is none.

    In what a browser has made, positions and sizes are those of slides, menus and counters at work, and say nothing.
    """
    kept = (one for one in suspects if not rendered or one.sign is Sign.SCRIPT or one.means == "not-shown")
    found = (replace(one, url=join(base, one.url)) if one.url else one for one in kept)
    return tuple(dict.fromkeys(one for one in found if one.sign is Sign.SCRIPT or host_of(one.url) not in {*own, ""}))


def _said(page: Outline) -> str:
    """What the page itself says: the lines of its main part; what is a link is said where it leads."""
    return "\n".join([line.text for line in page.lines if line.zone is Zone.MAIN and line.linked * 2 <= len(line.text)])


def _more(paging: Paging, page: Outline, store: Datastore | None, url: str) -> Paging:
    """The paging of a page whose records go on elsewhere."""
    if store is None or (store.total and store.records >= store.total):
        return paging
    more = join(url, store.more) if store.more else ""
    asked = (more,) if more else record_pages((one.text for one in page.scripts), url, store.records, store.total)
    if asked is None and store.whole:
        asked = further_replies(url, store.records, store.total)
    if asked is None:
        return replace(paging, turned=f"共{store.total}条") if store.total and not paging.pages else paging
    pages = tuple(dict.fromkeys((*paging.pages, *asked)))
    return Paging(pages, paging.computed | frozenset(asked), is_told=True)


def _items(entries: list[Entry], url: str, charset: str, latest: date) -> list[ListItem]:
    """The entries of one list as facts; one that leads nowhere keeps its place with an empty address."""
    urls = [join(url, entry.link.href, charset) for entry in entries]
    read = [_with_year(entry.date, target) for entry, target in zip(entries, urls, strict=True)]
    alone = [settle([one], latest)[0] if entry.pinned else None for entry, one in zip(entries, read, strict=True)]
    order = settle([None if entry.pinned else one for entry, one in zip(entries, read, strict=True)], latest)
    days = [one or other for one, other in zip(alone, order, strict=True)]
    return [
        ListItem(
            entry.title,
            target,
            PublishedDate(day, DateSource.LIST, one.quote, one.clock) if day and one else None,
            entry.pinned,
        )
        for entry, target, one, day in zip(entries, urls, read, days, strict=True)
    ]


def _with_year(read: DateText | None, url: str) -> DateText | None:
    """A date without a year takes the one that the entry's address tells, where it tells the same month or the next.

    A page of 31 August stands in the folder 202309 where it was published a day late.
    """
    if read is None or read.year is not None:
        return read
    year = year_in(url, read.month)
    if year is not None:
        return replace(read, year=year)
    year = year_in(url, read.month % 12 + 1)
    if year is None:
        return read
    return replace(read, year=year - 1 if read.month == 12 else year)
