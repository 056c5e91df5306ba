"""Decides when: one process that starts the nightly inspection at its hour, once a night. What runs is passed in."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from msgspec import Struct

from crawler.facts import BEIJING

logger = logging.getLogger(__name__)

Claim = Callable[[str, date], bool]
"""Asked before each run, with the kind and night: True for the first who asks, False ever after, in any process."""


class NightlyPlan(Struct, frozen=True):
    """When a night's inspection starts, in Beijing time. One that was missed (the machine was off) is made up for
    within `window_hours`, less than 24; later it is left to the next night.
    """

    at: time = time(1, 0)
    window_hours: float = 5.0

    def __post_init__(self) -> None:
        if not 0 < self.window_hours < 24:
            raise ValueError(f"window_hours must lie between 0 and 24: {self.window_hours}")

    def night_of(self, moment: datetime) -> date:
        """The date of the last planned start at or before an aware moment; a run past midnight keeps its night."""
        local = moment.astimezone(BEIJING)
        return local.date() if local.time() >= self.at else local.date() - timedelta(days=1)

    def is_open(self, moment: datetime) -> bool:
        """The moment lies within the window of its night."""
        start = datetime.combine(self.night_of(moment), self.at, BEIJING)
        return moment - start <= timedelta(hours=self.window_hours)


def serve(
    job: Callable[[], None],
    *,
    hour: int,
    minute: int,
    stop: threading.Event,
    claim: Claim | None = None,
    kind: str = "nightly",
    window_hours: float = 5.0,
    trigger: BaseTrigger | None = None,
) -> None:
    """Run `job` once each night at `hour`:`minute` Beijing time until `stop` is set; wait for a job under way; return.

    `job` should watch `stop` itself if it takes long. What it raises is logged, and the next night is tried as usual; a
    night is claimed before its job starts, so neither a second firing nor a second process repeats it. Without
    `claim` nights are remembered in this process alone, and one missed before it started is not made up for.
    `trigger` replaces the daily one, for a trial. In the main thread SIGTERM and SIGINT set `stop`.
    """
    plan = NightlyPlan(time(hour, minute), window_hours)
    nights: set[tuple[str, date]] = set()

    def claim_here(kind: str, night: date) -> bool:
        is_first = (kind, night) not in nights
        nights.add((kind, night))
        return is_first

    def night() -> None:
        day = plan.night_of(datetime.now(BEIJING))
        try:
            if not (claim or claim_here)(kind, day):
                logger.info("%s 的检查已经开始过，不再重复", day)
                return
            logger.info("开始 %s 的检查", day)
            job()
            logger.info("%s 的检查已结束", day)
        except Exception:  # whatever the job raises, the scheduler must live to see the next night
            logger.exception("%s 的检查出错", day)

    daily = CronTrigger(hour=hour, minute=minute, timezone=BEIJING)
    defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": int(window_hours * 3600)}
    scheduler = BackgroundScheduler(timezone=BEIJING, job_defaults=defaults)
    planned = scheduler.add_job(night, trigger or daily, id=kind)
    if claim is not None and trigger is None and plan.is_open(now := datetime.now(BEIJING)):
        planned.modify(next_run_time=now)  # started late: tonight's is still due, if nobody claimed it
    with stopping_on_signals(stop):
        scheduler.start()
        logger.info("下一次检查：%s", f"{planned.next_run_time:%Y-%m-%d %H:%M:%S}" if planned.next_run_time else "无")
        try:
            stop.wait()
        finally:
            scheduler.shutdown(wait=True)


@contextmanager
def stopping_on_signals(stop: threading.Event) -> Iterator[None]:
    """SIGTERM and SIGINT set `stop` while inside; only the main thread can be told, elsewhere nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def set_stop(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, set_stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
