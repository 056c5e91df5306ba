"""What the plan asks for at a moment, held against what was claimed: pure, so that any moment can be tried.

A slot that nobody claimed is made up within its window and reported as missed after it. Where the quarterly inspection
worked on a night, it stood in for the nightly one; where a night's inspection came to its end, accounts were in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from scheduler.timetable import Kind, Slot, Timetable
from storage.rounds import Round, RoundOutcome

LOOK_BACK = timedelta(days=30)
"""Slots that closed longer ago are no longer looked for."""
RETRY, MOST_RETRY = timedelta(minutes=5), timedelta(hours=1)
_DAY = timedelta(days=1)
_WORKED = (RoundOutcome.DONE, RoundOutcome.INTERRUPTED)


class Due(Struct, frozen=True):
    """A slot to begin now; `round` is the one to go on with, None where nobody had it."""

    slot: Slot
    round: Round | None = None


class Agenda(Struct, frozen=True):
    """What is to be done. `due` is in the order of turns; the others come with their words in Chinese.

    `orphaned` are rounds whose holder is gone and whose time is over.
    """

    due: tuple[Due, ...]
    missed: tuple[tuple[Slot, str], ...]
    covered: tuple[tuple[Slot, str], ...]
    orphaned: tuple[tuple[Round, str], ...]


def agenda(
    timetable: Timetable, rounds: Sequence[Round], now: datetime, *, first: datetime | None, lease: timedelta
) -> Agenda:
    """What is to be done at a moment.

    `rounds` are those of the scope that close within `LOOK_BACK` or run; `first` is when its first round was planned,
    None where it never had one: then only what is open now counts. A holder is gone that gave no sign for `lease`.
    """
    past = _Past(timetable, rounds, now, lease)
    since = now if first is None else max(first, now - LOOK_BACK)
    due: list[Due] = []
    missed: list[tuple[Slot, str]] = []
    covered: list[tuple[Slot, str]] = []
    for slot in timetable.touching(since, now + timedelta(microseconds=1)):
        round = past.by_key.get((slot.kind, slot.period))
        if round is not None:
            if slot.sitting(now) is not None and past.may_go_on(round):
                due.append(Due(slot, round))
        elif words := past.covered(slot):
            covered.append((slot, words))
        elif now >= slot.closes:
            if (slot.kind, slot.period) not in past.void:
                missed.append((slot, past.why_missed(slot)))
        elif slot.sitting(now) is not None and not past.is_held(slot):
            due.append(Due(slot))
    again = {(one.round.kind, one.round.period) for one in due if one.round is not None}
    orphaned = tuple(
        (round, f"调度程序中断（最后活动 {round.seen:%m-%d %H:%M}），时段已过，未再继续")
        for round in rounds
        if past.is_orphan(round) and (round.kind, round.period) not in again
    )
    order = list(Kind)
    due.sort(key=lambda one: order.index(one.slot.kind))
    return Agenda(tuple(due), tuple(missed), tuple(covered), orphaned)


class _Past:
    """What was claimed so far, as a moment sees it."""

    def __init__(self, timetable: Timetable, rounds: Sequence[Round], now: datetime, lease: timedelta) -> None:
        self.rounds, self.now, self.lease = rounds, now, lease
        self.by_key: Mapping[tuple[str, str], Round] = {(round.kind, round.period): round for round in rounds}
        self.void = {(r.kind, r.period.split("#")[0]) for r in rounds if r.outcome is RoundOutcome.VOID}
        early = now - LOOK_BACK - _DAY
        self.quarterly = tuple(timetable.slots(Kind.QUARTERLY, early, now + _DAY))

    def is_orphan(self, round: Round) -> bool:
        """Nobody works on it any more though it is said to run."""
        return round.outcome is RoundOutcome.RUNNING and self.now - round.seen > self.lease

    def may_go_on(self, round: Round) -> bool:
        """It was broken off, or failed long enough ago: then it is tried again within its window."""
        if round.outcome is RoundOutcome.FAILED and round.ended is not None:
            rest: timedelta = min(MOST_RETRY, RETRY * 2 ** min(round.attempts - 1, 10))
            return self.now - round.ended >= rest
        return round.outcome is RoundOutcome.INTERRUPTED or self.is_orphan(round)

    def is_held(self, slot: Slot) -> bool:
        """A night waits while the quarterly inspection has it or is about to: two never visit one host at once."""
        quarterly = self._in_place_of(slot)
        if quarterly is None:
            return False
        round = self.by_key.get((quarterly.kind, quarterly.period))
        return round is None or round.outcome in (RoundOutcome.RUNNING, RoundOutcome.INTERRUPTED)

    def covered(self, slot: Slot) -> str:
        """By what the slot's work was done, in words; "" where it was not."""
        if slot.kind is Kind.NIGHTLY:
            quarterly = self._in_place_of(slot)
            round = self.by_key.get((quarterly.kind, quarterly.period)) if quarterly else None
            if quarterly and round and slot.starts <= round.seen and round.claimed_at < slot.closes:
                is_over = self.now >= slot.closes  # it may be on the point of ending with the night
                if round.outcome in _WORKED or (is_over and round.outcome is RoundOutcome.RUNNING):
                    return f"由 {quarterly.label}代替"
        if slot.kind is Kind.ACCOUNTS:
            for round in reversed(self.rounds):
                if (
                    round.kind in (Kind.NIGHTLY, Kind.QUARTERLY)
                    and round.outcome is RoundOutcome.DONE
                    and round.ended is not None
                    and slot.starts - _DAY < round.ended <= slot.starts
                ):
                    return f"已随 {round.period} {Kind(round.kind).label}检查"
        return ""

    def why_missed(self, slot: Slot) -> str:
        """Nobody was there, or somebody was and had no turn for it."""
        begun = [round for round in self.rounds if round.attempts]
        if any(round.claimed_at < slot.closes and round.seen > slot.starts for round in begun):
            return "时段内一直在等其他任务结束"
        last = max((round.seen for round in begun if round.seen < slot.closes), default=None)
        return "时段内调度程序没有运行" + (f"（最后活动 {last:%Y-%m-%d %H:%M}）" if last else "")

    def _in_place_of(self, slot: Slot) -> Slot | None:
        """The quarterly slot that sits on the same night."""
        if slot.kind is not Kind.NIGHTLY:
            return None
        return next((one for one in self.quarterly if slot.sittings[0] in one.sittings), None)
