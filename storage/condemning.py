"""Evidence that nothing refers to: noted as condemned first, removed only when it still is after a time of grace.

Between the two everybody who puts the same bytes again spares them (`EvidenceStore.put`), so that a running inspection
never refers to what is being removed. Removing holds the rows of `condemned`: who spares at that moment waits, then
looks whether the bytes are there, and puts them again. No clock of a shelf counts, only the database's rows.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage import tables
from storage.database import Database
from storage.encoding import strings_of
from storage.shelves import Shelf

_CHUNK = 200


def spare(database: Database, sha: str) -> None:
    """Takes back that the bytes of that hash are condemned; waits for a removal under way."""
    table = tables.condemned
    with database.read() as connection:
        if connection.execute(sa.select(table.c.since).where(table.c.sha256 == sha)).first() is None:
            return
    with database.write() as connection:
        connection.execute(sa.delete(table).where(table.c.sha256 == sha))


def condemned(database: Database) -> Mapping[str, datetime]:
    """What is condemned, and since when."""
    with database.read() as connection:
        rows = connection.execute(sa.select(tables.condemned)).all()
    return {row.sha256: row.since for row in rows}


def condemn(database: Database, shas: Iterable[str], now: datetime) -> None:
    """Notes that nothing refers to these."""
    rows = [{"sha256": sha, "since": now} for sha in shas]
    if rows:
        with database.write() as connection:
            connection.execute(database.insert_absent(tables.condemned), rows)


def forget(database: Database, shas: Iterable[str]) -> None:
    """Takes back that these are condemned: something refers to them again, or they are gone."""
    for some in _chunks(shas):
        with database.write_in_turn() as connection:
            connection.execute(sa.delete(tables.condemned).where(tables.condemned.c.sha256.in_(some)))


def remove(database: Database, shelf: Shelf, shas: Iterable[str]) -> Iterator[str]:
    """Removes those of these that are still condemned and that nothing refers to; answers which.

    A crash leaves at worst a condemned row without its object, which the next look forgets.
    """
    table, evidence = tables.condemned, tables.evidence
    for some in _chunks(shas):
        shelf.check()  # a bucket that is away must not be waited for with the write lock in hand
        with database.write_in_turn() as connection:
            gone = connection.execute(
                sa.delete(table)
                .where(table.c.sha256.in_(some), ~sa.exists().where(evidence.c.sha256 == table.c.sha256))
                .returning(table.c.sha256)
            )
            removed = list(gone.scalars())
            shelf.remove(removed)
        yield from removed


def rows_to_go(connection: Connection, runs: Collection[int], without_findings: Container[int]) -> Mapping[int, str]:
    """The rows of evidence (number, hash) of these cleared runs that no finding and no person names any more."""
    rows, findings = tables.evidence, tables.findings
    wanted = named_by_people(connection)
    for number, ids in connection.execute(sa.select(findings.c.id, findings.c.evidence)):
        if number not in without_findings:
            wanted.update(strings_of(ids))
    query = sa.select(rows.c.id, rows.c.run, rows.c.sha256).where(rows.c.run.is_not(None))
    return {row.id: row.sha256 for row in connection.execute(query) if row.run in runs and row.sha256 not in wanted}


def delete_rows(database: Database, rows: Iterable[int]) -> None:
    """Deletes rows of evidence; their objects stay until nothing refers to them for a time."""
    waiting = list(rows)
    for start in range(0, len(waiting), _CHUNK):
        with database.write_in_turn() as connection:
            some = waiting[start : start + _CHUNK]
            connection.execute(sa.delete(tables.evidence).where(tables.evidence.c.id.in_(some)))


def referred_to(connection: Connection, *, without_findings: Container[int], without_rows: Container[int]) -> set[str]:
    """Every hash that a finding, a row of evidence, a manual entry or a step of a notice names.

    Findings and evidence rows of these numbers are left out: they are about to go.
    """
    found: set[str] = set()
    rows, findings = tables.evidence, tables.findings
    for number, sha in connection.execute(sa.select(rows.c.id, rows.c.sha256)):
        if number not in without_rows:
            found.add(sha)
    for number, ids in connection.execute(sa.select(findings.c.id, findings.c.evidence)):
        if number not in without_findings:
            found.update(strings_of(ids))
    found |= named_by_people(connection)
    return found


def named_by_people(connection: Connection) -> set[str]:
    """The files that entries by hand and replies of units are proved by, and what rechecks saw."""
    found = set()
    for fact in connection.execute(sa.select(tables.entries.c.fact)).scalars():
        found.add(_entry(fact).evidence)
    for fact in connection.execute(sa.select(tables.steps.c.fact)).scalars():
        found.update(_step(fact).evidence)
    return found - {""}


class _Entry(msgspec.Struct):
    evidence: str = ""


class _Step(msgspec.Struct):
    evidence: tuple[str, ...] = ()


_entry = msgspec.json.Decoder(_Entry).decode
_step = msgspec.json.Decoder(_Step).decode


def _chunks(shas: Iterable[str]) -> Iterator[Collection[str]]:
    waiting = list(shas)
    for start in range(0, len(waiting), _CHUNK):
        yield waiting[start : start + _CHUNK]
