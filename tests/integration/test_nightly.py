"""The nightly scheduler with its real clock, threads, signals and a real table of claims."""

from __future__ import annotations

import logging
import signal
import sqlite3
import subprocess
import sys
import threading
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from crawler.facts import BEIJING
from scheduler.nightly import Claim, NightlyPlan, serve

PATIENCE = 20.0
"""Seconds after which something that should happen at once is given up."""
ROOT = Path(__file__).parents[2]


def claims_in(path: Path) -> Claim:
    """Claims kept in a table whose key is (kind, night)."""
    with sqlite3.connect(path) as made:
        made.execute("create table if not exists claim (kind text, night text, primary key (kind, night))")
    made.close()

    def claim(kind: str, night: date) -> bool:
        database = sqlite3.connect(path)
        try:
            with database:
                database.execute("insert into claim values (?, ?)", (kind, night.isoformat()))
        except sqlite3.IntegrityError:
            return False
        finally:
            database.close()
        return True

    return claim


def soon() -> DateTrigger:
    return DateTrigger(datetime.now(BEIJING) + timedelta(seconds=0.3), BEIJING)


def often() -> IntervalTrigger:
    return IntervalTrigger(seconds=1, start_date=datetime.now(BEIJING) + timedelta(seconds=0.2), timezone=BEIJING)


def test_a_firing_runs_the_job_and_the_night_is_claimed(tmp_path: Path) -> None:
    claim, stop, ran = claims_in(tmp_path / "claims"), threading.Event(), []

    def job() -> None:
        ran.append(datetime.now(BEIJING))
        stop.set()

    serve(job, hour=1, minute=0, claim=claim, stop=stop, trigger=soon())
    assert len(ran) == 1
    assert not claim("nightly", NightlyPlan(time(1)).night_of(ran[0]))
    assert claim("quarterly", NightlyPlan(time(1)).night_of(ran[0]))


def test_a_second_firing_on_the_same_night_does_nothing(tmp_path: Path) -> None:
    claim, stop, ran, asked = claims_in(tmp_path / "claims"), threading.Event(), [], []

    def counting(kind: str, night: date) -> bool:
        asked.append(night)
        if len(asked) == 3:
            stop.set()
        return claim(kind, night)

    at = (datetime.now(BEIJING) - timedelta(hours=1)).time().replace(microsecond=0)
    serve(lambda: ran.append(1), hour=at.hour, minute=at.minute, claim=counting, stop=stop, trigger=often())
    assert len(asked) >= 3
    assert len(set(asked)) == 1
    assert ran == [1]


def test_two_schedulers_at_once_run_a_night_once(tmp_path: Path) -> None:
    stop, ran, asked = threading.Event(), [], threading.Semaphore(0)
    claim = claims_in(tmp_path / "claims")

    def counting(kind: str, night: date) -> bool:
        try:
            return claim(kind, night)
        finally:
            asked.release()

    def run() -> None:
        serve(lambda: ran.append(1), hour=1, minute=0, claim=counting, stop=stop, trigger=soon())

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert asked.acquire(timeout=PATIENCE)
    stop.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert ran == [1]


def test_what_a_job_raises_is_logged_and_the_next_run_still_happens(caplog: pytest.LogCaptureFixture) -> None:
    stop, ran = threading.Event(), []

    def job() -> None:
        ran.append(1)
        if len(ran) == 1:
            raise RuntimeError("磁盘已满")
        stop.set()

    with caplog.at_level(logging.ERROR, "scheduler.nightly"):
        serve(job, hour=1, minute=0, claim=lambda kind, night: True, stop=stop, trigger=often())
    assert len(ran) == 2
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "磁盘已满" in caplog.text


def test_a_run_still_going_is_neither_doubled_nor_cut_off_by_the_stop() -> None:
    stop, started, finished, ending = threading.Event(), [], [], threading.Event()

    def job() -> None:
        started.append(1)
        stop.set()
        ending.wait(2.5)
        finished.append(1)

    serve(job, hour=1, minute=0, claim=lambda kind, night: True, stop=stop, trigger=often())
    assert started == finished == [1]


def test_a_scheduler_started_late_makes_up_for_the_night_within_its_window(tmp_path: Path) -> None:
    stop, ran = threading.Event(), []

    def job() -> None:
        ran.append(1)
        stop.set()

    at = (datetime.now(BEIJING) - timedelta(hours=2)).time().replace(microsecond=0)
    claim = claims_in(tmp_path / "claims")
    serve(job, hour=at.hour, minute=at.minute, window_hours=3, claim=claim, stop=stop)
    assert ran == [1]


@pytest.mark.parametrize(("window", "claim"), [(3, lambda kind, night: True), (5, None)])
def test_a_scheduler_waits_for_the_next_night(window: float, claim: Claim | None) -> None:
    """After the window; and within it where nobody can say whether the night was done before this process started."""
    stop, ran = threading.Event(), []
    at = (datetime.now(BEIJING) - timedelta(hours=4)).time()
    settings = {"hour": at.hour, "minute": at.minute, "window_hours": window, "claim": claim, "stop": stop}
    thread = threading.Thread(target=serve, args=(lambda: ran.append(1),), kwargs=settings)
    thread.start()
    stop.wait(1)
    stop.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert ran == []


def test_without_a_table_of_claims_a_second_firing_is_harmless_too() -> None:
    stop, ran = threading.Event(), []
    timer = threading.Timer(2.8, stop.set)
    timer.start()
    at = (datetime.now(BEIJING) - timedelta(hours=1)).time()
    serve(lambda: ran.append(1), hour=at.hour, minute=at.minute, stop=stop, trigger=often())
    timer.join()
    assert ran == [1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_process_cleanly_after_its_job(number: signal.Signals) -> None:
    program = """
import threading
from datetime import datetime, timedelta
from apscheduler.triggers.date import DateTrigger
from crawler.facts import BEIJING
from scheduler.nightly import serve
stop = threading.Event()
def job():
    print("started", flush=True)
    stop.wait()
    print("finished", flush=True)
trigger = DateTrigger(datetime.now(BEIJING) + timedelta(seconds=0.3), BEIJING)
serve(job, hour=1, minute=0, stop=stop, trigger=trigger)
print("stopped", flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        process.send_signal(number)
        rest, _ = process.communicate(timeout=PATIENCE)
    assert rest == "finished\nstopped\n"
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("at", "moment", "night", "is_open"),
    [
        (time(1, 0), datetime(2026, 11, 6, 1, 0, tzinfo=BEIJING), date(2026, 11, 6), True),
        (time(1, 0), datetime(2026, 11, 6, 0, 59, tzinfo=BEIJING), date(2026, 11, 5), False),
        (time(1, 0), datetime(2026, 11, 6, 6, 1, tzinfo=BEIJING), date(2026, 11, 6), False),
        (time(23, 30), datetime(2026, 11, 7, 0, 10, tzinfo=BEIJING), date(2026, 11, 6), True),
    ],
)
def test_a_run_past_midnight_keeps_its_night(at: time, moment: datetime, night: date, is_open: bool) -> None:
    plan = NightlyPlan(at=at)
    assert (plan.night_of(moment), plan.is_open(moment)) == (night, is_open)


@pytest.mark.parametrize("hours", [0, 24, -1])
def test_a_window_that_is_none_is_refused(hours: float) -> None:
    with pytest.raises(ValueError, match="window_hours"):
        NightlyPlan(window_hours=hours)
