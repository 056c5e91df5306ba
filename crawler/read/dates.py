"""Dates as pages write them: full, two-digit, without a year, with a clock; in ASCII or full-width characters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

_WIDE = str.maketrans("０１２３４５６７８９：∶﹕／．－–‐", "0123456789:::/.---")
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_MONTH = r"(?P<m>1[0-2]|0?[1-9])"
_DAY = r"(?P<d>3[01]|[12]\d|0?[1-9])"
_CLOCK = r"(?:[\sT日]*(?P<c>(?:[01]?\d|2[0-4])(?::[0-5]\d|[时時]\s?[0-5]?\d(?!\d))(?:[:分][0-5]\d)?))?"
# a clock may follow the day without a space where the two stand in elements of their own: 2026-08-0310:08
_DAY_ENDS = r"(?:(?=[0-2]\d[:时時][0-5]\d)|(?!\d|[.\-/]\d))(?:\s?日)?"
_FULL = re.compile(rf"(?<![\d.]){_YEAR}\s?(?:[-/.—]|年)\s?{_MONTH}\s?(?:[-/.—]|月)\s?{_DAY}{_DAY_ENDS}{_CLOCK}")
_COMPACT = re.compile(
    rf"(?<!\d){_YEAR}(?P<m>1[0-2]|0[1-9])(?P<d>3[01]|[12]\d|0[1-9])(?:(?P<h>[01]\d|2[0-3])(?P<i>[0-5]\d)(?:[0-5]\d)?)?(?!\d)"
)
_OPEN = r"[\s\[(（【〔<《|｜·•]*"
_SHUT = r"[\s\])）】〕>》|｜]*"
_SHORT_YEAR = re.compile(rf"{_OPEN}'?(?P<y>\d\d)\s?(?:[-/.]|年)\s?{_MONTH}\s?(?:[-/.]|月)\s?{_DAY}\s?日?{_SHUT}\Z")
_MONTH_DAY = re.compile(rf"{_OPEN}{_MONTH}\s?(?:[-/.]|月)\s?{_DAY}\s?日?{_CLOCK}{_SHUT}\Z")
_YEAR_MONTH = re.compile(rf"{_OPEN}{_YEAR}\s?(?:[-/.]|年)\s?{_MONTH}\s?月?{_SHUT}\Z")
_YEAR_ALONE = re.compile(rf"{_OPEN}{_YEAR}\s?年?{_SHUT}\Z")
_DAY_ALONE = re.compile(rf"{_OPEN}{_DAY}\s?日?{_SHUT}\Z")
_MONTH_ALONE = re.compile(rf"{_OPEN}{_MONTH}\s?月{_SHUT}\Z")
_BEGINS_SHORT_YEAR = re.compile(rf"'?(?P<y>\d\d)\s?(?:[-/.]|年)\s?{_MONTH}\s?(?:[-/.]|月)\s?{_DAY}{_DAY_ENDS}{_CLOCK}")
_BEGINS_MONTH_DAY = re.compile(rf"{_MONTH}\s?(?:[-/]|月)\s?{_DAY}{_DAY_ENDS}{_CLOCK}")
_NUMERALS = {
    digit: value
    for value, digits in enumerate(("〇○零０", "一", "二", "三", "四", "五", "六", "七", "八", "九"))
    for digit in digits
}
_NUMERAL = "〇○零一二三四五六七八九"
_HAN = re.compile(
    rf"(?P<y>[一二][{_NUMERAL}]{{3}})\s?年\s?(?P<m>十[一二]?|[一二三四五六七八九])\s?月\s?"
    r"(?P<d>三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])\s?日"
)
_REPUBLIC = re.compile(rf"(?:中華)?民國\s?(?P<y>\d{{2,3}})\s?年\s?{_MONTH}\s?月\s?{_DAY}\s?日")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = r"(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_NAMED_DAY = r"(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_ENGLISH = (
    re.compile(rf"\b{_NAMED_DAY}[\s\-]+{_NAMED},?[\s\-]+{_YEAR}\b", re.IGNORECASE),
    re.compile(rf"\b{_NAMED}\s+{_NAMED_DAY}(?:\s+(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)?,?\s+{_YEAR}\b", re.IGNORECASE),
)
_ALMOST_ALL = re.compile(r"(?:发布|更新|公开|公布)?(?:时间|日期)?[\s:：\[\](（）)【】|｜]*\Z")
_LONGEST_GAP = timedelta(days=330)
_WEEKDAY = len("Wednesday, ")


class DateText(Struct, frozen=True):
    """A date as written. `year` is None where the text gives none; `quote` is the text it was read from."""

    year: int | None
    month: int
    day: int
    quote: str
    clock: str = ""

    @property
    def value(self) -> date | None:
        """The calendar date; None where the year is missing or the day does not exist."""
        return day_of(self.year, self.month, self.day) if self.year is not None else None


def day_of(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def ascii_forms(text: str) -> str:
    """The text with full-width digits and separators in ASCII, character for character."""
    return text if text.isascii() else text.translate(_WIDE)


def find_date(text: str, *, start: int = 0) -> DateText | None:
    """The first full date in a text at or after `start`."""
    plain = ascii_forms(text)
    for found in _FULL.finditer(plain, start):
        read = _read(found, text)
        if read is not None:
            return read
    return None


def match_date(text: str, position: int) -> DateText | None:
    """The full date that begins at this position."""
    found = _FULL.match(ascii_forms(text), position)
    return _read(found, text) if found else None


def date_at(text: str, position: int) -> DateText | None:
    """The date in whatever form that begins at this position, right behind the words that name it.

    Here alone a two-digit year, a day without a year, eight digits and numerals in words are believed.
    """
    plain = ascii_forms(text)
    found = _FULL.match(plain, position)
    if found:
        return _read(found, text)
    compact = _COMPACT.match(plain, position)
    if compact:
        return compact_date(compact[0])
    found = _BEGINS_SHORT_YEAR.match(plain, position)
    if found:
        return _checked(2000 + int(found["y"]), int(found["m"]), int(found["d"]), found[0].strip(), _clock(found["c"]))
    found = _BEGINS_MONTH_DAY.match(plain, position)
    if found:
        return _checked(None, int(found["m"]), int(found["d"]), found[0].strip(), _clock(found["c"]))
    return worded_date(text, position, begins=True)


def worded_date(text: str, position: int = 0, *, begins: bool = False) -> DateText | None:
    """The first date in words at or after a position.

    Forms: 二〇二六年八月三日; 民國115年8月3日; Mon, 03 Aug 2026; Aug 3, 2026; Aug 3 Mon 2026. `begins` asks that it
    stand at the position, a weekday aside.
    """
    if not text.isascii():
        found = _HAN.search(text, position) or _REPUBLIC.search(text, position)
        if found and (not begins or found.start() == position):
            return _worded(found)
    for form in _ENGLISH:
        found = form.search(text, position)
        if found and (not begins or found.start() - position <= _WEEKDAY):
            month = _MONTHS.index(found["m"][:3].lower()) + 1
            return _checked(int(found["y"]), month, int(found["d"]), found[0])
    return None


def compact_date(text: str) -> DateText | None:
    """The first date written as eight digits, with or without hours and minutes behind."""
    for found in _COMPACT.finditer(text):
        value = day_of(int(found["y"]), int(found["m"]), int(found["d"]))
        if value is not None:
            clock = f"{found['h']}:{found['i']}" if found["h"] else ""
            return DateText(value.year, value.month, value.day, found[0], clock)
    return None


def is_only_date(text: str) -> bool:
    """The text says a date and nothing else but brackets and a word such as 发布时间."""
    plain = ascii_forms(text)
    found = _FULL.search(plain)
    if found:
        return bool(_ALMOST_ALL.match(plain[: found.start()])) and bool(_ALMOST_ALL.match(plain[found.end() :]))
    return bool(_MONTH_DAY.match(plain) or _SHORT_YEAR.match(plain) or _YEAR_MONTH.match(plain))


@lru_cache(maxsize=4096)
def cell_date(pieces: tuple[str, ...]) -> DateText | None:
    """The date of one list entry from its pieces of text: whole, split over pieces (03 | 2026-08), or without year."""
    for piece in pieces:
        read = find_date(piece)
        if read is not None:
            return read
    short = [(piece, ascii_forms(piece)) for piece in pieces if len(piece) <= 24]
    quote = " ".join(piece for piece, _ in short)
    year_month = _first(_YEAR_MONTH, short)
    day = _first(_DAY_ALONE, short)
    if year_month and day:
        return _checked(int(year_month["y"]), int(year_month["m"]), int(day["d"]), quote)
    year = _first(_YEAR_ALONE, short)
    month_day = _first(_MONTH_DAY, short)
    if year and month_day:
        return _checked(int(year["y"]), int(month_day["m"]), int(month_day["d"]), quote)
    month = _first(_MONTH_ALONE, short)
    if month and day:
        return _checked(int(year["y"]) if year else None, int(month["m"]), int(day["d"]), quote)
    for piece, plain in short:
        short_year = _SHORT_YEAR.match(plain)
        if short_year:
            return _checked(2000 + int(short_year["y"]), int(short_year["m"]), int(short_year["d"]), piece.strip())
    for piece, plain in short:
        found = _MONTH_DAY.match(plain)
        if found:
            return _checked(None, int(found["m"]), int(found["d"]), piece.strip(), _clock(found["c"]))
    return None


def settle(dates: Sequence[DateText | None], latest: date) -> list[date | None]:
    """The days that a list's dates mean, in the list's order. `latest` is the newest day any of them may be.

    A date without a year takes the latest year that is not in the future and keeps the list's order: in a list
    newest first, 01-05 followed by 12-28 crosses New Year. An entry that would stand most of a year away from its
    neighbour is more likely out of order, and stays undated.
    """
    if all(read is None or read.year is not None for read in dates):
        return [read.value if read else None for read in dates]
    turned = _is_oldest_first(dates)
    order = range(len(dates) - 1, -1, -1) if turned else range(len(dates))
    settled: list[date | None] = [None] * len(dates)
    bound = latest
    first = True
    for index in order:
        read = dates[index]
        if read is None:
            continue
        value = read.value if read.year is not None else _latest(read, bound)
        if value is None:
            continue
        if read.year is None and not first and bound - value > _LONGEST_GAP:
            continue
        settled[index] = value
        if value <= bound:
            bound = value
            first = False
    return settled


def _is_oldest_first(dates: Sequence[DateText | None]) -> bool:
    days = [(read.month, read.day) for read in dates if read is not None and read.year is None]
    rising = sum(later > earlier for earlier, later in pairwise(days))
    falling = sum(later < earlier for earlier, later in pairwise(days))
    return rising >= 2 and rising > 2 * falling


def _latest(read: DateText, bound: date) -> date | None:
    for year in range(bound.year, bound.year - 5, -1):
        value = day_of(year, read.month, read.day)
        if value is not None and value <= bound:
            return value
    return None


def _worded(found: re.Match[str]) -> DateText | None:
    if found.re is _REPUBLIC:
        return _checked(int(found["y"]) + 1911, int(found["m"]), int(found["d"]), found[0])
    year = int("".join(str(_NUMERALS[digit]) for digit in found["y"]))
    return _checked(year, _count(found["m"]), _count(found["d"]), found[0])


def _count(written: str) -> int:
    """A numeral below forty: 十一, 二十, 三十一, 九."""
    tens, mark, ones = written.rpartition("十")
    return (_NUMERALS[tens] if tens else 1 if mark else 0) * 10 + (_NUMERALS[ones] if ones else 0)


def _first(pattern: re.Pattern[str], pieces: Sequence[tuple[str, str]]) -> re.Match[str] | None:
    for _, plain in pieces:
        found = pattern.match(plain)
        if found:
            return found
    return None


def _checked(year: int | None, month: int, day: int, quote: str, clock: str = "") -> DateText | None:
    # 2024 is a leap year: without a year, 02-29 may be right
    return DateText(year, month, day, quote, clock) if day_of(year or 2024, month, day) else None


def _read(found: re.Match[str], text: str) -> DateText | None:
    quote = text[found.start() : found.end()].strip()
    return _checked(int(found["y"]), int(found["m"]), int(found["d"]), quote, _clock(found["c"]))


def _clock(written: str | None) -> str:
    """A clock time as HH:MM or HH:MM:SS."""
    if not written:
        return ""
    parts = re.split(r"[:时時分]", written)
    return ":".join(part.zfill(2) for part in parts if part)
