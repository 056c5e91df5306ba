"""What cannot be done is told in Chinese, by its kind, and without the password."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import errors
from storage.errors import DatabaseUnavailable, DiskFull, StorageError
from storage.store import Store
from tests.integration.storage.samples import append_pages, opened_run, page, visit


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="无法打开数据库"):
        Store(f"sqlite:///{tmp_path / 'none' / 'x.db'}", tmp_path)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("名单" * 1000)
    with pytest.raises(DatabaseUnavailable, match="无法打开数据库"):
        Store(f"sqlite:///{tmp_path / 'x.db'}", tmp_path)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://root@db.example/x", "nonsense"])
def test_an_address_that_is_not_supported(url: str, tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="应为 sqlite:///文件"):
        Store(url, tmp_path)


def test_a_server_that_is_away_is_told_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="无法连接数据库") as told:
        Store("postgresql+psycopg://user:verysecret@127.0.0.1:1/x", tmp_path)
    assert "verysecret" not in str(told.value)


def test_a_full_disk_under_the_database(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'x.db'}", tmp_path) as store:
        store.upgrade()
        run = opened_run(store)
        with pytest.raises(DiskFull, match="磁盘空间不足"), store.database.write() as connection:
            size = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {size + 2}")
            connection.execute(
                sa.text("INSERT INTO notes VALUES (:run, 'k', :value)"), {"run": run, "value": "x" * 90_000}
            )
        assert store.runs.notes(run) == {}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system, which always says it is full")
def test_a_full_disk_under_the_bodies(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'x.db'}", tmp_path) as store:
        store.upgrade()
        run = opened_run(store)
        store.bodies.path(run).parent.mkdir()
        store.bodies.path(run).symlink_to("/dev/full")
        with pytest.raises(DiskFull, match="磁盘空间不足"):
            append_pages(store, run, 0, 1)
        assert list(store.runs.view(run).pages()) == []
        store.runs.append(run, visits=[visit(1)])
        assert store.runs.view(run).visited() == {page(1).url}


def test_the_tree_is_drawn_whole() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, StorageError)]
    assert errors.__doc__ is not None
    assert all(kind.__name__ in errors.__doc__ for kind in kinds)
