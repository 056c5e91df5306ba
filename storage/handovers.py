"""What was handed over (导出): inspections that a person had exported, so that no machine's retention lets their

evidence go. What an inspection leaves by itself in its outbox is none: that folder holds copies of its own.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from storage import tables
from storage.database import Database


class Handovers:
    """Rows are only ever added. Every call is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, inspection: str, at: datetime) -> None:
        """Notes an export. Raises RecordConflict for an inspection that is not recorded."""
        with self._database.write() as connection:
            connection.execute(sa.insert(tables.handovers).values(inspection=inspection, at=at))

    def inspections(self) -> frozenset[str]:
        """The inspections of which something was handed over: exported by a person, or named in a notice."""
        handovers, notices = tables.handovers, tables.notices
        with self._database.read() as connection:
            query = sa.union(sa.select(handovers.c.inspection), sa.select(notices.c.inspection))
            return frozenset(connection.execute(query).scalars())
