"""What a table's columns are, told by the words of its head."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from msgspec.structs import replace

from scoring.circulars.table import Column, Role
from scoring.circulars.words import folded, number, words

_MAXIMUM = re.compile(r"(?:\((?:满分|分值)?:?(\d{1,4}(?:\.\d{1,4})?)分?\)|(?<=\D)(\d{1,4}(?:\.\d{1,4})?)分)$")
_NUMBERS = (Role.RANK, Role.SERIAL)
_LIKELY_YEAR = 1900


def is_head(cells: Sequence[str]) -> bool:
    """A row of three words or more without any number that names the units' column or their rank's."""
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) < 2 or any(number(cell) is not None for cell in filled):
        return False
    return any(column.role in (*_NUMBERS, Role.NAME) for column in map(_column, filled)) and (
        len(filled) > 2 or any(_column(cell).role in (Role.TOTAL, Role.SUBTOTAL, Role.COUNT) for cell in filled)
    )


def columns_of(cells: Sequence[str]) -> tuple[Column, ...]:
    """One column a cell, of which one at most ranks, one names and one is the total."""
    columns = [_column(cell) for cell in cells]
    _keep_one(columns, _ranking(columns), _NUMBERS)
    _keep_one(columns, _naming(columns), (Role.NAME,))
    totals = _where(columns, Role.TOTAL)
    for at in totals[:-1]:
        columns[at] = replace(columns[at], role=Role.SUBTOTAL)
    if not totals and (last := _where(columns, Role.SUBTOTAL)[-1:]):
        columns[last[0]] = replace(columns[last[0]], role=Role.TOTAL)
    return tuple(_beside_total(columns))


def repeated(columns: Sequence[Column]) -> int:
    """How many times the head stands side by side in one row (序号 单位名称 采用量 twice): 1 as a rule."""
    for times in range(4, 1, -1):
        width, rest = divmod(len(columns), times)
        if not rest and width > 1 and all(columns[at].head == columns[at % width].head for at in range(len(columns))):
            return times
    return 1


def _column(cell: str) -> Column:
    head = folded(cell)
    maximum = None
    if (match := _MAXIMUM.search(head)) and head[: match.start()]:
        value = Decimal(match[1] or match[2])
        if value < _LIKELY_YEAR:
            head, maximum = head[: match.start()], value
    return Column(head, _role(head), maximum)


def _role(head: str) -> Role:
    known = words()
    exact = (
        (known.ranks, Role.RANK),
        (known.serials, Role.SERIAL),
        (known.totals, Role.TOTAL),
        (known.subtotals, Role.SUBTOTAL),
        (known.rates, Role.RATE),
        (known.counts, Role.COUNT),
        (known.remarks, Role.REMARK),
        (known.names, Role.NAME),
    )
    for heads, role in exact:
        if head in heads:
            return role
    if head.endswith(known.name_endings):
        return Role.NAME
    for parts, role in ((known.asides, Role.ASIDE), (known.deductions, Role.DEDUCTION), (known.bonuses, Role.BONUS)):
        if any(part in head for part in parts):
            return role
    return Role.PART if head else Role.ASIDE


def _where(columns: Sequence[Column], *roles: Role) -> list[int]:
    return [at for at, column in enumerate(columns) if column.role in roles]


def _ranking(columns: Sequence[Column]) -> int | None:
    """A column that claims a rank goes before one that only numbers, the one beside the total before others."""
    ranks, totals = _where(columns, Role.RANK), _where(columns, Role.TOTAL)
    beside = [at for at in ranks if at - 1 in totals]
    return next(iter(beside + ranks + _where(columns, Role.SERIAL)), None)


def _naming(columns: Sequence[Column]) -> int | None:
    """A site's or an account's own name goes before that of the unit that runs it."""
    known = words().kinds
    own = [word for kind, marks in known.items() if kind != "unit" for word in marks] + ["账号"]
    named = _where(columns, Role.NAME)
    return next((at for at in named if any(word in columns[at].head for word in own)), named[0] if named else None)


def _keep_one(columns: list[Column], kept: int | None, roles: tuple[Role, ...]) -> None:
    for at in _where(columns, *roles):
        if at != kept:
            columns[at] = replace(columns[at], role=Role.ASIDE)


def _beside_total(columns: list[Column]) -> list[Column]:
    """Numbers after the total are no parts of it, unless it stands before all of them; counts beside it neither."""
    totals = _where(columns, Role.TOTAL)
    if not totals:
        return columns
    of_total = (Role.PART, Role.DEDUCTION, Role.BONUS, Role.SUBTOTAL)
    left = [at for at in _where(columns, *of_total) if at < totals[0]]
    for at in _where(columns, Role.COUNT, *(of_total if left else ())):
        if at > totals[0] or columns[at].role is Role.COUNT:
            columns[at] = replace(columns[at], role=Role.ASIDE)
    return columns
