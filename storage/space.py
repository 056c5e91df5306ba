"""The room that deleted rows leave in a database, given back to the disk."""

from __future__ import annotations

import shutil
from pathlib import Path

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import make_url

from storage.database import Database

WORTH = 0.25
"""The part of the file that must lie empty: less is filled again by the next nights."""


class Space(Struct, frozen=True):
    """A SQLite file: its bytes, and how many of them are empty."""

    size: int
    free: int

    @property
    def is_worth_it(self) -> bool:
        """Whether rewriting the file pays."""
        return self.free > self.size * WORTH


def space(database: Database) -> Space | None:
    """How full the file is; None for PostgreSQL, whose autovacuum looks after itself."""
    if not database.is_sqlite:
        return None
    with database.read() as connection:
        pages, free, each = (
            int(connection.execute(sa.text(f"PRAGMA {name}")).scalar_one())
            for name in ("page_count", "freelist_count", "page_size")
        )
    return Space(pages * each, free * each)


def has_room(database: Database, size: int) -> bool:
    """Whether the disk could hold the rewritten file and its log beside the old one."""
    folder = Path(make_url(database.address).database or "").absolute().parent
    return shutil.disk_usage(folder).free > 2 * size


def rewrite(database: Database) -> None:
    """VACUUM: the file is rewritten without its empty pages. Nobody else may write meanwhile.

    Not `auto_vacuum`: that must be set before the first table is made or by such a rewriting, moves single pages to
    and fro at every commit, and leaves the rest in disorder. Raises DatabaseBusy.
    """
    database.outside_transactions("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")
