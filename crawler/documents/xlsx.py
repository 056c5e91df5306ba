"""The rows of an XLSX workbook: each row's cells as they are stored, side by side."""

from __future__ import annotations

import io
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from crawler.documents.text import Part, Unreadable

MOST_ROWS, MOST_COLUMNS = 20_000, 60
_DAMAGED = (InvalidFileException, ParseError, KeyError, ValueError, IndexError, TypeError, AttributeError, OSError)


def parts(body: bytes) -> Iterator[Part]:
    """The rows that hold something, hidden sheets too. Raises Unreadable. The package must have been looked through."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
            for number, row in enumerate(rows, start=1):
                text = "\n".join(_shown(value) for value in row if value is not None)
                if text.strip():
                    yield Part(f"工作表“{sheet.title}”第 {number} 行", text)
    except _DAMAGED as error:
        raise Unreadable("文件已损坏") from error


def _shown(value: object) -> str:
    """A cell's value as text; a number that was typed as a number keeps all its digits."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())
