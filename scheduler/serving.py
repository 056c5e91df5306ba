"""The scheduler's process: APScheduler says when to look at the plan, one of several leads, and all end together."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

from crawler.clock import now
from crawler.facts import BEIJING
from scheduler import pulse
from scheduler.conductor import Conductor
from scheduler.processes import Watch
from scheduler.timetable import Timetable
from storage.errors import StorageError
from storage.leadership import Leadership

logger = logging.getLogger(__name__)

BEAT = 1.0
"""Seconds between two looks at what runs."""
LEAD_EVERY = 5.0
"""Seconds between two questions for the lead."""
LOST = 45.0
"""Seconds without the lead after which what runs is ended. With the 15 that a question to a vanished server takes and

the 30 that workers need, it is less than what is left of a lease after its last sign of life (120 - 20 s).
"""
CLOCK_STEP = timedelta(seconds=30)
"""The clock was set, or the machine slept, where it is so far from what passed."""
GRACE = 3600
"""Seconds by which a firing may be late: looking is right at any time, and the plan itself knows its windows."""


def serve(
    conductor: Conductor, timetable: Timetable, leadership: Leadership, watch: Watch | None, stop: threading.Event
) -> None:
    """Carries the plan out until `stop` is set; then what runs is ended cleanly and recorded."""
    bell = threading.Event()
    scheduler = BackgroundScheduler(
        timezone=BEIJING, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": GRACE}
    )
    triggers: dict[str, BaseTrigger] = {kind.value: trigger for kind, trigger in timetable.triggers.items()}
    # Every minute as well: for what is to be tried again, and for what a clock that was set has passed over.
    triggers |= {"night-end": timetable.night_end, "minute": CronTrigger(second=0, timezone=BEIJING)}
    for name, trigger in triggers.items():
        scheduler.add_job(bell.set, trigger, id=name, name=name)
    scheduler.start()
    steps = _Steps()
    seat = _Seat(leadership)
    try:
        while not stop.is_set():
            pulse.give()
            if step := steps.since_last():
                logger.warning("系统时钟跳变 %+.0f 秒（或本机曾休眠），重新对照计划", step.total_seconds())
                for name, trigger in triggers.items():
                    scheduler.reschedule_job(name, trigger=trigger)
                bell.set()
            try:
                is_ours = seat.is_ours()
                if is_ours and (seat.is_new or bell.is_set()):
                    bell.clear()
                    conductor.look()
                    seat.is_new = False
                if (is_ours or conductor.is_busy) and conductor.attend():
                    bell.set()
                if is_ours and watch is not None:
                    watch.attend()
            except StorageError as error:
                logger.error("%s；稍后再试", error)
                stop.wait(LEAD_EVERY)
            if seat.is_lost:
                conductor.end("失去调度权（与数据库失去联系）")
                if watch is not None:
                    watch.stop()
            stop.wait(BEAT)
    finally:
        scheduler.shutdown(wait=False)
        if watch is not None:
            watch.stop()
        _end(conductor)
        leadership.release()
        pulse.rest()


def _end(conductor: Conductor) -> None:
    """Ends what runs and records it; a database that is away for long is not waited for."""
    conductor.end("调度程序停止")
    failures = 0
    while conductor.is_busy and failures < 10:
        pulse.give()
        try:
            conductor.attend()
        except StorageError as error:
            logger.error("%s", error)
            failures += 1
        time.sleep(BEAT / 4)


class _Seat:
    """Whether the lead is ours, asked every few seconds; what changes is told once."""

    def __init__(self, leadership: Leadership) -> None:
        self._leadership = leadership
        self._asked, self._held, self._ours, self._told = float("-inf"), float("-inf"), False, ""
        self.is_new = False

    @property
    def is_lost(self) -> bool:
        """It has not been ours for so long that what runs must end before another may take it over."""
        return not self._ours and time.monotonic() - self._held > LOST

    def is_ours(self) -> bool:
        """Takes or keeps the lead. Raises StorageError, and then it is not ours."""
        now = time.monotonic()
        if now - self._asked < LEAD_EVERY:
            return self._ours
        self._asked, had = now, self._ours
        self._ours = self._leadership.is_held()
        if had and not self._ours:
            logger.error("失去调度权，正在重新取得")
        if not self._ours:
            self._ours = self._leadership.acquire()
            if self._ours:
                self.is_new, self._told = True, ""
                logger.info("已取得调度权，开始工作")
            elif not self._told or self._leadership.leader() != self._told:
                self._told = self._leadership.leader() or "位置未知"
                logger.warning("另一个调度程序正在运行（%s），本程序等待，它停止后自动接替", self._told)
        if self._ours:
            self._held = now
        return self._ours


class _Steps:
    """Steps of the clock, told by what passed."""

    def __init__(self) -> None:
        self._wall, self._passed = now(), time.monotonic()

    def since_last(self) -> timedelta | None:
        """By how much the clock stepped since the last call; None where it went on as it should."""
        wall, passed = now(), time.monotonic()
        step = (wall - self._wall) - timedelta(seconds=passed - self._passed)
        self._wall, self._passed = wall, passed
        return step if abs(step) > CLOCK_STEP else None


@contextmanager
def stopping_on_signals(stop: threading.Event) -> Iterator[None]:
    """SIGTERM and SIGINT set `stop` while inside. Called from the main thread."""

    def set_stop(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, set_stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
