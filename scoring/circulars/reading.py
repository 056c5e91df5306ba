"""A file as lines: text, Markdown and CSV here, workbooks and Word documents by their own modules."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from crawler.documents import package
from crawler.documents.text import Unreadable
from scoring.circulars.errors import UnreadableCircular
from scoring.circulars.table import Line, Section

SUFFIXES = (".txt", ".md", ".csv", ".xlsx", ".docx")
MOST_BYTES, MOST_LINES, MOST_COLUMNS = 20_000_000, 20_000, 100
_HINTS = {
    ".doc": "不支持旧版 .doc 文件，请另存为 .docx",
    ".wps": "不支持 .wps 文件，请另存为 .docx",
    ".xls": "不支持旧版 .xls 文件，请另存为 .xlsx",
    ".et": "不支持 .et 文件，请另存为 .xlsx",
    ".pdf": "不支持 PDF 文件，请用其 Word 或表格原稿，或转存为文本",
}
_RULE = re.compile(r"[\s|:\-]+")
_PIPE = re.compile(r"(?<!\\)\|")
_ENDS = re.compile(r"\r\n|\n|\r")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def read(file: Path) -> tuple[Section, ...]:
    """The file's lines by sections. Raises UnreadableCircular with its name and the reason."""
    suffix = file.suffix.lower()
    if suffix not in SUFFIXES:
        known = "、".join(SUFFIXES)
        raise UnreadableCircular(file.name, _HINTS.get(suffix, f"不支持的文件类型，可用：{known}"))
    try:
        if file.stat().st_size > MOST_BYTES:
            raise UnreadableCircular(file.name, f"文件超过 {MOST_BYTES // 1_000_000} MB")
        data = file.read_bytes()
    except OSError as error:
        raise UnreadableCircular(file.name, "文件不存在或无法读取") from error
    try:
        return sections_of(data, suffix, file.stem)
    except Unreadable as error:
        raise UnreadableCircular(file.name, str(error)) from error


def sections_of(data: bytes, suffix: str, name: str) -> tuple[Section, ...]:
    """The lines that the bytes of such a file hold. Raises crawler.documents.text.Unreadable."""
    if not data:
        raise Unreadable("文件没有内容")
    if suffix == ".xlsx":
        from scoring.circulars import workbook

        package.opened(data).close()
        return workbook.sections(data, name)
    if suffix == ".docx":
        from scoring.circulars import document

        with package.opened(data) as archive:
            return (Section(name, bounded(document.lines(archive))),)
    text = _decoded(data)
    return (Section(name, bounded(_csv(text) if suffix == ".csv" else _text(text))),)


def bounded(lines: Iterator[Line]) -> tuple[Line, ...]:
    """All lines, if they are not too many nor too wide. Raises Unreadable."""
    kept: list[Line] = []
    for line in lines:
        if len(kept) == MOST_LINES:
            raise Unreadable(f"超过 {MOST_LINES} 行")
        if len(line.cells) > MOST_COLUMNS:
            raise Unreadable(f"第 {line.number} 行超过 {MOST_COLUMNS} 列")
        kept.append(line)
    return tuple(kept)


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _NOT_TEXT.search(text):
            break
        return text
    raise Unreadable("不是 UTF-8 或 GB18030 编码的文字，请另存为 UTF-8 编码")


def _text(text: str) -> Iterator[Line]:
    """Rows are Markdown's (|…|) or lines with tabs; everything else is a paragraph."""
    within = False
    for number, line in enumerate(_ENDS.split(text), start=1):
        if not line.strip():
            continue
        if line.lstrip().startswith("|"):
            cells = tuple(cell.replace(r"\|", "|").strip() for cell in _PIPE.split(line.strip().strip("|")))
            if _RULE.fullmatch(line) and "-" in line:
                continue
        else:
            cells = tuple(cell.strip() for cell in line.split("\t"))
        is_row = len(cells) > 1
        yield Line(number, cells, opens=is_row and not within)
        within = is_row


def _csv(text: str) -> Iterator[Line]:
    delimiter = max(",\t;", key="\n".join(text.splitlines()[:20]).count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    opens = True
    try:
        for cells in reader:
            yield Line(reader.line_num, tuple(cell.strip() for cell in cells), opens=opens)
            opens = False
    except csv.Error as error:
        reason = f"第 {reader.line_num} 行：CSV 格式不正确，引号不成对、引号后有多余字符或一格内容过长"
        raise Unreadable(reason) from error
