"""A filed table (单位填报) as rows: CSV in UTF-8 or GB18030, or the first sheet of an XLSX. Every fault is named."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from msgspec import Struct
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from crawler.accounts.errors import AccountTableError
from crawler.accounts.moment import Moment, read_calendar
from crawler.facts import BEIJING

SIZE = 20 * 1024 * 1024
"""Bytes of a table that are read at most."""

ROWS = 100_000
"""Rows of a table that are read at most."""

Cell = str | int | float | bool | datetime | date | time | None


class FiledPost(Struct, frozen=True):
    """One row. `row` counts as a spreadsheet shows it."""

    row: int
    platform: str
    account_name: str
    platform_id: str
    title: str
    url: str
    moment: Moment
    note: str


def read_table(path: Path, name: str, now: datetime) -> tuple[bytes, tuple[FiledPost, ...]]:
    """The file's bytes and its rows; `name` is what errors call it, `now` the latest time a post may bear.

    Raises AccountTableError at the first fault: a table is used whole or not at all.
    """
    try:
        if path.stat().st_size > SIZE:
            raise AccountTableError(name, 0, "", f"文件超过 {SIZE // 1024 // 1024} MB")
        content = path.read_bytes()
    except OSError as error:
        raise AccountTableError(name, 0, "", "文件不存在或无法读取") from error
    suffix = path.suffix.lower()
    if suffix == ".csv":
        lines = _csv_lines(content, name)
    elif suffix == ".xlsx":
        lines = _xlsx_lines(content, name)
    else:
        raise AccountTableError(name, 0, "", "只支持 .csv 和 .xlsx 文件", path.suffix)
    return content, tuple(_posts(lines, name, now))


def _csv_lines(content: bytes, name: str) -> Iterator[tuple[Cell, ...]]:
    text = _decoded(content, name)
    if "\0" in text:
        raise AccountTableError(name, 0, "", "文件中有空字符，不是文本表格")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows = 0
    try:
        for line in reader:
            rows += 1
            yield tuple(line)
    except csv.Error as error:
        raise AccountTableError(name, rows + 1, "", "引号或分隔符不成对，无法按 CSV 读取") from error


def _decoded(content: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AccountTableError(name, 0, "", "编码既不是 UTF-8 也不是 GB18030")


def _xlsx_lines(content: bytes, name: str) -> Iterator[tuple[Cell, ...]]:
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise AccountTableError(name, 0, "", "不是有效的 XLSX 文件") from error
    try:
        if not workbook.worksheets:
            raise AccountTableError(name, 0, "", "没有工作表")
        for line in workbook.worksheets[0].iter_rows(values_only=True):
            yield tuple(cell if isinstance(cell, Cell) else str(cell) for cell in line)
    finally:
        workbook.close()


def _posts(lines: Iterable[tuple[Cell, ...]], name: str, now: datetime) -> Iterator[FiledPost]:
    columns: tuple[str, ...] = ()
    for row, line in enumerate(lines, start=1):
        if row == 1:
            columns = _columns(line, name)
            continue
        if row > ROWS:
            raise AccountTableError(name, row, "", f"超过 {ROWS} 行")
        if all(_is_blank(cell) for cell in line):
            continue
        if any(not _is_blank(cell) for cell in line[len(columns) :]) or len(line) < len(columns):
            raise AccountTableError(name, row, "", f"应有 {len(columns)} 列，实有 {len(line)} 列")
        yield _post(dict(zip(columns, line, strict=False)), row, name, now)
    if not columns:
        raise AccountTableError(name, 0, "", "文件为空，应有标题行")


def _columns(line: Sequence[Cell], name: str) -> tuple[str, ...]:
    found = [_written(cell) for cell in line]
    while found and not found[-1]:
        found.pop()
    known: list[str] = _shape()["columns"]
    for column in known:
        if column not in found:
            raise AccountTableError(name, 1, column, f"缺少这一列，应有 {'、'.join(known)}")
    for column in found:
        if column not in known:
            raise AccountTableError(name, 1, column, f"不认识的列，应为 {'、'.join(known)}")
        if found.count(column) > 1:
            raise AccountTableError(name, 1, column, "这一列出现了多次")
    return tuple(found)


def _post(cells: dict[str, Cell], row: int, name: str, now: datetime) -> FiledPost:
    words = {column: _written(cell) for column, cell in cells.items()}
    for column in _shape()["required_cells"]:
        if not words[column]:
            raise AccountTableError(name, row, column, "不能为空")
    platform = _platform(words["platform"])
    if not platform:
        known = "、".join(words[0] for words in _shape()["platforms"].values())
        raise AccountTableError(name, row, "platform", f"不认识的平台，应为 {known}", words["platform"])
    if words["url"] and not _is_web_address(words["url"]):
        raise AccountTableError(name, row, "url", "不是有效网址", words["url"])
    moment = read_filed_time(cells["published_at"])
    if moment is None:
        raise AccountTableError(name, row, "published_at", "应为 2026-11-06 或 2026-11-06 09:30", words["published_at"])
    if moment.earliest > now:
        raise AccountTableError(name, row, "published_at", "晚于当前时间", words["published_at"])
    return FiledPost(
        row=row,
        platform=platform,
        account_name=words["account_name"],
        platform_id=words["platform_id"],
        title=words["title"],
        url=words["url"],
        moment=moment,
        note=words["note"],
    )


def read_filed_time(cell: Cell) -> Moment | None:
    """The moment a cell states, in Asia/Shanghai: a date of the spreadsheet or its usual spellings; else None."""
    if isinstance(cell, datetime):
        at = cell if cell.tzinfo else cell.replace(tzinfo=BEIJING)
        # A spreadsheet keeps a plain date as midnight.
        return Moment.day(at.date()) if at.time() == time() else Moment.exactly(at)
    if isinstance(cell, date):
        return Moment.day(cell)
    return read_calendar(_written(cell))


def _platform(word: str) -> str:
    platforms: dict[str, list[str]] = _shape()["platforms"]
    wanted = word.casefold()
    return next((key for key, words in platforms.items() if wanted in {key, *(word.casefold() for word in words)}), "")


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _written(cell: Cell) -> str:
    """A cell as a person reads it; a number that a spreadsheet made of an id stands without its point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


@cache
def _shape() -> dict[str, Any]:
    text = files("crawler.accounts.data").joinpath("table.yaml").read_text(encoding="utf-8")
    shape: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return shape
