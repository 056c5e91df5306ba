"""Clearing (清除): removes what runs gathered and inspections found, once the rule of retention lets it go.

What a run that stays stands on stays: the pages that it keeps, the captures of these, every link number of its line,
and the spool that the captures point to. Rows go first, target by target, each in one transaction; files go after them,
so that no row ever points to a file that a crash left removed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from checks.model import Subject, Target
from storage import tables
from storage.bodies import Bodies
from storage.database import Database
from storage.encoding import text_of
from storage.inspections import RECHECK
from storage.life import DETERMINED, is_target, open_findings
from storage.run_view import CLEARED

HISTORY = "read_back"
"""The note that `scheduler.history` compares nights by; it stays, with the run's visits, while it is looked at."""
_EDGE = 500
"""Rows or names in one statement."""


class Tally(Struct, frozen=True):
    """What went and what stayed of one kind: rows or files, and their bytes as text or on the disk."""

    gone: int = 0
    gone_bytes: int = 0
    stays: int = 0
    stays_bytes: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.gone + other.gone,
            self.gone_bytes + other.gone_bytes,
            self.stays + other.stays,
            self.stays_bytes + other.stays_bytes,
        )


class RunRow(Struct, frozen=True):
    """A run as retention sees it. `is_cleared`: what it gathered has been removed before."""

    id: int
    inspection: str
    target: Target
    is_ended: bool
    is_recheck: bool
    is_cleared: bool


class Cleared(Struct, frozen=True):
    """What came of a target: tallies by kind, findings that lost their evidence, cleared runs without captures."""

    tallies: Mapping[str, Tally]
    findings: frozenset[int] = frozenset()
    without_captures: frozenset[int] = frozenset()


class _Undone(Exception):
    """Ends a trial."""


class Clearing:
    """The rows of runs and findings, and the spools of this machine."""

    def __init__(self, database: Database, bodies: Bodies) -> None:
        self._database = database
        self._bodies = bodies

    def runs(self) -> tuple[RunRow, ...]:
        """Every run by number."""
        runs, inspections, notes = tables.runs, tables.inspections, tables.notes
        cleared = sa.exists().where(notes.c.run == runs.c.id, notes.c.key == CLEARED)
        query = sa.select(runs, inspections.c.kind.label("sort"), cleared.label("cleared"))
        query = query.join(inspections, inspections.c.id == runs.c.inspection).order_by(runs.c.id)
        with self._database.read() as connection:
            return tuple(
                RunRow(
                    id=row.id,
                    inspection=row.inspection,
                    target=Target(row.unit, row.address, Subject(row.kind)),
                    is_ended=row.ended is not None,
                    is_recheck=row.sort == RECHECK,
                    is_cleared=bool(row.cleared),
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

    def with_entries(self) -> frozenset[str]:
        """The inspections in which somebody entered something by hand."""
        with self._database.read() as connection:
            return frozenset(connection.execute(sa.select(tables.entries.c.inspection).distinct()).scalars())

    def clear(
        self,
        target: Target,
        runs: Collection[int],
        *,
        thin: Collection[str],
        let_go: Collection[str],
        history: int,
        now: datetime,
        trial: bool,
    ) -> Cleared:
        """Clears runs of a target, in one transaction. A `trial` does it and takes it back.

        `thin` are the inspections whose results go, as far as a later determined result of the check stands: what is
        left is all that `open_findings` reads. `let_go` are those whose findings lose their evidence, unless the
        problem is still open. Visits and the note of how far lists were read stay with the last `history` runs that
        have one.
        """
        with self._trial(trial) as connection:
            dead = {*runs, *self._cleared(connection, target)}
            tallies = self._facts(connection, target, dead, history)
            rows = [{"run": run, "key": CLEARED, "value": text_of(now)} for run in runs]
            if rows:
                connection.execute(self._database.insert_absent(tables.notes), rows)
            results, thinned = self._thin(connection, target, thin)
            gone = self._let_go(connection, target, let_go)
            captures = tables.captures
            busy: set[int] = set()
            for some in _some(dead):
                query = sa.select(captures.c.run).where(captures.c.run.in_(some)).distinct()
                busy.update(connection.execute(query).scalars())
            return Cleared({**tallies, **results}, frozenset(gone | thinned), frozenset(dead - busy))

    def mark(self, *, cleared: Collection[str], thinned: Collection[str], now: datetime) -> None:
        """Notes on inspections that they were cleared and thinned (once); thinned ones lose their cards.

        Called before anything is removed: an inspection that is half cleared must not pass for a whole one.
        """
        table = tables.inspections
        with self._database.write() as connection:
            for column, ids in ((table.c.cleared, cleared), (table.c.thinned, thinned)):
                for some in _some(ids):
                    change = sa.update(table).where(table.c.id.in_(some), column.is_(None))
                    connection.execute(change.values({column: now}))
            for some in _some(thinned):
                connection.execute(sa.delete(tables.cards).where(tables.cards.c.inspection.in_(some)))

    def cards(self, inspections: Collection[str]) -> Tally:
        """The scorecards that there are, and those of these inspections among them."""
        table = tables.cards
        size = sa.func.coalesce(sa.func.sum(sa.func.length(table.c.fact)), 0)
        with self._database.read() as connection:
            every = connection.execute(sa.select(sa.func.count(), size).select_from(table)).one()
            gone = [0, 0]
            for some in _some(inspections):
                row = connection.execute(
                    sa.select(sa.func.count(), size).select_from(table).where(table.c.inspection.in_(some))
                ).one()
                gone = [gone[0] + row[0], gone[1] + int(row[1])]
        return Tally(gone[0], gone[1], every[0] - gone[0], int(every[1]) - gone[1])

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

    @contextmanager
    def _trial(self, trial: bool) -> Iterator[Connection]:
        """A writing transaction, which a trial rolls back at its end."""
        try:
            with self._database.write() as connection:
                yield connection
                if trial:
                    raise _Undone
        except _Undone:
            return

    def _cleared(self, connection: Connection, target: Target) -> set[int]:
        runs, notes = tables.runs, tables.notes
        query = sa.select(runs.c.id).join(notes, (notes.c.run == runs.c.id) & (notes.c.key == CLEARED))
        return set(connection.execute(query.where(is_target(runs, target))).scalars())

    def _facts(self, connection: Connection, target: Target, dead: set[int], history: int) -> dict[str, Tally]:
        runs, bases = tables.runs, tables.bases
        mine = set(connection.execute(sa.select(runs.c.id).where(is_target(runs, target))).scalars())
        base_of = {
            row.run: row.base
            for row in connection.execute(
                sa.select(bases).join(runs, runs.c.id == bases.c.run).where(is_target(runs, target))
            )
        }
        stood: set[int] = set()
        for run in mine - dead:
            while (base := base_of.get(run)) is not None and base not in stood:
                stood.add(base)
                run = base
        noted = sa.select(runs.c.id).join(tables.notes, (tables.notes.c.run == runs.c.id))
        noted = noted.where(is_target(runs, target), tables.notes.c.key == HISTORY, runs.c.ended.is_not(None))
        remembered = set(connection.execute(noted.order_by(runs.c.id.desc()).limit(history)).scalars())
        pages, kept, captures, notes = tables.pages, tables.kept_pages, tables.captures, tables.notes
        for some in _some(dead):
            connection.execute(sa.delete(kept).where(kept.c.run.in_(some)))
        is_kept = sa.exists().where(kept.c.page == pages.c.id)
        has_page = sa.exists().where(pages.c.run == captures.c.run, pages.c.url_key == captures.c.url_key)
        small = tuple({HISTORY, CLEARED})
        return {
            "pages": self._delete(connection, pages, mine, dead, (pages.c.fact, pages.c.links), ~is_kept),
            "captures": self._delete(connection, captures, mine, dead, (), ~has_page),
            "links": self._delete(connection, tables.links, mine, dead - stood, (tables.links.c.fact,)),
            "visits": self._delete(connection, tables.visits, mine, dead - remembered, (tables.visits.c.fact,)),
            "notes": self._delete(connection, notes, mine, dead, (notes.c.value,), notes.c.key.not_in(small))
            + self._delete(connection, notes, set(), dead - remembered, (notes.c.value,), notes.c.key == HISTORY),
            "bases": self._delete(connection, bases, mine, dead - stood, ()),
        }

    def _delete(
        self,
        connection: Connection,
        table: sa.Table,
        mine: set[int],
        dead: set[int],
        texts: tuple[sa.ColumnElement[object], ...],
        *which: sa.ColumnElement[bool],
    ) -> Tally:
        """Deletes rows of dead runs; counts them and what stays of all runs in `mine`, with the bytes of `texts`."""
        lengths = [sa.func.length(text) for text in texts]
        size = sa.func.coalesce(sa.func.sum(sum(lengths[1:], lengths[0])), 0) if lengths else sa.literal(0)
        gone = gone_bytes = stays = stays_bytes = 0
        for some in _some(dead):
            hit = (table.c.run.in_(some), *which)
            row = connection.execute(sa.select(sa.func.count(), size).select_from(table).where(*hit)).one()
            gone, gone_bytes = gone + row[0], gone_bytes + int(row[1])
            if row[0]:
                connection.execute(sa.delete(table).where(*hit))
        for some in _some(mine):
            row = connection.execute(
                sa.select(sa.func.count(), size).select_from(table).where(table.c.run.in_(some))
            ).one()
            stays, stays_bytes = stays + row[0], stays_bytes + int(row[1])
        return Tally(gone, gone_bytes, stays, stays_bytes)

    def _thin(self, connection: Connection, target: Target, thin: Collection[str]) -> tuple[dict[str, Tally], set[int]]:
        """Removes results that a later determined one stands in place of; answers the findings that go with them."""
        results, findings, inspections = tables.results, tables.findings, tables.inspections
        later, then, now = results.alias("later"), inspections.alias("then"), inspections.alias("now")
        superseded = (
            sa.exists()
            .where(
                later.c.address == results.c.address,
                later.c.kind == results.c.kind,
                later.c.unit == results.c.unit,
                later.c.check == results.c.check,
                later.c.state.in_([state.value for state in DETERMINED]),
                now.c.id == later.c.inspection,
                then.c.id == results.c.inspection,
                now.c.started > then.c.started,
            )
            .correlate(results)
        )
        tally = {"results": Tally(), "findings": Tally()}
        lost: set[int] = set()
        for some in _some(thin):
            mine = (is_target(results, target), results.c.inspection.in_(some), superseded)
            rows = connection.execute(sa.select(results.c.id, sa.func.length(results.c.fact)).where(*mine)).all()
            for ids in _some([row[0] for row in rows]):
                told = connection.execute(
                    sa.select(findings.c.id, sa.func.length(findings.c.fact)).where(findings.c.result.in_(ids))
                ).all()
                lost.update(row[0] for row in told)
                tally["findings"] += Tally(len(told), sum(row[1] for row in told))
                connection.execute(sa.delete(results).where(results.c.id.in_(ids)))  # findings go with their results
            tally["results"] += Tally(len(rows), sum(row[1] for row in rows))
        for table in (results, findings):
            query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(sa.func.length(table.c.fact)), 0))
            query = query.select_from(table)
            if table is findings:
                query = query.join(results, results.c.id == findings.c.result)
            row = connection.execute(query.where(is_target(results, target))).one()
            tally[table.name] += Tally(stays=row[0], stays_bytes=int(row[1]))
        return tally, lost

    def _let_go(self, connection: Connection, target: Target, inspections: Collection[str]) -> set[int]:
        """Takes the evidence from findings of these inspections that are no longer open; answers which."""
        results, findings = tables.results, tables.findings
        standing = open_findings(connection, target, before=_LATER)
        lost: set[int] = set()
        for some in _some(inspections):
            query = (
                sa.select(findings.c.id, findings.c.fingerprint, results.c.check)
                .join(results, results.c.id == findings.c.result)
                .where(is_target(results, target), findings.c.inspection.in_(some), findings.c.evidence != "[]")
            )
            for row in connection.execute(query):
                if row.fingerprint not in standing.get(row.check, {}):
                    lost.add(row.id)
        for ids in _some(lost):
            connection.execute(sa.update(findings).where(findings.c.id.in_(ids)).values(evidence="[]"))
        return lost


_LATER = datetime.fromisoformat("9999-01-01T00:00:00+08:00")


def _some(values: Iterable[object]) -> Iterator[list[object]]:
    waiting = list(values)
    for start in range(0, len(waiting), _EDGE):
        yield waiting[start : start + _EDGE]
