"""The plan: which slots there are, what a moment belongs to, and where the quarterly inspection begins."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from checks.working_days import working_days
from crawler.facts import BEIJING
from scheduler.quarter import beginning, last_day
from scheduler.timetable import Hours, Kind, Timetable

DAY = timedelta(days=1)


def at(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("moment", "period"),
    [
        (at(11, 29, 22), "2026-11-29"),
        (at(11, 30, 0), "2026-11-29"),
        (at(11, 30, 5, 59), "2026-11-29"),
        (at(11, 30, 6), None),
        (at(11, 30, 21, 59), None),
        (datetime(2026, 11, 29, 14, tzinfo=UTC), "2026-11-29"),
        (at(1, 1, 3, year=2027), "2026-12-31"),
    ],
)
def test_a_night_keeps_the_date_on_which_it_starts(moment: datetime, period: str | None) -> None:
    slot = Timetable(Hours()).slot_at(Kind.NIGHTLY, moment)
    assert (slot.period if slot else None) == period


def test_a_night_may_lie_within_one_day() -> None:
    timetable = Timetable(Hours(night_starts=time(1), night_ends=time(5, 30)))
    slot = timetable.slot_at(Kind.NIGHTLY, at(11, 30, 4))
    assert slot is not None
    assert (slot.period, slot.starts, slot.closes) == ("2026-11-30", at(11, 30, 1), at(11, 30, 5, 30))


def test_holidays_are_no_exception() -> None:
    slots = list(Timetable(Hours()).slots(Kind.NIGHTLY, at(9, 28), at(10, 10)))
    assert [slot.period for slot in slots] == [f"{date(2026, 9, 28) + DAY * n}" for n in range(12)]


def test_what_belongs_to_a_day_may_be_made_up_until_the_night() -> None:
    slot = Timetable(Hours()).slot_at(Kind.REMINDERS, at(11, 30, 21))
    assert slot is not None and (slot.starts, slot.closes) == (at(11, 30, 8, 30), at(11, 30, 22))


@pytest.mark.parametrize("quarter_end", [date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31)])
@pytest.mark.parametrize("left", [1, 10, 15, 25])
def test_the_quarter_begins_with_so_many_working_days_left(quarter_end: date, left: int) -> None:
    found = beginning(quarter_end, left)
    assert not found.assumed
    assert working_days(found.day, quarter_end) == left
    following = working_days(found.day + DAY, quarter_end)
    assert isinstance(following, int) and following < left


def test_make_up_days_and_holidays_move_it() -> None:
    # Friday 25 September 2026 is off (Mid-Autumn), Sunday the 20th is worked: weekdays alone would give 24 and 20
    assert beginning(date(2026, 9, 30), 4).day == date(2026, 9, 23)
    assert beginning(date(2026, 9, 30), 8).day == date(2026, 9, 19)


def test_beyond_the_calendar_weekdays_are_counted_and_said_so() -> None:
    found = beginning(date(2099, 12, 31), 15)
    assert found.assumed and found.day == date(2099, 12, 10)
    timetable = Timetable(Hours())
    (slot,) = timetable.slots(Kind.QUARTERLY, at(10, 1, year=2099), at(12, 31, year=2099))
    assert timetable.is_assumed(slot) and slot.period == "2099Q4"
    assert not timetable.is_assumed(next(timetable.slots(Kind.NIGHTLY, at(10, 1, year=2099), at(12, 31, year=2099))))


def test_a_quarterly_inspection_sits_for_several_nights_and_rests_between() -> None:
    (slot,) = Timetable(Hours()).slots(Kind.QUARTERLY, at(10, 1), at(12, 31, 23))
    first = beginning(date(2026, 12, 31), 15).day
    assert slot.period == "2026Q4" and slot.starts.date() == first and len(slot.sittings) == 5
    assert slot.sitting(slot.starts + timedelta(hours=10)) is None
    assert slot.sitting(slot.starts + DAY) == slot.sittings[1]
    assert slot.closes == slot.starts + 4 * DAY + timedelta(hours=8)


def test_quarters_follow_each_other_without_a_gap() -> None:
    slots = list(Timetable(Hours()).slots(Kind.QUARTERLY, at(1, 1, year=2024), at(12, 31, 23)))
    assert [slot.period for slot in slots] == [f"{year}Q{n}" for year in (2024, 2025, 2026) for n in (1, 2, 3, 4)]
    assert all(slot.starts.date() < last_day(slot.starts.date()) for slot in slots)


@pytest.mark.parametrize(
    "hours",
    [
        {"night_starts": time(6)},
        {"quarterly_working_days": 0},
        {"quarterly_working_days": 51},
        {"quarterly_nights": 0},
    ],
)
def test_hours_that_are_no_plan_are_refused(hours: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"night_|quarterly_"):
        Hours(**hours)


def test_the_next_firing_is_the_next_of_all() -> None:
    timetable = Timetable(Hours())
    moment, seen = at(11, 30), []
    while moment < at(12, 1):
        moment = timetable.next_firing(moment)
        seen.append(moment)
    hours = [(6, 0), (7, 30), (8, 30), (12, 0), (13, 0), (22, 0)]
    assert seen == [at(11, 30, hour, minute) for hour, minute in hours] + [at(12, 1, 6)]
