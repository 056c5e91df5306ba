"""Killed at any moment: a prune that goes on ends where one that was never killed does; a backup is whole or is none."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from checks.model import Target
from reports.manifest import NAME, verify
from scheduler.backing import restore
from scheduler.errors import BackupRefused
from scheduler.history import history_of
from storage.store import Store
from tests.integration.inspecting.conftest import Xuncha
from tests.integration.keeping import city
from tests.integration.keeping.city import START, inspect, opened
from tests.integration.keeping.test_pruning import BROKEN, DAY, MENDED
from tests.integration.storage.samples import SITE

MOST = 3
"""Kills at most; the run after them is left to end by itself."""
UNITS = tuple(Target(unit, SITE.address, SITE.kind) for unit in ("yunxi-county", "linhe-district"))


def killed_until_done(start: Callable[[], subprocess.Popen[str]], data: Path, check: Callable[[], None]) -> int:
    """Starts a command and kills it at a random moment of its work, again and again, until it ends; how often.

    The span from which moments are drawn grows with every kill; after some kills it is left alone.
    """
    span = 0.1
    for kills in range(MOST + 1):
        process = start()
        give_up = time.monotonic() + 60
        while process.poll() is None and not _is_at_work(process.pid, data) and time.monotonic() < give_up:
            time.sleep(0.001)
        try:
            said, _ = process.communicate(timeout=random.uniform(0, span) if kills < MOST else 120)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            span *= 1.5
            check()
            continue
        assert process.returncode == 0, said
        return kills
    raise AssertionError("it never ended")


def _is_at_work(pid: int, data: Path) -> bool:
    lock = data / "keeping.lock"
    return lock.exists() and lock.read_text("utf-8").endswith(f":{pid}")


def everything(store: Store) -> dict[str, Any]:
    """All rows of all tables, but for the times at which a prune did its work; and all files."""
    told: dict[str, Any] = {}
    with store.database.read() as connection:
        for (table,) in connection.exec_driver_sql("select name from sqlite_master where type = 'table'").all():
            rows = connection.exec_driver_sql(f'select * from "{table}"').mappings()
            told[table] = sorted(repr(_timeless(table, row)) for row in rows)
    told["files"] = sorted(
        (path.relative_to(store.folder).as_posix(), path.read_bytes())
        for path in store.folder.rglob("*")
        if path.suffix in (".zst", ".spool", ".part")
    )
    return told


def _timeless(table: str, row: Any) -> dict[str, Any]:
    times = {"inspections": ("cleared", "thinned"), "condemned": ("since",), "notes": ("value",)}.get(table, ())
    is_mark = table != "notes" or row["key"] == "cleared"
    return {name: bool(value) if name in times and is_mark else value for name, value in row.items()}


def days_later(store: Store, days: int) -> None:
    """What waits has waited so much longer."""
    with store.database.write() as connection:
        connection.exec_driver_sql(f"update condemned set since = since - {days} * 86400000000")


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nights of three units: long past, so that most of them go; open, mended and handed-over problems, one quarter."""
    folder = tmp_path_factory.mktemp("history") / "data"
    with opened(folder) as store:
        for place, target in enumerate(UNITS):
            for number in range(43):
                told = BROKEN if number % 9 in (1, 2) or number > 38 else MENDED
                at = START + number * DAY + timedelta(minutes=place)
                kind = "quarterly" if number == 20 else "nightly"
                changed = {number % 3} if number % 15 and kind == "nightly" else range(5)
                id = inspect(store, at, kind=kind, changed=changed, version=number, verdicts=told, target=target)
                if number == 11:
                    store.handovers.note(id, at)
    return folder


def test_a_prune_that_is_killed_again_and_again(history: Path, xuncha: Xuncha, tmp_path: Path) -> None:
    data, once = tmp_path / "xuncha-data", tmp_path / "once"
    shutil.copytree(history, data)
    shutil.copytree(history, once)
    with opened(history) as store:
        before = {
            record.id: city.read(store.runs.view(city.run_of(store, record.id))) for record in store.inspections.every()
        }

    def nothing_is_lost() -> None:
        with opened(data) as store:
            city.opens(store)
            for record in store.inspections.every():
                run = city.run_of(store, record.id)
                if record.kind == "quarterly" or record.cleared is None:
                    assert store.runs.has_bodies(run)
                    assert city.read(store.runs.view(run)) == before[record.id]

    kills = 0
    for _ in range(2):  # rows and spools, then the evidence whose time of grace is over
        kills += killed_until_done(lambda: xuncha.started("db", "prune"), data, nothing_is_lost)
        with opened(data) as store:
            days_later(store, 2)
    assert kills, "it was killed at least once"
    alone = Xuncha(tmp_path, XUNCHA_FOLDER=str(once))
    for _ in range(2):
        alone("db", "prune")
        with opened(once) as store:
            days_later(store, 2)
    nothing_is_lost()
    with opened(data) as after, opened(once) as reference, opened(history) as unpruned:
        assert everything(after) == everything(reference)
        gone = [record for record in after.inspections.every() if record.cleared is not None]
        assert len(gone) == 2 * 41, "all but the quarters and the last nights"
        assert sum(record.thinned is not None for record in gone) == 2 * 2, "forty later nights have looked at them"
        tomorrow = START + 400 * DAY
        for target in UNITS:
            ids = [
                inspect(each, tomorrow, changed={1}, version=99, verdicts=MENDED, target=target)
                for each in (after, unpruned)
            ]
            assert city.lives(after, ids[0]) == city.lives(unpruned, ids[1])
            assert city.compared(after, ids[0]) == city.compared(unpruned, ids[1])
            views = [each.runs.view(city.run_of(each, ids[0])) for each in (after, unpruned)]
            assert list(views[0].pages()) == list(views[1].pages())
            assert history_of(after.runs, views[0], ()) == history_of(unpruned.runs, views[1], ())
            tomorrow += timedelta(minutes=1)


def test_a_backup_that_is_killed_again_and_again(xuncha: Xuncha, tmp_path: Path) -> None:
    data, backup = tmp_path / "xuncha-data", tmp_path / "backup"
    with opened(data) as store:
        for number in range(4):
            inspect(store, START + number * DAY, changed={number} if number else range(5), verdicts=BROKEN)
        for number in range(200):
            store.evidence.put(f"第{number}份".encode() * 50, kind="other")
        spool = store.bodies.path(city.run_of(store, f"{START:%Y%m%d-%H%M}-nightly"))
        spool.write_bytes(spool.read_bytes() + os.urandom(20 << 20))
        seen = {
            record.id: city.read(store.runs.view(city.run_of(store, record.id))) for record in store.inspections.every()
        }
    new = tmp_path / "new"

    def is_told_as_incomplete() -> None:
        if (backup / NAME).exists():  # it was done, and killed on its way out
            return
        with pytest.raises(BackupRefused, match="没有完成"):
            restore(backup, f"sqlite:///{new / 'xuncha.sqlite3'}", new, None)
        assert not new.exists()

    kills = 0
    for _ in range(2):  # a first one, and one that renews it
        kills += killed_until_done(lambda: xuncha.started("db", "backup", "backup"), data, is_told_as_incomplete)
        assert verify(backup).is_intact, "nothing is left of those that were killed"
        restore(backup, f"sqlite:///{new / 'xuncha.sqlite3'}", new, None)
        with opened(new) as back:
            assert {id: city.read(back.runs.view(city.run_of(back, id))) for id in seen} == seen
            assert city.opens(back) > 0
            assert len(list(back.evidence.shelf.all())) >= 200
        shutil.rmtree(new)
    assert kills
