"""A CSV registry as rows: 单位.csv, 网站.csv and 账号.csv beside each other (or units.csv, sites.csv, accounts.csv)."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from scheduler.errors import RegistryProblem
from scheduler.registry_cells import Cell, Row
from scheduler.registry_columns import Table, vocabulary
from scheduler.registry_sheet import MOST_COLUMNS, Sheet
from scheduler.registry_text import decoded
from scheduler.registry_values import Unfit


def csv_rows(folder: Path, problems: list[RegistryProblem]) -> Mapping[str, list[Row]]:
    """The rows by table key of the CSV files in a folder. OSError where one that is there cannot be read."""
    rows: dict[str, list[Row]] = {}
    for table in vocabulary().tables.values():
        present = [name for name in table.files if (folder / name).is_file()]
        if len(present) > 1:
            problems.append(
                RegistryProblem(present[1], "", 0, "", f"与 {present[0]} 并存，不知以哪一份为准：请只留一份")
            )
        elif present:
            if (read := _file_rows(folder / present[0], table, problems)) is not None:
                rows[table.key] = read
        elif not table.optional:
            reason = f"缺少此文件（或 {table.files[1]}）；没有{table.noun}也请保留，只留表头"
            problems.append(RegistryProblem(table.files[0], "", 0, "", reason))
    return rows


def is_csv_of_registry(path: Path) -> bool:
    """The file bears one of the names by which a CSV registry's tables are known."""
    return any(path.name in table.files for table in vocabulary().tables.values())


def _file_rows(path: Path, table: Table, problems: list[RegistryProblem]) -> list[Row] | None:
    sheet = Sheet(table, path.name, "", problems)
    try:
        text = decoded(path.read_bytes())
    except Unfit as unfit:
        sheet.refuse(str(unfit))
        return None
    grid: list[list[Cell]] = []
    try:
        for number, record in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1):
            grid.append([Cell(value, "", number) for value in record])
    except csv.Error as error:
        sheet.refuse("CSV 格式不正确：引号不成对，或引号后有多余字符，或一格内容过长", len(grid) + 1, value=str(error))
        return None
    for line in grid:
        if any(cell.shown.strip() for cell in line[MOST_COLUMNS:]):
            sheet.refuse(f"超过 {MOST_COLUMNS} 列", line[0].row)
            return None
    heading = next((line for line in grid if any(cell.shown.strip() for cell in line)), [])
    if len(heading) == 1 and any(mark in heading[0].shown for mark in "\t;；，"):
        sheet.refuse("各列应以英文逗号分隔", heading[0].row, value=heading[0].shown)
        return None
    read = sheet.read(grid)
    return read[1] if read else None
