"""The vocabulary: lines as they stand in a file, tables as they are meant, and what in them does not hold."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """What does not hold; `rounding` is told and is no fault."""

    SUM = "sum"
    ROUNDING = "rounding"
    RANK = "rank"
    OVER_MAXIMUM = "over-maximum"
    DUPLICATE = "duplicate"
    MISSING = "missing"
    COUNT = "count"


class Line(Struct, frozen=True):
    """A paragraph (one cell at most is filled) or a row of cells. `number` is where it stands in the file, from 1.

    `opens` says that a row begins a table of the file: the first after a paragraph, or of a Word table.
    """

    number: int
    cells: tuple[str, ...]
    opens: bool = False

    @property
    def filled(self) -> tuple[str, ...]:
        """The cells that say something."""
        return tuple(cell for cell in self.cells if cell.strip())


class Section(Struct, frozen=True):
    """A run of lines of one file or of one worksheet; `name` is what its tables are called that have no title."""

    name: str
    lines: tuple[Line, ...]


class Role(StrEnum):
    """What a column holds. A `serial` is a number of rows that is a rank only where the rows stand in order."""

    RANK = "rank"
    SERIAL = "serial"
    NAME = "name"
    PART = "part"
    DEDUCTION = "deduction"
    BONUS = "bonus"
    SUBTOTAL = "subtotal"
    TOTAL = "total"
    RATE = "rate"
    COUNT = "count"
    REMARK = "remark"
    ASIDE = "aside"


SCORES = frozenset({Role.PART, Role.DEDUCTION, Role.BONUS, Role.SUBTOTAL, Role.TOTAL})


class Column(Struct, frozen=True):
    """A column by its head, without spaces; `maximum` is what the head prints in brackets."""

    head: str
    role: Role
    maximum: Decimal | None = None


class Row(Struct, frozen=True):
    """A unit's row: the n-th of its table, `line` of its file. `cells` stand as the table's columns.

    `worded` rows say in words why scores are absent (开通认证但未正常运营).
    """

    number: int
    line: int
    unit: str
    cells: tuple[str, ...]
    worded: bool = False


class Table(Struct, frozen=True):
    """A table over all its pages. `headings` are those above it, the nearest last."""

    title: str
    headings: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def at(self, *roles: Role) -> tuple[int, ...]:
        """Where columns of these roles stand."""
        return tuple(at for at, column in enumerate(self.columns) if column.role in roles)


class Content(Struct, frozen=True):
    """What a file holds: its tables, the paragraphs of its text, and notes on what was not recognised."""

    tables: tuple[Table, ...]
    paragraphs: tuple[str, ...]
    notes: tuple[str, ...]


class Discrepancy(Struct, frozen=True):
    """One thing that does not hold. `row` is the n-th of the table and None where it is about a whole table.

    `printed` and `computed` are what stands there and what should; `arithmetic` says in Chinese how that is known.
    """

    table: str
    row: int | None
    unit: str
    kind: Kind
    printed: str
    computed: str
    arithmetic: str
    line: int | None = None


class Report(Struct, frozen=True):
    """All that was found in a circular; `notes` say what could not be checked."""

    tables: tuple[Table, ...]
    discrepancies: tuple[Discrepancy, ...]
    notes: tuple[str, ...]
