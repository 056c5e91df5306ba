"""The look of our workbooks and the only ways a cell is written: official fonts, thin borders, A4 landscape.

Every text goes through `text`, so that nothing a page says can become a formula, a link of its own making or a
character Excel refuses.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from crawler.facts import BEIJING
from reports.sheetnames import inside
from reports.wording import printable, rounded, web_address

CELL_LIMIT = 32_767
"""Characters in one cell (Excel's limit)."""
URL_LIMIT = 2_079
"""Characters of an address behind a cell (Excel 2015 and later)."""
INK, BLUE, RED, LINE, PALE = "#1A1A1A", "#1F3A5F", "#8B1A1A", "#8C96A3", "#E9EEF5"
AMBER, LINKED = "#9A6200", "#1F4E8C"
BODY, HEAD, LETTER = "宋体", "黑体", "仿宋"

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n")
_GRID = {"font_name": BODY, "font_size": 10, "font_color": INK, "border": 1, "border_color": LINE, "text_wrap": True}


class Book:
    """A workbook with our styles. Formats are made once for each look."""

    def __init__(self, path: Path, *, title: str, subject: str, made: datetime) -> None:
        """Open for writing. `made` stands as the time of creation, so that equal content gives equal bytes."""
        self.workbook = xlsxwriter.Workbook(
            str(path),
            {
                "strings_to_urls": False,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "max_url_length": URL_LIMIT,
            },
        )
        self.workbook.set_properties(
            {
                "title": printable(title)[:200],
                "subject": printable(subject)[:200],
                "author": "巡查",
                "created": made.astimezone(BEIJING).replace(tzinfo=None),
            }
        )
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}

    def style(self, **look: object) -> Format:
        """The format of this look; the workbook holds each look once."""
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(look)
        return self._formats[key]

    def cell(self, **look: object) -> dict[str, object]:
        """The look of a table's cell, changed by what is given."""
        return {**_GRID, "valign": "vcenter", **look}

    def sheet(self, name: str, widths: Sequence[float], *, footer: str) -> Worksheet:
        """A sheet of A4 landscape, one page wide, page numbers below, columns of these widths (characters)."""
        sheet = self.workbook.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.center_horizontally()
        label = printable(footer).replace("&", "&&")[:80]
        sheet.set_footer(f'&L&"{BODY},Regular"&9 {label}&R&"{BODY},Regular"&9 第 &P 页，共 &N 页')
        return sheet

    def header(self, sheet: Worksheet, row: int, labels: Sequence[str]) -> None:
        """Write a table's column heads."""
        look = self.cell(font_name=HEAD, font_size=10.5, bg_color=PALE, font_color=BLUE, align="center")
        sheet.set_row(row, 24)
        for column, label in enumerate(labels):
            self.text(sheet, row, column, label, look)

    def text(self, sheet: Worksheet, row: int, column: int, value: str, look: dict[str, object]) -> None:
        """Write a text as nothing but text: no formula, no link, no control character, cut at Excel's limit."""
        value = clipped(value)
        if value.startswith(_FORMULA_STARTS):
            look = {**look, "quote_prefix": True}
        sheet.write_string(row, column, value, self.style(**look))

    def number(self, sheet: Worksheet, row: int, column: int, value: Decimal | int, look: dict[str, object]) -> None:
        """Write a number; a Decimal is rounded to two places here and nowhere before."""
        if isinstance(value, Decimal):
            sheet.write_number(row, column, float(rounded(value)), self.style(**look, num_format="0.00"))
        else:
            sheet.write_number(row, column, value, self.style(**look))

    def date(self, sheet: Worksheet, row: int, column: int, at: datetime, look: dict[str, object]) -> None:
        """Write a Beijing date that Excel can sort and filter."""
        local = at.astimezone(BEIJING).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
        sheet.write_datetime(row, column, local, self.style(**look, num_format="yyyy-mm-dd"))

    def link(self, sheet: Worksheet, row: int, column: int, target: str, shown: str, look: dict[str, object]) -> None:
        """Write a link to a web address or to an `external:` file beside the workbook; text where it cannot be one."""
        address = target if target.startswith("external:") else web_address(target)
        if not address or utf16_length(address) > URL_LIMIT:
            self.text(sheet, row, column, target, look)
            return
        look = {**look, "font_color": LINKED, "underline": 1}
        if shown.startswith(_FORMULA_STARTS):
            look = {**look, "quote_prefix": True}
        sheet.write_url(row, column, address, self.style(**look), clipped(shown))

    def lead(self, sheet: Worksheet, row: int, column: int, name: str, shown: str, look: dict[str, object]) -> None:
        """Write a link to another sheet of this workbook by its name."""
        sheet.write_url(
            row, column, inside(name), self.style(**{**look, "font_color": LINKED, "underline": 1}), clipped(shown)
        )

    def back(self, sheet: Worksheet, row: int, columns: tuple[int, int], name: str) -> None:
        """Write the way back to a sheet over these columns (first, last)."""
        look: dict[str, object] = {"font_name": BODY, "font_size": 10, "align": "right", "valign": "vcenter"}
        first, last = columns
        if last > first:
            sheet.merge_range(row, first, row, last, "", self.style(**look))
        self.lead(sheet, row, first, name, f"返回“{name}”", look)

    def across(self, sheet: Worksheet, row: int, last: int, value: str, look: dict[str, object], height: float) -> None:
        """Write a text over the columns 0 to `last`, merged, in a row of this height (points)."""
        sheet.set_row(row, height)
        sheet.merge_range(row, 0, row, last, "", self.style(**look))
        self.text(sheet, row, 0, value, look)

    def close(self) -> None:
        """Write the file."""
        self.workbook.close()


def clipped(text: str) -> str:
    """Printable text within Excel's limit for a cell (counted in UTF-16 units), the cut marked."""
    text = printable(text)
    if len(text) * 2 <= CELL_LIMIT or utf16_length(text) <= CELL_LIMIT:
        return text
    mark = "…（后略）"
    room = text.encode("utf-16-le")[: 2 * (CELL_LIMIT - len(mark))]
    return room.decode("utf-16-le", "ignore") + mark


def utf16_length(text: str) -> int:
    """Length as Excel counts it."""
    return len(text.encode("utf-16-le", "replace")) // 2


def height(cells: Iterable[tuple[str, float]], *, size: float = 10, most: float = 400.0) -> float:
    """The height in points of a row of wrapped texts: (text, column width in characters), at this font size.

    Heights are set because few programs but Excel fit rows by themselves, and merged cells nobody fits.
    Excel's limit is 409 points.
    """
    tallest = max((lines(text, width * 10 / size) for text, width in cells), default=1)
    return min(most, tallest * size * 1.4 + 5)


@lru_cache(maxsize=8192)
def lines(text: str, width: float) -> int:
    """How many lines a text takes in a column of this width (characters); a Chinese character is two wide."""
    room = max(2, int((width - 0.8) * 0.98))
    return sum(max(1, -(-_columns(part) // room)) for part in printable(text).split("\n"))


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)
