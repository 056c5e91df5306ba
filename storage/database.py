"""The way to the database: one engine, a reading and a writing transaction, and rows in bulk.

SQLite runs in WAL mode, so that readers and one writer do not wait for each other; a writing transaction takes the
write lock at its start (BEGIN IMMEDIATE), for a lock taken half way cannot be waited for.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, Any, Self, cast

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from storage.calling import Caller
from storage.errors import DatabaseUnavailable, told_plainly
from storage.peer import parameters

if TYPE_CHECKING:
    import psycopg

BUSY_SECONDS = 30
"""How long a SQLite call waits for another process's write before it gives up."""

_WRITES = "storage_writes"


class Database:
    """An engine over SQLite (`sqlite:///FILE`) or PostgreSQL (`postgresql+psycopg://…`); safe from several threads."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        self._writer = self._engine.execution_options(**{_WRITES: True})
        self.url = self._engine.url
        """With its password, for programs that connect by themselves; what people are shown is `address`."""
        self.address = self.url.render_as_string(hide_password=True)
        self.is_sqlite = self._engine.dialect.name == "sqlite"
        self._driver_error: type[Exception] = self._engine.dialect.loaded_dbapi.Error
        self._guard: Callable[[Connection], None] | None = None

    def guarded(self, guard: Callable[[Connection], None]) -> Self:
        """The same database, whose every writing transaction begins with `guard`; what that raises undoes it."""
        other = copy(self)
        other._guard = guard
        return other

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection in a reading transaction."""
        with told_plainly(self.address), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection in a writing transaction, committed at the end of the block and rolled back on an error."""
        with told_plainly(self.address), self._writer.begin() as connection:
            if self._guard is not None:
                self._guard(connection)
            yield connection

    @contextmanager
    def write_in_turn(self) -> Iterator[Connection]:
        """As `write`, then leaves the others as much time as it took: for whoever writes much, one thing after another.

        SQLite gives its lock to whoever happens to ask while it is free. Others ask ten times a second, and would give
        up after `BUSY_SECONDS` beside one that takes it again at once.
        """
        with self.write() as connection:
            began = time.monotonic()
            yield connection
        if self.is_sqlite:
            time.sleep(time.monotonic() - began)

    def insert(
        self, connection: Connection, table: sa.Table, columns: Sequence[str], rows: list[tuple[Any, ...]]
    ) -> None:
        """Adds rows of these columns the cheapest way the database has: COPY or one prepared statement."""
        if not rows:
            return
        names = ", ".join(f'"{name}"' for name in columns)
        if self.is_sqlite:
            marks = ", ".join("?" * len(columns))
            connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', rows)
            return
        driver = cast("psycopg.Connection", connection.connection.driver_connection)
        statement = f'COPY "{table.name}" ({names}) FROM STDIN'
        try:
            with driver.cursor() as cursor, cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
        except self._driver_error as error:  # COPY goes past SQLAlchemy, which would have wrapped it
            raise DBAPIError.instance(statement, None, error, self._driver_error) from error

    def upsert(
        self,
        connection: Connection,
        table: sa.Table,
        columns: Sequence[str],
        rows: list[tuple[Any, ...]],
        *,
        key: Sequence[str],
    ) -> None:
        """Adds rows, or replaces the other columns of the row that already holds `key` (a unique constraint)."""
        if not rows:
            return
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join(("?" if self.is_sqlite else "%s",) * len(columns))
        kept = ", ".join(f'"{name}"' for name in key)
        fresh = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in key)
        connection.exec_driver_sql(
            f'INSERT INTO "{table.name}" ({names}) VALUES ({marks}) ON CONFLICT ({kept}) DO UPDATE SET {fresh}', rows
        )

    def insert_absent(self, table: sa.Table) -> sa.Insert:
        """An INSERT that leaves out rows which would break a unique constraint."""
        if self.is_sqlite:
            return sqlite.insert(table).on_conflict_do_nothing()
        from sqlalchemy.dialects import postgresql  # loads half of SQLAlchemy again; SQLite needs none of it

        return postgresql.insert(table).on_conflict_do_nothing()

    def outside_transactions(self, *statements: str) -> None:
        """Runs statements of SQLite that no transaction may hold, one by one."""
        with told_plainly(self.address):
            raw = self._engine.raw_connection()
            try:
                for statement in statements:
                    raw.cursor().execute(statement)
            except self._driver_error as error:
                raise DBAPIError.instance(statements[0], None, error, self._driver_error) from error
            finally:
                raw.close()

    def close(self) -> None:
        """Gives back every connection."""
        self._engine.dispose()


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseUnavailable("数据库地址无法识别，应为 sqlite:///文件 或 postgresql+psycopg://…") from error
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        address = parsed.set(drivername="postgresql+psycopg")
        engine = sa.create_engine(address, pool_pre_ping=True, connect_args=parameters(address))
        Caller().serve(engine)
        return engine
    if backend != "sqlite" or parsed.database in (None, "", ":memory:"):
        # A database in memory belongs to one connection: neither threads nor processes could share it.
        raise DatabaseUnavailable(
            f"不支持的数据库：{parsed.render_as_string(hide_password=True)}，应为 sqlite:///文件 或 postgresql+psycopg://…"
        )
    engine = sa.create_engine(parsed, connect_args={"timeout": BUSY_SECONDS})
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver's own late BEGIN would take the write lock half way
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    _set_wal(cursor)
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _set_wal(cursor: sqlite3.Cursor) -> None:
    """Waits by itself: of several that open a new file at once, SQLite refuses the change at once, timeout or not."""
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > give_up:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITES) else "BEGIN")
