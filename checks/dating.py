"""How a site's lists and articles print their dates: what the check of irregular dates gathers from all pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from msgspec import Struct, field

from checks import lexicon
from checks.gathering import Gatherer
from checks.window import beijing_day
from crawler.facts import DateSource, ListItem, PageFact, PageKind, PublishedDate, SiteFacts

_SHOWN = (DateSource.LABELLED_TEXT, DateSource.TEXT)
_DOCUMENTS = ("policy-document", "catalogue")
_DIGITS = re.compile(r"[\d０-９]")
_YEAR = re.compile(r"(?:19|20)\d\d")


class Pages(Struct):
    """Pages that show one thing: how many, and the first of them by address, with its words."""

    count: int = 0
    urls: list[str] = field(default_factory=list)
    first: tuple[int, str, str] | None = None

    def add(self, url: str, quote: str, most: int) -> None:
        """Counts a page and keeps its address, at most `most` of them."""
        self.count += 1
        if len(self.urls) < most:
            self.urls.append(url)
        place = (len(url), url, quote)
        if self.first is None or place < self.first:
            self.first = place


class Odd(Struct, frozen=True):
    """An article whose date is at odds with its list, or lies in the future."""

    url: str
    title: str
    shown: str
    day: date
    listed: str = ""


MOST = 200
"""Addresses kept of one form."""


class PrintedDates(Gatherer):
    """What the articles print, and how it agrees with the lists."""

    def __init__(self, facts: SiteFacts) -> None:
        super().__init__(facts)
        self.articles = 0
        self.forms: dict[str, Pages] = {}
        self.differing: list[Odd] = []
        self.future: list[Odd] = []
        self.latest = beijing_day(facts.as_of)
        self._listed: dict[str, ListItem] = {}
        self._documents = {item.url for column in facts.columns if column.type in _DOCUMENTS for item in column.items}
        for column in facts.columns:
            for item in column.items:
                if item.url and item.date is not None and _YEAR.search(item.date.quote):
                    self._listed.setdefault(item.url, item)

    def see(self, page: PageFact) -> None:
        """An article's printed date."""
        day = beijing_day(page.fetched_at)
        if day > self.latest:
            self.latest = day
        if page.kind is not PageKind.ARTICLE or page.reply:
            return
        printed = printed_date(page)
        if printed is None:
            return
        self.articles += 1
        form = form_of(printed.quote, "article")
        if form and not self._may_be_a_document_s(page, printed):
            self.forms.setdefault(form, Pages()).add(page.url, printed.quote, MOST)
        title = page.heading or page.title
        if printed.value > self.latest:
            self.future.append(Odd(page.url, title, printed.quote, printed.value))
        item = self._listed.get(page.url)
        if item is not None and item.date is not None and self._differs(page, printed, item.date):
            self.differing.append(Odd(page.url, title, printed.quote, printed.value, item.date.quote))

    def _may_be_a_document_s(self, page: PageFact, printed: PublishedDate) -> bool:
        """Whether the day may be that of the document itself, which is written 年月日: at its end, or in its table."""
        if "年" not in printed.quote or printed.clock:
            return False
        column = page.label("ColumnName") or ""
        named = lexicon.pattern("date_forms", "documents").search(column) is not None
        return printed.source is DateSource.TEXT or page.url in self._documents or named

    def _differs(self, page: PageFact, printed: PublishedDate, listed: PublishedDate) -> bool:
        """Whether no date that the page shows is the list's; words that name another day are none."""
        if printed.source is not DateSource.LABELLED_TEXT or _other_day().search(printed.quote):
            return False
        return all(known.value != listed.value for known in page.dates if known.source in _SHOWN)


def printed_date(page: PageFact) -> PublishedDate | None:
    """The date by an article's heading: behind words that name it, else in a line of its own."""
    by_source = {known.source: known for known in reversed(page.dates)}
    return by_source.get(DateSource.LABELLED_TEXT) or by_source.get(DateSource.TEXT)


def form_of(quote: str, place: str) -> str:
    """The name of an irregular form, "" for a regular one and for what no form describes; `place` is list or article.

    2026-11-18 → ""; 发布时间：2026/11/18 → 以斜线分隔; 2026-1-5 → 月或日未补足两位; 11-18 in a list → 没有年份.
    """
    found = _DIGITS.search(quote)
    if found is None or _regular().search(quote):
        return ""
    written = quote[found.start() :]
    return next((name for name, pattern in _forms(place) if pattern.search(written)), "")


def list_forms(facts: SiteFacts) -> Iterator[tuple[str, str, str]]:
    """For each column whose list prints an irregular form: the form, the column's address and an entry's words."""
    for column in facts.columns:
        seen: set[str] = set()
        for item in column.items:
            form = form_of(item.date.quote, "list") if item.date else ""
            if item.date and form and form not in seen:
                seen.add(form)
                yield form, column.url, item.date.quote


@cache
def _regular() -> re.Pattern[str]:
    return re.compile(lexicon.table("date_forms")["regular"])


@cache
def _forms(place: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["name"], re.compile(row["pattern"])) for row in lexicon.table("date_forms")[place])


@cache
def _other_day() -> re.Pattern[str]:
    return lexicon.pattern("date_forms", "other_day")
