"""What still stood of a target before an inspection: the ground on which a finding is new, persisting or fixed.

A gap is no repair. A result that was not determined (未能判定, 出错, 未检查 …) neither closes a finding nor
hides it from the inspection after it:

    inspection    1: fail {a, b}    2: undetermined {}    3: fail {a}
    life          a new, b new      (nothing is fixed)    a persisting since 1, b fixed
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from checks.model import State, Target
from storage import tables

LATER = datetime.fromisoformat("9999-01-01T00:00:00+08:00")
"""Before it lies every inspection."""
DETERMINED = frozenset({State.PASS, State.FAIL})
"""Only such a result says that a fault which it does not name is gone."""


class OpenFinding(Struct, frozen=True):
    """A finding as it was last seen, in the texts in which it is stored."""

    first_seen: datetime
    evidence: str
    fact: str


def is_target(table: sa.Table, target: Target) -> sa.ColumnElement[bool]:
    """The rows of a table that are about that target."""
    return (table.c.address == target.address) & (table.c.kind == target.kind.value) & (table.c.unit == target.unit)


def open_findings(
    connection: Connection, target: Target, *, before: datetime
) -> Mapping[str, Mapping[str, OpenFinding]]:
    """By check and fingerprint what stood of a target in the inspections that started before that time.

    What stood is what the last determined result of a check names, and what later results name besides
    (待人工复核 does so without being determined).
    """
    results, inspections, findings = tables.results, tables.inspections, tables.findings
    past = (
        sa.select(results.c.id, results.c.check, results.c.state, inspections.c.started)
        .join(inspections, inspections.c.id == results.c.inspection)
        .where(is_target(results, target), inspections.c.started < before)
        .cte("past")
    )
    last = (
        sa.select(past.c.check, sa.func.max(past.c.started).label("started"))
        .where(past.c.state.in_([state.value for state in DETERMINED]))
        .group_by(past.c.check)
        .cte("last")
    )
    query = (
        sa.select(past.c.check, findings.c.fingerprint, findings.c.first_seen, findings.c.evidence, findings.c.fact)
        .select_from(past.join(findings, findings.c.result == past.c.id).outerjoin(last, last.c.check == past.c.check))
        .where(findings.c.life != "fixed", sa.or_(last.c.started.is_(None), past.c.started >= last.c.started))
        .order_by(past.c.started, findings.c.id)
    )
    found: dict[str, dict[str, OpenFinding]] = {}
    for row in connection.execute(query):
        of_check = found.setdefault(row.check, {})
        first = of_check.get(row.fingerprint)
        since = min(first.first_seen, row.first_seen) if first else row.first_seen
        of_check[row.fingerprint] = OpenFinding(since, row.evidence, row.fact)
    return found
