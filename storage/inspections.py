"""Inspections (检查批次) and their tables of targets, which are the truth of what is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from checks.model import JSON, Subject, Target
from crawler.facts import Unit
from storage import tables
from storage.database import Database
from storage.encoding import mapping_of, strings_of, text_of, units_of
from storage.errors import RecordMissing

RECHECK = "recheck"
"""The kind of an inspection that looks at problems of notices alone: it has no results of its own and judges nobody."""
_CHUNK = 64


class InspectionRecord(Struct, frozen=True):
    """One inspection with its snapshot of the registry; `ended` is None while it runs or was interrupted.

    `cleared` is when what its runs had gathered was first removed by the rule of retention, `thinned` when most of
    what was judged and scored was: of such an inspection nothing may be told any more, for it would read as clean.
    """

    id: str
    name: str
    kind: str
    as_of: datetime
    rulesets: tuple[str, ...]
    units: tuple[Unit, ...]
    settings: Mapping[str, JSON]
    started: datetime
    tool_version: str
    registry_digest: str
    ended: datetime | None = None
    exit_reason: str = ""
    cleared: datetime | None = None
    thinned: datetime | None = None


class TargetRow(Struct, frozen=True):
    """One target of an inspection. `state` is pending, running, done, failed or interrupted.

    `run` is the run whose facts it has, also after an interruption; `attempts` counts how often it was taken.
    """

    inspection: str
    number: int
    target: Target
    name: str
    state: str
    run: int | None
    worker: str
    attempts: int
    started: datetime | None
    ended: datetime | None
    exit_reason: str
    stats: Mapping[str, JSON]


class Inspections:
    """Inspections and their targets. Every call is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, record: InspectionRecord, targets: Sequence[tuple[Target, str]]) -> None:
        """Records an inspection and its targets (target, name), numbered from 1. Raises RecordConflict."""
        with self._database.write() as connection:
            connection.execute(
                sa.insert(tables.inspections).values(
                    id=record.id,
                    name=record.name,
                    kind=record.kind,
                    as_of=record.as_of,
                    rulesets=text_of(record.rulesets),
                    units=text_of(record.units),
                    settings=text_of(record.settings),
                    started=record.started,
                    tool_version=record.tool_version,
                    registry_digest=record.registry_digest,
                    ended=record.ended,
                    exit_reason=record.exit_reason,
                )
            )
            rows = [
                (record.id, number, target.unit, target.kind.value, target.address, name, "pending", "", 0, "", "{}")
                for number, (target, name) in enumerate(targets, 1)
            ]
            self._database.insert(connection, tables.targets, _NEW_TARGET, rows)

    def get(self, id: str) -> InspectionRecord:
        """That inspection. Raises RecordMissing."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(tables.inspections).where(tables.inspections.c.id == id)).one_or_none()
        if row is None:
            raise RecordMissing(f"没有检查批次 {id}")
        return _record(row)

    def all(self) -> tuple[InspectionRecord, ...]:
        """Every inspection, the last started first; rechecks are none."""
        query = sa.select(tables.inspections).where(tables.inspections.c.kind != RECHECK).order_by(*_LATEST_FIRST)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(_record(row) for row in rows)

    def every(self) -> tuple[InspectionRecord, ...]:
        """Every inspection and every recheck, the last started first."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(tables.inspections).order_by(*_LATEST_FIRST)).all()
        return tuple(_record(row) for row in rows)

    def latest_unfinished(self, registry_digest: str) -> InspectionRecord | None:
        """The last started inspection over that registry which has not ended; None where there is none.

        Nobody goes on with one whose runs were cleared: what they would gather now would be cleared with the rest.
        """
        table = tables.inspections
        query = sa.select(table).where(
            table.c.registry_digest == registry_digest, table.c.ended.is_(None), table.c.cleared.is_(None)
        )
        with self._database.read() as connection:
            row = connection.execute(query.order_by(*_LATEST_FIRST).limit(1)).one_or_none()
        return None if row is None else _record(row)

    def previous(self, id: str) -> str | None:
        """The last ended inspection of an earlier start that shares a target with this one. Raises RecordMissing."""
        table, mine, theirs = tables.inspections, tables.targets.alias("mine"), tables.targets.alias("theirs")
        shared = (
            sa.select(sa.literal(1))
            .select_from(
                mine.join(
                    theirs,
                    (mine.c.address == theirs.c.address)
                    & (mine.c.kind == theirs.c.kind)
                    & (mine.c.unit == theirs.c.unit),
                )
            )
            .where(mine.c.inspection == id, theirs.c.inspection == table.c.id)
            .exists()
        )
        query = (
            sa.select(table.c.id)
            .where(table.c.started < self.get(id).started, table.c.ended.is_not(None), table.c.kind != RECHECK, shared)
            .order_by(*_LATEST_FIRST)
            .limit(1)
        )
        with self._database.read() as connection:
            return connection.execute(query).scalar_one_or_none()

    def targets(self, id: str) -> tuple[TargetRow, ...]:
        """All targets of an inspection by number."""
        query = sa.select(tables.targets).where(tables.targets.c.inspection == id).order_by(tables.targets.c.number)
        with self._database.read() as connection:
            return tuple(_target_row(row) for row in connection.execute(query))

    def target(self, id: str, number: int) -> TargetRow | None:
        """One target of an inspection; None where there is none."""
        table = tables.targets
        with self._database.read() as connection:
            query = sa.select(table).where(table.c.inspection == id, table.c.number == number)
            row = connection.execute(query).one_or_none()
        return None if row is None else _target_row(row)

    def waiting(self, id: str) -> Iterator[tuple[int, Target]]:
        """The pending targets by number, in short reads. Those that were tried least come first, so that one on which

        workers die keeps nobody waiting.
        """
        table = tables.targets
        order = sa.tuple_(table.c.attempts, table.c.number)
        query = sa.select(table.c.attempts, table.c.number, table.c.unit, table.c.address, table.c.kind)
        query = query.where(table.c.inspection == id, table.c.state == "pending")
        query = query.order_by(table.c.attempts, table.c.number).limit(_CHUNK)
        last = (-1, -1)
        while True:
            with self._database.read() as connection:
                rows = connection.execute(query.where(order > last)).all()
            for row in rows:
                yield row.number, Target(row.unit, row.address, Subject(row.kind))
            if len(rows) < _CHUNK:
                return
            last = rows[-1].attempts, rows[-1].number

    def take(self, id: str, number: int, worker: str, now: datetime) -> TargetRow | None:
        """Gives this worker that target, and no other worker the same; None where it is not pending any more."""
        table = tables.targets
        statement = (
            sa.update(table)
            .where(table.c.inspection == id, table.c.number == number, table.c.state == "pending")
            .values(
                state="running", worker=worker, attempts=table.c.attempts + 1, started=now, ended=None, exit_reason=""
            )
            .returning(*table.c)
        )
        with self._database.write() as connection:
            row = connection.execute(statement).one_or_none()
        return None if row is None else _target_row(row)

    def attach_run(self, id: str, number: int, run: int) -> None:
        """Says which run holds the target's facts. Raises RecordMissing."""
        self._change(id, number, run=run)

    def complete(
        self, id: str, number: int, *, state: str, exit_reason: str, stats: Mapping[str, JSON], now: datetime
    ) -> None:
        """Ends a target as done, failed or interrupted. Raises RecordMissing."""
        self._change(id, number, state=state, exit_reason=exit_reason, stats=text_of(stats), ended=now)

    def pause(self, id: str, reason: str) -> None:
        """Notes why an inspection that has not ended is worked on by nobody; `requeue` takes the note back."""
        table = tables.inspections
        with self._database.write() as connection:
            connection.execute(sa.update(table).where(table.c.id == id).values(exit_reason=reason))

    def requeue(self, id: str) -> int:
        """Makes running and interrupted targets pending again, with the runs they have; answers how many."""
        table = tables.targets
        statement = (
            sa.update(table)
            .where(table.c.inspection == id, table.c.state.in_(("running", "interrupted")))
            .values(state="pending", worker="", ended=None, exit_reason="")
        )
        resumed = sa.update(tables.inspections).where(tables.inspections.c.id == id).values(exit_reason="")
        with self._database.write() as connection:
            connection.execute(resumed)
            return connection.execute(statement).rowcount

    def release(self, id: str, number: int, worker: str, stats: Mapping[str, JSON] | None = None) -> bool:
        """Makes a target pending again, with the run it has, where this worker had it and did not end it; else False.

        `stats` replace its figures.
        """
        values: dict[str, object] = {"state": "pending", "worker": "", "ended": None, "exit_reason": ""}
        if stats is not None:
            values["stats"] = text_of(stats)
        with self._database.write() as connection:
            return bool(connection.execute(_had_by(worker, id, number).values(**values)).rowcount)

    def finish(self, id: str, ended: datetime, exit_reason: str) -> None:
        """Ends an inspection. Raises RecordMissing."""
        table = tables.inspections
        with self._database.write() as connection:
            changed = connection.execute(
                sa.update(table).where(table.c.id == id).values(ended=ended, exit_reason=exit_reason)
            )
            if not changed.rowcount:
                raise RecordMissing(f"没有检查批次 {id}")

    def give_up(
        self, id: str, number: int, worker: str, exit_reason: str, stats: Mapping[str, JSON], now: datetime
    ) -> bool:
        """Ends a target as failed where this worker had it and did not end it; else False."""
        values = {"state": "failed", "exit_reason": exit_reason, "stats": text_of(stats), "ended": now}
        with self._database.write() as connection:
            return bool(connection.execute(_had_by(worker, id, number).values(**values)).rowcount)

    def counts(self, id: str) -> Mapping[str, int]:
        """How many targets of an inspection are in each state."""
        table = tables.targets
        query = sa.select(table.c.state, sa.func.count()).where(table.c.inspection == id).group_by(table.c.state)
        with self._database.read() as connection:
            return {str(row[0]): int(row[1]) for row in connection.execute(query)}

    def unfinished(self) -> tuple[InspectionRecord, ...]:
        """Every inspection that has not ended, rechecks too, the last started first."""
        query = sa.select(tables.inspections).where(tables.inspections.c.ended.is_(None)).order_by(*_LATEST_FIRST)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(_record(row) for row in rows)

    def _change(self, id: str, number: int, **values: object) -> None:
        table = tables.targets
        with self._database.write() as connection:
            changed = connection.execute(
                sa.update(table).where(table.c.inspection == id, table.c.number == number).values(**values)
            )
            if not changed.rowcount:
                raise RecordMissing(f"检查批次 {id} 没有第 {number} 个对象")


def _had_by(worker: str, id: str, number: int) -> sa.Update:
    """An update of a target where this worker had it and did not end it."""
    table = tables.targets
    return sa.update(table).where(
        table.c.inspection == id,
        table.c.number == number,
        table.c.worker == worker,
        table.c.state.in_(("running", "interrupted")),
    )


_NEW_TARGET = (
    "inspection",
    "number",
    "unit",
    "kind",
    "address",
    "name",
    "state",
    "worker",
    "attempts",
    "exit_reason",
    "stats",
)

_LATEST_FIRST = (tables.inspections.c.started.desc(), tables.inspections.c.id.desc())


def _record(row: sa.Row[Any]) -> InspectionRecord:
    return InspectionRecord(
        id=row.id,
        name=row.name,
        kind=row.kind,
        as_of=row.as_of,
        rulesets=strings_of(row.rulesets),
        units=units_of(row.units),
        settings=mapping_of(row.settings),
        started=row.started,
        tool_version=row.tool_version,
        registry_digest=row.registry_digest,
        ended=row.ended,
        exit_reason=row.exit_reason,
        cleared=row.cleared,
        thinned=row.thinned,
    )


def _target_row(row: sa.Row[Any]) -> TargetRow:
    return TargetRow(
        inspection=row.inspection,
        number=row.number,
        target=Target(row.unit, row.address, Subject(row.kind)),
        name=row.name,
        state=row.state,
        run=row.run,
        worker=row.worker,
        attempts=row.attempts,
        started=row.started,
        ended=row.ended,
        exit_reason=row.exit_reason,
        stats=mapping_of(row.stats),
    )
