"""The room that deleted rows leave in a database, given back to the disk."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import sqlalchemy as sa
from msgspec import Struct

from storage.database import Database

WORTH = 0.25
"""The part of the file that must lie empty: less is filled again by the next nights."""

QUICK = 2 << 30
"""Bytes that are rewritten in half of the time for which other writers wait (measured: 130 MB a second)."""


class Space(Struct, frozen=True):
    """A SQLite file: its bytes, and how many of them are empty."""

    size: int
    free: int

    @property
    def is_worth_it(self) -> bool:
        """Whether rewriting the file pays."""
        return self.free > self.size * WORTH

    @property
    def is_quick(self) -> bool:
        """Whether it is done before another writer gives up."""
        return self.size - self.free <= QUICK


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


def lacks_room(database: Database, size: int) -> str:
    """The folder that could not hold what a rewriting to `size` bytes writes there; "" where all can.

    SQLite builds the new file among its temporary files, then takes it over by way of the log beside the old one.
    """
    folder = Path(database.url.database or "").absolute().parent
    needs = {folder: size}
    scratch = _scratch()
    same = next((each for each in needs if each.stat().st_dev == scratch.stat().st_dev), scratch)
    needs[same] = needs.get(same, 0) + size
    return next((str(each) for each, wanted in needs.items() if shutil.disk_usage(each).free <= wanted), "")


def _scratch() -> Path:
    """Where SQLite puts its temporary files, https://www.sqlite.org/tempfiles.html#temporary_file_storage_locations."""
    places = (os.environ.get("SQLITE_TMPDIR"), os.environ.get("TMPDIR"), "/var/tmp", "/usr/tmp", "/tmp")
    fit = (Path(place) for place in places if place and Path(place).is_dir() and os.access(place, os.W_OK | os.X_OK))
    return next(fit, Path())


def rewrite(database: Database) -> None:
    """VACUUM: the file is rewritten without its empty pages. Nobody else may write meanwhile.

    Not `auto_vacuum`: that must be set before the first table is made or by such a rewriting, moves single pages to
    and fro at every commit, and leaves the rest in disorder. Raises DatabaseBusy.
    """
    database.outside_transactions("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")
