"""Working days (工作日) between two days: statutory holidays (法定节假日) are none, make-up days (调休上班) are.

The calendar is the State Council's yearly arrangement as `chinesecalendar` keeps it. A year it does not know is an
answer of its own: never a guess by weekdays.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta
from functools import cache

from msgspec import Struct

_WEEKEND = 5


class UnknownYear(Struct, frozen=True):
    """The answer where the holidays of a year are not known: nothing may be claimed of it (未能判定)."""

    year: int

    @property
    def words(self) -> str:
        """The reason in Chinese, as a part of a summary."""
        return f"{self.year} 年的节假日安排尚不掌握"


def working_days(start: date, end: date) -> int | UnknownYear:
    """How many working days after `start` the day `end` is: `start` does not count, `end` does where it is one.

    Friday 2026-03-06 to Monday 2026-03-09 is 1, the same day is 0; 0 also where `end` lies before `start`. Over the
    National Day of 2026 (1 to 7 October off, Saturday 10 October worked) 2026-09-30 to 2026-10-10 is 3.
    """
    if end <= start:
        return 0
    total = 0
    for year in range(start.year, end.year + 1):
        counts = _counts(year)
        if counts is None:
            return UnknownYear(year)
        first = counts[_nth(start)] if year == start.year else 0
        total += (counts[_nth(end)] if year == end.year else counts[-1]) - first
    return total


def deadline(start: date, days: int) -> date | UnknownYear:
    """The last day on which something due within so many working days of `start` is in time."""
    left, year, done = days, start.year, 0
    counts = _counts(year)
    if counts is not None:
        done = counts[_nth(start)]
    while counts is not None:
        if counts[-1] - done >= left:
            return max(start, date(year, 1, 1) + timedelta(days=bisect_left(counts, done + left)))
        left, year, done = left - (counts[-1] - done), year + 1, 0
        counts = _counts(year)
    return UnknownYear(year)


def _nth(day: date) -> int:
    """A day's place in its year, from 0."""
    return day.timetuple().tm_yday - 1


@cache
def _counts(year: int) -> tuple[int, ...] | None:
    """For each day of a year the working days from 1 January to it; None where the year is not known."""
    from chinese_calendar import holidays, workdays  # 25 ms that a site without documents need not pay

    if not min(holidays).year <= year <= max(holidays).year:
        return None
    counts, total = [], 0
    day, end = date(year, 1, 1), date(year, 12, 31)
    while day <= end:
        total += day in workdays or (day.weekday() < _WEEKEND and day not in holidays)
        counts.append(total)
        day += timedelta(days=1)
    return tuple(counts)
