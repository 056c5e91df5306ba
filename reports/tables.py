"""A table as it is meant, before any program's form: heads, widths, cells, notes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from reports.wording import figure

WIDE = 9
"""Columns from which on a table is printed across the page."""


class Span(Struct, frozen=True):
    """Words over so many columns."""

    text: str
    columns: int


Cell = str | int | Decimal | Span


class Column(Struct, frozen=True):
    """A column's head and its share of the width in characters; numbers stand in the middle."""

    head: str
    width: float
    kind: Literal["text", "number"] = "text"


class Sheet(Struct, frozen=True):
    """One table. `caption` stands over it in a document, `short` names its sheet in a workbook. `notes` stand below."""

    caption: str
    short: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()

    @property
    def is_wide(self) -> bool:
        """Whether it is printed across the page."""
        return len(self.columns) > WIDE


class Annex(Struct, frozen=True):
    """附件: a title, its tables, and notes on all of them."""

    title: str
    tables: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()


def words(cell: Cell) -> str:
    """The cell as it is printed: a Decimal with two decimals, rounded here and nowhere before."""
    if isinstance(cell, Span):
        return cell.text
    return figure(cell) if isinstance(cell, Decimal) else str(cell)


def placed(row: tuple[Cell, ...]) -> Iterator[tuple[int, int, Cell]]:
    """The cells with the column in which they begin and how many they take."""
    at = 0
    for cell in row:
        taken = cell.columns if isinstance(cell, Span) else 1
        yield at, taken, cell
        at += taken
