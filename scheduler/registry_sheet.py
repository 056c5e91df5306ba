"""A grid of cells, as a sheet or a CSV file has them, as rows of one table: headings found, blank rows left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from scheduler.errors import RegistryProblem
from scheduler.registry_cells import Cell, Row
from scheduler.registry_columns import Table

MOST_COLUMNS = 64
"""Columns of a sheet that are read; the widest table has eleven."""
HEADING_WITHIN = 10
"""Filled rows at the top among which the heading row is looked for, so that a title may stand above it."""


class Headings(Struct, frozen=True):
    """The heading row: its number, the table's column at each position (from 0), and each column's heading there."""

    number: int
    keys: Mapping[int, str]
    labels: Mapping[str, str]

    def at(self, position: int) -> str:
        """The heading at a position, "" where there is none that is known."""
        return self.labels.get(self.keys.get(position, ""), "")


class Sheet(Struct, frozen=True):
    """One sheet or CSV file and where its faults are noted. `name` is "" for a CSV file."""

    table: Table
    file: str
    name: str
    problems: list[RegistryProblem]

    def refuse(self, reason: str, row: int = 0, column: str = "", value: str = "") -> None:
        """Note a fault."""
        self.problems.append(RegistryProblem(self.file, self.name, row, column, reason, value))

    def read(self, grid: Iterable[Sequence[Cell]]) -> tuple[Headings, list[Row]] | None:
        """The headings and the rows below them; None where no heading row was found. Cells come without labels."""
        records = [record for record in grid if any(_is_filled(cell) for cell in record)]
        found = next((at for at, record in enumerate(records[:HEADING_WITHIN]) if self._is_heading(record)), None)
        if found is None:
            names = "、".join(column.heading for column in self.table.columns.values() if column.required)
            self.refuse(f"找不到表头，应有一行列名，至少包括：{names}")
            return None
        headings = self._headings(records[found])
        titled = {at for at, cell in enumerate(records[found]) if cell.shown.strip()}
        return headings, [self._row(headings, titled, record) for record in records[found + 1 :]]

    def _is_heading(self, record: Sequence[Cell]) -> bool:
        """Two of the row's cells, or its only cell, are headings of the table."""
        labels = [cell.shown.strip() for cell in record if cell.shown.strip()]
        known = sum(1 for label in labels if self.table.column_of(label))
        return bool(labels) and known >= min(2, len(labels))

    def _headings(self, record: Sequence[Cell]) -> Headings:
        """The columns that a heading row names; unknown, doubled and missing ones are noted."""
        number = record[0].row
        keys: dict[int, str] = {}
        labels: dict[str, str] = {}
        for position, cell in enumerate(record):
            label = cell.shown.strip()
            column = self.table.column_of(label) if label else None
            if column is None:
                if label:
                    near = self.table.nearest(label)
                    self.refuse(
                        f"未知的列，是否应为“{near}”？" if near else "未知的列，请删除或改正列名", number, label
                    )
            elif column.key in labels:
                same = label == labels[column.key]
                self.refuse("此列出现了两次" if same else f"与“{labels[column.key]}”列是同一列", number, label)
            else:
                keys[position] = column.key
                labels[column.key] = label
        for column in self.table.columns.values():
            if column.required and column.key not in labels:
                self.refuse("缺少此列", number, column.heading)
        return Headings(number, keys, labels)

    def _row(self, headings: Headings, titled: set[int], record: Sequence[Cell]) -> Row:
        filled = {position: cell for position, cell in enumerate(record) if _is_filled(cell)}
        for position in sorted(filled.keys() - titled)[:1]:
            self.refuse(f"第 {position + 1} 列没有列名，却有内容", record[0].row, value=filled[position].shown)
        cells = {
            key: replace(filled[position], label=headings.labels[key])
            for position, key in headings.keys.items()
            if position in filled
        }
        return Row(self.table, self.file, self.name, record[0].row, cells, headings.labels)


def _is_filled(cell: Cell) -> bool:
    return bool(cell.fault or cell.shown.strip())
