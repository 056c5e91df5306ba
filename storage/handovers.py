"""What people built on (导出、整改通知、人工录入): inspections whose findings and evidence retention does not let go.

What an inspection leaves by itself in its outbox is none: that folder holds copies of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage import tables
from storage.database import Database
from storage.errors import RecordConflict


def claimed(connection: Connection, among: Collection[str] | None = None) -> set[str]:
    """The inspections that somebody exported, gave a notice of, or entered something in.

    Of those `among` nobody can claim one until the transaction ends; who is about to is waited for.
    """
    if among is not None:  # what points to a row waits for it; SQLite has one writer, and leaves the clause out
        table = tables.inspections
        connection.execute(sa.select(table.c.id).where(table.c.id.in_(list(among))).with_for_update()).all()
    every = (tables.handovers, tables.notices, tables.entries)
    return set(connection.execute(sa.union(*(sa.select(table.c.inspection) for table in every))).scalars())


class Handovers:
    """Rows are only ever added. Every call is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, inspection: str, at: datetime) -> None:
        """Notes an export, before anything of it is read: what is noted is not thinned any more.

        Raises RecordConflict for an inspection that is not recorded, or that was thinned.
        """
        table = tables.inspections
        with self._database.write() as connection:
            connection.execute(sa.insert(tables.handovers).values(inspection=inspection, at=at))
            thinned = sa.select(table.c.thinned).where(table.c.id == inspection)
            if connection.execute(thinned).scalar_one_or_none() is not None:
                raise RecordConflict(f"检查批次 {inspection} 的判定结果已按保存期限清除，不能再导出")

    def claimed(self) -> frozenset[str]:
        """The inspections that people built on; see `claimed`."""
        with self._database.read() as connection:
            return frozenset(claimed(connection))
