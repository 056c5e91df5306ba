"""The workbook of one unit: 问题汇总, 问题清单, a sheet for each kind of problem, 另计问题, 评分表, 未能判定, 说明."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from checks.model import Severity
from reports import apart_sheet, problem_sheet, scoresheet, summary
from reports.kinds import Numbered, ProblemKind, kinds
from reports.problem_sheet import Part, facts_of, tally
from reports.problems import InspectionView, UnitProblems
from reports.sheetnames import SheetNames
from reports.sheetstyle import AMBER, BLUE, HEAD, LETTER, RED, Book, height
from reports.wording import coverage_words, words

ROWS_PER_SHEET = 20_000
"""Problems on one sheet. Excel holds 1,048,576 rows but only 65,530 links a sheet, and a row has up to three."""

_WHOLE, _SCORES, _UNSETTLED, _READING = "问题清单", "评分表", "未能判定", "说明"


def write(view: InspectionView, unit: UnitProblems, path: Path, *, rows_per_sheet: int = ROWS_PER_SHEET) -> None:
    """Write the unit's workbook. Evidence is linked as `../evidence/…`, so it belongs into `problems/` of the outbox.

    The whole list comes first, then a sheet a kind in the catalogue's order with the same numbers: what is confirmed,
    then the candidates (…（待复核）). More problems than `rows_per_sheet` go on to 问题清单（2） …, as is said there.
    Raises OSError where the file cannot be written.
    """
    book = Book(path, title=f"{unit.name}问题清单", subject=view.name, made=view.ended or view.as_of)
    names = SheetNames()
    for own in (summary.NAME, _WHOLE, apart_sheet.NAME, _SCORES, _UNSETTLED, _READING):
        names.take(own)
    found = [(kind, _kind_parts(kind, names, rows_per_sheet)) for kind in kinds(unit)]
    summary.write(book, view, unit, [(kind, parts[0].sheet) for kind, parts in found])
    numbered = list(enumerate(unit.problems, start=1))
    for part in _parts(numbered, "", tally(unit), _WHOLE, names, rows_per_sheet):
        problem_sheet.write(book, view, unit, part, back=summary.NAME)
    for kind, parts in found:
        for part in parts:
            sheet = problem_sheet.write(book, view, unit, part, back=summary.NAME)
            if kind.is_pending:
                sheet.set_tab_color(AMBER)
            elif any(problem.severity is Severity.VETO for _, problem in kind.problems):
                sheet.set_tab_color(RED)
    if unit.apart:
        apart_sheet.write(book, view, unit, back=summary.NAME)
    scoresheet.write(book, view, unit, back=summary.NAME)
    _unsettled_sheet(book, view, unit)
    _reading_sheet(book, view, unit)
    book.close()


def _kind_parts(kind: ProblemKind, names: SheetNames, rows_per_sheet: int) -> list[Part]:
    tail, waits = ("（待复核）", "待人工复核，确认之前不作为问题。") if kind.is_pending else ("", "")
    told = f"本表为问题清单中“{kind.title}”的 {len(kind.problems)} 项，序号与问题清单一致。{waits}"
    sheet = names.take(kind.title, tail)
    return list(_parts(kind.problems, kind.title + tail, told, sheet, names, rows_per_sheet))


def _parts(
    rows: Sequence[Numbered], name: str, told: str, first: str, names: SheetNames, rows_per_sheet: int
) -> Iterator[Part]:
    """The rows on as many sheets as they need, the first of which is called `first`."""
    starts = range(0, max(1, len(rows)), rows_per_sheet)
    for number, start in enumerate(starts, start=1):
        split = f"　（问题较多，分列 {len(starts)} 张表，本表为第 {number} 张）" if len(starts) > 1 else ""
        sheet = first if number == 1 else names.take(first)
        yield Part(sheet, name, told + split, rows[start : start + rows_per_sheet])


def _unsettled_sheet(book: Book, view: InspectionView, unit: UnitProblems) -> None:
    columns = (("序号", 6), ("网站/账号", 24), ("检查项", 24), ("状态", 11), ("原因", 62), ("覆盖情况", 40))
    last = len(columns) - 1
    sheet = book.sheet(_UNSETTLED, [width for _, width in columns], footer=f"{unit.name}　未能判定的项目")
    look: dict[str, object] = {"font_name": HEAD, "font_size": 16, "align": "center", "valign": "vcenter"}
    book.across(sheet, 0, last, "未能判定的项目", {**look, "font_color": BLUE}, 30)
    note = "以下项目本次未能得出结论：既不视为存在问题，也不视为没有问题，不影响得分。"
    letter: dict[str, object] = {"font_name": LETTER, "font_size": 11, "valign": "vcenter", "text_wrap": True}
    book.across(sheet, 1, last, f"单位：{unit.name}　{facts_of(view)}", letter, 18)
    book.across(sheet, 2, last - 1, note, letter, 18)
    book.back(sheet, 2, (last, last), summary.NAME)
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
    sheet = book.sheet(_READING, [100], footer=f"{unit.name}　说明")
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
    book.back(sheet, 1, (0, 0), summary.NAME)
    row = 2
    for heading, paragraphs in (*words().reading, closing):
        sheet.set_row(row, 24)
        book.text(sheet, row, 0, heading, head)
        row += 1
        for paragraph in paragraphs:
            sheet.set_row(row, height([(paragraph, 97)], size=12))
            book.text(sheet, row, 0, paragraph, body)
            row += 1
