"""Worker processes that hang, and workers that never come to work: an inspection ends all the same."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from msgspec import Struct
from msgspec.structs import replace

from checks.model import Subject, Target
from crawler.clock import now
from crawler.facts import Pace, Site, Unit
from crawler.fetch.limits import Limits
from scheduler.desk import Desk
from scheduler.plan import Machine, Plan, Terms, Tick, settings_of
from scheduler.pool import Pool
from storage.inspections import InspectionRecord, TargetRow
from storage.store import Store
from tests.integration.hostile.server import Exchange, HostileServer, Scene

ENDLESS = "(a+)+$", "a" * 60 + "b"
"""An expression that backtracks for longer than anybody lives, and holds the interpreter's lock meanwhile."""

PROGRAM = """
import asyncio, re, sys
from scheduler import pulse

async def work():
    await asyncio.sleep(11)  # twice as long as it may stand still
    print("worked", flush=True)
    {0}

pulse.give(5.0)  # as a worker does when it begins
asyncio.run(pulse.accompany(work(), lambda: {1}, 5.0))
print("ended")
"""
HANGS = f"re.match({ENDLESS[0]!r}, {ENDLESS[1]!r})"


@pytest.mark.parametrize(
    ("program", "code", "said"),
    [
        (PROGRAM.format("pass", "False"), 0, "worked\nended\n"),
        (PROGRAM.format(HANGS, "False"), 1, "worked\n"),
        (PROGRAM.format("pass", "True"), 1, ""),
    ],
    ids=["works", "hangs", "is stuck"],
)
def test_who_gives_no_sign_ends_and_says_where_it_stood(program: str, code: int, said: str) -> None:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (code, said)
    assert ("Timeout (0:00:05)!" in done.stderr) == (code == 1)
    assert ("in match" in done.stderr) == (HANGS in program)


class Office(Struct, frozen=True):
    """A store with one inspection of one site, and the plan that its workers get."""

    store: Store
    plan: Plan

    def rows(self) -> tuple[TargetRow, ...]:
        return self.store.inspections.targets(self.plan.inspection)


@pytest.fixture
def hostile() -> Iterator[HostileServer]:
    with HostileServer() as server:
        yield server


@pytest.fixture
def office(tmp_path: Path, hostile: HostileServer) -> Iterator[Office]:
    site = Site("u", "云汐县人民政府网", hostile.home_url, pace=Pace(interval=0))
    unit = Unit("u", "云汐县人民政府", kind="county", sites=(site,))
    terms = Terms(Limits(), str(tmp_path), allow_private=True, rendering=False)
    record = InspectionRecord("i", "i", "quarterly", now(), (), (unit,), settings_of(terms), now(), "test", "digest")
    machine = Machine(f"sqlite:///{tmp_path / 'xuncha.db'}", str(tmp_path))
    with Store(machine.database, tmp_path) as store:
        store.upgrade()
        store.inspections.create(record, [(Target("u", site.home_url, Subject.SITE), site.name)])
        yield Office(store, Plan("i", machine, terms, 1))


def test_the_judges_tell_for_how_long_they_have_been_at_a_target(office: Office) -> None:
    said: list[float] = []

    async def judge() -> None:
        desk = Desk(office.plan, "judging", lambda tick: None)
        said.append(desk.judging)
        end = threading.Event()
        judging = asyncio.create_task(desk.judge(lambda: end.wait(30)))
        await asyncio.sleep(1)
        said.append(desk.judging)
        end.set()
        await judging
        said.append(desk.judging)
        await desk.close()

    asyncio.run(judge())
    before, meanwhile, after = said
    assert (before, after) == (0.0, 0.0)
    assert 0.5 < meanwhile < 30


def hang(number: int, frame: object) -> None:
    """What a page does to a worker that has an expression like this one."""
    re.match(*ENDLESS)


def work_until_it_hangs(plan: Plan, name: str, pipe: Connection, errors: str) -> None:
    """A worker's main, in which a page can do so."""
    from scheduler.worker import run_worker

    os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT), 2)
    signal.signal(signal.SIGUSR2, hang)
    run_worker(plan, name, pipe, patience=30.0)


async def hang_the_visitor(exchange: Exchange) -> None:
    """Never answers; whoever asks hangs, when he has had time to write down what he had seen before."""
    await asyncio.sleep(4)
    exchange.visitor().send_signal(signal.SIGUSR2)


@pytest.mark.timeout(180)
def test_a_worker_that_hangs_on_a_page_ends_and_what_it_had_recorded_stays(
    office: Office, hostile: HostileServer, tmp_path: Path
) -> None:
    hostile.play(Scene((("/art/endless.html", "要闻"),), {"/art/endless": hang_the_visitor}))
    ours, theirs = multiprocessing.Pipe()
    words = (office.plan, "hanging", theirs, str(tmp_path / "stderr"))
    process = multiprocessing.get_context("spawn").Process(target=work_until_it_hangs, args=words)
    process.start()
    process.join(150)
    assert process.exitcode == 1
    said = (tmp_path / "stderr").read_text("utf-8")
    assert "Timeout (0:00:30)!" in said
    assert "in hang" in said
    ours.close()
    (row,) = office.rows()
    assert (row.state, row.worker) == ("running", "hanging")  # its death gives it back, as any death does
    assert row.run is not None
    assert hostile.home_url in [visit.requested_url for visit in office.store.runs.view(row.run).visits()]


class Unwatched:
    """Nobody looks."""

    def begin(self, rows: object) -> None:
        """Nothing to show."""

    def tick(self, tick: Tick) -> None:
        """Nothing to show."""


@pytest.mark.timeout(300)
def test_workers_that_die_before_they_take_anything_are_not_replaced_for_ever(office: Office, tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "broken.csv").write_text("no lexicon", "utf-8")
    machine = replace(office.plan.machine, lexicons=str(tmp_path / "words"))
    pool = Pool(office.store, replace(office.plan, machine=machine, awaited=True), Unwatched())
    try:
        pool.start(4)
        assert pool.watch() is False
    finally:
        pool.close()
    (row,) = office.rows()
    assert (row.state, row.attempts) == ("pending", 0)  # for `resume`, when the fault is mended
