"""Workbooks that come from people: whether one can be opened at all, its cells, and what one of them says."""

from __future__ import annotations

import io
import warnings
import zipfile
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path

import openpyxl
from msgspec import Struct

from scheduler.errors import RegistryProblem, SheetRefused

MOST_ROWS = 200_000
MOST_COLUMNS = 60
"""Of one sheet; what is beyond is not read."""

MOST_UNPACKED = 256 * 1024 * 1024
"""Bytes that the parts of a workbook may come to when unpacked; a hundred thousand sites come to about 60 MB."""
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
"""The first bytes of an .xls workbook, and of an .xlsx that was saved with a password."""


class Written(Struct, frozen=True):
    """A cell's value as last calculated; `fault` says why it cannot be taken, "" where it can."""

    value: str | int | float | bool | datetime | date | time | None
    fault: str = ""


def unfit_package(data: bytes) -> str:
    """Why the bytes cannot be opened as a workbook, "" where they can be tried."""
    if not data:
        return "文件没有内容"
    if data.startswith(OLD_OFFICE):
        return "是旧版 .xls 工作簿，或加了密码：请另存为不加密码的 .xlsx"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        return "不是有效的 XLSX 工作簿"
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        return f"工作簿展开后超过 {MOST_UNPACKED // 1024 // 1024} MB"
    return ""


def written(calculated: object, typed: object) -> Written:
    """One openpyxl cell from its two readings: the value as last calculated, and as typed, which may be a formula."""
    raw, kind = getattr(calculated, "value", None), getattr(calculated, "data_type", "")
    if getattr(typed, "data_type", "") == "f" and raw is None:
        return Written(None, "公式没有计算结果：请用表格软件打开并保存，或改填数值")
    if kind == "e":
        return Written(str(raw), "单元格是错误值")
    if raw is None or isinstance(raw, str | int | float | bool | datetime | date | time):
        return Written(raw)
    return Written(str(raw), "单元格的内容不是文字、数字或日期")


def cells(path: Path, sheet: str = "") -> list[list[Written]]:
    """The cells of a sheet, of the first one where none is named. Raises SheetRefused."""
    data = read_bytes(path)
    if fault := unfit_package(data):
        raise refused(path, fault)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that openpyxl leaves out; values are whole
            calculated = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            typed = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            name = sheet or calculated.worksheets[0].title
            if name not in calculated.sheetnames:
                raise refused(path, f"没有工作表“{name}”")
            pairs = zip(
                calculated[name].iter_rows(max_col=MOST_COLUMNS),
                typed[name].iter_rows(max_col=MOST_COLUMNS),
                strict=False,
            )
            return [[written(*both) for both in zip(*pair, strict=True)] for pair in islice(pairs, MOST_ROWS)]
    except SheetRefused:
        raise
    except Exception as error:  # a damaged workbook makes openpyxl raise nearly anything
        raise refused(path, f"工作簿已损坏，无法读取（{type(error).__name__}）") from None


def read_bytes(path: Path) -> bytes:
    """The file's bytes. Raises SheetRefused."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise refused(path, f"不存在或无法读取：{error.strerror or error}") from None


def refused(path: Path, fault: str) -> SheetRefused:
    """The refusal of a whole file."""
    return SheetRefused([RegistryProblem(path.name, "", 0, "", fault)])


def text(cell: Written) -> str:
    """The cell as a person typed it: a whole number without its point, a date in ISO form."""
    value = cell.value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value).strip()
