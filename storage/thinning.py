"""Thinning (精简): takes from old inspections results that no comparison reaches, and evidence of closed findings."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from checks.model import Target
from storage import tables
from storage.life import DETERMINED, OpenFinding, is_target
from storage.tally import Tally, octets, size_of, some_of

Standing = Mapping[str, Mapping[str, OpenFinding]]
"""What is open now, by check and fingerprint."""


def thin(
    connection: Connection, target: Target, inspections: Collection[str], standing: Standing, *, trial: bool
) -> tuple[dict[str, Tally], set[int]]:
    """Removes scorecards, and results that a later determined one stands in place of, but those in which a problem

    that is still open was found first: its proof stays. Answers the findings that go with them.
    """
    results, findings, batches, cards = tables.results, tables.findings, tables.inspections, tables.cards
    gone = {"results": Tally(), "findings": Tally(), "cards": Tally()}
    lost: set[int] = set()
    if not inspections:
        return gone, lost
    last = dict(
        connection.execute(
            sa.select(results.c.check, sa.func.max(batches.c.started))
            .join(batches, batches.c.id == results.c.inspection)
            .where(is_target(results, target), results.c.state.in_([state.value for state in DETERMINED]))
            .group_by(results.c.check)
        ).all()
    )
    for some in some_of(inspections):
        query = sa.select(results.c.id, results.c.check, batches.c.started, octets(results.c.fact).label("size"))
        query = query.join(batches, batches.c.id == results.c.inspection)
        query = query.where(is_target(results, target), results.c.inspection.in_(some))
        superseded = [row for row in connection.execute(query) if row.started < last.get(row.check, row.started)]
        for part in some_of(superseded):
            checks = {row.id: row.check for row in part}
            columns = (findings.c[name] for name in ("id", "result", "fingerprint", "life"))
            told = connection.execute(
                sa.select(*columns, octets(findings.c.fact).label("size")).where(findings.c.result.in_(checks))
            ).all()
            first = {
                row.result
                for row in told
                if row.life == "new" and row.fingerprint in standing.get(checks[row.result], {})
            }
            going = [row for row in part if row.id not in first]
            with_them = [row for row in told if row.result not in first]
            lost.update(row.id for row in with_them)
            gone["results"] += Tally(len(going), sum(row.size for row in going))
            gone["findings"] += Tally(len(with_them), sum(row.size for row in with_them))
            ids = [row.id for row in going]
            if not trial:
                connection.execute(sa.delete(results).where(results.c.id.in_(ids)))  # findings go with their results
        cast = (is_target(cards, target), cards.c.inspection.in_(some))
        count, size = connection.execute(sa.select(sa.func.count(), size_of(cards)).where(*cast)).one()
        gone["cards"] += Tally(count, int(size))
        if not trial:
            connection.execute(sa.delete(cards).where(*cast))  # traces go with their cards
    return gone, lost


def let_go(
    connection: Connection, target: Target, inspections: Collection[str], standing: Standing, *, trial: bool
) -> set[int]:
    """Takes the evidence from findings of these inspections that are no longer open; answers which."""
    results, findings = tables.results, tables.findings
    lost: set[int] = set()
    for some in some_of(inspections):
        query = (
            sa.select(findings.c.id, findings.c.fingerprint, results.c.check)
            .join(results, results.c.id == findings.c.result)
            .where(is_target(results, target), results.c.inspection.in_(some), findings.c.evidence != "[]")
        )
        for row in connection.execute(query):
            if row.fingerprint not in standing.get(row.check, {}):
                lost.add(row.id)
    for ids in some_of(() if trial else lost):
        connection.execute(sa.update(findings).where(findings.c.id.in_(ids)).values(evidence="[]"))
    return lost
