"""The annexes as WordprocessingML for a template: titles, tables with repeated heads, wide pages for wide ones.

Looks come from the template's styles 附件标记, 附件标题, 附件小标题, 附表表头, 附表正文, 附表文字 and 附注, so that an
office may change them.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from html import escape

from docx.enum.section import WD_ORIENT
from docx.parts.document import DocumentPart
from docx.section import Section
from docx.shared import Emu, Mm
from docx.styles.styles import Styles
from lxml import etree
from msgspec import Struct

from reports.tables import Annex, Cell, Sheet, placed, words
from reports.wording import printable

STYLES = ("附件标记", "附件标题", "附件小标题", "附表表头", "附表正文", "附表文字", "附注")
_TWIPS = 635
"""EMU in a twentieth of a point."""
_FOOTER = Mm(10)
"""From the text's end down to the page number, on a page that lies across."""
_TINY = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
_GAP = f"<w:p><w:pPr>{_TINY}</w:pPr></w:p>"
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


class Body(Struct, frozen=True):
    """What stands in place of the variable; `wide` says how the page lies that comes last."""

    xml: str
    wide: bool


def body(annexes: Sequence[Annex], styles: Styles, section: Section, document: DocumentPart) -> Body:
    """The annexes, each on a new page. `section` is the last of the template: its margins and page numbers go on."""
    ids = {style.name: style.style_id for style in styles if style.name in STYLES}
    across = Section(deepcopy(section._sectPr), document)
    turn(across, wide=True)
    parts: list[str] = []
    wide = False
    for number, annex in enumerate(annexes, start=1):
        tables = [table for table in annex.tables if table.rows]
        heading = _heading(number, annex, ids)
        for table in tables:
            if table.is_wide is not wide:
                parts.append(_section_end(across if wide else section))
                wide = table.is_wide
            parts += heading
            heading = []
            if table.caption:
                parts.append(_paragraph(table.caption, ids.get("附件小标题", ""), "<w:keepNext/>"))
            parts.append(_table(table, ids, _room(across if wide else section)))
            notes = (*table.notes, *(annex.notes if table is tables[-1] else ()))
            parts += [_paragraph(f"注：{note}", ids.get("附注", "")) for note in notes] or [_GAP]
    return Body("".join(parts) + _GAP, wide)


def _heading(number: int, annex: Annex, ids: dict[str, str]) -> list[str]:
    return [
        _paragraph(f"附件 {number}", ids.get("附件标记", ""), "<w:keepNext/><w:pageBreakBefore/>"),
        _paragraph(annex.title, ids.get("附件标题", ""), "<w:keepNext/>"),
    ]


def _table(table: Sheet, ids: dict[str, str], room: int) -> str:
    total = sum(column.width for column in table.columns)
    widths = [int(room * column.width / total) for column in table.columns]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = "".join(
        _cell(column.head, width, 1, ids.get("附表表头", ""))
        for column, width in zip(table.columns, widths, strict=True)
    )
    rows = "".join(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_row(table, row, widths, ids)}</w:tr>" for row in table.rows)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f"<w:tblBorders>{_BORDERS}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{rows}</w:tbl>"
    )


def _row(table: Sheet, row: tuple[Cell, ...], widths: Sequence[int], ids: dict[str, str]) -> str:
    cells = []
    for at, many, cell in placed(row):
        text = words(cell)
        left = many == 1 and isinstance(cell, str) and table.columns[at].kind == "text" and at > 0 and len(text) > 1
        style = ids.get("附表文字" if left else "附表正文", "")
        cells.append(_cell(text, sum(widths[at : at + many]), many, style))
    return "".join(cells)


def _cell(text: str, width: int, many: int, style: str) -> str:
    span = f'<w:gridSpan w:val="{many}"/>' if many > 1 else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}<w:vAlign w:val="center"/></w:tcPr>'
        f"{_paragraph(text, style)}</w:tc>"
    )


def _paragraph(text: str, style: str, more: str = "") -> str:
    named = f'<w:pStyle w:val="{escape(style)}"/>' if style else ""
    run = f'<w:r><w:t xml:space="preserve">{escape(printable(text))}</w:t></w:r>' if text else ""
    return f"<w:p><w:pPr>{named}{more}</w:pPr>{run}</w:p>"


def turn(section: Section, *, wide: bool) -> None:
    """Turn a section's page with its margins to landscape or portrait; a page that lies so already is left."""
    width, height = section.page_width or 0, section.page_height or 0
    if (width > height) is wide:
        return
    section.page_width, section.page_height = Emu(height), Emu(width)
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    top, bottom, left, right = section.top_margin, section.bottom_margin, section.left_margin, section.right_margin
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = left, right, bottom, top
    section.footer_distance = Emu(max(0, (section.bottom_margin or 0) - _FOOTER))


def _section_end(section: Section) -> str:
    """An empty paragraph that ends the pages so far."""
    text = etree.tostring(section._sectPr, encoding="unicode")
    return f"<w:p><w:pPr>{_TINY}{text}</w:pPr></w:p>"


def _room(section: Section) -> int:
    """The width between the margins in twips."""
    across = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    return int(across / _TWIPS)
