"""Rounds (轮次) of the scheduler: what was claimed, by whom, and what came of it. One row a kind, scope and period.

`scope` is the registry that a scheduler serves. Whoever inserts the row has the round; whoever changes one must still
find it as it was read, so that of two that try one succeeds.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Row

from storage import tables
from storage.database import Database


class RoundOutcome(StrEnum):
    """What came of a round."""

    RUNNING = "running"
    DONE = "done"
    COVERED = "covered"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    MISSED = "missed"
    VOID = "void"

    @property
    def label(self) -> str:
        """The outcome in Chinese."""
        return _LABELS[self]


_LABELS = {
    RoundOutcome.RUNNING: "进行中",
    RoundOutcome.DONE: "完成",
    RoundOutcome.COVERED: "已由其他检查代替",
    RoundOutcome.INTERRUPTED: "未做完",
    RoundOutcome.FAILED: "失败",
    RoundOutcome.MISSED: "错过",
    RoundOutcome.VOID: "作废",
}


class Round(Struct, frozen=True):
    """One round. `starts` and `closes` bound the time planned for it; `claimed_at` is when it was first begun.

    `attempts` counts how often it was begun; `seen` is the holder's last sign of life; `inspection` is "" for rounds
    that inspect nothing, and before the inspection is recorded. `words` say in Chinese what came of it.
    """

    kind: str
    scope: str
    period: str
    starts: datetime
    closes: datetime
    claimed_at: datetime
    seen: datetime
    holder: str
    attempts: int = 1
    inspection: str = ""
    outcome: RoundOutcome = RoundOutcome.RUNNING
    words: str = ""
    ended: datetime | None = None


class InspectionState(Struct, frozen=True):
    """How far a round's inspection is: `left` targets are not worked off, `failed` ended as 出错."""

    id: str
    is_whole: bool
    targets: int
    left: int
    failed: int


class Rounds:
    """The rounds of all scopes. Every call is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, round: Round) -> bool:
        """Records a round where none has its kind, scope and period: True for the first who asks, in any process."""
        values = {name: getattr(round, name) for name in Round.__struct_fields__} | {"outcome": round.outcome.value}
        with self._database.write() as connection:
            fresh = self._database.insert_absent(tables.rounds).values(**values).returning(tables.rounds.c.period)
            return connection.execute(fresh).one_or_none() is not None  # PostgreSQL's driver counts no inserted rows

    def take_over(self, round: Round, holder: str, now: datetime) -> bool:
        """Gives an ended or orphaned round to another holder, to go on with it. False where it is no longer as read."""
        return self._change(
            round,
            holder=holder,
            seen=now,
            attempts=round.attempts + 1,
            outcome=RoundOutcome.RUNNING.value,
            words="",
            ended=None,
        )

    def touch(self, round: Round, now: datetime, inspection: str = "") -> bool:
        """The holder's sign of life, with the inspection once it is known. False where the round is another's now."""
        return self._change(round, seen=now, **({"inspection": inspection} if inspection else {}))

    def end(self, round: Round, outcome: RoundOutcome, words: str, now: datetime, inspection: str = "") -> bool:
        """The holder says what came of its round. False where it is no longer as read."""
        more = {"inspection": inspection} if inspection else {}
        return self._change(round, outcome=outcome.value, words=words, seen=now, ended=now, **more)

    def close(self, round: Round, words: str) -> bool:
        """Ends a round whose holder is gone, as interrupted at its last sign of life. False as in `end`."""
        return self._change(round, outcome=RoundOutcome.INTERRUPTED.value, words=words, ended=round.seen)

    def set_aside(self, scope: str, after: datetime, words: str) -> tuple[Round, ...]:
        """Frees the periods of rounds that were claimed after that moment, which lies in the future: by a wrong clock.

        The rows stay, as void, under periods that no plan has. Answers them as they were.
        """
        table = tables.rounds
        wrong = (table.c.scope == scope) & (table.c.claimed_at > after) & (table.c.outcome != RoundOutcome.VOID.value)
        with self._database.write() as connection:
            found = [_round(row) for row in connection.execute(sa.select(table).where(wrong).with_for_update())]
            for round in found:
                stamp = tables.instant(round.claimed_at)
                change = (
                    sa.update(table)
                    .where(_is(round))
                    .values(period=f"{round.period}#{stamp}", outcome=RoundOutcome.VOID.value, words=words)
                )
                connection.execute(change)
        return tuple(found)

    def of(self, scope: str, since: datetime) -> tuple[Round, ...]:
        """The rounds of a scope that close after that moment or are running, in order of time."""
        table = tables.rounds
        query = sa.select(table).where(
            table.c.scope == scope, (table.c.closes > since) | (table.c.outcome == RoundOutcome.RUNNING.value)
        )
        return self._read(query)

    def recent(self, since: datetime) -> tuple[Round, ...]:
        """The rounds of all scopes that close after that moment, in order of time."""
        return self._read(sa.select(tables.rounds).where(tables.rounds.c.closes > since))

    def missed(self, since: datetime) -> tuple[Round, ...]:
        """The rounds of all scopes that were missed since that moment, in order of time."""
        table = tables.rounds
        return self._read(sa.select(table).where(table.c.closes > since, table.c.outcome == RoundOutcome.MISSED.value))

    def first(self, scope: str) -> datetime | None:
        """When the first round of a scope was planned; None where it never had one."""
        table = tables.rounds
        query = sa.select(sa.func.min(table.c.starts).label("starts"))
        query = query.where(table.c.scope == scope, table.c.outcome != RoundOutcome.VOID.value)
        with self._database.read() as connection:
            found: datetime | None = connection.execute(query).scalar_one()
        return found

    def begun(self, kind: str, registry_digest: str, since: datetime) -> str:
        """The last inspection of a kind and registry that was started since; "" where there is none."""
        table = tables.inspections
        query = (
            sa.select(table.c.id)
            .where(table.c.kind == kind, table.c.registry_digest == registry_digest, table.c.started >= since)
            .order_by(table.c.started.desc(), table.c.id.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            return connection.execute(query).scalar_one_or_none() or ""

    def inspection_state(self, id: str) -> InspectionState | None:
        """How far an inspection is; None where it is not recorded (or no longer)."""
        inspections, targets = tables.inspections, tables.targets
        with self._database.read() as connection:
            found = connection.execute(sa.select(inspections.c.ended).where(inspections.c.id == id)).one_or_none()
            if found is None:
                return None
            counted = sa.select(targets.c.state, sa.func.count().label("number")).where(targets.c.inspection == id)
            counts = {row.state: row.number for row in connection.execute(counted.group_by(targets.c.state))}
        failed, of_all = counts.get("failed", 0), sum(counts.values())
        left = of_all - failed - counts.get("done", 0)
        return InspectionState(id, found.ended is not None, of_all, left, failed)

    def _read(self, query: sa.Select[Any]) -> tuple[Round, ...]:
        table = tables.rounds
        with self._database.read() as connection:
            return tuple(map(_round, connection.execute(query.order_by(table.c.starts, table.c.kind, table.c.period))))

    def _change(self, round: Round, **values: object) -> bool:
        table = tables.rounds
        same = (
            _is(round)
            & (table.c.holder == round.holder)
            & (table.c.attempts == round.attempts)
            & (table.c.outcome == round.outcome.value)
        )
        with self._database.write() as connection:
            return connection.execute(sa.update(table).where(same).values(**values)).rowcount == 1


def _is(round: Round) -> sa.ColumnElement[bool]:
    table = tables.rounds
    return (table.c.kind == round.kind) & (table.c.scope == round.scope) & (table.c.period == round.period)


def _round(row: Row[Any]) -> Round:
    fields = {name: getattr(row, name) for name in Round.__struct_fields__}
    return Round(**{**fields, "outcome": RoundOutcome(row.outcome)})
