"""An XLSX registry as rows: the sheets 单位, 网站, 账号, and 栏目 and 设置 where they are there."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from itertools import islice, tee

import openpyxl
from openpyxl.utils import range_boundaries

from scheduler.errors import RegistryProblem
from scheduler.registry_cells import Cell, Row
from scheduler.registry_columns import folded, nearest, vocabulary
from scheduler.registry_sheet import MOST_COLUMNS, Sheet
from scheduler.workbook import unfit_package, written

MOST_ROWS = 1_048_576
"""The rows a sheet can have; blank ones, however many, are left out."""
_FORMULA = re.compile(rb"<(\w+:)?f[\s/>]")
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_MERGED = re.compile(rb"<(\w+:)?mergeCell[\s/>]")

Range = tuple[int, int, int, int]
"""Columns and rows of a merged range, from 1: left, top, right, bottom."""


def xlsx_rows(data: bytes, file: str, problems: list[RegistryProblem]) -> Mapping[str, list[Row]]:
    """The rows by table key. A file that is no workbook, or could not be held, gives one problem and no rows."""
    if fault := unfit_package(data):
        problems.append(RegistryProblem(file, "", 0, "", fault))
        return {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions it leaves out; values are whole
            return _Book(data, file, problems).rows()
    except Exception as error:  # a damaged workbook makes openpyxl raise nearly anything, from KeyError to zlib.error
        problems.append(RegistryProblem(file, "", 0, "", "工作簿已损坏，无法读取", f"{type(error).__name__}: {error}"))
        return {}


class _Book:
    """One workbook, opened for its values as last calculated, for its formulas, and for its merged ranges."""

    def __init__(self, data: bytes, file: str, problems: list[RegistryProblem]) -> None:
        self._file = file
        self._problems = problems
        self._values = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        # Each further reading costs as much as the first, and most workbooks have neither formulas nor merged cells.
        has_formulas, has_merged = _has(data, _FORMULA), _has(data, _MERGED)
        self._formulas = (
            openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False) if has_formulas else self._values
        )
        self._merged = _merged_ranges(data) if has_merged else {}

    def rows(self) -> Mapping[str, list[Row]]:
        """The rows of every sheet that holds a table. Other sheets are left alone unless a slip made them so."""
        tables = vocabulary().tables
        found: dict[str, str] = {}
        for name in self._values.sheetnames:
            table = vocabulary().table_named(name)
            if table is not None and table.key in found:
                self._refuse(name, f"与工作表“{found[table.key]}”是同一张表")
            elif table is not None:
                found[table.key] = name
        absent = [name for table in tables.values() if table.key not in found for name in table.names]
        for name in self._values.sheetnames:
            if name not in found.values() and (near := nearest(folded(name), absent)):
                self._refuse(name, f"未知的工作表，是否应为“{near}”？")
        for table in tables.values():
            if table.key not in found and not table.optional:
                self._refuse(table.name, f"缺少此工作表；没有{table.noun}也请保留，只留表头")
        sheets = [Sheet(table, self._file, found[key], self._problems) for key, table in tables.items() if key in found]
        return {sheet.table.key: rows for sheet in sheets if (rows := self._rows_of(sheet)) is not None}

    def _refuse(self, sheet: str, reason: str) -> None:
        self._problems.append(RegistryProblem(self._file, sheet, 0, "", reason))

    def _rows_of(self, sheet: Sheet) -> list[Row] | None:
        if self._values[sheet.name] not in self._values.worksheets:
            sheet.refuse("是图表页，不是数据工作表")
            return None
        merged = self._merged.get(sheet.name, {})
        read = sheet.read(self._grid(sheet.name, tuple(merged.values())))
        if read is None:
            return None
        headings, rows = read
        for name, (left, top, _, bottom) in merged.items():
            if bottom > headings.number:
                reason = f"数据区有合并单元格 {name}，请取消合并并逐行填写"
                sheet.refuse(reason, max(top, headings.number), headings.at(left - 1))
        return rows

    def _grid(self, name: str, merged: tuple[Range, ...]) -> Iterator[list[Cell]]:
        """The filled rows. A cell inside a merged range shows what the range shows, so that it is not called blank."""
        values, formulas = self._values[name], self._formulas[name]
        for page in (values, formulas):
            page.reset_dimensions()  # the size that a sheet declares may be wrong
        first = values.iter_rows(max_col=MOST_COLUMNS)
        one, other = tee(first) if formulas is values else (first, formulas.iter_rows(max_col=MOST_COLUMNS))
        pairs = zip(one, other, strict=False)
        anchors: dict[Range, Cell] = {}
        for number, (calculated, typed) in enumerate(islice(pairs, MOST_ROWS), start=1):
            width = next((at for at in range(len(typed), 0, -1) if typed[at - 1].value is not None), 0)
            if not width:
                continue
            record = [_cell(*both, number) for both in zip(calculated[:width], typed[:width], strict=True)]
            for area in merged:
                left, top, right, bottom = area
                if top <= number <= bottom and left <= len(record):
                    anchor = anchors.setdefault(area, record[left - 1])
                    for position in range(left - 1, min(right, len(record))):
                        record[position] = Cell(anchor.raw, "", number, fault=anchor.fault)
            yield record


def _cell(calculated: object, typed: object, number: int) -> Cell:
    """One cell from its two readings."""
    one = written(calculated, typed)
    return Cell(one.value, "", number, fault=one.fault)


def _has(data: bytes, element: re.Pattern[bytes]) -> bool:
    """A part of the workbook has this element, or may have it (UTF-16). Any part counts, which costs time only."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = (package.read(name) for name in package.namelist())
        return any(part[:2] in _UTF_16_MARKS or element.search(part) for part in parts)


def _merged_ranges(data: bytes) -> Mapping[str, Mapping[str, Range]]:
    """The merged ranges of each sheet by their names (A5:A6)."""
    book = openpyxl.load_workbook(io.BytesIO(data), keep_links=False)
    found: dict[str, dict[str, Range]] = {}
    for sheet in book.worksheets:
        for area in sheet.merged_cells.ranges:
            left, top, right, bottom = range_boundaries(area.coord)
            if left and top and right and bottom:
                found.setdefault(sheet.title, {})[area.coord] = (left, top, right, bottom)
    return found
