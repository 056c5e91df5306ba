"""Carries the plan out: claims what is due, has it run, ends it with its window, and records what came of it.

It has no time of its own: whoever holds it calls `look` when something may be due and `attend` every now and then
while something runs. One round runs at a time, so that no two of ours ever visit one host.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from scheduler.due import LOOK_BACK, Due, agenda
from scheduler.timetable import Slot, Timetable
from storage.rounds import InspectionState, Round, RoundOutcome, Rounds

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""A holder that gave no sign of life for so long is gone; by then what it had started has ended too."""
SIGNS = 6
"""Signs of life in a lease."""
CLOCK_SLACK = timedelta(hours=2)
"""A clock may be set back by so much without a round being begun again."""
SET_ASIDE = "记录时间在将来：当时的时钟有误，本轮不算"


class Ending(Struct, frozen=True):
    """How a round's process ended: whether it did its work, and what it said of it."""

    is_done: bool
    words: str = ""


class Running(Protocol):
    """A round's process."""

    def poll(self) -> Ending | None:
        """How it ended; None while it runs."""

    def inspection(self) -> str:
        """The inspection that it works on; "" where there is none, or none yet."""

    def interrupt(self) -> None:
        """Asks it to end cleanly; a process that does not is killed after a while. May be called again."""


Launch = Callable[[Slot, Round | None], Running]
"""Starts a slot's process; a round that is given is gone on with."""


class _Underway(Struct):
    slot: Slot
    round: Round
    running: Running
    told: datetime
    ending: Ending | None = None
    asked: str = ""


class Conductor:
    """One scope's rounds."""

    def __init__(
        self,
        timetable: Timetable,
        rounds: Rounds,
        launch: Launch,
        clock: Callable[[], datetime],
        *,
        scope: str,
        holder: str,
        lease: timedelta = LEASE,
    ) -> None:
        self._timetable, self._rounds, self._launch, self._clock = timetable, rounds, launch, clock
        self._scope, self._holder, self._lease = scope, holder, lease
        self._underway: _Underway | None = None

    @property
    def is_busy(self) -> bool:
        """A round is under way, or has ended and could not be recorded yet."""
        return self._underway is not None

    def look(self) -> None:
        """Records what was missed, and begins what is due where nothing runs. Raises StorageError; may be repeated."""
        now = self._clock()
        for round in self._rounds.set_aside(self._scope, now + CLOCK_SLACK, SET_ASIDE):
            logger.warning("%s %s：%s", round.period, round.kind, SET_ASIDE)
        rounds = self._rounds.of(self._scope, now - LOOK_BACK)
        first = self._rounds.first(self._scope)
        found = agenda(self._timetable, rounds, now, first=first, lease=self._lease)
        for round, words in found.orphaned:
            if not self._is_mine(round) and self._rounds.close(round, self._unfinished(round.inspection, words)):
                logger.warning("%s %s：%s", round.period, round.kind, words)
        for slot, words in found.missed:
            if self._rounds.claim(self._row(slot, now, RoundOutcome.MISSED, words)):
                logger.error("错过 %s：%s", slot.label, words)
        for slot, words in found.covered:
            if self._rounds.claim(self._row(slot, now, RoundOutcome.COVERED, words)):
                logger.info("%s %s", slot.label, words)
        for due in found.due:
            if self._underway is not None:
                return
            if due.round is None or not self._is_mine(due.round):
                self._begin(due, now)

    def attend(self) -> bool:
        """Looks after what runs; True where it was done just now, so that another round may have its turn.

        Raises StorageError; what could not be recorded is recorded by a later call.
        """
        work = self._underway
        if work is None:
            return False
        now = self._clock()
        work.ending = work.ending or work.running.poll()
        if work.ending is not None:
            return self._record(work, work.ending, now) is RoundOutcome.DONE
        sitting = work.slot.sitting(now) or work.slot.sitting(now + CLOCK_SLACK)
        if not work.asked and sitting is None:
            self._ask_to_end(work, "巡查时段结束" if work.slot.sittings[0].ends <= now else "时钟被拨回，时段未到")
        elif work.asked:
            work.running.interrupt()
        if not timedelta() <= now - work.told < self._lease / SIGNS:
            inspection = work.round.inspection or work.running.inspection()
            if not self._rounds.touch(work.round, now, inspection) and not work.asked:
                self._ask_to_end(work, "已由另一个调度程序接手")
            work.told = now
            work.round = replace(work.round, inspection=inspection)
        return False

    def end(self, why: str) -> None:
        """Asks what runs to end; the holder goes on to `attend` until nothing is under way."""
        if self._underway is not None and not self._underway.asked:
            self._ask_to_end(self._underway, why)

    def _begin(self, due: Due, now: datetime) -> None:
        slot, before = due.slot, due.round
        if before is None:
            round = self._row(slot, now, RoundOutcome.RUNNING, "")
            is_ours = self._rounds.claim(round)
        else:
            is_ours = self._rounds.take_over(before, self._holder, now)
            round = _taken(before, self._holder, now)
        if not is_ours:
            return
        logger.info("%s %s", "继续" if before else "开始", slot.label)
        try:
            running = self._launch(slot, before)
        except OSError as error:
            self._rounds.end(round, RoundOutcome.FAILED, f"进程未能启动：{error}", now)
            logger.exception("%s 的进程未能启动", slot.label)
            return
        self._underway = _Underway(slot, round, running, now)

    def _record(self, work: _Underway, ending: Ending, now: datetime) -> RoundOutcome:
        inspection = work.running.inspection() or work.round.inspection
        state = self._rounds.inspection_state(inspection) if inspection else None
        outcome, words = _outcome(work, ending, state)
        if not self._rounds.end(work.round, outcome, words, now, inspection):
            logger.warning("%s 已由另一个调度程序接手", work.slot.label)
        say = logger.error if outcome is RoundOutcome.FAILED else logger.info
        say("%s %s%s", work.slot.label, outcome.label, f"：{words}" if words else "")
        self._underway = None
        return outcome

    def _ask_to_end(self, work: _Underway, why: str) -> None:
        logger.info("%s：%s，正在结束", work.slot.label, why)
        work.asked = why
        work.running.interrupt()

    def _unfinished(self, inspection: str, words: str) -> str:
        state = self._rounds.inspection_state(inspection) if inspection else None
        return words if state is None or state.is_whole else f"{words}，{state.left} 个对象未完成"

    def _is_mine(self, round: Round) -> bool:
        work = self._underway
        return work is not None and (work.round.kind, work.round.period) == (round.kind, round.period)

    def _row(self, slot: Slot, now: datetime, outcome: RoundOutcome, words: str) -> Round:
        is_over = outcome is not RoundOutcome.RUNNING
        return Round(
            kind=slot.kind.value,
            scope=self._scope,
            period=slot.period,
            starts=slot.starts,
            closes=slot.closes,
            claimed_at=now,
            seen=slot.starts if is_over else now,
            holder=self._holder,
            attempts=0 if is_over else 1,
            outcome=outcome,
            words=words,
            ended=now if is_over else None,
        )


def _outcome(work: _Underway, ending: Ending, state: InspectionState | None) -> tuple[RoundOutcome, str]:
    """What a round came to: the inspection's own table tells it where there is one, else the process does."""
    if state is not None and state.is_whole:
        return RoundOutcome.DONE, f"{state.failed} 个对象出错" if state.failed else ""
    left = f"，{state.left} 个对象未完成" if state is not None else ""
    if work.asked:
        return RoundOutcome.INTERRUPTED, work.asked + left
    if ending.is_done and state is None:
        return RoundOutcome.DONE, ending.words
    return RoundOutcome.FAILED, (ending.words or "进程异常结束") + left


def _taken(before: Round, holder: str, now: datetime) -> Round:
    return replace(
        before,
        holder=holder,
        seen=now,
        attempts=before.attempts + 1,
        outcome=RoundOutcome.RUNNING,
        words="",
        ended=None,
    )
