"""征集调查: from when to when each consultation runs, and whether its own page gives the result."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import cache

from crawler.facts import ColumnFact
from crawler.facts.participation import ConsultationFact
from crawler.read.chosen import chosen
from crawler.read.dates import ascii_forms, find_date
from crawler.read.fields import Labelled, Vocabulary, labelled, own_lines
from crawler.read.lexicon import any_of, any_pattern, table
from crawler.read.outline import Outline

_MOST_PAGES = 30
_PAST = timedelta(days=460)
_DAY = re.compile(r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?")
_SHORT_DAY = re.compile(r"(?<!\d)(?P<m>1[0-2]|0?[1-9])\s?月\s?(?P<d>3[01]|[12]\d|0?[1-9])\s?日")
_RANGE = re.compile(r"\s*(?:[至到~～—–]|--?|―)+\s*")
_UNTIL = re.compile(r"(?:截止|截至|期限|公示期|反馈|征求|征集|意见|提出|发送|寄|报送|于|在|请)[^。；\n]{0,60}")
_BEFORE = re.compile(r"\s*(?:\d{1,2}[:：]\d\d|\d{1,2}时)?\s*[（(]?[^，。；]{0,6}?(?:之前|以前|前|止|为止|截止|结束)")
_LONGEST = 60


def consultations_of(
    columns: Iterable[ColumnFact], outlined: Callable[[str], Outline | None], today: date
) -> tuple[tuple[ConsultationFact, ...], str]:
    """The consultations that the columns of 征集调查 list, with why there may be more."""
    own = [column for column in columns if column.type == "consultation"]
    entries = {
        item.url: (item.title, column.url)
        for column in own
        for item in column.items
        if item.url and (item.date is None or item.date.value >= today - _PAST)
    }
    read = chosen(entries, _MOST_PAGES)
    found = []
    unseen = len(entries) - len(read)
    for url in read:
        page = outlined(url)
        if page is None:
            unseen += 1
        else:
            found.append(_consultation(page, url, *entries[url]))
    doubts = [
        f"栏目“{column.name}”{column.unread or '的列表由嵌入页面或脚本填充'}"
        for column in own
        if column.embedded or (column.unread and not _reaches_back(column, today))
    ]
    if unseen:
        doubts.append(f"有 {unseen} 项征集调查的页面未读取")
    return tuple(found), "；".join(doubts)


def _reaches_back(column: ColumnFact, today: date) -> bool:
    oldest = min((item.date.value for item in column.items if item.date), default=today)
    return oldest < today - _PAST


def _consultation(page: Outline, url: str, title: str, column: str) -> ConsultationFact:
    found = labelled(page, _vocabulary())
    start, end = _span(found)
    if end is None:
        end = _until(page, start)
    result = next((one for one in found if "result" in one.fields and _is_result(one)), None)
    wanted = any_of("messages", "result_links")
    links = [
        "".join(page.texts[raw.first : raw.last]) or raw.title
        for raw in page.links
        if raw.tag == "a" and raw.zone.value == "main"
    ]
    return ConsultationFact(
        url=url,
        title=title,
        column=column,
        start=start,
        end=end,
        result=result.name if result else "",
        result_day=_first_day(result.value) if result else None,
        links=tuple(text[:_LONGEST] for text in links if wanted.search(text))[:5],
    )


def _is_result(one: Labelled) -> bool:
    """Whether something stands under the name of a result, and not that there is none yet."""
    return one.is_given and not any_pattern("messages", "no_result").match(one.value)


def _span(found: list[Labelled]) -> tuple[date | None, date | None]:
    """From when to when, as labelled: one span, or a beginning and an end of their own."""
    start = end = None
    for one in found:
        if "span" in one.fields and end is None:
            start, end = _span_in(one.value.split("\n")[0], start)
        elif "start" in one.fields:
            start = start or _first_day(one.value)
        elif "end" in one.fields:
            end = end or _first_day(one.value)
    return start, end


def _span_in(text: str, start: date | None) -> tuple[date | None, date | None]:
    """The two days of 2026-10-01 至 2026-10-30; a second day without a year takes the first one's."""
    text = ascii_forms(text)
    first = _DAY.search(text)
    if first is None:
        return start, None
    begun = _first_day(first[0])
    rest = text[first.end() :]
    second = _DAY.search(rest)
    if second:
        return begun, _first_day(second[0])
    short = _SHORT_DAY.search(rest)
    if short and begun and _RANGE.search(rest[: short.start()]):
        try:
            day = date(begun.year, int(short["m"]), int(short["d"]))
        except ValueError:
            return begun, None
        return begun, day if day >= begun else day.replace(year=day.year + 1)
    if re.search(r"(?:截至|截止|至|前)", text[: first.start()]) or _BEFORE.match(rest):
        return start, begun
    return begun, None


def _until(page: Outline, start: date | None) -> date | None:
    """The day by which opinions were asked for, in the text: 请于2026年9月30日前反馈; the latest of them."""
    days = []
    for line in own_lines(page):
        text = ascii_forms(line.text)
        if len(text) > 2_000:
            continue
        for hit in _DAY.finditer(text):
            before, behind = text[max(0, hit.start() - 40) : hit.start()], text[hit.end() :]
            asks = _UNTIL.search(before)
            if asks and (_BEFORE.match(behind) or re.search(r"(?:截止|截至|[至到])[^，。；]{0,10}$", before)):
                days.append(_first_day(hit[0]))
    known = [day for day in days if day is not None and (start is None or day >= start)]
    return max(known, default=None)


def _first_day(text: str) -> date | None:
    read = find_date(text)
    return read.value if read else None


@cache
def _vocabulary() -> Vocabulary:
    known = table("messages")
    return Vocabulary.of(known["consultation"], known["consultation_others"], known["stops"])
