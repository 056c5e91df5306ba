"""Who leads: of the schedulers of one scope, started by mistake on one machine or many, one works and the rest wait.

Over SQLite a lock on a file beside the database, over PostgreSQL a session's advisory lock. Both go with the process
that holds them. Claims of rounds hold without it; it keeps the others from working at all.
"""

from __future__ import annotations

import fcntl
import os
import socket
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from storage.errors import told_plainly
from storage.peer import parameters

_SECONDS = 10
"""After so long without an answer the server is away, and for the server so is who leads."""


class Leadership(Protocol):
    """The lead of one scope."""

    def acquire(self) -> bool:
        """Takes the lead if nobody has it; True as well where it is held already. Raises DatabaseUnavailable."""

    def is_held(self) -> bool:
        """It is still ours."""

    def release(self) -> None:
        """Gives it back."""

    def leader(self) -> str:
        """Who has it, as far as can be told; "" where that is nobody."""


def leadership(url: str, folder: Path, scope: str) -> Leadership:
    """The lead of a scope over that database."""
    digest = blake2b(scope.encode(), digest_size=8).digest()
    if make_url(url).get_backend_name() == "sqlite":
        return FileLeadership(folder / f"scheduler-{digest.hex()}.lock")
    return SessionLeadership(url, int.from_bytes(digest, "big", signed=True))


def me() -> str:
    """The name of this process, as others are told of it: machine:pid, in ASCII, for PostgreSQL takes nothing else."""
    return f"{socket.gethostname()}:{os.getpid()}"


class FileLeadership:
    """A lock on a file, which names its holder. The kernel frees it when the process ends, however it does."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def acquire(self) -> bool:
        """Takes the lead if nobody has it."""
        if self._file is not None:
            return True
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        os.ftruncate(file, 0)
        os.pwrite(file, me().encode(), 0)
        self._file = file
        return True

    def is_held(self) -> bool:
        """It is ours, and the file is still the one that others look at."""
        if self._file is None:
            return False
        try:
            same = os.path.samestat(os.fstat(self._file), self._path.stat())
        except OSError:
            same = False
        if not same:
            self.release()
        return same

    def release(self) -> None:
        """Gives it back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def leader(self) -> str:
        """Who wrote its name last."""
        try:
            return self._path.read_text("utf-8")
        except OSError:
            return ""


class SessionLeadership:
    """An advisory lock of a session of its own; the server frees it when the session is over."""

    def __init__(self, url: str | sa.URL, key: int) -> None:
        address = make_url(url).set(drivername="postgresql+psycopg")
        options = parameters(address, vanished=_SECONDS, options=f"-c statement_timeout={_SECONDS * 1000}")
        options["application_name"] = me()[:60]
        self._engine = sa.create_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=options)
        self._address = address.render_as_string(hide_password=True)
        self._key = key
        self._session: Connection | None = None

    def acquire(self) -> bool:
        """Takes the lead if nobody has it. Raises DatabaseUnavailable."""
        if self.is_held():
            return True
        with told_plainly(self._address):
            session = self._engine.connect()
            try:
                got = session.execute(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": self._key}).scalar_one()
            except BaseException:
                session.close()
                raise
        if not got:
            session.close()
            return False
        self._session = session
        return True

    def is_held(self) -> bool:
        """The session lives: the server answers it."""
        if self._session is None:
            return False
        try:
            self._session.execute(sa.text("SELECT 1"))
        except DBAPIError:
            self.release()
            return False
        return True

    def release(self) -> None:
        """Ends the session."""
        if self._session is not None:
            session, self._session = self._session, None
            try:
                session.close()
            except DBAPIError:
                session.invalidate()

    def leader(self) -> str:
        """The session that the server says has the lock. Raises DatabaseUnavailable."""
        query = sa.text(
            "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " WHERE l.locktype = 'advisory' AND l.granted"
            " AND (l.classid::bigint << 32) | l.objid::bigint = :key AND l.objsubid = 1 LIMIT 1"
        )
        with told_plainly(self._address), self._engine.connect() as session:
            return str(session.execute(query, {"key": self._key}).scalar_one_or_none() or "")
