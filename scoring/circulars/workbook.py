"""The sheets of an XLSX workbook as lines: each cell as its number format shows it."""

from __future__ import annotations

import io
import itertools
import re
import warnings
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import openpyxl

from crawler.documents.text import Unreadable
from scoring.circulars.table import Line, Section

_FIXED = re.compile(r"(?:#,##)?0(?:\.(0{1,10}))?(%?)(?:_.)*\s*(?:;.*)?")
_NO_NAME = re.compile(r"(?:sheet|工作表|表)\s*\d*", re.IGNORECASE)
_SIGNIFICANT = 12
_MOST_ROWS = 5_000_000
"""Rows of all sheets together that are gone through, blank ones too; one sheet can have a million."""


def sections(data: bytes, name: str) -> tuple[Section, ...]:
    """One section a worksheet. Raises Unreadable for a damaged workbook and for formulas that were never calculated."""
    from scoring.circulars.reading import bounded

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions it leaves out; values are whole
            values = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            written = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            found = []
            left = itertools.count(_MOST_ROWS, -1)
            for sheet, formulas in zip(values.worksheets, written.worksheets, strict=True):
                title = name if _NO_NAME.fullmatch(sheet.title) else sheet.title
                found.append(Section(title, bounded(_lines(sheet, formulas, left))))
            return tuple(found)
    except Unreadable:
        raise
    except Exception as error:  # a damaged workbook makes openpyxl raise nearly anything, from KeyError to zlib.error
        raise Unreadable("不是可读取的 XLSX 工作簿，或已损坏") from error


def _lines(sheet: object, formulas: object, left: Iterator[int]) -> Iterator[Line]:
    opens = True
    for number, (shown, typed) in enumerate(zip(_rows(sheet), _rows(formulas), strict=True), start=1):
        if next(left) <= 0:
            raise Unreadable(f"工作表的行数合计超过 {_MOST_ROWS} 行")
        cells = []
        for one, other in zip(shown, typed, strict=True):
            if one.value is None and getattr(other, "data_type", "") == "f":
                raise Unreadable(
                    f"工作表“{getattr(sheet, 'title', '')}”第 {number} 行有公式没有计算结果，请用表格软件打开并保存"
                )
            cells.append(_shown(one))
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield Line(number, tuple(cells), opens=opens)
            opens = False


def _rows(sheet: object) -> Iterator[tuple[openpyxl.cell.Cell, ...]]:
    sheet.reset_dimensions()  # type: ignore[attr-defined]  # the size that a sheet declares may be wrong
    return sheet.iter_rows()  # type: ignore[attr-defined,no-any-return]


def _shown(cell: openpyxl.cell.Cell) -> str:
    """What a reader of the sheet sees: 83.5371 in a format of two decimals is 83.54."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value).strip()
    exact = Decimal(f"{value:.{_SIGNIFICANT}g}") if isinstance(value, float) else Decimal(value)
    if fixed := _FIXED.fullmatch(cell.number_format or ""):
        shift = 2 if fixed[2] else 0
        unit = Decimal(1).scaleb(-len(fixed[1] or ""))
        return f"{exact.scaleb(shift).quantize(unit, ROUND_HALF_UP)}{fixed[2]}"
    return f"{exact.normalize():f}"
