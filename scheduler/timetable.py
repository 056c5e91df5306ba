"""The plan (计划): which rounds (轮次) there are, when each may run, and under which key each is claimed. Pure.

Times are Asia/Shanghai. Holidays are no exception: sites are open to the public every day, and inspected every night.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from msgspec import Struct

from crawler.facts import BEIJING
from scheduler.quarter import QuarterTrigger, beginning, last_day, period_of

_DAY = timedelta(days=1)


class Kind(StrEnum):
    """A kind of round. Their order is that in which rounds that are due at once take their turns."""

    QUARTERLY = "quarterly"
    NIGHTLY = "nightly"
    ACCOUNTS = "accounts"
    REPORT = "night-report"
    REMINDERS = "reminders"
    PRUNE = "prune"

    @property
    def label(self) -> str:
        """The kind in Chinese."""
        return _LABELS[self]


_LABELS = {
    Kind.QUARTERLY: "季度检查",
    Kind.NIGHTLY: "夜间巡查",
    Kind.ACCOUNTS: "新媒体检查",
    Kind.REPORT: "巡检日报",
    Kind.REMINDERS: "到期提醒",
    Kind.PRUNE: "数据清理",
}


class Hours(Struct, frozen=True):
    """The office's hours. Raises ValueError, in Chinese, for what is no plan.

    `quarterly_working_days` remain of the quarter after the night on which its inspection begins, and it has
    `quarterly_nights` for it. Both are assumptions: no clause names them (docs/scheduling.md).
    """

    night_starts: time = time(22)
    night_ends: time = time(6)
    report_at: time = time(7, 30)
    reminders_at: time = time(8, 30)
    accounts_at: time = time(12)
    prune_at: time = time(13)
    quarterly_working_days: int = 15
    quarterly_nights: int = 5

    def __post_init__(self) -> None:
        if self.night_starts == self.night_ends:
            raise ValueError("night_starts 与 night_ends 不能相同")
        if not 1 <= self.quarterly_working_days <= 50:
            raise ValueError("quarterly_working_days 应为 1 至 50")
        if not 1 <= self.quarterly_nights <= 20:
            raise ValueError("quarterly_nights 应为 1 至 20")


class Window(Struct, frozen=True, order=True):
    """A span of time in which a round may run; `ends` is no part of it."""

    starts: datetime
    ends: datetime

    def __contains__(self, moment: object) -> bool:
        return isinstance(moment, datetime) and self.starts <= moment < self.ends


class Slot(Struct, frozen=True):
    """One round as planned: once a kind and period (2026-11-29, 2026Q4), whatever fires how often.

    A period is named by the day on which it begins, so that a night keeps its date past midnight. A quarter's
    inspection sits for several nights; between them it rests.
    """

    kind: Kind
    period: str
    sittings: tuple[Window, ...]

    @property
    def starts(self) -> datetime:
        """The first moment at which it may run."""
        return self.sittings[0].starts

    @property
    def closes(self) -> datetime:
        """The first moment at which it may no longer run: what is not begun by then was missed."""
        return self.sittings[-1].ends

    def sitting(self, moment: datetime) -> Window | None:
        """The sitting that a moment lies in; None before, between and after them."""
        return next((window for window in self.sittings if moment in window), None)

    @property
    def label(self) -> str:
        """As a person names it: 2026-11-29 夜间巡查."""
        return f"{self.period} {self.kind.label}"


class Timetable:
    """The rounds of an office's hours."""

    def __init__(self, hours: Hours) -> None:
        self.hours = hours
        self.triggers: dict[Kind, BaseTrigger] = {
            Kind.QUARTERLY: QuarterTrigger(hours.quarterly_working_days, hours.night_starts),
            Kind.NIGHTLY: _daily(hours.night_starts),
            Kind.ACCOUNTS: _daily(hours.accounts_at),
            Kind.REPORT: _daily(hours.report_at),
            Kind.REMINDERS: _daily(hours.reminders_at),
            Kind.PRUNE: _daily(hours.prune_at),
        }
        self.night_end = _daily(hours.night_ends)

    def slots(self, kind: Kind, since: datetime, until: datetime) -> Iterator[Slot]:
        """The kind's slots that begin within a span, its end left out, in order of time."""
        moment = since
        while True:
            fire = self.triggers[kind].get_next_fire_time(None, moment)
            if fire is None or fire >= until:
                return
            yield self._slot(kind, fire.astimezone(BEIJING))
            moment = fire + timedelta(seconds=1)

    def touching(self, since: datetime, until: datetime) -> tuple[Slot, ...]:
        """All slots that begin before `until` and have not closed by `since`, in order of time, then of kinds."""
        early = since - _DAY * (self.hours.quarterly_nights + 1)
        found = [slot for kind in Kind for slot in self.slots(kind, early, until) if slot.closes > since]
        order = list(Kind)
        return tuple(sorted(found, key=lambda slot: (slot.starts, order.index(slot.kind))))

    def slot_at(self, kind: Kind, moment: datetime) -> Slot | None:
        """The slot that a moment belongs to; None where none is open."""
        return next((s for s in self.touching(moment, moment + _DAY) if s.kind is kind and s.starts <= moment), None)

    def next_firing(self, after: datetime) -> datetime:
        """The next moment after this one at which there may be something to do: a start, or the end of a night."""
        moment = after + timedelta(microseconds=1)
        triggers = (*self.triggers.values(), self.night_end)
        first: datetime = min(trigger.get_next_fire_time(None, moment) for trigger in triggers)
        return first.astimezone(BEIJING)

    def is_assumed(self, slot: Slot) -> bool:
        """The slot's beginning was counted without knowing the year's holidays."""
        if slot.kind is not Kind.QUARTERLY:
            return False
        return beginning(last_day(slot.starts.date()), self.hours.quarterly_working_days).assumed

    def _slot(self, kind: Kind, fire: datetime) -> Slot:
        if kind is Kind.QUARTERLY:
            nights = range(self.hours.quarterly_nights)
            return Slot(kind, period_of(fire.date()), tuple(self._night(fire + _DAY * number) for number in nights))
        if kind is Kind.NIGHTLY:
            return Slot(kind, f"{fire:%Y-%m-%d}", (self._night(fire),))
        # What belongs to the day may be made up until the next night begins.
        return Slot(kind, f"{fire:%Y-%m-%d}", (Window(fire, _next(self.hours.night_starts, fire)),))

    def _night(self, start: datetime) -> Window:
        return Window(start, _next(self.hours.night_ends, start))


def _daily(at: time) -> CronTrigger:
    return CronTrigger(hour=at.hour, minute=at.minute, second=at.second, timezone=BEIJING)


def _next(at: time, after: datetime) -> datetime:
    """The first such hour after a moment."""
    local = after.astimezone(BEIJING)
    day: date = local.date() if local.time() < at else local.date() + _DAY
    return datetime.combine(day, at, BEIJING)
