"""The table of 信息采用量 that an office gives, CSV or XLSX: 单位名称 and 采用量, and 类别 where groups stand apart.

Nothing of a file with a fault is used.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from reports.adoptions import Adopted, Adoptions
from scheduler.errors import RegistryProblem, SheetRefused
from scheduler.registry_text import decoded
from scheduler.registry_values import Unfit
from scheduler.workbook import Written, cells, read_bytes, refused, text

NAME, COUNT, GROUP = "单位名称", "采用量", "类别"
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_NO_UNITS = ("合计", "总计", "小计")


def read(file: Path) -> Adoptions:
    """The counts of a CSV or XLSX file. Raises SheetRefused with every fault by row and column."""
    grid = _grid(file)
    top = next((at for at, line in enumerate(grid) if any(map(text, line))), None)
    if top is None:
        raise refused(file, "文件没有内容")
    head = [text(cell) for cell in grid[top]]
    missing = [name for name in (NAME, COUNT) if name not in head]
    if missing:
        raise SheetRefused([_problem(file, top, name, "没有这一列") for name in missing])
    problems: list[RegistryProblem] = []
    groups: dict[str, list[Adopted]] = {}
    seen: dict[str, int] = {}
    for number, line in enumerate(grid[top + 1 :], start=top + 1):
        told = {name: cell for name, cell in zip(head, line, strict=False) if name in (NAME, COUNT, GROUP)}
        name, count = (text(told.get(heading, Written(None))) for heading in (NAME, COUNT))
        if not any(map(text, line)) or name in _NO_UNITS:
            continue
        faults = [_problem(file, number, heading, cell.fault) for heading, cell in told.items() if cell.fault]
        if not name:
            faults.append(_problem(file, number, NAME, "空白"))
        elif name in seen:
            faults.append(_problem(file, number, NAME, f"与第 {seen[name] + 1} 行重复", name))
        if not faults and not _WHOLE.fullmatch(count):
            faults.append(_problem(file, number, COUNT, "应为不带单位的整数" if count else "空白", count))
        seen.setdefault(name, number)
        if not faults:
            groups.setdefault(text(told.get(GROUP, Written(None))), []).append(Adopted(name, int(count)))
        problems += faults
    if problems:
        raise SheetRefused(problems)
    if not groups:
        raise refused(file, "只有表头，没有数据")
    return Adoptions(
        tuple((group, tuple(sorted(lines, key=lambda line: -line.count))) for group, lines in groups.items())
    )


def _grid(file: Path) -> Sequence[Sequence[Written]]:
    """The cells, a blank line an empty row, so that rows count as the file's own program shows them."""
    match file.suffix.lower():
        case ".xlsx":
            return cells(file)
        case ".csv":
            try:
                lines = csv.reader(io.StringIO(decoded(read_bytes(file)), newline=""), strict=True)
                return [[Written(value.strip()) for value in line] for line in lines]
            except Unfit as unfit:
                raise refused(file, str(unfit)) from None
            except csv.Error as error:
                raise refused(file, f"CSV 格式不正确（{error}）") from None
        case _:
            raise refused(file, "只支持 .csv 和 .xlsx")


def _problem(file: Path, row: int, column: str, reason: str, value: str = "") -> RegistryProblem:
    return RegistryProblem(file.name, "", row + 1, column, reason, value)
