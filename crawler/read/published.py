"""When a page was published, told from every source that gives a date, strongest first, each with its words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

from crawler.facts import BEIJING, DateSource, PublishedDate
from crawler.read.dates import DateText, cell_date, compact_date, find_date, match_date
from crawler.read.lexicon import any_of, any_pattern, words
from crawler.read.outline import Line, Outline
from crawler.read.zones import Zone

_URL_DAY = (
    re.compile(r"/t((?:19|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)_"),
    re.compile(r"/((?:19|20)\d\d)[/-](1[0-2]|0?[1-9])[/-](3[01]|[12]\d|0?[1-9])/"),
    re.compile(r"/((?:19|20)\d\d)(1[0-2]|0[1-9])/?(3[01]|[12]\d|0[1-9])(?:/|[_-]|\d{2,8}[._/]|\.s?html?)"),
)
_URL_MONTH = re.compile(r"(?:/t?|[-_])((?:19|20)\d\d)[/-]?(1[0-2]|0?[1-9])(?:/|[-_]|(?=[0-3]\d(?:\d|[/_.-])))")
_LONGEST_LINE = 200
_LONGEST_DATELINE = 70
_HEAD_LINES = 8
_LONGEST_PART = 12
_SENTENCE = re.compile("[，。；]")
_TAIL = re.compile(r"[\s　/|｜]*")


def published(
    page: Outline, lines: list[Line], body_first: int, heading_line: int, url: str, latest: date
) -> tuple[tuple[PublishedDate, ...], PublishedDate | None]:
    """All dates of a page and the one that holds.

    `lines` are the page's lines; those from text `body_first` on belong to the body and are believed only while they
    are short. Dates after `latest` are kept as read, for a date in the future is itself a fact, but never hold.
    """
    sources = (
        _from_labels(page),
        _from_labelled_text(lines, body_first),
        _from_structure(page),
        _from_url(url),
        _from_head(lines, body_first, heading_line),
    )
    dates = [found for found in sources if found is not None]
    holding = next((found for found in dates if found.value <= latest), None)
    kept = tuple(found for found in dates if found.value <= latest or found.source in _SHOWN)
    return kept, holding


_SHOWN = (DateSource.LABEL, DateSource.LABELLED_TEXT)


def dated(read: DateText, source: DateSource, quote: str = "") -> PublishedDate | None:
    """A read date as a fact; None where it has no year or no such day."""
    value = read.value
    return PublishedDate(value, source, quote or read.quote, read.clock) if value else None


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


def _from_labels(page: Outline) -> PublishedDate | None:
    ranks = _label_ranks()
    best: tuple[int, PublishedDate] | None = None
    for name, content in page.labels:
        rank = ranks.get(name.lower())
        if rank is None or not content:
            continue
        read = find_date(content) or compact_date(content)
        found = dated(read, DateSource.LABEL, content[:60]) if read else None
        if found is not None and (best is None or rank < best[0]):
            best = (rank, found)
    return best[1] if best else None


def _from_labelled_text(lines: list[Line], body_first: int) -> PublishedDate | None:
    """发布时间：2026-08-03, also where the date stands in the next cell."""
    best: tuple[int, PublishedDate] | None = None
    for number, line in enumerate(lines):
        if line.zone in (Zone.FOOTER, Zone.NAVIGATION) or ("间" not in line.text and "期" not in line.text):
            continue
        if len(line.text) > _LONGEST_LINE:
            continue
        for rank, pattern in enumerate(_text_patterns()):
            if best is not None and rank >= best[0]:
                break
            found = pattern.search(line.text)
            if found is None:
                continue
            read = match_date(line.text, _TAIL.match(line.text, found.end()).end())  # type: ignore[union-attr]  # the pattern matches everywhere
            if read is None and found.end() >= len(line.text.rstrip()) and number + 1 < len(lines):
                following = lines[number + 1].text
                read = match_date(following, 0) if len(following) <= _LONGEST_DATELINE else None
            known = dated(read, DateSource.LABELLED_TEXT, f"{found[0]}{read.quote}") if read else None
            if known is not None:
                best = (rank, known)
                break
        if best is not None and best[0] == 0:
            break
    return best[1] if best else None


def _from_structure(page: Outline) -> PublishedDate | None:
    """JSON-LD, Open Graph, microdata and `<time>`."""
    for script in page.scripts:
        if script.kind == "application/ld+json":
            for value in _json_dates(script.text):
                found = _moment(value)
                if found is not None:
                    return found
    for name, content in page.properties:
        if name.lower() in words("date_labels", "properties"):
            found = _moment(content)
            if found is not None:
                return found
    if len(page.times) == 1:
        return _moment(page.times[0])
    return None


def _json_dates(text: str) -> Iterator[str]:
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError):
        return
    waiting: list[Any] = [loaded]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, dict):
            for key in ("datePublished", "pubDate"):
                if isinstance(value.get(key), str):
                    yield value[key]
            waiting.extend(inner for inner in value.values() if isinstance(inner, dict | list))


def _moment(text: str) -> PublishedDate | None:
    """A machine-written time; one with a zone is told in Beijing time."""
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        read = find_date(text)
        return dated(read, DateSource.STRUCTURED, text[:60]) if read else None
    if moment.tzinfo is not None:
        try:
            moment = moment.astimezone(BEIJING)
        except OverflowError:
            return None
    clock = moment.strftime("%H:%M") if "T" in text or ":" in text else ""
    return PublishedDate(moment.date(), DateSource.STRUCTURED, text[:60], clock)


def year_in(url: str, month: int) -> int | None:
    """The year that an address tells for an entry of this month: /202310/…, /2023/10/11/…, t20231011_…"""
    for found in _URL_MONTH.finditer(url):
        if int(found[2]) == month:
            return int(found[1])
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


def _from_head(lines: list[Line], body_first: int, heading_line: int) -> PublishedDate | None:
    """A line about the article that bears a date, close under its heading."""
    start = heading_line if heading_line >= 0 else 0
    seen = 0
    in_text = False
    for number, line in enumerate(lines[start:], start):
        if line.zone in (Zone.FOOTER, Zone.NAVIGATION, Zone.BREADCRUMB, Zone.SIDE):
            continue
        if line.zone is Zone.HEADER and heading_line < 0:
            continue
        if len(line.text) > _LONGEST_DATELINE:
            in_text = True
        seen += 1
        if seen > _HEAD_LINES + (0 if heading_line >= 0 else 6):
            break
        if len(line.text) > _LONGEST_DATELINE or line.heading:
            continue
        if any_of("date_labels", "other").search(line.text):
            continue
        read = find_date(line.text) or _split_date(lines[number : number + 2])
        if read is None:
            continue
        if (in_text or line.first >= body_first or _SENTENCE.search(line.text)) and not _is_dateline(line.text, read):
            continue
        return dated(read, DateSource.TEXT)
    return None


def _split_date(pair: list[Line]) -> DateText | None:
    """A day and its month in lines of their own: 21 | 2024年02月."""
    if len(pair) < 2 or any(len(line.text) > _LONGEST_PART or not line.text[0].isdigit() for line in pair):
        return None
    read = cell_date(tuple(line.text for line in pair))
    return read if read is not None and read.year is not None else None


def _is_dateline(text: str, read: DateText) -> bool:
    """In the body only a line that is little more than a date tells when it was published."""
    return len(text) <= len(read.quote) + 6


@cache
def _label_ranks() -> dict[str, int]:
    return {name.lower(): rank for rank, name in enumerate(words("date_labels", "meta"))}


@cache
def _text_patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(rf"{pattern}\s*[:：∶]\s*|{pattern}\s+(?=\d{{4}})") for pattern in words("date_labels", "text")
    )


@cache
def _source() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{any_pattern('date_labels', 'source_words').pattern})\s*[:：]\s*"
        r"([^\s:：|｜【\[<>]{2,30}?)(?=\s|$|[|｜【\[]|(?:发布|更新|浏览|点击|作者|编辑|时间|日期|字体|字号|访问|阅读|责任|分享|打印))"
    )
