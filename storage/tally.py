"""What went and what stays, in rows and bytes, counted where the rows are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from storage import tables
from storage.database import Database
from storage.run_view import CLEARED

_LONG: Mapping[str, tuple[str, ...]] = {
    "pages": ("links", "fact"),
    "captures": (),
    "links": ("fact",),
    "visits": ("fact",),
    "notes": ("value",),
    "bases": (),
    "results": ("fact",),
    "findings": ("fact",),
    "cards": ("fact",),
}
"""The tables that are pruned, and their long columns, by which their bytes are told."""
_EDGE = 500
"""Rows or names in one statement."""

T = TypeVar("T")


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

    def __sub__(self, gone: Tally) -> Tally:
        """What stays of these once what is gone has gone."""
        return Tally(stays=self.stays - gone.gone, stays_bytes=self.stays_bytes - gone.gone_bytes)


class octets(GenericFunction[int]):
    """The bytes of a text; what `length` counts are its signs."""

    name = "octet_length"
    type = sa.BigInteger()
    inherit_cache = True


@compiles(octets, "sqlite")
def _(element: octets, compiler: SQLCompiler, **words: Any) -> str:
    return f"length(CAST({compiler.process(element.clauses, **words)} AS BLOB))"  # before 3.43 it has no octet_length


def size_of(table: sa.Table) -> sa.ColumnElement[int]:
    """The bytes of the long columns of a table's rows, added up."""
    each = [octets(table.c[name]) for name in _LONG[table.name]]
    return sa.func.coalesce(sa.func.sum(sum(each[1:], each[0])), 0) if each else sa.literal(0)


def totals(database: Database) -> Mapping[str, Tally]:
    """What there is of every kind, as staying, but for the marks of clearing itself.

    Each table is read once through, in a transaction of its own.
    """
    found = {}
    for name in _LONG:
        table = tables.metadata.tables[name]
        query = sa.select(sa.func.count(), size_of(table)).select_from(table)
        if table is tables.notes:
            query = query.where(table.c.key != CLEARED)
        with database.read() as connection:
            count, size = connection.execute(query).one()
        found[name] = Tally(stays=count, stays_bytes=int(size))
    return found


def some_of(values: Iterable[T]) -> Iterator[list[T]]:
    """The values in lists that one statement can hold."""
    waiting = list(values)
    for start in range(0, len(waiting), _EDGE):
        yield waiting[start : start + _EDGE]
