"""The schema's versions: bringing a database up to this program's, and refusing one that is ahead of it.

The history is one line of numbered steps (`migrations/versions/0001_….py` is revision "0001"), so that a database
which is up to date is known without Alembic, whose import costs a worker more time than all of storage.
"""

from __future__ import annotations

import threading
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.database import Database
from storage.errors import SchemaNewer

_STEPS = sorted(path.stem.split("_")[0] for path in (Path(__file__).parent / "migrations/versions").glob("[0-9]*_*.py"))
_alembic = threading.Lock()  # its proxies `op` and `context` belong to the whole process
_UPGRADE_LOCK = 7_309_451_120_366_118  # any number, the same in every process that upgrades


def check(database: Database) -> str:
    """Opens a database and answers its revision, "" where it has none. Raises DatabaseUnavailable, SchemaNewer."""
    with database.read() as connection:
        return _revision(connection, database.address)


def is_current(database: Database) -> bool:
    """Whether the tables are those of this program. Raises as `check`."""
    return check(database) == _STEPS[-1]


def upgrade(database: Database) -> None:
    """Runs the steps that are missing, all of them in one transaction; several processes may call it at once."""
    if is_current(database):
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    with _alembic, database.write() as connection:
        if not database.is_sqlite:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK})
        _revision(connection, database.address)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(connection: Connection, address: str) -> str:
    if not sa.inspect(connection).has_table("alembic_version"):
        return ""
    revision = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none() or ""
    if revision and revision not in _STEPS:
        raise SchemaNewer(f"数据库由更新版本的巡查写入（结构版本 {revision}），请升级程序后再打开：{address}")
    return str(revision)
