"""Postings: what was sent to people, by which channel, and what came of it.

At most once: whoever claims a message sends it, and nobody else may, unless it is told that the sending failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from storage import tables
from storage.database import Database
from storage.encoding import strings_of, text_of


class Sent(StrEnum):
    """What came of a sending. UNSURE: all was handed over and no answer came, so that it may have arrived.

    SENDING is somebody at it now, or one that died at it: of it, too, nobody knows whether it arrived.
    """

    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"

    @property
    def label(self) -> str:
        """The outcome in Chinese."""
        return _LABELS[self]


_LABELS = {
    Sent.SENDING: "正在发送，或上次发送中断",
    Sent.SENT: "已发送",
    Sent.FAILED: "发送失败",
    Sent.UNSURE: "未能确认是否送达",
}


class Posting(Struct, frozen=True):
    """One message on one channel. `digest` is of the state that it tells, `told` the keys of single things in it."""

    kind: str
    key: str
    channel: str
    at: datetime
    outcome: Sent
    digest: str = ""
    told: tuple[str, ...] = ()
    reason: str = ""
    attempts: int = 1


class Postings:
    """All postings. Every call is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, kind: str, key: str, channel: str, now: datetime, *, digest: str, told: Sequence[str]) -> bool:
        """True for the one who is to send it now: the first to ask ever, or the first since it was told to fail."""
        table = tables.postings
        place = (table.c.kind == kind) & (table.c.key == key) & (table.c.channel == channel)
        values = {"at": now, "outcome": Sent.SENDING.value, "digest": digest, "told": text_of(tuple(told))}
        fresh = self._database.insert_absent(table).values(
            kind=kind, key=key, channel=channel, reason="", attempts=1, **values
        )
        fresh = fresh.returning(table.c.key)  # answers nothing where the row is there; a count is not told everywhere
        again = sa.update(table).where(place, table.c.outcome == Sent.FAILED.value)
        with self._database.write() as connection:
            if connection.execute(fresh).first() is not None:
                return True
            return connection.execute(again.values(attempts=table.c.attempts + 1, **values)).rowcount == 1

    def settle(self, kind: str, key: str, channel: str, outcome: Sent, now: datetime, *, reason: str = "") -> None:
        """Says what came of a message that was claimed."""
        table = tables.postings
        place = (table.c.kind == kind) & (table.c.key == key) & (table.c.channel == channel)
        with self._database.write() as connection:
            connection.execute(sa.update(table).where(place).values(outcome=outcome.value, reason=reason, at=now))

    def get(self, kind: str, key: str, channel: str) -> Posting | None:
        """That posting; None where nobody claimed it."""
        table = tables.postings
        place = (table.c.kind == kind) & (table.c.key == key) & (table.c.channel == channel)
        with self._database.read() as connection:
            row = connection.execute(sa.select(table).where(place)).one_or_none()
        return None if row is None else _posting(row)

    def last(self, kind: str, channel: str, outcomes: Sequence[Sent] = (Sent.SENT,)) -> Posting | None:
        """The last message of a kind on a channel that ended so; None where there is none."""
        table = tables.postings
        query = sa.select(table).where(
            table.c.kind == kind, table.c.channel == channel, table.c.outcome.in_([one.value for one in outcomes])
        )
        with self._database.read() as connection:
            row = connection.execute(query.order_by(table.c.at.desc(), table.c.key.desc()).limit(1)).one_or_none()
        return None if row is None else _posting(row)

    def told(self, kind: str, channel: str) -> frozenset[str]:
        """The single things that the messages of a kind told which surely arrived on a channel."""
        table = tables.postings
        query = sa.select(table.c.told).where(
            table.c.kind == kind, table.c.channel == channel, table.c.outcome == Sent.SENT.value
        )
        with self._database.read() as connection:
            return frozenset(key for text in connection.execute(query).scalars() for key in strings_of(text))

    def since(self, kind: str, channel: str, moment: datetime) -> tuple[Posting, ...]:
        """The messages of a kind on a channel that were handled since, in order of time."""
        table = tables.postings
        query = sa.select(table).where(table.c.kind == kind, table.c.channel == channel, table.c.at >= moment)
        with self._database.read() as connection:
            return tuple(map(_posting, connection.execute(query.order_by(table.c.at, table.c.key))))

    def latest(self) -> tuple[Posting, ...]:
        """The last posting of each kind and channel, whatever came of it."""
        table = tables.postings
        place = (table.c.kind, table.c.channel)
        nth = sa.func.row_number().over(partition_by=place, order_by=(table.c.at.desc(), table.c.key.desc()))
        ranked = sa.select(table, nth.label("nth")).subquery()
        query = sa.select(ranked).where(ranked.c.nth == 1).order_by(ranked.c.kind, ranked.c.channel)
        with self._database.read() as connection:
            return tuple(_posting(row) for row in connection.execute(query))


def _posting(row: sa.Row[Any]) -> Posting:
    return Posting(
        kind=row.kind,
        key=row.key,
        channel=row.channel,
        at=row.at,
        outcome=Sent(row.outcome),
        digest=row.digest,
        told=strings_of(row.told),
        reason=row.reason,
        attempts=row.attempts,
    )
