"""Workbooks that come from people: whether one can be opened at all, and what one of its cells says."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time

from msgspec import Struct

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
