"""A sheet of problems, a row each: the whole list of a unit, or one kind of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from msgspec import Struct
from xlsxwriter.worksheet import Worksheet

from checks.model import Severity, State
from reports.kinds import Numbered
from reports.problems import InspectionView, Life, Problem, UnitProblems
from reports.sheetstyle import HEAD, LETTER, RED, Book, height
from reports.wording import clock, kind_label, shortened

_COLUMNS = (
    ("序号", 5.5, 10),
    ("网站/账号", 14, 10),
    ("问题类型", 13, 10),
    ("问题描述", 36, 10),
    ("所在页面", 25, 9),
    ("问题位置", 17, 10),
    ("问题地址", 25, 9),
    ("依据", 21, 9),
    ("整改建议", 24, 9),
    ("首次发现", 11, 10),
    ("状态", 9, 10),
    ("证据", 13.5, 8),
)
"""Label, width in characters, font size."""
_LAST = len(_COLUMNS) - 1
_SHOWN_URL = 110
"""Characters of an address that are shown; the link behind it, or the cell where it is too long to be one, is whole."""


class Part(Struct, frozen=True):
    """What stands on one sheet: its name, what it is a list of ("" for the whole), what is told of it, and its rows."""

    sheet: str
    name: str
    told: str
    rows: Sequence[Numbered]


def write(book: Book, view: InspectionView, unit: UnitProblems, part: Part, *, back: str) -> Worksheet:
    """Add the sheet; `back` is the sheet that it leads back to."""
    footer = f"{unit.name}　{part.name or '问题清单'}"
    sheet = book.sheet(part.sheet, [width for _, width, _ in _COLUMNS], footer=footer)
    letter: dict[str, object] = {"font_name": LETTER, "font_size": 11, "valign": "vcenter", "text_wrap": True}
    heading: dict[str, object] = {"font_name": HEAD, "font_size": 18, "align": "center", "valign": "vcenter"}
    title = "政府网站与政务新媒体检查问题清单" + (f"：{part.name}" if part.name else "")
    book.across(sheet, 0, _LAST, title, {**heading, "font_color": RED}, 34)
    book.across(sheet, 1, _LAST - 2, f"单位：{unit.name}", {**letter, "font_size": 12, "bold": True}, 20)
    book.back(sheet, 1, (_LAST - 1, _LAST), back)
    book.across(sheet, 2, _LAST, facts_of(view), letter, 18)
    book.across(sheet, 3, _LAST, part.told, letter, 18)
    book.header(sheet, 4, [label for label, _, _ in _COLUMNS])
    for offset, (place, problem) in enumerate(part.rows):
        _row(book, sheet, 5 + offset, place, problem)
    if not part.rows:
        look = book.cell(align="center", font_name=LETTER, font_size=12)
        book.across(sheet, 5, _LAST, "本次检查未列出问题。未能判定的项目见“未能判定”表，不等同于没有问题。", look, 36)
    sheet.autofilter(4, 0, 4 + len(part.rows), _LAST)
    sheet.freeze_panes(5, 3)
    sheet.repeat_rows(4)
    return sheet


def facts_of(view: InspectionView) -> str:
    """The inspection in one line: name, kind, monitoring time point, duration."""
    return (
        f"检查批次：{view.name}（{kind_label(view.kind)}）　监测时间点：{clock(view.as_of)}　"
        f"检查时间：{clock(view.started)} 至 {clock(view.ended)}"
    )


def tally(unit: UnitProblems) -> str:
    """The unit's problems in one sentence, with what is not settled."""
    lives = Counter(problem.life for problem in unit.problems)
    vetoes = sum(problem.severity is Severity.VETO for problem in unit.confirmed)
    mended = "" if unit.fixed is None else f"，另有 {unit.fixed} 项已整改"
    unknown = sum(item.state is not State.NOT_CHECKED for item in unit.unsettled)
    unsettled = f"；未能判定 {unknown} 项（见“未能判定”表）" if unknown else ""
    return (
        f"共列 {len(unit.problems)} 项：发现问题 {len(unit.confirmed)} 项（其中涉单项否决 {vetoes} 项），"
        f"待人工复核 {len(unit.pending)} 项；"
        f"新增 {lives[Life.NEW]} 项，持续 {lives[Life.PERSISTING]} 项{mended}{unsettled}。"
    )


def _row(book: Book, sheet: Worksheet, row: int, number: int, problem: Problem) -> None:
    grave = problem.severity is not Severity.MINOR
    shown = {
        1: problem.target_name,
        2: problem.title + (f"\n（{problem.severity.label}）" if grave else ""),
        3: _described(problem),
        4: shortened(problem.url, _SHOWN_URL),
        5: _placed(problem),
        6: shortened(problem.problem_url, _SHOWN_URL),
        7: problem.clause,
        8: problem.rectify,
        10: _stands(problem),
        11: "\n".join(PurePosixPath(path).name for path in problem.evidence),
    }
    links = {4: problem.url, 6: problem.problem_url}
    if problem.evidence:
        links[_LAST] = f"external:../{problem.evidence[0]}"
    sheet.set_row(row, height((text, _COLUMNS[at][1] * 10 / _COLUMNS[at][2]) for at, text in shown.items()))
    book.number(sheet, row, 0, number, book.cell(align="center"))
    for column, text in shown.items():
        look = book.cell(font_size=_COLUMNS[column][2])
        if column == 2 and problem.severity is Severity.VETO:
            look.update(bold=True, font_color=RED)
        if not text:
            book.text(sheet, row, column, "—", {**look, "align": "center"})
        elif column in links:
            book.link(sheet, row, column, links[column], text, look)
        else:
            book.text(sheet, row, column, text, {**look, "align": "center"} if column == 10 else look)
    book.date(sheet, row, 9, problem.first_seen, book.cell(align="center"))


def _described(problem: Problem) -> str:
    again = f"（经 {problem.confirmations} 次确认）" if problem.confirmations > 1 else ""
    return shortened(problem.message, 1200) + again


def _placed(problem: Problem) -> str:
    quote = problem.quote if problem.quote and problem.quote not in problem.location else ""
    parts = [shortened(problem.location, 200), f"原文：{shortened(quote, 200)}" if quote else ""]
    return "\n".join(part for part in parts if part)


def _stands(problem: Problem) -> str:
    return problem.life.label + ("\n待人工复核" if problem.state is State.NEEDS_REVIEW else "")
