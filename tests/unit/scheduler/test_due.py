"""What is due, missed, covered or orphaned at a moment, given what was claimed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crawler.facts import BEIJING
from scheduler.due import Agenda, agenda
from scheduler.timetable import Hours, Kind, Slot, Timetable
from storage.rounds import Round, RoundOutcome

TIMETABLE = Timetable(Hours())
LEASE = timedelta(minutes=2)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
INSTALLED = datetime(2026, 11, 1, tzinfo=BEIJING)
DONE, RUNNING, FAILED, INTERRUPTED = (
    RoundOutcome.DONE,
    RoundOutcome.RUNNING,
    RoundOutcome.FAILED,
    RoundOutcome.INTERRUPTED,
)


def at(day: int, hour: int = 0, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BEIJING)


def slot(kind: Kind, moment: datetime) -> Slot:
    found = TIMETABLE.slot_at(kind, moment)
    assert found is not None
    return found


def had(
    one: Slot,
    outcome: RoundOutcome,
    seen: datetime,
    *,
    begun: datetime | None = None,
    attempts: int = 1,
    mark: str = "",
) -> Round:
    """A round of a slot as it stands in the table."""
    return Round(
        kind=one.kind,
        scope="r",
        period=one.period + mark,
        starts=one.starts,
        closes=one.closes,
        claimed_at=begun or one.starts,
        seen=seen,
        holder="a",
        attempts=attempts,
        outcome=outcome,
        ended=None if outcome is RUNNING else seen,
    )


def found(now: datetime, *rounds: Round, first: datetime | None = None, since: datetime | None = None) -> Agenda:
    """The agenda where everything before `since` was done."""
    earlier = [
        had(one, DONE, one.starts + MINUTE)
        for one in (TIMETABLE.touching(INSTALLED, since) if since else ())
        if (one.kind, one.period) not in {(r.kind, r.period) for r in rounds} and since and one.starts < since
    ]
    return agenda(TIMETABLE, [*earlier, *rounds], now, first=first or (INSTALLED if since else None), lease=LEASE)


def named(slots: tuple[tuple[Slot, str], ...]) -> list[str]:
    return [f"{one.kind} {one.period}" for one, _ in slots]


def due(told: Agenda) -> list[str]:
    return [f"{one.slot.kind} {one.slot.period}{' again' if one.round else ''}" for one in told.due]


def test_at_its_hour_a_night_is_due_and_when_it_is_claimed_no_more() -> None:
    now = at(20, 22)
    assert due(found(now, since=now)) == ["nightly 2026-11-20"]
    night = had(slot(Kind.NIGHTLY, now), RUNNING, now)
    assert found(now + MINUTE, night, since=now) == Agenda((), (), (), ())


def test_a_scheduler_that_never_ran_has_missed_nothing_and_begins_what_is_open() -> None:
    told = found(at(20, 3))
    assert due(told) == ["nightly 2026-11-19"] and told.missed == ()


def test_a_night_is_made_up_within_its_window_and_missed_after_it() -> None:
    assert due(found(at(21, 5, 59), since=at(20, 22))) == ["nightly 2026-11-20"]
    told = found(at(21, 6), since=at(20, 22))
    assert due(told) == [] and named(told.missed) == ["nightly 2026-11-20"]
    assert told.missed[0][1] == "时段内调度程序没有运行（最后活动 2026-11-20 13:01）"


def test_three_days_off_are_told_day_by_day() -> None:
    told = found(at(23, 9), since=at(20, 22))
    assert [name for name in named(told.missed) if name.startswith("nightly")] == [
        f"nightly 2026-11-{day}" for day in (20, 21, 22)
    ]
    assert due(told) == ["night-report 2026-11-23", "reminders 2026-11-23"]


def test_nobody_looks_back_for_longer_than_a_month() -> None:
    told = found(datetime(2027, 3, 1, 9, tzinfo=BEIJING), first=INSTALLED)
    assert len([name for name in named(told.missed) if name.startswith("nightly")]) == 30


def test_a_round_whose_holder_is_gone_is_gone_on_with_or_told() -> None:
    night = had(slot(Kind.NIGHTLY, at(20, 23)), RUNNING, at(20, 23))
    assert due(found(at(20, 23, 2), night, since=at(20, 22))) == []
    assert due(found(at(20, 23, 3), night, since=at(20, 22))) == ["nightly 2026-11-20 again"]
    told = found(at(21, 6, 30), night, since=at(20, 22))
    assert due(told) == [] and told.missed == ()
    assert told.orphaned == ((night, "调度程序中断（最后活动 11-20 23:00），时段已过，未再继续"),)


@pytest.mark.parametrize(("attempts", "rest"), [(1, 5), (2, 10), (3, 20), (9, 60)])
def test_what_failed_is_tried_again_after_a_growing_rest(attempts: int, rest: int) -> None:
    night = had(slot(Kind.NIGHTLY, at(20, 23)), FAILED, at(20, 23), attempts=attempts)
    assert due(found(at(20, 23) + rest * MINUTE - MINUTE, night, since=at(20, 22))) == []
    assert due(found(at(20, 23) + rest * MINUTE, night, since=at(20, 22))) == ["nightly 2026-11-20 again"]


def test_a_night_that_was_broken_off_is_gone_on_with_until_it_closes() -> None:
    night = had(slot(Kind.NIGHTLY, at(20, 23)), INTERRUPTED, at(20, 23))
    assert due(found(at(21, 1), night, since=at(20, 22))) == ["nightly 2026-11-20 again"]
    told = found(at(21, 6), night, since=at(20, 22))
    assert (due(told), told.missed, told.orphaned) == ([], (), ())


def test_accounts_are_in_the_night_s_inspection_and_due_without_it() -> None:
    night = slot(Kind.NIGHTLY, at(20, 23))
    told = found(at(21, 12), had(night, DONE, at(21, 1)), since=at(21, 12))
    assert named(told.covered) == ["accounts 2026-11-21"] and due(told) == []
    assert told.covered[0][1] == "已随 2026-11-20 夜间巡查检查"
    assert due(found(at(21, 12), had(night, INTERRUPTED, at(21, 6)), since=at(21, 12))) == ["accounts 2026-11-21"]


QUARTER = slot(Kind.QUARTERLY, datetime(2026, 12, 10, 23, tzinfo=BEIJING))
FIRST = QUARTER.starts


def test_the_quarterly_inspection_goes_first_and_the_night_waits() -> None:
    assert due(found(FIRST, since=FIRST)) == ["quarterly 2026Q4"]
    running = had(QUARTER, RUNNING, FIRST + HOUR)
    assert found(FIRST + HOUR, running, since=FIRST) == Agenda((), (), (), ())


@pytest.mark.parametrize("outcome", [DONE, INTERRUPTED, RUNNING])
def test_a_night_that_the_quarterly_inspection_worked_on_is_covered(outcome: RoundOutcome) -> None:
    close = QUARTER.sittings[0].ends
    told = found(close, had(QUARTER, outcome, close - MINUTE, begun=FIRST), since=FIRST)
    assert named(told.covered) == [f"nightly {FIRST:%Y-%m-%d}"] and told.missed == ()


def test_the_night_after_a_finished_quarterly_inspection_is_a_night_again() -> None:
    second = FIRST + DAY
    assert due(found(second, had(QUARTER, DONE, FIRST + 2 * HOUR), since=second)) == [f"nightly {second:%Y-%m-%d}"]


def test_an_unfinished_quarterly_inspection_goes_on_the_next_night_and_not_by_day() -> None:
    left = had(QUARTER, INTERRUPTED, FIRST + 8 * HOUR)
    noon = FIRST + 14 * HOUR
    assert [name for name in due(found(noon, left, since=noon)) if "quarterly" in name] == []
    assert due(found(FIRST + DAY, left, since=FIRST + DAY)) == ["quarterly 2026Q4 again"]


def test_where_the_quarterly_inspection_fails_the_night_is_not_lost() -> None:
    failed = had(QUARTER, FAILED, FIRST + MINUTE)
    assert due(found(FIRST + 2 * MINUTE, failed, since=FIRST)) == [f"nightly {FIRST:%Y-%m-%d}"]


def test_what_a_wrong_clock_claimed_is_not_called_missed() -> None:
    night = slot(Kind.NIGHTLY, at(20, 23))
    void = had(night, RoundOutcome.VOID, at(20, 23), mark="#1")
    assert named(found(at(21, 6), void, since=at(20, 22)).missed) == []
    assert due(found(at(20, 22), void, since=at(20, 22))) == ["nightly 2026-11-20"]


def test_who_waited_all_the_time_is_told_so() -> None:
    long = had(slot(Kind.ACCOUNTS, at(20, 13)), DONE, at(20, 22), begun=at(20, 12))
    told = found(at(20, 22), long, since=at(20, 12))
    assert [words for one, words in told.missed if one.kind is Kind.PRUNE] == ["时段内一直在等其他任务结束"]
