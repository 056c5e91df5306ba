"""The right of one worker to write what concerns one target, proved anew in every transaction that writes.

A worker that was given up for dead may still be alive: it was suspended, or its network was cut. Once its target has
been given to another, nothing more of it is taken, so that no fact is ever written twice.
"""

from __future__ import annotations

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from storage import tables
from storage.errors import LeaseLost


class Lease(Struct, frozen=True):
    """A target of an inspection by its number, and the worker that took it."""

    inspection: str
    number: int
    worker: str

    def prove(self, connection: Connection) -> None:
        """Holds the target's row until the transaction ends. Raises LeaseLost where another worker has the target."""
        table = tables.targets
        mine = sa.select(sa.literal(1)).where(
            table.c.inspection == self.inspection,
            table.c.number == self.number,
            table.c.worker == self.worker,
            table.c.state == "running",
        )
        if connection.execute(mine.with_for_update(read=True)).scalar() is None:
            raise LeaseLost(f"检查批次 {self.inspection} 第 {self.number} 个对象已由其他工作进程接手")
