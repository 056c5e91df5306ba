"""The workbook of one unit: 问题汇总, 问题清单, the same by family, 评分表, 未能判定, 说明."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from xlsxwriter.worksheet import Worksheet

from checks.model import Severity, State
from reports import scoresheet, summary
from reports.problems import InspectionView, Life, Problem, UnitProblems
from reports.sheetstyle import BLUE, HEAD, LETTER, RED, Book, height
from reports.wording import clock, coverage_words, family, family_label, kind_label, shortened, words

ROWS_PER_SHEET = 20_000
"""Problems on one sheet. Excel holds 1,048,576 rows but only 65,530 links a sheet, and a row has up to three."""

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
_WHOLE, _PENDING = "问题清单", "待人工复核"
_Numbered = tuple[int, Problem]
_SHOWN_URL = 110
"""Characters of an address that are shown; the link behind it, or the cell where it is too long to be one, is whole."""


def write(view: InspectionView, unit: UnitProblems, path: Path, *, rows_per_sheet: int = ROWS_PER_SHEET) -> None:
    """Write the unit's workbook. Evidence is linked as `../evidence/…`, so it belongs into `problems/` of the outbox.

    More problems than `rows_per_sheet` go on to 问题清单（2）, 问题清单（3） …; the heading says so. The sheets by
    family (链接可用, 内容更新 …) repeat the confirmed problems, 待人工复核 the candidates, with the same numbers.
    Raises OSError where the file cannot be written.
    """
    title = f"{unit.name}问题清单"
    book = Book(path, title=title, subject=view.name, made=view.ended or view.as_of)
    numbered = list(enumerate(unit.problems, start=1))
    lists = [(_WHOLE, numbered), *_kinds(numbered)]
    summary.write(book, view, unit, [(name, [problem for _, problem in rows]) for name, rows in lists[1:]])
    for name, rows in lists:
        parts = [rows[start : start + rows_per_sheet] for start in range(0, max(1, len(rows)), rows_per_sheet)]
        for number, part in enumerate(parts, start=1):
            _problem_sheet(book, view, unit, name, part, number, len(parts))
    scoresheet.write(book, view, unit)
    _unsettled_sheet(book, view, unit)
    _reading_sheet(book, view, unit)
    book.close()


def _kinds(numbered: Sequence[_Numbered]) -> list[tuple[str, list[_Numbered]]]:
    """The confirmed problems by family in the catalogue's order, then the candidates."""
    groups: dict[str, list[_Numbered]] = {}
    for place, problem in numbered:
        confirmed = problem.state is State.FAIL
        groups.setdefault(family_label(family(problem.check)) if confirmed else _PENDING, []).append((place, problem))
    order = [family_label(name) for name in words().families]
    return sorted(
        groups.items(), key=lambda group: (group[0] == _PENDING, order.index(group[0]) if group[0] in order else 99)
    )


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


def _problem_sheet(
    book: Book,
    view: InspectionView,
    unit: UnitProblems,
    name: str,
    part: Sequence[_Numbered],
    number: int,
    total: int,
) -> None:
    shown = name if number == 1 else f"{name}（{number}）"
    sheet = book.sheet(shown, [width for _, width, _ in _COLUMNS], footer=f"{unit.name}　{name}")
    letter: dict[str, object] = {"font_name": LETTER, "font_size": 11, "valign": "vcenter", "text_wrap": True}
    heading: dict[str, object] = {"font_name": HEAD, "font_size": 18, "align": "center", "valign": "vcenter"}
    whole = name == _WHOLE
    title = "政府网站与政务新媒体检查问题清单" + ("" if whole else f"（{name}）")
    book.across(sheet, 0, _LAST, title, {**heading, "font_color": RED}, 34)
    book.across(sheet, 1, _LAST, f"单位：{unit.name}", {**letter, "font_size": 12, "bold": True}, 20)
    book.across(sheet, 2, _LAST, facts_of(view), letter, 18)
    split = f"　（问题较多，分列 {total} 张表，本表为第 {number} 张）" if total > 1 else ""
    told = tally(unit) if whole else f"本表为问题清单中“{name}”的 {len(part)} 项，序号与问题清单一致。"
    book.across(sheet, 3, _LAST, told + split, letter, 18)
    book.header(sheet, 4, [label for label, _, _ in _COLUMNS])
    for offset, (place, problem) in enumerate(part):
        _problem_row(book, sheet, 5 + offset, place, problem)
    if not part:
        look = book.cell(align="center", font_name=LETTER, font_size=12)
        book.across(sheet, 5, _LAST, "本次检查未列出问题。未能判定的项目见“未能判定”表，不等同于没有问题。", look, 36)
    sheet.autofilter(4, 0, 4 + len(part), _LAST)
    sheet.freeze_panes(5, 3)
    sheet.repeat_rows(4)


def _problem_row(book: Book, sheet: Worksheet, row: int, number: int, problem: Problem) -> None:
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


def _unsettled_sheet(book: Book, view: InspectionView, unit: UnitProblems) -> None:
    columns = (("序号", 6), ("网站/账号", 24), ("检查项", 24), ("状态", 11), ("原因", 62), ("覆盖情况", 40))
    last = len(columns) - 1
    sheet = book.sheet("未能判定", [width for _, width in columns], footer=f"{unit.name}　未能判定的项目")
    look: dict[str, object] = {"font_name": HEAD, "font_size": 16, "align": "center", "valign": "vcenter"}
    book.across(sheet, 0, last, "未能判定的项目", {**look, "font_color": BLUE}, 30)
    note = "以下项目本次未能得出结论：既不视为存在问题，也不视为没有问题，不影响得分。"
    letter: dict[str, object] = {"font_name": LETTER, "font_size": 11, "valign": "vcenter", "text_wrap": True}
    book.across(sheet, 1, last, f"单位：{unit.name}　{facts_of(view)}", letter, 18)
    book.across(sheet, 2, last, note, letter, 18)
    book.header(sheet, 3, [label for label, _ in columns])
    plain, centred = book.cell(), book.cell(align="center")
    for offset, item in enumerate(unit.unsettled):
        row = 4 + offset
        covered = coverage_words(item.coverage) or "—"
        texts = (item.target_name, item.title, item.state.label, item.reason, covered)
        sheet.set_row(row, height(zip(texts, (width for _, width in columns[1:]), strict=True)))
        book.number(sheet, row, 0, offset + 1, centred)
        book.text(sheet, row, 1, item.target_name, plain)
        book.text(sheet, row, 2, item.title, plain)
        book.text(sheet, row, 3, item.state.label, centred)
        book.text(sheet, row, 4, item.reason, plain)
        book.text(sheet, row, 5, covered, plain)
    if not unit.unsettled:
        book.across(sheet, 4, last, "无。全部检查项均已得出结论。", book.cell(align="center", font_name=LETTER), 30)
    sheet.autofilter(3, 0, 3 + len(unit.unsettled), last)
    sheet.freeze_panes(4, 0)
    sheet.repeat_rows(3)


def _reading_sheet(book: Book, view: InspectionView, unit: UnitProblems) -> None:
    sheet = book.sheet("说明", [100], footer=f"{unit.name}　说明")
    sheet.set_row(0, 30)
    book.text(
        sheet,
        0,
        0,
        "阅读说明",
        {"font_name": HEAD, "font_size": 16, "align": "center", "valign": "vcenter", "font_color": BLUE},
    )
    head: dict[str, object] = {"font_name": HEAD, "font_size": 12, "valign": "vcenter"}
    body: dict[str, object] = {"font_name": LETTER, "font_size": 12, "text_wrap": True, "valign": "top", "indent": 1}
    systems = "；".join(f"{ref.title}（{ref.id}，版本 {ref.version}）" for ref in view.rulesets) or "本次检查未评分"
    closing = ("八、版本", (f"指标体系：{systems}。", f"巡查系统版本：{view.tool_version}。检查批次编号：{view.id}。"))
    row = 1
    for heading, paragraphs in (*words().reading, closing):
        sheet.set_row(row, 24)
        book.text(sheet, row, 0, heading, head)
        row += 1
        for paragraph in paragraphs:
            sheet.set_row(row, height([(paragraph, 97)], size=12))
            book.text(sheet, row, 0, paragraph, body)
            row += 1
