"""Clearing (清除): removes what runs gathered and inspections found, once the rule of retention lets it go.

What a run that stays stands on stays: the pages that it keeps, the captures of these, every link number of its line,
and the spool that the captures point to. Rows go first, target by target, each in one transaction; files go after them,
so that no row ever points to a file that a crash left removed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from checks.model import Subject, Target
from storage import tables, thinning
from storage.bodies import Bodies
from storage.database import Database
from storage.encoding import text_of
from storage.handovers import claimed
from storage.inspections import RECHECK
from storage.life import LATER, is_target, open_findings
from storage.run_view import CLEARED
from storage.tally import Tally, size_of, some_of

HISTORY = "read_back"
"""The note that `scheduler.history` compares nights by; it stays, with the run's visits, while it is looked at."""


class RunRow(Struct, frozen=True):
    """A run as retention sees it.

    `is_cleared`: what it gathered has been removed before; `is_whole`: nothing cut it short.
    """

    id: int
    inspection: str
    target: Target
    is_ended: bool
    is_recheck: bool
    is_cleared: bool
    is_whole: bool


class Cleared(Struct, frozen=True):
    """What came of a target: what went by kind, all its cleared runs, and those of them without captures."""

    tallies: Mapping[str, Tally]
    runs: frozenset[int]
    without_captures: frozenset[int]


class Clearing:
    """The rows of runs and findings, and the spools of this machine."""

    def __init__(self, database: Database, bodies: Bodies) -> None:
        self._database = database
        self._bodies = bodies

    def runs(self) -> tuple[RunRow, ...]:
        """Every run by number."""
        runs, inspections, notes = tables.runs, tables.inspections, tables.notes
        cleared, whole = (
            sa.exists().where(notes.c.run == runs.c.id, notes.c.key == key).label(key) for key in (CLEARED, HISTORY)
        )
        query = sa.select(
            *(runs.c[name] for name in ("id", "inspection", "unit", "address", "kind", "ended")),
            *(inspections.c.kind.label("sort"), cleared, whole),
        )
        query = query.join(inspections, inspections.c.id == runs.c.inspection).order_by(runs.c.id)
        with self._database.read() as connection:
            return tuple(
                RunRow(
                    id=row.id,
                    inspection=row.inspection,
                    target=Target(row.unit, row.address, Subject(row.kind)),
                    is_ended=row.ended is not None,
                    is_recheck=row.sort == RECHECK,
                    is_cleared=bool(row[-2]),
                    is_whole=bool(row[-1]),
                )
                for row in connection.execute(query)
            )

    def targets(self) -> Mapping[str, frozenset[Target]]:
        """The targets of every inspection."""
        table = tables.targets
        found: dict[str, set[Target]] = {}
        with self._database.read() as connection:
            for row in connection.execute(sa.select(table.c.inspection, table.c.unit, table.c.address, table.c.kind)):
                found.setdefault(row.inspection, set()).add(Target(row.unit, row.address, Subject(row.kind)))
        return {id: frozenset(targets) for id, targets in found.items()}

    def clear(self, target: Target, runs: Collection[int], *, history: int, now: datetime, trial: bool) -> Cleared:
        """Clears runs of a target, in one transaction. A `trial` only counts what would go.

        Visits and the note of how far lists were read stay with the last `history` runs that have one.
        """
        with self._opened(trial=trial) as connection:
            fresh = set(runs) - self._under_way(connection, target, runs)
            dead = fresh | self._cleared(connection, target)
            if fresh and not trial:
                rows = [{"run": run, "key": CLEARED, "value": text_of(now)} for run in fresh]
                connection.execute(self._database.insert_absent(tables.notes), rows)
            return self._facts(connection, target, dead, history, trial=trial)

    def thin(
        self, target: Target, inspections: Collection[str], *, let_go: Collection[str], trial: bool
    ) -> tuple[Mapping[str, Tally], frozenset[int]]:
        """Thins a target's results and evidence, in one transaction; answers what went, and the findings that have lost

        their evidence. A `trial` only counts.

        Results of these inspections go, as far as a later determined result of the check stands: what is left is all
        that `open_findings` reads. In those of `let_go` findings lose their evidence, unless the problem is still open
        or somebody has come to build on the inspection meanwhile.
        """
        with self._opened(trial=trial) as connection:
            standing = open_findings(connection, target, before=LATER)
            gone, lost = thinning.thin(connection, target, inspections, standing, trial=trial)
            free = set(let_go) - claimed(connection, None if trial else let_go)
            return gone, frozenset(lost | thinning.let_go(connection, target, free, standing, trial=trial))

    def mark(
        self, *, cleared: Collection[str], thinned: Collection[str], known: Collection[str], now: datetime
    ) -> frozenset[str]:
        """Notes on inspections that they were cleared and thinned (once).

        Called before anything is removed: an inspection that is half cleared must not pass for a whole one. Those that
        people have come to build on since the `known` ones were read are left as they are, and answered.
        """
        table = tables.inspections
        with self._database.write() as connection:
            late = claimed(connection, {*cleared, *thinned}) - set(known)
            for column, ids in ((table.c.cleared, cleared), (table.c.thinned, thinned)):
                for some in some_of(set(ids) - late):
                    change = sa.update(table).where(table.c.id.in_(some), column.is_(None))
                    connection.execute(change.values({column: now}))
        return frozenset(late)

    def spools(self, dead: Collection[int], before: datetime) -> Iterator[tuple[int, int]]:
        """The spools here (run, bytes) that nothing points to: of these cleared runs, or of runs that never were.

        One of a run that is not recorded is left alone until it is older than `before`.
        """
        held = self._bodies.held()
        with self._database.read() as connection:
            known = set(connection.execute(sa.select(tables.runs.c.id)).scalars())
        for run, (size, written) in held.items():
            if run in dead or (run not in known and written < before):
                yield run, size

    def all_spools(self) -> Tally:
        """Every spool of this machine, as staying."""
        held = self._bodies.held().values()
        return Tally(stays=len(held), stays_bytes=sum(size for size, _ in held))

    def _opened(self, *, trial: bool) -> AbstractContextManager[Connection]:
        return self._database.read() if trial else self._database.write_in_turn()

    def _cleared(self, connection: Connection, target: Target) -> set[int]:
        runs, notes = tables.runs, tables.notes
        query = sa.select(runs.c.id).join(notes, (notes.c.run == runs.c.id) & (notes.c.key == CLEARED))
        return set(connection.execute(query.where(is_target(runs, target))).scalars())

    def _under_way(self, connection: Connection, target: Target, going: Collection[int]) -> set[int]:
        """The runs that others stand on which have not ended: these may yet find any page of theirs unchanged."""
        runs, bases = tables.runs, tables.bases
        query = sa.select(bases.c.run, bases.c.base).join(runs, runs.c.id == bases.c.run)
        query = query.where(is_target(runs, target), runs.c.ended.is_(None))
        return {row.base for row in connection.execute(query) if row.run not in going}

    def _facts(self, connection: Connection, target: Target, dead: set[int], history: int, *, trial: bool) -> Cleared:
        runs, bases, captures, notes = tables.runs, tables.bases, tables.captures, tables.notes
        mine = set(connection.execute(sa.select(runs.c.id).where(is_target(runs, target))).scalars())
        lines = sa.select(bases).join(runs, runs.c.id == bases.c.run).where(is_target(runs, target))
        base_of = {row.run: row.base for row in connection.execute(lines)}
        stood: set[int] = set()
        for run in mine - dead:
            while (base := base_of.get(run)) is not None and base not in stood:
                stood.add(base)
                run = base
        noted = sa.select(runs.c.id).join(notes, notes.c.run == runs.c.id)
        noted = noted.where(is_target(runs, target), notes.c.key == HISTORY, runs.c.ended.is_not(None))
        remembered = set(connection.execute(noted.order_by(runs.c.id.desc()).limit(history)).scalars())
        pages, kept = tables.pages, tables.kept_pages
        is_kept = sa.exists().where(kept.c.page == pages.c.id, kept.c.run.in_(mine - dead)).correlate(pages)
        has_page = sa.exists().where(pages.c.run == captures.c.run, pages.c.url_key == captures.c.url_key, is_kept)
        busy: set[int] = set()
        for some in some_of(dead):
            held = sa.select(captures.c.run).where(captures.c.run.in_(some), has_page)
            busy.update(connection.execute(held.distinct()).scalars())
            if not trial:
                connection.execute(sa.delete(kept).where(kept.c.run.in_(some)))

        def gone(table: sa.Table, going: Collection[int], *which: sa.ColumnElement[bool]) -> Tally:
            return _delete(connection, table, going, *which, trial=trial)

        tallies = {
            "captures": gone(captures, dead, ~has_page),  # before the pages that they are told by
            "pages": gone(pages, dead, ~is_kept),
            "links": gone(tables.links, dead - stood),
            "visits": gone(tables.visits, dead - remembered),
            "notes": gone(notes, dead, notes.c.key.not_in((HISTORY, CLEARED)))
            + gone(notes, dead - remembered, notes.c.key == HISTORY),
            "bases": gone(bases, dead - stood),
        }
        return Cleared(tallies, frozenset(dead), frozenset(dead - busy))


def _delete(
    connection: Connection, table: sa.Table, runs: Collection[int], *which: sa.ColumnElement[bool], trial: bool
) -> Tally:
    """Deletes rows of these runs, and counts them; a `trial` only counts them."""
    tally = Tally()
    for some in some_of(runs):
        hit = (table.c.run.in_(some), *which)
        count, size = connection.execute(
            sa.select(sa.func.count(), size_of(table)).select_from(table).where(*hit)
        ).one()
        tally += Tally(count, int(size))
        if count and not trial:
            connection.execute(sa.delete(table).where(*hit))
    return tally
