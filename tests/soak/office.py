"""An office under an accelerated clock: the product's plan, claims, conductor and processes; only time is made.

Time leaps from one firing of the plan's triggers to the next. While a round's real process works, a few seconds pass
with every look at it, so that a slow machine does not make a night too short.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import psutil

from scheduler.conductor import Conductor
from scheduler.processes import Launcher, RoundProcess
from scheduler.timetable import Hours, Kind, Slot, Timetable
from storage.rounds import Round, RoundOutcome
from storage.store import Store
from tests.soak.round import MOMENT
from tests.soak.town import Town

PACE = timedelta(seconds=10)
SOON = timedelta(minutes=10)
"""The scheduler's process looks every minute; here that often is enough, where something is to be gone on with."""
NAP = 0.2
"""Seconds between two looks at a round's process."""
SCOPE = "砚江市"


class LeapingClock:
    """The moment that the office believes it to be."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


class Office:
    """A scheduler and the town that it has inspected. `pace` is what passes with a look at a running round."""

    def __init__(self, folder: Path, town: Town, start: datetime, hours: Hours) -> None:
        self.folder, self.town, self.clock = folder, town, LeapingClock(start)
        self.timetable, self.pace = Timetable(hours), PACE
        self.registry = folder / "registry.yaml"
        town.write_registry(self.registry)
        self.store = Store(f"sqlite:///{folder / 'xuncha.sqlite3'}", folder)
        self.store.upgrade()
        self.running: list[RoundProcess] = []
        self._holders = 0
        self._day = start.date()
        self.conductor = self.new_conductor()

    def new_conductor(self) -> Conductor:
        """Another scheduler, as a process that starts would make one."""
        self._holders += 1
        commands = {kind: (kind.value, "{period}", str(self.registry), str(self.folder)) for kind in Kind}
        program = ("-m", "tests.soak.round")
        launcher = Launcher(self.store, self.registry, commands, self.folder / "rounds", program)

        def launch(slot: Slot, before: Round | None) -> RoundProcess:
            (self.folder / MOMENT).write_text(self.clock.moment.isoformat())
            process = launcher(slot, before)
            self.running.append(process)
            return process

        holder = f"office-{self._holders}"
        return Conductor(self.timetable, self.store.rounds, launch, self.clock, scope=SCOPE, holder=holder)

    def go_until(self, end: datetime) -> None:
        """Lets time pass, with a look at the plan at every firing and every few minutes where something is left."""
        while self.clock.moment < end:
            self.step(end)

    def step(self, end: datetime) -> None:
        """One look, what it began until that has ended or `end` has come, and a leap to the next firing."""
        for _ in self.looks():
            if self.clock.moment >= end:
                return
        now, leap = self.clock.moment, self.timetable.next_firing(self.clock.moment)
        left = (RoundOutcome.RUNNING, RoundOutcome.FAILED, RoundOutcome.INTERRUPTED)
        if any(one.outcome in left and one.closes > now for one in self.store.rounds.of(SCOPE, now)):
            leap = min(leap, now + SOON)
        self.clock.moment = min(end, leap)

    def looks(self) -> Iterator[None]:
        """Looks at the plan until nothing is due; yields with every look at a round's process that works."""
        while True:
            if not self.conductor.is_busy:
                self._turn()
            self.conductor.look()
            if not self.conductor.is_busy:
                return
            while self.conductor.is_busy:
                self.conductor.attend()
                if self.conductor.is_busy:
                    time.sleep(NAP)
                    self.clock.moment += self.pace
                    yield

    def work_until(self, is_far: Callable[[], bool]) -> None:
        """Looks after the round that is under way until that holds."""
        for _ in self.looks():
            if is_far():
                return
        raise AssertionError("the round ended before it was that far")

    def kill(self) -> None:
        """The scheduler and all that it started die at once, as by a power cut."""
        for process in psutil.Process().children():
            if process.status() != psutil.STATUS_ZOMBIE and "tests.soak.round" in process.cmdline():
                os.killpg(process.pid, signal.SIGKILL)
        while self.running[-1].poll() is None:
            time.sleep(0.01)
        self.conductor = self.new_conductor()

    def stop(self) -> None:
        """The scheduler is told to stop, as by SIGTERM, and ends cleanly."""
        self.conductor.end("调度程序停止")
        while self.conductor.is_busy:
            self.conductor.attend()
            time.sleep(NAP)
        self.conductor = self.new_conductor()

    def _turn(self) -> None:
        """The town lives on, but not while it is being inspected."""
        day = self.clock.moment.date()
        if day != self._day:
            self.town.turn(day)
            self._day = day
