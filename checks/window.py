"""Windows counted back from the monitoring time point (监测时间点), never from the wall clock."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta

from msgspec import Struct

from checks.model import Thresholds
from checks.settings import integer
from crawler.facts import BEIJING


def beijing_day(moment: datetime) -> date:
    """The calendar day of a moment as it is counted here."""
    return moment.astimezone(BEIJING).date()


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day: 2026-03-31 less 1 is 2026-02-28.

    Six months before 2026-11-20 is 2026-05-20, whatever the number of days between.
    """
    ordinal = day.year * 12 + day.month - 1 - months
    year, month = divmod(ordinal, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class Window(Struct, frozen=True):
    """The days from `start` to the monitoring time point, both included; `words` is its length (14 天, 6 个月).

    `opening` is its first moment to the minute: a listing that is whole back to it proves that nothing was posted.
    """

    start: date
    end: date
    words: str
    opening: datetime

    def holds(self, day: date) -> bool:
        """Whether a day lies in the window; a day after the time point does not."""
        return self.start <= day <= self.end


def window(as_of: datetime, thresholds: Thresholds, key: str) -> Window:
    """The window of a threshold whose key ends in `_days` or `_months`.

    2 weeks before 2026-01-08 begin on 2025-12-25: an item of 2025-12-25 is 14 days old and still in time.
    """
    today, length = beijing_day(as_of), integer(thresholds, key)
    if key.endswith("_months"):
        start, words = months_before(today, length), f"{length} 个月"
    elif key.endswith("_days"):
        start, words = today - timedelta(days=length), f"{length} 天"
    else:
        raise ValueError(f"阈值“{key}”的单位应为 _days 或 _months")
    return Window(start, today, words, datetime.combine(start, as_of.astimezone(BEIJING).timetz()))
