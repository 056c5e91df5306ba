"""annex.xlsx: every table of the circular's annexes on a sheet of its own, ready to be sorted and printed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from reports.problems import InspectionView
from reports.sheetstyle import BODY, HEAD, LETTER, Book, height
from reports.tables import Annex, Cell, Column, Sheet, Span, placed, words
from reports.wording import clock

_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_LONGEST_NAME = 31
_SIZE = 11


def write(view: InspectionView, annexes: Sequence[Annex], path: Path) -> None:
    """Write the workbook. Raises OSError where the file cannot be written."""
    book = Book(path, title=f"{view.name}附件", subject=view.name, made=view.ended or view.as_of)
    taken: set[str] = set()
    for number, annex in enumerate(annexes, start=1):
        for table in annex.tables:
            _sheet(book, view, number, annex, table, _name(f"附件{number} {table.short}", taken))
    if not annexes:
        sheet = book.sheet("附件", [60], footer=view.name)
        book.text(sheet, 0, 0, "本次检查没有可列入附件的内容。", {"font_name": LETTER, "font_size": 12})
    book.close()


def _name(wanted: str, taken: set[str]) -> str:
    """A sheet's name as Excel allows it, one to one table."""
    plain = wanted.translate(_FORBIDDEN).strip()
    name, nth = plain[:_LONGEST_NAME].strip(), 1
    while name.casefold() in taken:
        nth += 1
        name = f"{plain[: _LONGEST_NAME - 4].strip()}（{nth}）"
    taken.add(name.casefold())
    return name


def _sheet(book: Book, view: InspectionView, number: int, annex: Annex, table: Sheet, name: str) -> None:
    widths = [column.width for column in table.columns]
    sheet = book.sheet(name, widths, footer=f"{view.name}　附件{number}")
    last = len(widths) - 1
    letter: dict[str, object] = {"font_name": LETTER, "font_size": _SIZE, "valign": "vcenter", "text_wrap": True}
    title: dict[str, object] = {"font_name": HEAD, "font_size": 16, "align": "center", "valign": "vcenter"}
    book.across(sheet, 0, last, f"附件 {number}", {"font_name": HEAD, "font_size": 14, "valign": "vcenter"}, 24)
    across = sum(widths)
    book.across(sheet, 1, last, annex.title, title, max(30, height([(annex.title, across)], size=16)))
    row = 2
    if table.caption:
        book.across(sheet, row, last, table.caption, {**letter, "font_name": HEAD, "font_size": 12}, 20)
        row += 1
    _head(book, sheet, row, table.columns)
    sheet.repeat_rows(row)
    sheet.freeze_panes(row + 1, 2)
    for line in table.rows:
        row += 1
        _row(book, sheet, row, table.columns, line)
    for note in (*table.notes, *annex.notes, f"监测时间点：{clock(view.as_of)}。"):
        row += 1
        text = f"注：{note}"
        book.across(sheet, row, last, text, letter, height([(text, across)], size=_SIZE))


def _head(book: Book, sheet: Worksheet, row: int, columns: Sequence[Column]) -> None:
    look = book.cell(font_name=HEAD, font_size=_SIZE, align="center")
    sheet.set_row(row, height([(column.head, column.width) for column in columns], size=_SIZE))
    for at, column in enumerate(columns):
        book.text(sheet, row, at, column.head, look)


def _row(book: Book, sheet: Worksheet, row: int, columns: Sequence[Column], line: tuple[Cell, ...]) -> None:
    centred = book.cell(font_name=BODY, font_size=_SIZE, align="center")
    plain = book.cell(font_name=BODY, font_size=_SIZE)
    widths = [column.width for column in columns]
    sheet.set_row(
        row,
        max(18, height([(words(cell), sum(widths[at : at + many])) for at, many, cell in placed(line)], size=_SIZE)),
    )
    for at, many, cell in placed(line):
        if isinstance(cell, Span):
            if many > 1:
                sheet.merge_range(row, at, row, at + many - 1, "", book.style(**centred))
            book.text(sheet, row, at, cell.text, centred)
        elif isinstance(cell, int | Decimal):
            book.number(sheet, row, at, cell, centred)
        else:
            left = columns[at].kind == "text" and at > 0 and len(cell) > 1
            book.text(sheet, row, at, cell, plain if left else centred)
