"""Migrations: from nothing, once and again, by many at once, and equal to the tables."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage import schema, tables
from storage.errors import SchemaMissing, SchemaNewer
from storage.store import Store
from tests.integration.storage.samples import SITE, inspection


def test_an_empty_database_has_no_schema_until_it_is_upgraded(database_url: str, tmp_path: Path) -> None:
    with Store(database_url, tmp_path) as store:
        with pytest.raises(SchemaMissing, match="xuncha db upgrade"):
            store.inspections.get("q3")
        store.upgrade()
        store.inspections.create(inspection(), [(SITE, "网站")])
        store.upgrade()
        assert store.inspections.get("q3") == inspection()


def test_the_tables_are_what_the_migrations_make(store: Store) -> None:
    with store.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, tables.metadata) == []
        made = set(sa.inspect(connection).get_table_names())
    assert made == {*tables.metadata.tables, "alembic_version"}


def test_many_upgrade_at_once(database_url: str, tmp_path: Path) -> None:
    def upgraded(_: int) -> str:
        with Store(database_url, tmp_path) as store:
            store.upgrade()
            return schema.check(store.database)

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(upgraded, range(8))) == {_history()[-1]}


def test_many_open_a_new_sqlite_file_at_once(tmp_path: Path) -> None:
    """SQLite answers "locked" at once, whatever the timeout, to whoever comes second while a file turns to WAL."""
    together = threading.Barrier(8)

    def opened(file: Path) -> str:
        together.wait(60)
        with Store(f"sqlite:///{file}", tmp_path) as store:
            return schema.check(store.database)

    with ThreadPoolExecutor(8) as pool:
        for round_ in range(40):
            assert set(pool.map(opened, [tmp_path / f"{round_}.db"] * 8)) == {""}


def _history() -> list[str]:
    """The revisions as Alembic knows them, the first step first."""
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    return [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()][::-1]


def test_the_history_is_one_line_of_numbered_steps() -> None:
    assert _history() == [f"{number:04}" for number in range(1, len(_history()) + 1)]
    versions = Path(str(schema.__file__)).parent / "migrations" / "versions"
    assert sorted(path.name[:4] for path in versions.glob("[0-9]*.py")) == _history()


def test_a_newer_database_is_left_alone(store: Store, database_url: str, tmp_path: Path) -> None:
    with store.database.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaNewer, match="9999"):
        Store(database_url, tmp_path)
    with pytest.raises(SchemaNewer):
        store.upgrade()


def test_sqlite_is_opened_for_many(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'x.db'}", tmp_path) as store:
        store.upgrade()
        with store.database.read() as connection:
            pragmas = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
    assert pragmas == {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "busy_timeout": 30_000}


def test_an_inspection_goes_with_all_that_is_its_own(store: Store) -> None:
    store.inspections.create(inspection(), [(SITE, "网站")])
    run = store.runs.open("q3", SITE, {}, inspection().started)
    store.runs.note(run, "robots", "")
    with store.database.write() as connection:
        connection.execute(sa.delete(tables.inspections))
        left = {
            name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for name, table in tables.metadata.tables.items()
            if table is not tables.identity
        }
    assert set(left.values()) == {0}


def test_a_run_number_is_never_given_twice(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with Store(f"sqlite:///{path}", tmp_path) as store:
        store.upgrade()
        store.inspections.create(inspection(), [])
        first = store.runs.open("q3", SITE, {}, inspection().started)
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM runs")
    connection.close()
    with Store(f"sqlite:///{path}", tmp_path) as store:
        assert store.runs.open("q3", SITE, {}, inspection().started) > first
