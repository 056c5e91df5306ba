"""When a page was published, told from every source that gives a date, strongest first, each with its words."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from crawler.facts import DateSource, PublishedDate
from crawler.read.dateline import Dateline, Place, dateline, document_day, labelled
from crawler.read.dates import find_date
from crawler.read.lexicon import any_pattern
from crawler.read.outline import Line, Outline
from crawler.read.structured_dates import dated, label_date, structured_date, tells_making, year_lent
from crawler.read.zones import Zone

_URL_DAY = (
    re.compile(r"/t((?:19|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)_"),
    re.compile(r"/((?:19|20)\d\d)[/-](1[0-2]|0?[1-9])[/-](3[01]|[12]\d|0?[1-9])/"),
    re.compile(r"/((?:19|20)\d\d)/(0[1-9]|1[0-2])([0-3]\d)/"),
    re.compile(r"/((?:19|20)\d\d)(1[0-2]|0[1-9])/?(3[01]|[12]\d|0[1-9])(?:/|[A-Z_-]|\d{2,8}[._/]|\.s?html?)"),
)
_URL_MONTH = re.compile(r"(?:/t?|[-_])((?:19|20)\d\d)[/-]?(1[0-2]|0?[1-9])(?:/|[-_]|(?=[0-3]\d(?:\d|[/_.-])))")
_LONGEST_LINE = 200
_MOVED = timedelta(days=31)
_SHOWN = (DateSource.LABEL, DateSource.LABELLED_TEXT)


class Publication(Struct, frozen=True):
    """All dates of a page, strongest first, and the one that holds; `evident` says that the page shows the one that
    holds by its own heading or in words that name it, so that it holds whatever else the page is.
    """

    dates: tuple[PublishedDate, ...]
    holding: PublishedDate | None
    evident: bool


def published(page: Outline, body_first: int, heading_line: int, url: str, latest: date) -> Publication:
    """The publication dates of a page.

    Lines from text `body_first` on belong to the body and are believed only while they are short. Dates after `latest`
    are kept as read where the page shows them, for a date in the future is itself a fact, but never hold.

    The order: label, labelled text, structured data, address, a line under the heading. Three things overrule a label:
    that it tells the moment the page was made (页面生成时间), that two other sources agree on another day, and that
    words under the page's own title name a day much earlier, with no other source for the label's: the page was moved.
    """
    place = Place.of(page, heading_line, body_first)
    label = label_date(page)
    words = labelled(place)
    # words that name it by the heading leave nothing for a bare line to tell
    head = None if words and words.evident and words.read.year and not words.changed else dateline(place)
    address = _from_url(url) or _from_own_address(page)
    named = _fact(words, DateSource.LABELLED_TEXT, page, url) if words else None
    under = _fact(head, DateSource.TEXT, page, url) if head else None
    structure = structured_date(page)
    # 更新时间 tells a later day; it is asked only where nothing better is there, and never held against a label
    changed = named if words and words.changed else None
    seen = None if changed else named
    sure = under if head and head.evident else None
    order: tuple[PublishedDate | None, ...]
    if label is None:
        order = (seen, structure, address, sure, changed, under)
    elif tells_making(page, label):
        order = (seen, structure, address, sure, _document_day(place, label, url), label, under)
    elif _agreed_otherwise(label, seen or sure, structure, address) or (
        seen and words and words.evident and label.value <= latest and _was_moved(label, seen, structure, address)
    ):
        order = (seen, structure, address, sure, label, under)
    else:
        order = (label, seen, structure, address, under)
    dates = [found for found in dict.fromkeys(order) if found is not None]
    holding = next((found for found in dates if found.value <= latest), None)
    kept = tuple(found for found in dates if found.value <= latest or found.source in _SHOWN)
    evident = holding is not None and ((holding is sure) or (holding is named and words is not None and words.evident))
    return Publication(kept, holding, evident)


def source_of(page: Outline, lines: list[Line], label: str | None) -> str:
    """来源: the label ContentSource, else the words behind 来源： in the head of the page."""
    if label:
        return label
    for line in lines:
        text = line.text
        if line.zone is Zone.FOOTER or len(text) > _LONGEST_LINE or not ("：" in text or ":" in text):
            continue
        found = _source().search(line.text)
        if found:
            return found[1].strip()
    return ""


def year_in(url: str, month: int) -> int | None:
    """The year that an address tells for an entry of this month: /202310/…, /2023/10/11/…, t20231011_…"""
    for found in _URL_MONTH.finditer(url):
        if int(found[2]) == month:
            return int(found[1])
    return None


def tells_outside(page: Outline, day: date, spans: list[tuple[int, int]]) -> bool:
    """Whether a text that stands outside these spans of texts, those of a list, tells the day."""
    outside = [
        find_date(page.texts[index]) for index in page.dated if not any(first <= index < last for first, last in spans)
    ]
    return any(read is not None and read.value == day for read in outside)


def _fact(seen: Dateline, source: DateSource, page: Outline, url: str) -> PublishedDate | None:
    """What a reader sees as a fact; a date without a year takes the one that the address or a label tells."""
    read = seen.read
    if read.year is None:
        read = replace(read, year=year_in(url, read.month) or year_lent(page, read))
    return dated(read, source, seen.quote)


def _document_day(place: Place, label: PublishedDate, url: str) -> PublishedDate | None:
    """The document's own day, where the address tells its month and so contradicts a label that tells the making."""
    if year_in(url, label.value.month) == label.value.year:
        return None
    seen = document_day(place)
    found = dated(seen.read, DateSource.TEXT, seen.quote) if seen else None
    return found if found and year_in(url, found.value.month) == found.value.year else None


def _agreed_otherwise(label: PublishedDate, *others: PublishedDate | None) -> bool:
    """Two other sources tell one and the same day, and it is not the label's."""
    days = [found.value for found in others if found is not None and found.value != label.value]
    return len(days) > len(set(days))


def _was_moved(label: PublishedDate, seen: PublishedDate, *others: PublishedDate | None) -> bool:
    """The label tells a day long after the one the page shows, as when a site was moved, and nothing agrees with it."""
    return label.value - seen.value > _MOVED and all(found is None or found.value != label.value for found in others)


def _from_own_address(page: Outline) -> PublishedDate | None:
    """The day in the address that the page's label Url gives for it, which a saved page keeps."""
    for name, content in page.labels:
        if name.lower() == "url" and content:
            return _from_url(content if "//" in content else f"//./{content.removeprefix('./')}")
    return None


def _from_url(url: str) -> PublishedDate | None:
    path = url.split("?", 1)[0].partition("//")[2]
    path = path[path.find("/") :] if "/" in path else ""
    for pattern in _URL_DAY:
        found = pattern.search(path)
        if found:
            try:
                value = date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError:
                continue
            return PublishedDate(value, DateSource.URL, found[0])
    return None


@cache
def _source() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{any_pattern('date_labels', 'source_words').pattern})\s*[:：]\s*"
        r"([^\s:：|｜【\[<>]{2,30}?)(?=\s|$|[|｜【\[]|(?:发稿|刊发|公开|录入|公布|信息|成文)(?:时间|日期)|(?:发布|更新|浏览|点击|作者|编辑|时间|日期|字体|字号|访问|阅读|责任|分享|打印))"
    )
