"""Results, scorecards and findings of an inspection; a finding has a life: 新增 new, 持续 persisting, 已整改 fixed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from checks.model import CheckResult, StampedFinding, Target
from scoring.model import Scorecard
from storage import scorecards, tables
from storage.database import Database
from storage.encoding import finding_of, result_of, result_text, strings_of, text_of
from storage.errors import RecordMissing
from storage.life import DETERMINED, OpenFinding, is_target, open_findings

_CHUNK = 256


class FindingRow(Struct, frozen=True):
    """A finding and its life: "new", "persisting" or "fixed". `evidence` are ids of the evidence store.

    `first_seen` is when a row of its fingerprint was first saved without being fixed since.
    """

    stamped: StampedFinding
    life: str
    first_seen: datetime
    evidence: tuple[str, ...]


class Results:
    """What was judged and scored. Every call is one transaction; streams are short reads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self,
        inspection: str,
        target: Target,
        results: Sequence[CheckResult],
        evidence: Mapping[str, tuple[str, ...]],
        now: datetime,
    ) -> None:
        """Replaces all that this inspection had for that target, its scores too. `evidence` maps an address to its ids.

        A finding has the evidence of its `evidence_urls`, or of its `url` where it names none, and of its picture.
        Raises RecordMissing for an unknown inspection, RecordConflict for a check given twice.
        """
        with self._database.write() as connection:
            started = connection.execute(
                sa.select(tables.inspections.c.started).where(tables.inspections.c.id == inspection)
            ).scalar_one_or_none()
            if started is None:
                raise RecordMissing(f"没有检查批次 {inspection}")
            earlier = open_findings(connection, target, before=started)
            seen = self._clear(connection, inspection, target)
            saved = self._insert(connection, inspection, target, results, now)
            rows = [
                {**row, "result": number, "inspection": inspection}
                for number, result in zip(saved, results, strict=True)
                for row in _finding_rows(result, earlier.get(result.check, {}), seen, evidence, now)
            ]
            if rows:
                connection.execute(sa.insert(tables.findings), rows)

    def keep_cards(self, inspection: str, cards: Iterable[Scorecard], rulesets: Sequence[str]) -> None:
        """Replaces the scorecards of an inspection and notes the rulesets that they were made by.

        Raises RecordConflict for a target given twice under a ruleset, RecordMissing for an unknown inspection.
        """
        given = list(cards)  # made before the write lock is taken
        with self._database.write() as connection:
            noted = sa.update(tables.inspections).where(tables.inspections.c.id == inspection)
            if not connection.execute(noted.values(rulesets=text_of(tuple(rulesets)))).rowcount:
                raise RecordMissing(f"没有检查批次 {inspection}")
            connection.execute(sa.delete(tables.cards).where(tables.cards.c.inspection == inspection))
            scorecards.insert(self._database, connection, inspection, given)

    def _insert(
        self, connection: Connection, inspection: str, target: Target, results: Sequence[CheckResult], now: datetime
    ) -> Sequence[int]:
        """The numbers of the new rows, in the order of the results."""
        if not results:
            return []
        rows = [
            {
                "inspection": inspection,
                "unit": target.unit,
                "kind": target.kind.value,
                "address": target.address,
                "check": result.check,
                "state": result.state.value,
                "fact": result_text(result),
                "saved": now,
            }
            for result in results
        ]
        numbered = sa.insert(tables.results).returning(tables.results.c.id, sort_by_parameter_order=True)
        return connection.execute(numbered, rows).scalars().all()

    def attach(self, inspection: str, target: Target, evidence: Mapping[str, tuple[str, ...]]) -> None:
        """Adds evidence ids to findings that are saved, by fingerprint; they come first. Unknown ones are let go."""
        table, results = tables.findings, tables.results
        mine = sa.select(results.c.id).where(results.c.inspection == inspection, is_target(results, target))
        with self._database.write() as connection:
            query = sa.select(table.c.id, table.c.fingerprint, table.c.evidence).where(
                table.c.result.in_(mine), table.c.fingerprint.in_(list(evidence)), table.c.life != "fixed"
            )
            for row in connection.execute(query).all():
                ids = list(dict.fromkeys((*evidence[row.fingerprint], *strings_of(row.evidence))))
                connection.execute(sa.update(table).where(table.c.id == row.id).values(evidence=text_of(ids)))

    def results(self, inspection: str, target: Target | None = None) -> Iterator[CheckResult]:
        """The results of an inspection, or of one of its targets, in the order in which they were saved."""
        table = tables.results
        query = sa.select(table.c.id, table.c.fact).where(table.c.inspection == inspection)
        if target is not None:
            query = query.where(is_target(table, target))
        for rows in self._chunks(query, table.c.id):
            found: dict[int, list[StampedFinding]] = {row.id: [] for row in rows}
            kept = tables.findings
            query_findings = sa.select(kept.c.result, kept.c.fact).where(
                kept.c.result.in_(found), kept.c.life != "fixed"
            )
            with self._database.read() as connection:
                for result, fact in connection.execute(query_findings.order_by(kept.c.id)):
                    found[result].append(finding_of(fact))
            for row in rows:
                yield result_of(row.fact, tuple(found[row.id]))

    def cards(self, inspection: str, target: Target | None = None) -> Iterator[Scorecard]:
        """The scorecards of an inspection, or of one of its targets, by target and ruleset."""
        with self._database.read() as connection:
            return iter(scorecards.read(connection, inspection, target))

    def verdicts(self, inspection: str) -> dict[tuple[Target, str], str]:
        """The verdict by target and ruleset."""
        with self._database.read() as connection:
            return {(target, ruleset): word for target, ruleset, word in scorecards.verdicts(connection, inspection)}

    def findings(self, inspection: str, target: Target | None = None) -> Iterator[FindingRow]:
        """The findings that stand in this inspection: new and persisting."""
        return self._findings(inspection, target, tables.findings.c.life != "fixed")

    def fixed(self, inspection: str, target: Target | None = None) -> Iterator[FindingRow]:
        """The findings that stood before and that a determined result no longer has, as they were last seen."""
        return self._findings(inspection, target, tables.findings.c.life == "fixed")

    def _findings(self, inspection: str, target: Target | None, which: sa.ColumnElement[bool]) -> Iterator[FindingRow]:
        table = tables.findings
        query = sa.select(table).where(table.c.inspection == inspection, which)
        if target is not None:
            query = query.join(tables.results, tables.results.c.id == table.c.result)
            query = query.where(is_target(tables.results, target))
        for rows in self._chunks(query, table.c.id):
            for row in rows:
                yield FindingRow(finding_of(row.fact), row.life, row.first_seen, strings_of(row.evidence))

    def _clear(self, connection: Connection, inspection: str, target: Target) -> dict[tuple[str, str], datetime]:
        """Removes what is to be replaced; answers when each of its findings (check, fingerprint) was first seen."""
        results, findings, cards = tables.results, tables.findings, tables.cards
        mine = (results.c.inspection == inspection) & is_target(results, target)
        old = connection.execute(
            sa.select(results.c.check, findings.c.fingerprint, findings.c.first_seen)
            .join(findings, findings.c.result == results.c.id)
            .where(mine, findings.c.life != "fixed")
        )
        seen = {(row.check, row.fingerprint): row.first_seen for row in old}
        connection.execute(sa.delete(results).where(mine))  # findings go with their results
        connection.execute(
            sa.delete(cards).where(cards.c.inspection == inspection, is_target(cards, target))
        )  # traces go too
        return seen

    def _chunks(self, query: sa.Select[Any], id: sa.ColumnElement[int]) -> Iterator[list[sa.Row[Any]]]:
        query = query.order_by(id).limit(_CHUNK)
        last = -1
        while True:
            with self._database.read() as connection:
                rows = list(connection.execute(query.where(id > last)).all())
            if not rows:
                return
            yield rows
            last = rows[-1].id


def _finding_rows(
    result: CheckResult,
    earlier: Mapping[str, OpenFinding],
    seen: Mapping[tuple[str, str], datetime],
    evidence: Mapping[str, tuple[str, ...]],
    now: datetime,
) -> list[dict[str, object]]:
    """The rows of one result: its findings, and where it is determined those that it no longer has."""
    rows: list[dict[str, object]] = []
    for stamped in result.findings:
        before = earlier.get(stamped.fingerprint)
        urls = (stamped.picture, *(stamped.finding.evidence_urls or (stamped.finding.url,)))
        rows.append(
            {
                "fingerprint": stamped.fingerprint,
                "life": "persisting" if before else "new",
                "first_seen": before.first_seen if before else seen.get((result.check, stamped.fingerprint), now),
                "evidence": text_of(list(dict.fromkeys(sha for url in urls for sha in evidence.get(url, ())))),
                "fact": text_of(stamped),
            }
        )
    if result.state in DETERMINED:
        standing = {stamped.fingerprint for stamped in result.findings}
        rows += [
            {
                "fingerprint": fingerprint,
                "life": "fixed",
                "first_seen": gone.first_seen,
                "evidence": gone.evidence,
                "fact": gone.fact,
            }
            for fingerprint, gone in earlier.items()
            if fingerprint not in standing
        ]
    return rows
