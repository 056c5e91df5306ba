"""Budgets of account sources: what each was asked under one login, kept across restarts and shared by all workers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection, Row

from crawler.facts import BEIJING
from storage import tables
from storage.database import Database

_MINUTE = timedelta(minutes=1)


class Turn(Struct, frozen=True):
    """When a call may be made; `refused` says in words why none may be made before, "" where the turn was taken.
    `strikes` counts the platform's refusals in a row.
    """

    at: datetime
    refused: str = ""
    strikes: int = 0


class Budgets:
    """One row a channel. Every call is one transaction, so that processes never take the same turn."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, channel: str, now: datetime, *, interval: float, a_minute: int, a_day: int) -> Turn:
        """Takes the next turn: `interval` seconds after the last, at most so many a minute and a day (Asia/Shanghai).

        A turn that was taken is spent, whether or not the caller lives to use it.
        """
        with self._row(channel) as (connection, row):
            if row.blocked_until is not None and row.blocked_until > now:
                return Turn(row.blocked_until, row.reason, row.strikes)
            at = max(now, row.free_at) if row.free_at else now
            minute, in_minute = row.minute, row.in_minute
            if minute is None or at - minute >= _MINUTE:
                minute, in_minute = at, 0
            elif in_minute >= a_minute:
                minute, in_minute = minute + _MINUTE, 0
                at = max(at, minute)
            day = datetime.combine(at.astimezone(BEIJING).date(), time(), BEIJING)
            in_day = row.in_day if row.day == day else 0
            if in_day >= a_day:
                return Turn(day + timedelta(days=1), f"今日请求额度（{a_day} 次）已用完", row.strikes)
            _write(
                connection,
                channel,
                free_at=at + timedelta(seconds=interval),
                minute=minute,
                in_minute=in_minute + 1,
                day=day,
                in_day=in_day + 1,
            )
            return Turn(at, strikes=row.strikes)

    def block(self, channel: str, until: datetime, reason: str, *, now: datetime) -> None:
        """Refuses every turn before `until`, a longer block standing; counts one more refusal."""
        with self._row(channel) as (connection, row):
            if row.blocked_until is not None and row.blocked_until > max(until, now):
                until, reason = row.blocked_until, row.reason
            _write(connection, channel, blocked_until=until, reason=reason, strikes=row.strikes + 1)

    def clear(self, channel: str) -> None:
        """Forgets the refusals: the platform has answered."""
        with self._row(channel) as (connection, _):
            _write(connection, channel, blocked_until=None, reason="", strikes=0)

    @contextmanager
    def _row(self, channel: str) -> Iterator[tuple[Connection, Row[tuple[object, ...]]]]:
        table = tables.budgets
        with self._database.write() as connection:
            fresh = self._database.insert_absent(table).values(
                channel=channel, in_minute=0, in_day=0, reason="", strikes=0
            )
            connection.execute(fresh)
            yield (
                connection,
                connection.execute(sa.select(table).where(table.c.channel == channel).with_for_update()).one(),
            )


def _write(connection: Connection, channel: str, **values: object) -> None:
    table = tables.budgets
    connection.execute(sa.update(table).where(table.c.channel == channel).values(**values))
