"""信息采用统计: how many items of each unit the city site carried, as the office supplies them (2019 annex 2).

A file has the columns 单位名称 and 采用量, and 类别 where counties and departments stand apart.
Nothing of a file with a fault is used.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import openpyxl
from msgspec import Struct

from reports.errors import AdoptionsRefused
from reports.wording import printable

NAME, COUNT, GROUP = "单位名称", "采用量", "类别"
_WHOLE = re.compile(r"\d{1,9}")
_MOST_BYTES, _MOST_ROWS, _MOST_FAULTS = 5_000_000, 5_000, 20
_NO_UNITS = ("合计", "总计", "小计")


class Adopted(Struct, frozen=True):
    """One unit's count."""

    unit: str
    count: int


class Adoptions(Struct, frozen=True):
    """The counts by group (类别, "" where the file has none), each group the most adopted first."""

    groups: tuple[tuple[str, tuple[Adopted, ...]], ...]


def read(file: Path) -> Adoptions:
    """The counts of a CSV or XLSX file. Raises AdoptionsRefused, which lists the faults by row and column."""
    rows = [(number, cells) for number, cells in _rows(file) if any(cells)]
    if not rows:
        raise AdoptionsRefused(f"文件 {file.name}：没有内容")
    head_row, head = rows[0]
    missing = [name for name in (NAME, COUNT) if name not in head]
    if missing:
        named = "、".join(f"“{name}”" for name in missing)
        raise AdoptionsRefused(f"文件 {file.name}，第 {head_row} 行（表头）：缺少{named}列，表头应有“{NAME}”“{COUNT}”")
    faults: list[str] = []
    groups: dict[str, list[Adopted]] = {}
    seen: dict[str, int] = {}
    for number, cells in rows[1:]:
        told = dict(zip(head, cells, strict=False))
        name, count = told.get(NAME, ""), told.get(COUNT, "")
        if name in _NO_UNITS:
            continue
        if not name:
            faults.append(f"第 {number} 行，“{NAME}”列：空白")
        elif name in seen:
            faults.append(f"第 {number} 行，“{NAME}”列：“{name}”与第 {seen[name]} 行重复")
        seen.setdefault(name, number)
        if not _WHOLE.fullmatch(count):
            shown = f"“{count[:30]}”不是" if count else "空白，应为"
            faults.append(f"第 {number} 行，“{COUNT}”列：{shown}不带单位的整数")
        elif name:
            groups.setdefault(told.get(GROUP, ""), []).append(Adopted(name, int(count)))
    if faults:
        more = f"\n……另有 {len(faults) - _MOST_FAULTS} 处" if len(faults) > _MOST_FAULTS else ""
        raise AdoptionsRefused(f"文件 {file.name} 有误，未采用：\n" + "\n".join(faults[:_MOST_FAULTS]) + more)
    if not groups:
        raise AdoptionsRefused(f"文件 {file.name}：只有表头，没有数据")
    return Adoptions(
        tuple((group, tuple(sorted(lines, key=lambda line: -line.count))) for group, lines in groups.items())
    )


def _rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise AdoptionsRefused(f"文件 {file.name}：超过 {_MOST_BYTES // 1_000_000} MB")
        data = file.read_bytes()
    except OSError as error:
        raise AdoptionsRefused(f"文件 {file}：不存在或无法读取") from error
    suffix = file.suffix.lower()
    if suffix == ".csv":
        lines: Iterator[tuple[int, list[str]]] = _csv(data, file.name)
    elif suffix == ".xlsx":
        lines = _xlsx(data, file.name)
    else:
        raise AdoptionsRefused(f"文件 {file.name}：只支持 .csv 和 .xlsx")
    for number, cells in lines:
        if number > _MOST_ROWS:
            raise AdoptionsRefused(f"文件 {file.name}：超过 {_MOST_ROWS} 行")
        yield number, cells


def _csv(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise AdoptionsRefused(f"文件 {name}：不是 UTF-8 或 GB18030 编码")
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for cells in reader:
            yield reader.line_num, [printable(cell).strip() for cell in cells]
    except csv.Error as error:
        raise AdoptionsRefused(f"文件 {name}，第 {reader.line_num} 行：CSV 格式不正确") from error


def _xlsx(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = [
            (number, [_shown(cell) for cell in cells])
            for number, cells in enumerate(
                book.worksheets[0].iter_rows(values_only=True, max_row=_MOST_ROWS + 1), start=1
            )
        ]
    except Exception as error:  # a damaged workbook makes openpyxl raise nearly anything
        raise AdoptionsRefused(f"文件 {name}：不是可读取的 XLSX 工作簿") from error
    yield from rows


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return printable(str(value)).strip()
