"""`xuncha scheduler` as processes over a real site: a night, a stop, a second one by mistake, a kill; `plan show`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
import sqlalchemy as sa

from crawler.facts import BEIJING
from storage.rounds import Round, RoundOutcome
from storage.store import Store
from tests.integration.inspecting.conftest import XUNCHA
from tests.integration.inspecting.living_site import LivingSite, living_site

PATIENCE = 120.0
ARTICLES = range(1, 31)
PROGRAM = """
import sys
from datetime import timedelta
from pathlib import Path
from console.scheduling import run_scheduler
words = {"rulesets": (), "database": "", "allow_private": True}
sys.exit(run_scheduler(Path(sys.argv[1]), **words, lease=timedelta(seconds=float(sys.argv[2]))))
"""
"""The scheduler as the command runs it, with a lease that a test can wait for."""


class Office:
    """A folder in which schedulers are started; it is the middle of the night there."""

    def __init__(self, folder: Path, site: LivingSite, database: str) -> None:
        self.folder, self.site = folder, site
        now = datetime.now(BEIJING)
        self.started: list[subprocess.Popen[str]] = []
        kept = {name: value for name, value in os.environ.items() if not name.startswith("XUNCHA_")}
        self.environment = {
            **kept,
            "COLUMNS": "200",
            "XUNCHA_DATABASE": database,
            "XUNCHA_NIGHT_STARTS": f"{now - timedelta(hours=2):%H:%M}",
            "XUNCHA_NIGHT_ENDS": f"{now + timedelta(hours=3):%H:%M}",
            "XUNCHA_MAX_RENDERED": "0",
        }
        self.store = Store(database, folder / "xuncha-data")
        self.store.upgrade()
        (folder / "r.yaml").write_text(site.registry(), "utf-8")

    def scheduler(self, lease: float = 4.0) -> tuple[subprocess.Popen[str], Path]:
        """Starts one; answers it and what it says."""
        log = self.folder / f"scheduler-{len(self.started)}.log"
        with log.open("w") as said:
            process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, "r.yaml", str(lease)],
                cwd=self.folder,
                stderr=said,
                stdout=subprocess.DEVNULL,
                stdin=subprocess.DEVNULL,
                text=True,
                env=self.environment,
                start_new_session=True,
            )
        self.started.append(process)
        return process, log

    def wait(self, what: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not what():
            assert time.monotonic() < deadline, "\n".join(log.read_text() for log in self.folder.glob("*.log"))
            time.sleep(0.1)

    def night(self) -> Round | None:
        found = [one for one in self.store.rounds.recent(datetime.now(BEIJING)) if one.kind == "nightly"]
        return found[0] if found else None

    def is_done(self) -> bool:
        return (night := self.night()) is not None and night.outcome is RoundOutcome.DONE

    def visited(self) -> list[str]:
        return [path for _, path, _ in self.site.requests if path.startswith("/art/")]

    def plan(self) -> dict[str, Any]:
        words = [str(XUNCHA), "plan", "show", "--days", "2", "--json"]
        said = subprocess.run(words, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=True)
        return dict(json.loads(said.stdout))


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still do something: whoever should bury the dead is not everywhere in time."""
    return [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


@pytest.fixture
def office(tmp_path: Path, database_url: str) -> Iterator[Office]:
    with living_site() as site:
        for number in ARTICLES:
            site.article(number)
        site.lists(ARTICLES)
        (tmp_path / "xuncha-data").mkdir()
        place = Office(tmp_path, site, database_url)
        yield place
        for process in place.started:
            if process.poll() is None:
                process.terminate()
        for process in place.started:
            process.wait(60)
        place.store.close()


def test_a_night_is_inspected_and_the_plan_tells_it(office: Office) -> None:
    process, _ = office.scheduler()
    office.wait(office.is_done)
    night = office.night()
    assert night is not None
    assert office.store.inspections.get(night.inspection).kind == "nightly"
    (told,) = [one for one in office.plan()["past"] if one["kind"] == "nightly"]
    assert (told["outcome"], told["inspection"]) == ("done", night.inspection)
    assert {one["kind"] for one in office.plan()["coming"]} >= {"nightly", "quarterly", "reminders"}
    office.wait(lambda: any(path == "/" for _, path, _ in office.site.requests))
    process.terminate()
    assert process.wait(60) == 0
    shown = subprocess.run(
        [str(XUNCHA), "plan", "show"],
        cwd=office.folder,
        env=office.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.search(rf"{night.period}.*夜间巡查.*完成", shown.stdout)
    assert "季度检查" in shown.stdout and "可用性探测" in shown.stdout


def test_told_to_stop_it_ends_what_runs_and_goes_on_when_it_is_started_again(office: Office) -> None:
    office.site.delay = 0.3
    process, _ = office.scheduler()
    office.wait(lambda: len(office.visited()) >= 3)
    children = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    assert process.wait(90) == 0
    assert not alive(children)
    night = office.night()
    assert night is not None and night.outcome is RoundOutcome.INTERRUPTED
    assert re.fullmatch(r"调度程序停止，\d 个对象未完成", night.words)
    office.site.delay = 0.0
    seen = set(office.visited())
    office.site.requests.clear()
    office.scheduler()
    office.wait(office.is_done)
    again = office.night()
    assert again is not None and (again.inspection, again.attempts) == (night.inspection, 2)
    assert len(seen & set(office.visited())) <= 4 * 2  # what four connections had under way may be asked again


def test_a_second_scheduler_waits_and_takes_over_when_the_first_is_killed(office: Office) -> None:
    office.site.delay = 0.3
    first, _ = office.scheduler()
    office.wait(lambda: len(office.visited()) >= 3)
    second, said = office.scheduler()
    office.wait(lambda: "另一个调度程序正在运行" in said.read_text())
    assert f":{first.pid}" in said.read_text()
    before = office.night()
    orphans = psutil.Process(first.pid).children(recursive=True)
    first.kill()
    first.wait()
    office.wait(lambda: not alive(orphans))  # what it had started ends by itself
    office.site.delay = 0.0
    office.wait(office.is_done)
    after = office.night()
    assert before is not None and after is not None and second.poll() is None
    assert (after.attempts, after.inspection) == (2, before.inspection)
    assert "已取得调度权" in said.read_text()
    assert len([one for one in office.store.inspections.all() if one.kind == "nightly"]) == 1


@pytest.mark.postgres
def test_a_session_that_breaks_does_not_break_a_night(tmp_path: Path, postgres_url: str) -> None:
    """PostgreSQL ends every session in mid-night, as by a restart; the lead is taken again and the night is whole."""
    with living_site() as site:
        for number in ARTICLES:
            site.article(number)
        site.lists(ARTICLES)
        (tmp_path / "xuncha-data").mkdir()
        office = Office(tmp_path, site, postgres_url)
        site.delay = 0.3
        process, said = office.scheduler(lease=120)
        try:
            office.wait(lambda: len(office.visited()) >= 3)
            engine = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                broken = sa.text(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                )
                assert connection.execute(broken).scalar_one() == 1
            engine.dispose()
            office.wait(lambda: said.read_text().count("已取得调度权") == 2)
            site.delay = 0.0
            office.wait(office.is_done)
            night = office.night()
            assert night is not None and night.attempts == 1
            assert "失去调度权" in said.read_text()
        finally:
            process.terminate()
            process.wait(60)
            office.store.close()
