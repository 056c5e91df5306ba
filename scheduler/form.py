"""Forms: workbooks that we write with the rows that are asked for, that a person fills in, and that come back.

What comes back is taken whole or refused with sheet, row and column of every fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from reports.atomic import replacing
from reports.sheetstyle import HEAD, Book, height
from scheduler.errors import RegistryProblem, SheetRefused
from scheduler.workbook import Written, cells, text

_FILL = "#FFF8E1"
_TITLE_ROWS = 2


class Column(Struct, frozen=True):
    """One column. `fill` says that a person is to fill it in, `choices` what may be chosen; `width` in characters."""

    heading: str
    width: float
    fill: bool = False
    choices: tuple[str, ...] = ()


class Form(Struct, frozen=True):
    """What is asked: a sheet's name, its title, how it is to be filled in, and its columns."""

    sheet: str
    title: str
    guide: str
    columns: tuple[Column, ...]

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings in order."""
        return tuple(column.heading for column in self.columns)


class Filled(Struct, frozen=True):
    """One row that came back: the sheet's row number from 1, and its texts by heading, "" where blank."""

    number: int
    texts: Mapping[str, str]

    def __getitem__(self, heading: str) -> str:
        return self.texts[heading]


def write(form: Form, rows: Iterable[Sequence[str]], path: Path, made: datetime) -> int:
    """Writes a form with these rows and answers how many there are. Raises OSError."""
    count = 0
    with replacing(path) as draft:
        book = Book(draft, title=form.title, subject=form.sheet, made=made)
        sheet = book.sheet(form.sheet, [column.width for column in form.columns], footer=form.title)
        last = len(form.columns) - 1
        title = {"font_name": HEAD, "font_size": 15, "align": "center", "valign": "vcenter"}
        book.across(sheet, 0, last, form.title, title, 30)
        width = sum(column.width for column in form.columns)
        guide = {"font_name": "宋体", "font_size": 10, "text_wrap": True, "valign": "vcenter"}
        book.across(sheet, 1, last, form.guide, guide, height([(form.guide, width)]))
        book.header(sheet, _TITLE_ROWS, form.headings)
        sheet.freeze_panes(_TITLE_ROWS + 1, 0)
        sheet.repeat_rows(_TITLE_ROWS)
        for number, row in enumerate(rows, start=_TITLE_ROWS + 1):
            cells = list(zip(form.columns, row, strict=True))
            sheet.set_row(number, height((text, column.width) for column, text in cells))
            for at, (column, text) in enumerate(cells):
                look = book.cell(bg_color=_FILL, num_format="@") if column.fill else book.cell()
                book.text(sheet, number, at, text, look)
            count += 1
        for at, column in enumerate(form.columns):
            if column.choices and count:
                choose = {"validate": "list", "source": list(column.choices), "error_message": "请从列表中选择。"}
                sheet.data_validation(_TITLE_ROWS + 1, at, _TITLE_ROWS + count, at, choose)
        sheet.autofilter(_TITLE_ROWS, 0, _TITLE_ROWS + max(count, 1), last)
        book.close()
    return count


def read(form: Form, path: Path) -> tuple[Filled, ...]:
    """The rows that came back, those without any text left out. Raises SheetRefused."""
    return _rows(form, cells(path, form.sheet), path.name)


def _rows(form: Form, grid: Sequence[Sequence[Written]], file: str) -> tuple[Filled, ...]:
    top = next((at for at, row in enumerate(grid) if form.columns[0].heading in map(text, row)), None)
    if top is None:
        raise SheetRefused([RegistryProblem(file, form.sheet, 0, form.columns[0].heading, "没有这一列")])
    headings = [text(cell) for cell in grid[top]]
    problems = [
        RegistryProblem(file, form.sheet, top + 1, heading, "没有这一列" if heading not in headings else "有两列同名")
        for heading in form.headings
        if headings.count(heading) != 1
    ]
    if problems:
        raise SheetRefused(problems)
    places = {heading: headings.index(heading) for heading in form.headings}
    rows = []
    for number, row in enumerate(grid[top + 1 :], start=top + 2):
        cells = {heading: row[at] if at < len(row) else Written(None) for heading, at in places.items()}
        problems += [
            RegistryProblem(file, form.sheet, number, heading, cell.fault, text(cell))
            for heading, cell in cells.items()
            if cell.fault
        ]
        texts = {heading: text(cell) for heading, cell in cells.items()}
        if any(texts.values()):
            rows.append(Filled(number, texts))
    if problems:
        raise SheetRefused(problems)
    return tuple(rows)
