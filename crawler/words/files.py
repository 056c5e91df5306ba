"""Reads a lexicon file, CSV or XLSX. A file is read whole or refused with every fault, by row and column."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from crawler.facts.texts import TextKind
from crawler.words.entry import Entry
from crawler.words.errors import WordbookErrors, WordbookProblem

COLUMNS = ("类型", "错误写法", "正确写法", "例外", "前文", "后文", "同句须有", "自", "来源", "说明")
KINDS: dict[str, TextKind | None] = {"错别字": TextKind.TYPO, "表述": TextKind.WORDING, "放行": None}
SUFFIXES = (".csv", ".xlsx")
_NEEDED = ("类型", "错误写法")
_MOST_BYTES, _MOST_ROWS = 8_000_000, 50_000
_SHORTEST, _LONGEST, _LONGEST_CELL = 2, 40, 2000
_SEPARATOR = re.compile(r"[|｜；;\n]+")

Record = tuple[int, Sequence[str]]


def read(path: Path) -> tuple[Entry, ...]:
    """The entries of one file in its order. Raises WordbookErrors with every fault."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _refused(path, f"文件超过 {_MOST_BYTES // 1_000_000} MB")
        content = path.read_bytes()
    except OSError as error:
        raise _refused(path, "文件不存在或无法读取") from error
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise _refused(path, "只支持 CSV 和 XLSX 文件")
    records = _sheet_records(path, content) if suffix == ".xlsx" else _csv_records(path, content)
    return _entries(path, records)


def _refused(path: Path, reason: str, row: int = 0, column: str = "", value: str = "") -> WordbookErrors:
    return WordbookErrors([WordbookProblem(path.name, row, column, reason, value)])


def _csv_records(path: Path, content: bytes) -> list[Record]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _refused(path, "文字编码无法识别，请另存为 UTF-8 编码的 CSV")
    records: list[Record] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        records.extend((reader.line_num, cells) for cells in reader)
    except csv.Error as error:
        raise _refused(path, "CSV 格式不正确：引号不成对，或引号后有多余字符", reader.line_num) from error
    return records


def _sheet_records(path: Path, content: bytes) -> list[Record]:
    import openpyxl  # only an office's own workbook needs it
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        return [
            (number, [_shown(value) for value in row])
            for number, row in enumerate(sheet.iter_rows(max_row=_MOST_ROWS + 1, values_only=True), start=1)
        ]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError) as error:
        raise _refused(path, "不是可读取的 XLSX 文件") from error


def _shown(value: object) -> str:
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return "" if value is None else str(value)


def _entries(path: Path, records: Sequence[Record]) -> tuple[Entry, ...]:
    filled = [(row, cells) for row, cells in records if any(cell.strip() for cell in cells)]
    filled = [(row, cells) for row, cells in filled if not cells[0].lstrip().startswith("#")]
    if not filled:
        raise _refused(path, f"没有内容；第一行应为表头：{'、'.join(COLUMNS)}")
    if len(filled) > _MOST_ROWS:
        raise _refused(path, f"超过 {_MOST_ROWS} 行")
    head, *rest = filled
    problems: list[WordbookProblem] = []
    places = _places(path, head, problems)
    entries: dict[tuple[str, str, str], int] = {}
    read: list[Entry] = []
    for row, cells in rest if not problems else ():
        problems += _overflow(path, row, cells, len(head[1]))
        values = {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()}
        entry = _entry(path.name, row, values, problems)
        if entry is None:
            continue
        key = (entry.wrong, values.get("前文", ""), values.get("后文", ""))
        if key in entries:
            problems.append(WordbookProblem(path.name, row, "错误写法", f"与第 {entries[key]} 行重复", entry.wrong))
        entries[key] = row
        read.append(entry)
    if problems:
        raise WordbookErrors(problems)
    return tuple(read)


def _places(path: Path, head: Record, problems: list[WordbookProblem]) -> dict[str, int]:
    row, cells = head
    places: dict[str, int] = {}
    for at, cell in enumerate(cells):
        name = cell.strip()
        if name in places:
            problems.append(WordbookProblem(path.name, row, name, "此列出现了两次"))
        elif name in COLUMNS:
            places[name] = at
        elif name:
            problems.append(WordbookProblem(path.name, row, name, f"未知的列，可用的列：{'、'.join(COLUMNS)}"))
    problems += [WordbookProblem(path.name, row, name, "缺少此列") for name in _NEEDED if name not in places]
    return places


def _overflow(path: Path, row: int, cells: Sequence[str], width: int) -> Iterator[WordbookProblem]:
    for cell in cells[width:]:
        if cell.strip():
            yield WordbookProblem(path.name, row, "", "内容超出表头的列数", cell.strip())


def _entry(file: str, row: int, values: dict[str, str], problems: list[WordbookProblem]) -> Entry | None:
    """The row's entry; None where it is at fault, which is noted."""
    before = len(problems)

    def refuse(column: str, reason: str) -> None:
        problems.append(WordbookProblem(file, row, column, reason, values.get(column, "")))

    for column, value in values.items():
        if len(value) > _LONGEST_CELL:
            refuse(column, f"超过 {_LONGEST_CELL} 字")
    kind, wrong, right = values["类型"], values["错误写法"], values.get("正确写法", "")
    if kind not in KINDS:
        refuse("类型", f"只能是{'、'.join(KINDS)}" if kind else "不能为空")
    if not _SHORTEST <= len(wrong) <= _LONGEST:
        refuse("错误写法", f"应为 {_SHORTEST} 至 {_LONGEST} 个字")
    elif re.search(r"\s", wrong):
        refuse("错误写法", "不能含空格或换行")
    if kind == "错别字" and not right:
        refuse("正确写法", "错别字须给出正确写法")
    if right and right == wrong:
        refuse("正确写法", "与错误写法相同")
    exceptions = _listed(values.get("例外", ""))
    for word in exceptions:
        if wrong and wrong not in word:
            refuse("例外", f"“{word}”中没有“{wrong}”，不会起作用")
    if wrong and wrong in right and right not in exceptions:
        exceptions = (*exceptions, right)
    patterns: dict[str, re.Pattern[str] | None] = {}
    for column in ("前文", "后文"):
        try:
            ending = r"\Z" if column == "前文" else ""
            patterns[column] = re.compile(f"(?:{values[column]}){ending}") if values.get(column) else None
        except re.error:
            refuse(column, "不是有效的正则表达式")
    since = None
    if values.get("自"):
        try:
            since = date.fromisoformat(values["自"])
        except ValueError:
            refuse("自", "应为 YYYY-MM-DD 形式的日期")
    if len(problems) > before:
        return None
    return Entry(
        kind=KINDS[kind],
        wrong=wrong,
        right=right,
        exceptions=exceptions,
        before=patterns["前文"],
        after=patterns["后文"],
        nearby=_listed(values.get("同句须有", "")),
        since=since,
        source=values.get("来源", ""),
        note=values.get("说明", ""),
    )


def _listed(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in _SEPARATOR.split(value) if word.strip()))
