"""The workbook an office fills in as its registry (台账): headings, one example row, lists to choose from, 填写说明."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter

from scheduler.errors import TemplateNotWritten
from scheduler.registry_columns import Column, Table, vocabulary

ROWS = 2000
"""Rows below the headings that carry lists to choose from and hints."""
RULED = 20
"""Rows that are ruled, so that a printed form can be filled in by hand."""
LONGEST_HINT = 255
"""Characters Excel allows in a hint."""
NOTE_LINE, WORDS_LINE = 36, 22
"""Characters that one line of a note, and of the words to choose from, holds in the guide."""

_INK = "#1F2D3D"
_RULE = "#B8C2CC"
_FILL = "#E8EEF4"
_MUST = "#9B2C2C"
_PAPER = 9  # A4
_REQUIRED_NOTE = "必填"
_GUIDE = (
    "一、本表供“巡查”系统登记所检查的单位、网站和政务新媒体账号，各工作表的第二行为示例，填写时请改为实际内容。",
    "二、“单位”“网站”“账号”三张表必须保留（可以只有表头）；“栏目”“维护”“设置”可以删除。列的顺序可以调整，选填列可以删除，可加列需要时自行加上。",
    "三、一行登记一个单位、一个网站或一个账号。不要合并单元格，不要用公式，空行不影响读取。",
    "四、标识码、账号等一律为文本格式（本表已设好）；从别处粘贴时请用“只粘贴文本”，以免前导零丢失。",
    "五、登记表有一处不正确即整份不予采用，系统会逐条列出位置和原因：xuncha registry validate 台账.xlsx",
)


def write_template(path: Path) -> None:
    """Write the template as a new XLSX workbook that `load` reads as it stands.

    Raises TemplateNotWritten where a file is there already (it may be somebody's registry) or none can be made.
    """
    if path.suffix.lower() != ".xlsx":
        raise TemplateNotWritten(f"模板是 XLSX 工作簿，文件名应以 .xlsx 结尾：{path}")
    try:
        target = path.open("xb")
    except FileExistsError:
        raise TemplateNotWritten(f"文件已存在，不予覆盖：{path}") from None
    except OSError as error:
        raise TemplateNotWritten(f"无法写入 {path}：{error.strerror or error}") from None
    with target, xlsxwriter.Workbook(target, {"strings_to_urls": False}) as book:
        book.set_properties({"title": "政府网站与政务新媒体台账", "comments": "由 xuncha registry template 生成"})
        styles = _Styles(book)
        _write_guide(book.add_worksheet("填写说明"), styles)
        for table in vocabulary().tables.values():
            _write_table(book.add_worksheet(table.name), table, styles)


class _Styles:
    """The few formats of the workbook; fonts are those an official document bears."""

    def __init__(self, book: Any) -> None:
        ruled = {"border": 1, "border_color": _RULE, "font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        spaced = {**ruled, "indent": 1}
        heading = {
            **ruled,
            "font_name": "黑体",
            "bg_color": _FILL,
            "font_color": _INK,
            "align": "center",
            "text_wrap": True,
        }
        self.title = book.add_format(
            {"font_name": "方正小标宋简体", "font_size": 20, "align": "center", "valign": "vcenter"}
        )
        self.words = book.add_format({"font_name": "宋体", "font_size": 11, "text_wrap": True, "valign": "vcenter"})
        self.heading = book.add_format(heading)
        self.required = book.add_format({**heading, "bottom": 2, "bottom_color": _MUST})
        self.text = book.add_format(
            {"num_format": "@", "font_name": "宋体", "font_size": 11, "valign": "vcenter", "indent": 1}
        )
        self.cell = book.add_format({**spaced, "num_format": "@"})
        self.example = book.add_format({**spaced, "num_format": "@", "font_color": "#5B6B7B", "italic": True})
        self.wrapped = book.add_format({**spaced, "text_wrap": True})
        self.centred = book.add_format({**ruled, "align": "center"})
        self.must = book.add_format({**ruled, "align": "center", "font_color": _MUST})


def _write_table(sheet: Any, table: Table, styles: _Styles) -> None:
    columns = [column for column in table.columns.values() if not column.rare]
    sheet.set_default_row(21)
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width, styles.text)
        sheet.write_string(0, at, column.heading, styles.required if column.required else styles.heading)
        sheet.write_string(1, at, column.example, styles.example)
        for row in range(2, RULED):
            sheet.write_blank(row, at, None, styles.cell)
        sheet.data_validation(1, at, ROWS, at, _validation(table, column))
    sheet.ignore_errors({"number_stored_as_text": f"A1:Z{ROWS + 1}"})
    _set_page(sheet)
    sheet.set_header(f'&C&"黑体"&14政府网站与政务新媒体台账·{table.name}')
    sheet.repeat_rows(0)


def _validation(table: Table, column: Column) -> dict[str, Any]:
    """The list to choose from, where there is one, and the hint shown beside a cell that is being filled in."""
    hint = {"input_title": column.heading[:32], "input_message": _hint(column)[:LONGEST_HINT]}
    if column.values and not column.many:
        words = list(vocabulary().shown(column.values))
        message = {"error_title": column.heading[:32], "error_message": "请从列表中选择。"}
        return {"validate": "list", "source": words, **hint, **message}
    referred = {
        ("sites", "unit"): ("单位", "A"),
        ("accounts", "unit"): ("单位", "A"),
        ("columns", "site"): ("网站", "C"),
        ("maintenance", "site"): ("网站", "C"),
    }
    if place := referred.get((table.key, column.key)):
        name, letter = place
        source = f"={name}!${letter}$2:${letter}${ROWS + 1}"
        message = {"error_type": "warning", "error_message": f"“{name}”表中没有这一项。"}
        return {"validate": "list", "source": source, **hint, **message}
    return {"validate": "any", **hint}


def _write_guide(sheet: Any, styles: _Styles) -> None:
    headings = {"工作表": 10, "列": 18, "要求": 8, "填写办法": 62, "可填的值": 40}
    for at, width in enumerate(headings.values()):
        sheet.set_column(at, at, width)
    last = len(headings) - 1
    sheet.hide_gridlines(2)
    sheet.set_row(0, 42)
    sheet.merge_range(0, 0, 0, last, "政府网站与政务新媒体台账填写说明", styles.title)
    for row, line in enumerate(_GUIDE, start=1):
        sheet.set_row(row, 22)
        sheet.merge_range(row, 0, row, last, line, styles.words)
    row = len(_GUIDE) + 2
    sheet.set_row(row, 24)
    for at, heading in enumerate(headings):
        sheet.write_string(row, at, heading, styles.heading)
    for table in vocabulary().tables.values():
        for column in table.columns.values():
            row += 1
            words = "、".join(vocabulary().shown(column.values)) if column.values else ""
            needed = _REQUIRED_NOTE if column.required else "可加列" if column.rare else "选填"
            sheet.set_row(row, 36 if len(column.note) > NOTE_LINE or len(words) > WORDS_LINE else 21)
            sheet.write_string(row, 0, table.name, styles.centred)
            sheet.write_string(row, 1, column.heading, styles.wrapped)
            sheet.write_string(row, 2, needed, styles.must if column.required else styles.centred)
            sheet.write_string(row, 3, column.note, styles.wrapped)
            sheet.write_string(row, 4, words, styles.wrapped)
    _set_page(sheet)


def _hint(column: Column) -> str:
    return f"{_REQUIRED_NOTE}。{column.note}" if column.required else column.note


def _set_page(sheet: Any) -> None:
    """A4 landscape, as wide as the paper, numbered at the foot."""
    sheet.set_landscape()
    sheet.set_paper(_PAPER)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=1.0, bottom=0.7)
    sheet.center_horizontally()
    sheet.set_footer("&C第 &P 页，共 &N 页")
