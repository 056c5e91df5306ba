"""When the quarterly inspection (季度检查) begins: so many working days before the quarter's end that its problems can

be confirmed, put right and looked at again within the quarter.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from apscheduler.triggers.base import BaseTrigger
from msgspec import Struct

from checks.working_days import UnknownYear, working_days
from crawler.facts import BEIJING

_WEEKEND = 5


class Beginning(Struct, frozen=True):
    """The date on which a quarter's inspection begins. `assumed`: the year's holidays are not known yet (国务院办公厅
    tells them each autumn), so that Monday to Friday were counted; the day moves when they are.
    """

    day: date
    assumed: bool


def period_of(day: date) -> str:
    """The quarter of a day, as 2026Q4."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def last_day(day: date) -> date:
    """The last day of the quarter of a day."""
    following = (day.month + 2) // 3 * 3 + 1
    return date(day.year + following // 12, following % 12, 1) - timedelta(days=1)


def beginning(quarter_end: date, left: int) -> Beginning:
    """The last date after which still `left` working days of the quarter follow."""
    day, assumed = quarter_end - timedelta(days=left), False
    while True:
        days = working_days(day, quarter_end)
        if isinstance(days, UnknownYear):
            days, assumed = _weekdays(day, quarter_end), True
        if days >= left:
            return Beginning(day, assumed)
        day -= timedelta(days=1)


def _weekdays(start: date, end: date) -> int:
    return sum((start + timedelta(days=n)).weekday() < _WEEKEND for n in range(1, (end - start).days + 1))


class QuarterTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Fires once a quarter, at an hour of the day on which its inspection begins."""

    def __init__(self, left: int, at: time) -> None:
        self._left, self._at = left, at

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """The first beginning after the previous one and not before now; APScheduler's protocol."""
        end = last_day((previous_fire_time or now).astimezone(BEIJING).date())
        while True:
            fire = datetime.combine(beginning(end, self._left).day, self._at, BEIJING)
            if fire >= now and (previous_fire_time is None or fire > previous_fire_time):
                return fire
            end = last_day(end + timedelta(days=1))
