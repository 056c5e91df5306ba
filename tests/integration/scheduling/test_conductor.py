"""The plan carried out over real processes and both databases, at any hour that a test wants it to be."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import psutil
import pytest

from crawler.facts import BEIJING
from scheduler.conductor import SET_ASIDE, Conductor
from scheduler.processes import Launcher
from scheduler.timetable import Hours, Kind, Timetable
from storage.rounds import Round, RoundOutcome
from storage.store import Store

ROOT = Path(__file__).parents[3]
NIGHT = datetime(2026, 11, 20, 22, tzinfo=BEIJING)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PATIENCE = 30.0
WORKER = """
import json, sys, time
from pathlib import Path
from console.attended import end_with_starter
end_with_starter()
folder, kind, period = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
with (folder / "ledger").open("a") as ledger:
    ledger.write(json.dumps([kind, period]) + "\\n")
behaviour = (folder / "behaviour").read_text()
if behaviour == "fails":
    sys.exit("数据库无法打开")
try:
    while (folder / "behaviour").read_text() == "works":
        time.sleep(0.02)
except KeyboardInterrupt:
    (folder / "ended").touch()
    sys.exit(3)
"""
"""A round's program: it writes down that it was started, and then does as it is told."""


class Office:
    """Schedulers over one store and one clock."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.folder, self.store, self.now, self.made = folder, store, NIGHT, 0
        self.registry = folder / "registry.yaml"
        self.registry.write_text(
            "units:\n  - {code: a, name: 甲局, kind: department, sites: [{name: 甲局网站, home_url: 'http://a.example/', "
            "site_code: '3300000001', kind: department}]}\n",
            "utf-8",
        )
        self.behave("ends")
        (folder / "ledger").touch()

    def behave(self, how: str) -> None:
        (self.folder / "behaviour").write_text(how)

    def scheduler(self) -> Conductor:
        self.made += 1
        commands = {kind: (str(self.folder), kind.value, "{period}") for kind in Kind}
        launch = Launcher(self.store, self.registry, commands, self.folder / "rounds", ("-c", WORKER))
        clock, holder = (lambda: self.now), f"s{self.made}"
        return Conductor(Timetable(Hours()), self.store.rounds, launch, clock, scope="r", holder=holder)

    def rows(self, kind: Kind = Kind.NIGHTLY) -> list[Round]:
        return [one for one in self.store.rounds.of("r", NIGHT - 24 * HOUR) if one.kind == kind]

    def started(self) -> list[list[str]]:
        return [json.loads(line) for line in (self.folder / "ledger").read_text().splitlines()]

    def wait(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def attend(self, conductor: Conductor) -> bool:
        """Looks after it until nothing is under way; whether the next round may have its turn at once."""
        gave_way = False

        def is_idle() -> bool:
            nonlocal gave_way
            gave_way = conductor.attend() or gave_way
            return not conductor.is_busy

        self.wait(is_idle)
        return gave_way


@pytest.fixture
def office(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with Store(database_url, tmp_path / "kept") as store:
        store.upgrade()
        yield Office(tmp_path, store)


def test_a_night_is_begun_once_however_often_it_is_looked_at(office: Office) -> None:
    scheduler = office.scheduler()
    for _ in range(3):
        scheduler.look()
    assert office.attend(scheduler)
    scheduler.look()
    assert not scheduler.is_busy
    (night,) = office.rows()
    assert (night.period, night.outcome, night.attempts, night.words) == ("2026-11-20", RoundOutcome.DONE, 1, "")
    assert office.started() == [["nightly", "2026-11-20"]]


def test_two_schedulers_without_a_leader_do_not_double_a_night(office: Office) -> None:
    office.behave("works")
    first, second = office.scheduler(), office.scheduler()
    first.look()
    for _ in range(10):
        office.now += MINUTE
        first.attend()
        second.look()
    assert not second.is_busy
    office.behave("ends")
    office.attend(first)
    second.look()
    assert not second.is_busy and office.started() == [["nightly", "2026-11-20"]]


def test_a_night_that_is_over_is_ended_and_said_so(office: Office) -> None:
    office.behave("works")
    scheduler = office.scheduler()
    scheduler.look()
    office.wait(lambda: bool(office.started()))
    office.now = NIGHT + 8 * HOUR
    scheduler.look()  # the firing at the night's end
    office.attend(scheduler)
    (night,) = office.rows()
    assert (night.outcome, night.words) == (RoundOutcome.INTERRUPTED, "巡查时段结束")
    assert (office.folder / "ended").exists()
    scheduler.look()
    assert not scheduler.is_busy and len(office.rows()) == 1


def test_what_fails_says_why_and_is_tried_again(office: Office) -> None:
    office.behave("fails")
    scheduler = office.scheduler()
    scheduler.look()
    assert not office.attend(scheduler)  # or one that fails at once would be begun without end
    assert (office.rows()[0].outcome, office.rows()[0].words) == (RoundOutcome.FAILED, "退出码 1：数据库无法打开")
    scheduler.look()
    assert not scheduler.is_busy
    office.behave("ends")
    office.now += 6 * MINUTE
    scheduler.look()
    office.attend(scheduler)
    assert (office.rows()[0].outcome, office.rows()[0].attempts) == (RoundOutcome.DONE, 2)


def test_a_night_whose_scheduler_died_is_taken_over(office: Office) -> None:
    office.behave("works")
    first, second = office.scheduler(), office.scheduler()
    first.look()
    office.wait(lambda: bool(office.started()))
    office.now += MINUTE
    second.look()
    assert not second.is_busy
    office.now += 2 * MINUTE  # no sign of life since
    second.look()
    assert second.is_busy and office.rows()[0].attempts == 2
    first.attend()  # it was not dead after all: it learns that the night is another's, and ends its own
    office.attend(first)
    assert (office.rows()[0].outcome, office.rows()[0].holder) == (RoundOutcome.RUNNING, "s2")
    office.behave("ends")
    office.attend(second)
    assert office.rows()[0].outcome is RoundOutcome.DONE


def test_a_night_whose_scheduler_died_for_good_is_told(office: Office) -> None:
    office.behave("works")
    first = office.scheduler()
    first.look()
    office.now = NIGHT + 9 * HOUR
    office.scheduler().look()
    (night,) = office.rows()
    assert (night.outcome, night.words) == (
        RoundOutcome.INTERRUPTED,
        "调度程序中断（最后活动 11-20 22:00），时段已过，未再继续",
    )
    office.behave("ends")
    office.attend(first)
    assert office.rows() == [night]


def test_missed_nights_are_written_down(office: Office) -> None:
    scheduler = office.scheduler()
    scheduler.look()
    office.attend(scheduler)
    office.now = NIGHT + 72 * HOUR
    office.scheduler().look()
    told = [(one.period, one.outcome) for one in office.rows()]
    assert told[:3] == [("2026-11-20", "done"), ("2026-11-21", "missed"), ("2026-11-22", "missed")]
    assert told[3] == ("2026-11-23", "running")
    assert {one.period for one in office.store.rounds.missed(NIGHT) if one.kind == Kind.NIGHTLY} == {
        "2026-11-21",
        "2026-11-22",
    }
    office.behave("ends")


def test_a_clock_set_back_by_an_hour_changes_nothing(office: Office) -> None:
    office.behave("works")
    scheduler = office.scheduler()
    scheduler.look()
    office.now = NIGHT - HOUR
    scheduler.attend()
    scheduler.look()
    assert scheduler.is_busy
    office.now = NIGHT + MINUTE
    scheduler.look()
    office.behave("ends")
    office.attend(scheduler)
    assert [one.attempts for one in office.rows()] == [1] and len(office.started()) == 1


def test_a_clock_set_back_by_days_leaves_the_right_night_to_be_done(office: Office) -> None:
    office.behave("works")
    scheduler = office.scheduler()
    scheduler.look()
    office.wait(lambda: bool(office.started()))  # one that has hardly begun may miss that it is to end
    office.now = NIGHT - 72 * HOUR
    scheduler.look()
    (void,) = office.rows()
    assert (void.period.split("#")[0], void.outcome, void.words) == ("2026-11-20", RoundOutcome.VOID, SET_ASIDE)
    scheduler.attend()
    office.attend(scheduler)
    office.behave("ends")
    for hours in (-72, 0):
        office.now = NIGHT + hours * HOUR
        scheduler.look()
        office.attend(scheduler)
    done = [one.period for one in office.rows() if one.outcome is RoundOutcome.DONE]
    assert "2026-11-20" in done


def test_what_a_stopped_scheduler_had_begun_is_gone_on_with(office: Office) -> None:
    office.behave("works")
    scheduler = office.scheduler()
    scheduler.look()
    office.wait(lambda: bool(office.started()))
    scheduler.end("调度程序停止")
    office.attend(scheduler)
    assert (office.rows()[0].outcome, office.rows()[0].words) == (RoundOutcome.INTERRUPTED, "调度程序停止")
    office.behave("ends")
    again = office.scheduler()
    again.look()
    office.attend(again)
    assert (office.rows()[0].outcome, office.rows()[0].attempts) == (RoundOutcome.DONE, 2)


def test_a_process_ends_with_whoever_started_it(tmp_path: Path) -> None:
    (tmp_path / "behaviour").write_text("works")
    starter = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, *sys.argv[1:]], stdin=subprocess.PIPE, start_new_session=True)\n"
        "print(child.pid, flush=True)\ntime.sleep(60)\n"
    )
    words = [sys.executable, "-c", starter, "-c", WORKER, str(tmp_path), "nightly", "n"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        child = psutil.Process(int(process.stdout.readline()))
        deadline = time.monotonic() + PATIENCE
        while not (tmp_path / "ledger").exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    child.wait(PATIENCE)
    assert (tmp_path / "ended").exists()
