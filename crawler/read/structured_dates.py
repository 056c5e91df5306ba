"""Publication dates in what only machines read: labels, JSON-LD, Open Graph, microdata, `<time>`, WeChat's scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from crawler.facts import BEIJING, DateSource, PublishedDate
from crawler.read.dates import DateText, compact_date, find_date, worded_date
from crawler.read.lexicon import words
from crawler.read.outline import Outline

_LONGEST_QUOTE = 60
_FIRST_YEAR = 1990
"""No page is older; 1970-01-01 and 0001-01-01 are what an empty field becomes."""
_WECHAT_NAMES = ("var ct", "_g.ct", "create_time")
_WECHAT = re.compile(r"[\w.]+(?: ct)?\s*[=:][^;\n]{0,60}?['\"](1\d{9})['\"]")


def dated(read: DateText, source: DateSource, quote: str = "") -> PublishedDate | None:
    """A read date as a fact; None where it has no year or no such day."""
    value = read.value
    return PublishedDate(value, source, quote or read.quote, read.clock) if value else None


def label_date(page: Outline) -> PublishedDate | None:
    """The date of the strongest label (PubDate before all others)."""
    ranks = _label_ranks()
    best: tuple[int, PublishedDate] | None = None
    for name, content in page.labels:
        rank = ranks.get(name.lower())
        if rank is None or not content or (best is not None and rank >= best[0]):
            continue
        found = _moment(content, DateSource.LABEL)
        if found is not None:
            best = (rank, found)
    return best[1] if best else None


def tells_making(page: Outline, label: PublishedDate) -> bool:
    """Whether a label's moment is the very one that the page names as its making (页面生成时间), to the minute."""
    if not label.clock:
        return False
    made = words("date_labels", "made")
    return any(name.lower() in made and label.quote in content for name, content in page.labels)


def structured_date(page: Outline) -> PublishedDate | None:
    """JSON-LD, Open Graph, microdata and `<time>`; the moment that WeChat writes into a script."""
    for script in page.scripts:
        if script.kind == "application/ld+json":
            for value in _json_dates(script.text):
                found = _moment(value)
                if found is not None:
                    return found
    names = words("date_labels", "properties")
    for name, content in page.properties:
        if content and name.lower() in names:
            found = _moment(content)
            if found is not None:
                return found
    if len(page.times) == 1:
        return _moment(page.times[0])
    return _from_wechat(page)


def year_lent(page: Outline, read: DateText) -> int | None:
    """The year of a label or property that tells the same day of the year as a date written without one."""
    names = (*words("date_labels", "years"), *words("date_labels", "meta"), *words("date_labels", "properties"))
    for name, content in (*page.labels, *page.properties):
        if content and name.lower() in names:
            found = _moment(content)
            if found is not None and (found.value.month, found.value.day) == (read.month, read.day):
                return found.value.year
    return None


def _from_wechat(page: Outline) -> PublishedDate | None:
    for script in page.scripts:
        for name in _WECHAT_NAMES:
            found = _WECHAT.match(script.text, start) if (start := script.text.find(name)) >= 0 else None
            if found:
                moment = datetime.fromtimestamp(int(found[1]), UTC).astimezone(BEIJING)
                quote = " ".join(found[0].split())[:_LONGEST_QUOTE]
                return PublishedDate(moment.date(), DateSource.STRUCTURED, quote, moment.strftime("%H:%M"))
    return None


def _json_dates(text: str) -> Iterator[str]:
    try:
        # templates leave line breaks and tabs within the strings
        loaded = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return
    waiting: list[Any] = [loaded]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, dict):
            for key in ("datePublished", "pubDate", "uploadDate"):
                if isinstance(value.get(key), str):
                    yield value[key]
            waiting.extend(inner for inner in value.values() if isinstance(inner, dict | list))


def _moment(text: str, source: DateSource = DateSource.STRUCTURED) -> PublishedDate | None:
    """A machine-written time; one with a zone is told in Beijing time."""
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        read = find_date(text) or compact_date(text) or worded_date(text)
        return dated(read, source, text[:_LONGEST_QUOTE]) if read and (read.year or 0) >= _FIRST_YEAR else None
    if moment.year < _FIRST_YEAR:
        return None
    if moment.tzinfo is not None:
        try:
            moment = moment.astimezone(BEIJING)
        except OverflowError:
            return None
    clock = moment.strftime("%H:%M:%S" if text.count(":") > 1 else "%H:%M") if "T" in text or ":" in text else ""
    return PublishedDate(moment.date(), source, text[:_LONGEST_QUOTE], clock)


@cache
def _label_ranks() -> dict[str, int]:
    return {name.lower(): rank for rank, name in enumerate(words("date_labels", "meta"))}
