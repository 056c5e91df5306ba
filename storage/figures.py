"""Figures over what is stored, for whoever tells how things stand: counts and short rows, no facts, bounded queries.

A recheck is an inspection too: what waits in its table waits.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from checks.model import JSON, State, Subject, Target
from storage import tables
from storage.database import Database
from storage.encoding import mapping_of

LOOKED_BACK = 10
"""Earlier inspections that are looked at for what they left of a target."""
_LAST = 3
_CHUNK = 500


class Brief(Struct, frozen=True):
    """An inspection without its units and settings."""

    id: str
    name: str
    kind: str
    started: datetime
    ended: datetime | None


class Queue(Struct, frozen=True):
    """What waits: targets of inspections that have not ended. `oldest` is when the oldest such inspection began."""

    pending: int
    running: int
    oldest: datetime | None


class Earlier(Struct, frozen=True):
    """A target as an earlier inspection left it."""

    inspection: str
    run: int | None
    exit_reason: str
    stats: Mapping[str, JSON]


class Ended(Struct, frozen=True):
    """How a target of an inspection stands."""

    target: Target
    state: str
    exit_reason: str
    stats: Mapping[str, JSON]


class Figures:
    """Every call is one short read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last(self, kind: str, *, ended: bool = False, until: datetime | None = None) -> Brief | None:
        """The inspection of a kind that started last, of those that have ended, or had begun by then, where asked."""
        table = tables.inspections
        query = sa.select(*_BRIEF).where(table.c.kind == kind).order_by(table.c.started.desc(), table.c.id.desc())
        if ended:
            query = query.where(table.c.ended.is_not(None))
        if until is not None:
            query = query.where(table.c.started <= until)
        with self._database.read() as connection:
            row = connection.execute(query.limit(1)).one_or_none()
        return None if row is None else _brief(row)

    def unfinished(self, most: int = 20) -> tuple[Brief, ...]:
        """Inspections that have not ended, the oldest first."""
        table = tables.inspections
        query = sa.select(*_BRIEF).where(table.c.ended.is_(None)).order_by(table.c.started, table.c.id).limit(most)
        with self._database.read() as connection:
            return tuple(_brief(row) for row in connection.execute(query))

    def queue(self) -> Queue:
        """How many targets wait or are at work, and since when."""
        targets, inspections = tables.targets, tables.inspections
        begun = sa.select(inspections.c.id, inspections.c.started).where(inspections.c.ended.is_(None))
        counts: Counter[str] = Counter()
        since: list[datetime] = []
        with self._database.read() as connection:
            # One by one: few are unfinished, and a join would go through the targets of all that ever were.
            for inspection in connection.execute(begun).all():
                query = (
                    sa.select(targets.c.state, sa.func.count().label("many"))
                    .where(targets.c.inspection == inspection.id, targets.c.state.in_(("pending", "running")))
                    .group_by(targets.c.state)
                )
                found = {row.state: row.many for row in connection.execute(query)}
                counts.update(found)
                since += [inspection.started] if "pending" in found else []
        return Queue(counts["pending"], counts["running"], min(since, default=None))

    def targets(self, inspection: str) -> tuple[Ended, ...]:
        """State, reason of its end and figures of every target of an inspection, by number."""
        table = tables.targets
        columns = (table.c.unit, table.c.kind, table.c.address, table.c.state, table.c.exit_reason, table.c.stats)
        query = sa.select(*columns).where(table.c.inspection == inspection)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(table.c.number))
            return tuple(
                Ended(
                    Target(row.unit, row.address, Subject(row.kind)), row.state, row.exit_reason, mapping_of(row.stats)
                )
                for row in rows
            )

    def worked(self, kinds: Sequence[str], until: datetime | None = None) -> datetime | None:
        """When a target of inspections of these kinds was last worked off, or such an inspection began; the last few
        are looked at, of those that had begun by then where asked. None where there is none.
        """
        inspections, targets = tables.inspections, tables.targets
        last = (
            sa.select(inspections.c.id, inspections.c.started)
            .where(inspections.c.kind.in_(kinds), inspections.c.started <= until if until is not None else sa.true())
            .order_by(inspections.c.started.desc())
            .limit(_LAST)
            .subquery()
        )
        query = sa.select(sa.func.max(last.c.started), sa.func.max(targets.c.ended)).select_from(
            last.outerjoin(targets, targets.c.inspection == last.c.id)
        )
        with self._database.read() as connection:
            return max(filter(None, connection.execute(query).one()), default=None)

    def before(self, inspection: str) -> Mapping[Target, Sequence[Earlier]]:
        """Each target of an inspection as the last few ended ones of the same kind before it left it, the newest first.

        Only where it was done; a target that none of them did is left out.
        """
        inspections, targets = tables.inspections, tables.targets
        mine = targets.alias("mine")
        this = sa.select(inspections).where(inspections.c.id == inspection).subquery()
        past = (
            sa.select(inspections.c.id, inspections.c.started)
            .join(this, sa.and_(inspections.c.kind == this.c.kind, inspections.c.started < this.c.started))
            .where(inspections.c.ended.is_not(None))
            .order_by(inspections.c.started.desc(), inspections.c.id.desc())
            .limit(LOOKED_BACK)
            .subquery()
        )
        query = (
            sa.select(targets)
            .join(past, past.c.id == targets.c.inspection)
            .join(
                mine,
                (mine.c.address == targets.c.address)
                & (mine.c.kind == targets.c.kind)
                & (mine.c.unit == targets.c.unit)
                & (mine.c.inspection == inspection),
            )
            .where(targets.c.state == "done")
            .order_by(past.c.started.desc(), past.c.id.desc())
        )
        found: dict[Target, list[Earlier]] = defaultdict(list)
        with self._database.read() as connection:
            for row in connection.execute(query):
                target = Target(row.unit, row.address, Subject(row.kind))
                found[target].append(Earlier(row.inspection, row.run, row.exit_reason, mapping_of(row.stats)))
        return found

    def states(self, inspection: str) -> Mapping[Target, Mapping[State, int]]:
        """For each target how many results are in each state."""
        table = tables.results
        columns = (table.c.unit, table.c.kind, table.c.address, table.c.state)
        query = sa.select(*columns, sa.func.count().label("many")).where(table.c.inspection == inspection)
        found: dict[Target, dict[State, int]] = defaultdict(dict)
        with self._database.read() as connection:
            for row in connection.execute(query.group_by(*columns)):
                found[Target(row.unit, row.address, Subject(row.kind))][State(row.state)] = row.many
        return found

    def lives(self, inspection: str) -> Mapping[str, int]:
        """How many findings are new, persisting and fixed."""
        table = tables.findings
        query = sa.select(table.c.life, sa.func.count()).where(table.c.inspection == inspection)
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query.group_by(table.c.life))}

    def page_kinds(self, runs: Collection[int]) -> Mapping[int, Mapping[str, int]]:
        """For each run how many pages of each kind it saw, those that it found unchanged too."""
        pages, kept = tables.pages, tables.kept_pages
        wanted = sorted(runs)
        found: dict[int, dict[str, int]] = {run: {} for run in wanted}
        for start in range(0, len(wanted), _CHUNK):
            some = wanted[start : start + _CHUNK]
            own = sa.select(pages.c.run, pages.c.kind).where(pages.c.run.in_(some))
            earlier = sa.select(kept.c.run, pages.c.kind).join(pages, pages.c.id == kept.c.page)
            every = sa.union_all(own, earlier.where(kept.c.run.in_(some))).subquery()
            query = sa.select(every.c.run, every.c.kind, sa.func.count().label("many"))
            with self._database.read() as connection:
                for row in connection.execute(query.group_by(every.c.run, every.c.kind)):
                    found[row.run][row.kind] = row.many
        return found

    def captured_bytes(self, inspection: str) -> int:
        """How many bytes the answers take that the runs of an inspection kept, compressed as they lie on disk."""
        captures, runs = tables.captures, tables.runs
        query = (
            sa.select(sa.func.coalesce(sa.func.sum(captures.c.length), 0))
            .join(runs, runs.c.id == captures.c.run)
            .where(runs.c.inspection == inspection)
        )
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())


_BRIEF = tuple(tables.inspections.c[name] for name in ("id", "name", "kind", "started", "ended"))


def _brief(row: sa.Row[Any]) -> Brief:
    return Brief(row.id, row.name, row.kind, row.started, row.ended)
