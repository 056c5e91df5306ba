"""The sheet 问题汇总: how many problems of each type, and on which sheet they stand."""

from __future__ import annotations

from collections.abc import Sequence

from checks.model import Severity
from reports.problems import InspectionView, Life, Problem, UnitProblems
from reports.sheetstyle import BLUE, HEAD, LETTER, PALE, RED, Book
from reports.wording import clock

NAME = "问题汇总"
_COLUMNS = (("类别", 18), ("问题类型", 40), ("数量", 10), ("其中单项否决", 14), ("其中新增", 12), ("所在工作表", 18))


def write(book: Book, view: InspectionView, unit: UnitProblems, kinds: Sequence[tuple[str, Sequence[Problem]]]) -> None:
    """Add the sheet: `kinds` are the sheets by family, each with its problems, the candidates' last."""
    last = len(_COLUMNS) - 1
    sheet = book.sheet(NAME, [width for _, width in _COLUMNS], footer=f"{unit.name}　{NAME}")
    title: dict[str, object] = {"font_name": HEAD, "font_size": 16, "align": "center", "valign": "vcenter"}
    letter: dict[str, object] = {"font_name": LETTER, "font_size": 11, "valign": "vcenter", "text_wrap": True}
    book.across(sheet, 0, last, NAME, {**title, "font_color": BLUE}, 30)
    book.across(sheet, 1, last, f"单位：{unit.name}　监测时间点：{clock(view.as_of)}", letter, 18)
    book.header(sheet, 2, [label for label, _ in _COLUMNS])
    sheet.freeze_panes(3, 0)
    sheet.repeat_rows(2)
    plain, centred = book.cell(), book.cell(align="center")
    row = 3
    for name, problems in kinds:
        types: dict[str, list[Problem]] = {}
        for problem in problems:
            types.setdefault(problem.title, []).append(problem)
        for kind, own in sorted(types.items(), key=lambda item: -len(item[1])):
            book.text(sheet, row, 0, name, plain)
            book.text(sheet, row, 1, kind, plain)
            book.number(sheet, row, 2, len(own), centred)
            grave = sum(problem.severity is Severity.VETO for problem in own)
            book.number(sheet, row, 3, grave, {**centred, "bold": True, "font_color": RED} if grave else centred)
            book.number(sheet, row, 4, sum(problem.life is Life.NEW for problem in own), centred)
            sheet.write_url(
                row,
                5,
                f"internal:'{name}'!A1",
                book.style(**{**centred, "font_color": "#1F4E8C", "underline": 1}),
                name,
            )
            row += 1
    strong = book.cell(font_name=HEAD, bg_color=PALE)
    every = [problem for _, problems in kinds for problem in problems]
    book.text(sheet, row, 0, "合计", strong)
    book.text(sheet, row, 1, "含待人工复核" if unit.pending else "", strong)
    figures = (
        len(every),
        sum(problem.severity is Severity.VETO for problem in every),
        sum(problem.life is Life.NEW for problem in every),
    )
    for at, figure in enumerate(figures, start=2):
        book.number(sheet, row, at, figure, {**strong, "align": "center"})
    book.text(sheet, row, 5, "", strong)
