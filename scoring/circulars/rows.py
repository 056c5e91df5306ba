"""超过满分, 名称重复 and 缺少数据: what of a table's rows does not hold by itself."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from scoring.circulars.table import SCORES, Column, Discrepancy, Kind, Role, Row, Table
from scoring.circulars.tables import rank_of
from scoring.circulars.words import folded, in_place_of_score, number

_FEW = 3


def over_maximum(table: Table, notes: list[str]) -> Iterator[Discrepancy]:
    """Scores over the maximum that the head prints, and totals over the maxima's sum where all parts print one."""
    for at, column in enumerate(table.columns):
        maximum, by = _maximum(table, column)
        if maximum is None or column.role not in SCORES:
            continue
        scores = [(row, score) for row in table.rows if (score := number(row.cells[at])) is not None]
        over = [(row, score) for row, score in scores if _taken(column, score) > maximum]
        if len(over) >= _FEW and len(over) * 2 > len(scores):
            notes.append(f"“{table.title}”：“{column.head}”多数行超过 {maximum}，该数可能不是满分，未核对")
            continue
        for row, score in over:
            text = f"{column.head}：{score} 超过满分 {maximum}{by}"
            yield Discrepancy(
                table.title, row.number, row.unit, Kind.OVER_MAXIMUM, str(score), str(maximum), text, row.line
            )


def _taken(column: Column, score: Decimal) -> Decimal:
    """A deduction counts by its size, whether it is printed as 2.00 or as -2.00."""
    return abs(score) if column.role is Role.DEDUCTION else score


def _maximum(table: Table, column: Column) -> tuple[Decimal | None, str]:
    if column.maximum is not None or column.role is not Role.TOTAL:
        return column.maximum, ""
    parts = [table.columns[at].maximum for at in table.at(Role.PART)]
    known = [maximum for maximum in parts if maximum is not None]
    if not parts or len(known) < len(parts) or table.at(Role.BONUS):
        return None, ""
    return sum(known, Decimal(0)), f"（{'+'.join(map(str, known))}）"


def duplicates(table: Table, notes: list[str]) -> Iterator[Discrepancy]:
    """A name that stood in the table before."""
    first: dict[str, Row] = {}
    found = []
    for row in table.rows:
        name = folded(row.unit)
        if name in first:
            found.append((row, first[name]))
        elif name:
            first[name] = row
    if len(found) >= _FEW and len(found) * 2 > len(table.rows):
        notes.append(f"“{table.title}”：多数名称出现多次，该列可能不是单位或账号的名称，未核对重复")
        return
    for row, before in found:
        text = f"与第 {before.number} 行名称相同"
        yield Discrepancy(table.title, row.number, row.unit, Kind.DUPLICATE, row.unit, "", text, row.line)


def missing(table: Table) -> Iterator[Discrepancy]:
    """Cells that are blank or no number in columns that hold numbers; a row without any is told once."""
    needed = [at for at in table.at(*SCORES, Role.COUNT) if _mostly(table, at)]
    ranking = [at for at in table.at(Role.RANK, Role.SERIAL) if _mostly(table, at)]
    named = table.at(Role.NAME)
    for row in table.rows:
        if named and not row.unit:
            yield _absent(table, row, "", "名称空白")
        for at in ranking:
            if rank_of(row.cells[at]) is None and not row.worded and not in_place_of_score(row.cells[at]):
                yield _absent(table, row, row.cells[at], _said(table.columns[at].head, row.cells[at]))
        gaps = [at for at in needed if number(row.cells[at]) is None]
        if row.worded or not gaps:
            continue
        if len(gaps) == len(needed) > 1 and not any(row.cells[at].strip() for at in gaps):
            yield _absent(table, row, "", "整行没有数据")
            continue
        for at in gaps:
            yield _absent(table, row, row.cells[at], _said(table.columns[at].head, row.cells[at]))


def _mostly(table: Table, at: int) -> bool:
    """More rows hold a number here than do not, those apart that say in words why not."""
    rows = [row for row in table.rows if not row.worded]
    return sum(rank_of(row.cells[at]) is not None or number(row.cells[at]) is not None for row in rows) * 2 > len(rows)


def _said(head: str, cell: str) -> str:
    return f"{head}：“{cell.strip()}”不是数" if cell.strip() else f"{head}空白"


def _absent(table: Table, row: Row, printed: str, text: str) -> Discrepancy:
    return Discrepancy(table.title, row.number, row.unit, Kind.MISSING, printed.strip(), "", text, row.line)
