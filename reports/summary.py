"""The sheet 问题汇总: every kind of problem with its number, clause and way to its sheet; candidates stand apart."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from checks.model import Severity
from reports import apart_sheet
from reports.kinds import ProblemKind
from reports.problem_sheet import tally
from reports.problems import InspectionView, Life, UnitProblems
from reports.sheetstyle import AMBER, BLUE, HEAD, LETTER, PALE, RED, Book, height
from reports.wording import clock

NAME = "问题汇总"
_COLUMNS = (
    ("类别", 13),
    ("问题类型", 23),
    ("判定方式", 21),
    ("数量", 8),
    ("涉单项否决", 11),
    ("其中新增", 9),
    ("依据", 46),
    ("所在工作表", 23),
)
_LAST = len(_COLUMNS) - 1
_PENDING = "待人工复核（程序发现的疑点，确认之前不作为问题，不影响得分）"


def write(book: Book, view: InspectionView, unit: UnitProblems, kinds: Sequence[tuple[ProblemKind, str]]) -> None:
    """Add the sheet: `kinds` are those of the unit, each with the name of its sheet, the candidates' last."""
    sheet = book.sheet(NAME, [width for _, width in _COLUMNS], footer=f"{unit.name}　{NAME}")
    title: dict[str, object] = {"font_name": HEAD, "font_size": 16, "align": "center", "valign": "vcenter"}
    letter: dict[str, object] = {"font_name": LETTER, "font_size": 11, "valign": "vcenter", "text_wrap": True}
    book.across(sheet, 0, _LAST, NAME, {**title, "font_color": BLUE}, 30)
    book.across(sheet, 1, _LAST, f"单位：{unit.name}　监测时间点：{clock(view.as_of)}", letter, 18)
    book.across(sheet, 2, _LAST, tally(unit), letter, 18)
    book.header(sheet, 3, [label for label, _ in _COLUMNS])
    sheet.freeze_panes(4, 2)
    sheet.repeat_rows(3)
    confirmed = [pair for pair in kinds if not pair[0].is_pending]
    pending = [pair for pair in kinds if pair[0].is_pending]
    row = _rows(book, sheet, 4, confirmed)
    row = _sum(book, sheet, row, "发现问题合计", [kind for kind, _ in confirmed])
    if pending:
        apart = book.cell(font_name=HEAD, font_color=AMBER, bg_color="#FFF8E1")
        book.across(sheet, row, _LAST, _PENDING, apart, 22)
        row = _rows(book, sheet, row + 1, pending)
        row = _sum(book, sheet, row, "待人工复核合计", [kind for kind, _ in pending])
    if unit.apart:
        told = f"另有 {len(unit.apart)} 项只按指标体系的阈值另计，不在问题清单内"
        sheet.merge_range(row, 0, row, _LAST - 1, "", book.style(**book.cell()))
        sheet.set_row(row, 21)
        book.text(sheet, row, 0, told, book.cell())
        book.lead(sheet, row, _LAST, apart_sheet.NAME, apart_sheet.NAME, book.cell())


def _rows(book: Book, sheet: Worksheet, row: int, kinds: Sequence[tuple[ProblemKind, str]]) -> int:
    """A row a kind; answers the next free one."""
    plain, centred = book.cell(), book.cell(align="center")
    for kind, name in kinds:
        grave, new = _figures(kind)
        texts = (kind.family, kind.title, kind.mode.label)
        clause = kind.clause or "—"
        sheet.set_row(row, max(21.0, height([(kind.title, 23), (clause, 46), (name, 23)])))
        for column, text in enumerate(texts):
            book.text(sheet, row, column, text, centred if column == 2 else plain)
        book.number(sheet, row, 3, len(kind.problems), centred)
        book.number(sheet, row, 4, grave, {**centred, "bold": True, "font_color": RED} if grave else centred)
        book.number(sheet, row, 5, new, centred)
        book.text(sheet, row, 6, clause, plain)
        book.lead(sheet, row, 7, name, name, plain)
        row += 1
    return row


def _sum(book: Book, sheet: Worksheet, row: int, label: str, kinds: Sequence[ProblemKind]) -> int:
    strong = book.cell(font_name=HEAD, bg_color=PALE)
    centred = {**strong, "align": "center"}
    sheet.set_row(row, 21)
    for column, text in ((0, label), (1, f"{len(kinds)} 类"), (2, ""), (6, ""), (7, "")):
        book.text(sheet, row, column, text, strong)
    vetoes, new = (sum(values) for values in zip((0, 0), *map(_figures, kinds), strict=True))
    for column, figure in ((3, sum(len(kind.problems) for kind in kinds)), (4, vetoes), (5, new)):
        book.number(sheet, row, column, figure, centred)
    return row + 1


def _figures(kind: ProblemKind) -> tuple[int, int]:
    """How many of a kind veto, and how many are new."""
    own = [problem for _, problem in kind.problems]
    return sum(one.severity is Severity.VETO for one in own), sum(one.life is Life.NEW for one in own)
