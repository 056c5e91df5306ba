"""Why storage could not do its work; every message is Chinese and names what a person can act on.

StorageError
├── DatabaseUnavailable     cannot be opened: no such folder, no permission, not a database, server away
│   └── DatabaseBusy        another process held the database longer than the waiting time
├── SchemaNewer             written by a newer version of this program
├── SchemaMissing           `Store.upgrade()` has not run, or not to this version
├── DiskFull                no room left for rows, bodies or evidence
├── RecordMissing           an inspection, target or run that was never recorded
├── RecordConflict          the same record twice, or one that points to nothing
├── KeeperBusy              somebody else prunes or backs up
├── LeaseLost               another worker was given the target in the meantime
├── EvidenceShared          another database keeps evidence at the same place
├── EvidenceStoreUnavailable   the evidence store cannot be reached, refuses us, or has no such bucket
└── EvidenceDamaged         stored bytes no longer match their hash
    └── EvidenceMissing     stored bytes are not there at all
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, TimeoutError


class StorageError(Exception):
    """Anything storage could not do; `str()` is a Chinese sentence for a person."""


class DatabaseUnavailable(StorageError):
    """The database cannot be opened or has gone away."""


class DatabaseBusy(DatabaseUnavailable):
    """Another writer held the database for longer than the waiting time."""


class SchemaNewer(StorageError):
    """The database was written by a newer version; an older program must not touch it."""


class SchemaMissing(StorageError):
    """The tables are not there, or are of an older version: `Store.upgrade()` brings them."""


class DiskFull(StorageError):
    """No room left; what was committed before stays readable."""


class RecordMissing(StorageError):
    """An inspection, target or run that was never recorded."""


class RecordConflict(StorageError):
    """The same record twice, or a record that points to one that is not there."""


class KeeperBusy(StorageError):
    """Somebody else prunes or backs up; nothing was begun."""


class LeaseLost(StorageError):
    """Another worker was given the target in the meantime: nothing more of this one is taken."""


class EvidenceStoreUnavailable(StorageError):
    """The evidence store cannot be used now. It says nothing of what is kept there, and nothing of any site."""


class EvidenceShared(StorageError):
    """Another database keeps evidence at the same place."""


class EvidenceDamaged(StorageError):
    """Stored bytes that no longer match their hash or their frame."""


class EvidenceMissing(EvidenceDamaged):
    """Stored bytes that are not there, or an id that cannot be one."""


_SQLITE_UNAVAILABLE = ("SQLITE_CANTOPEN", "SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_READONLY", "SQLITE_IOERR")
_SQLITE_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
_POSTGRES_DISK_FULL = "53100"
_POSTGRES_UNDEFINED = ("42P01", "42703")  # undefined_table, undefined_column
_POSTGRES_BUSY = ("55P03", "40P01", "57014")  # lock_not_available, deadlock_detected, query_canceled


@contextmanager
def told_plainly(database: str) -> Iterator[None]:
    """Turns driver errors of the block into this module's tree; `database` is the address without its password."""
    try:
        yield
    except DBAPIError as error:
        plain = _plain(error, database)
        if plain is None:
            raise
        raise plain from error
    except TimeoutError as error:
        raise DatabaseBusy(f"数据库连接已用尽，稍后再试：{database}") from error


def _plain(error: DBAPIError, database: str) -> StorageError | None:
    cause = error.orig
    words = str(cause).strip().splitlines()[0] if cause and str(cause).strip() else type(cause).__name__
    code = getattr(cause, "sqlite_errorname", "") or "" if isinstance(cause, sqlite3.Error) else ""
    state = getattr(cause, "sqlstate", None) or ""
    if code == "SQLITE_FULL" or state == _POSTGRES_DISK_FULL:
        return DiskFull(f"磁盘空间不足，数据库未能写入：{database}")
    if words.startswith(("no such table", "no such column")) or state in _POSTGRES_UNDEFINED:
        return SchemaMissing(f"数据库结构尚未建立或版本较旧，请先执行 xuncha db upgrade：{database}")
    if code.startswith(_SQLITE_BUSY) or state in _POSTGRES_BUSY:
        return DatabaseBusy(f"数据库正被其他进程占用，等待超时：{database}")
    if code.startswith(_SQLITE_UNAVAILABLE):
        return DatabaseUnavailable(f"无法打开数据库：{database}（{words}）")
    if isinstance(error, IntegrityError):
        return RecordConflict(f"记录重复，或所属的检查批次、采集不存在（{words}）")
    if isinstance(error, OperationalError) and not code:
        return DatabaseUnavailable(f"无法连接数据库：{database}（{words}）")
    return None


@contextmanager
def room_on_disk(path: Path) -> Iterator[None]:
    """Turns "no space" and "quota exceeded" of the block's file writes into DiskFull."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(f"磁盘空间不足，未能写入 {path}") from error
        raise
