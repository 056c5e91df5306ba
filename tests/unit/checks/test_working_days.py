"""Working days: holidays off, make-up days worked, years across, and years that nobody can know yet."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.working_days import UnknownYear, deadline, working_days

KNOWN = st.dates(date(2008, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2026, 3, 6), date(2026, 3, 6), 0),
        (date(2026, 3, 6), date(2026, 3, 8), 0),
        (date(2026, 3, 6), date(2026, 3, 9), 1),
        (date(2026, 3, 9), date(2026, 3, 6), 0),
        # 国办发明电〔2025〕7号: 2026 National Day 1-7 October off, 20 September and 10 October worked
        (date(2026, 9, 30), date(2026, 10, 7), 0),
        (date(2026, 9, 30), date(2026, 10, 8), 1),
        (date(2026, 9, 30), date(2026, 10, 10), 3),
        # Spring Festival 2024: 10-17 February off, 4 and 18 February worked
        (date(2024, 2, 9), date(2024, 2, 18), 1),
        # 2020: the holiday was prolonged to 2 February
        (date(2020, 1, 23), date(2020, 2, 3), 1),
        # a new year's day between
        (date(2025, 12, 31), date(2026, 1, 5), 2),
    ],
)
def test_days_are_counted_by_the_yearly_arrangement(start: date, end: date, expected: int) -> None:
    assert working_days(start, end) == expected


def test_a_year_that_is_not_known_is_no_number() -> None:
    assert working_days(date(2026, 12, 30), date(2035, 1, 4)) == UnknownYear(2027)
    assert working_days(date(1998, 3, 2), date(1998, 3, 9)) == UnknownYear(1998)
    assert "2027 年" in UnknownYear(2027).words
    assert deadline(date(2026, 12, 31), 20) == UnknownYear(2027)


def test_deadline_is_the_last_day_in_time() -> None:
    assert deadline(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert deadline(date(2025, 12, 31), 2) == date(2026, 1, 5)
    assert deadline(date(2026, 3, 7), 0) == date(2026, 3, 7)


@settings(deadline=None)
@given(KNOWN, KNOWN)
def test_counts_add_up_and_never_fall(one: date, other: date) -> None:
    start, end = min(one, other), max(one, other)
    whole = working_days(start, end)
    middle = start + (end - start) // 2
    first, second = working_days(start, middle), working_days(middle, end)
    assert isinstance(whole, int) and isinstance(first, int) and isinstance(second, int)
    assert whole == first + second <= (end - start).days


@settings(deadline=None)
@given(KNOWN, st.integers(1, 40))
def test_deadline_and_count_agree(start: date, days: int) -> None:
    last = deadline(start, days)
    if isinstance(last, date):
        assert working_days(start, last) == days
        before = working_days(start, last - timedelta(days=1))
        assert before == days - 1
