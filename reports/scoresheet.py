"""The sheet 评分表: every indicator with its arithmetic, vetoes first, then dimensions, deductions and bonuses."""

from __future__ import annotations

from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from checks.model import State
from reports.problems import InspectionView, UnitProblems
from reports.sheetstyle import BLUE, HEAD, LETTER, PALE, RED, Book, height
from reports.wording import clock, figure
from scoring.model import DimensionScore, Kind, Scorecard, ScoreTrace
from scoring.ranks import total

_COLUMNS = (
    ("一级指标", 15),
    ("二级指标", 25),
    ("分值", 8.5),
    ("得分", 8.5),
    ("状态", 12),
    ("计算过程", 52),
    ("依据", 34),
    ("分值来源", 13),
)
_LAST = len(_COLUMNS) - 1
_NUMERALS = "一二三四五六七八九十"
_LETTER: dict[str, object] = {"font_name": LETTER, "font_size": 11, "valign": "vcenter", "text_wrap": True}


def write(book: Book, view: InspectionView, unit: UnitProblems, *, back: str) -> None:
    """Add the sheet: one block per scorecard, each on its own page when printed. `back` is where it leads back to."""
    sheet = book.sheet("评分表", [width for _, width in _COLUMNS], footer=f"{unit.name}　评分表")
    title: dict[str, object] = {"font_name": HEAD, "font_size": 16, "align": "center", "valign": "vcenter"}
    book.across(sheet, 0, _LAST, "评分表", {**title, "font_color": BLUE}, 30)
    book.across(sheet, 1, _LAST - 1, f"单位：{unit.name}　监测时间点：{clock(view.as_of)}", _LETTER, 18)
    book.back(sheet, 1, (_LAST, _LAST), back)
    book.header(sheet, 2, [label for label, _ in _COLUMNS])
    sheet.freeze_panes(3, 0)
    sheet.repeat_rows(2)
    row = 3
    breaks = []
    for number, card in enumerate(unit.scorecards):
        if number:
            breaks.append(row)
        row = _block(book, sheet, row, card, number)
    if breaks:
        sheet.set_h_pagebreaks(breaks)
    if not unit.scorecards:
        book.across(sheet, row, _LAST, "本次检查未对该单位评分。", book.cell(align="center", font_name=LETTER), 30)


def ordered(card: Scorecard) -> tuple[tuple[str, tuple[ScoreTrace, ...]], ...]:
    """The traces in the order of the arithmetic: (heading, traces) for vetoes, each dimension, deductions, bonuses."""
    last = {Kind.VETO: "单项否决", Kind.DEDUCTION: "扣分项", Kind.BONUS: "加分项"}
    groups: dict[str, list[ScoreTrace]] = {last[Kind.VETO]: []}
    groups.update({part.name: [] for part in card.dimensions})
    tail: dict[str, list[ScoreTrace]] = {last[Kind.DEDUCTION]: [], last[Kind.BONUS]: []}
    for trace in card.traces:
        if trace.kind in (Kind.DEDUCTION, Kind.BONUS) and trace.dimension not in groups:
            tail[last[trace.kind]].append(trace)
        else:
            groups.setdefault(last[Kind.VETO] if trace.kind is Kind.VETO else trace.dimension, []).append(trace)
    return tuple((name, tuple(traces)) for name, traces in (*groups.items(), *tail.items()) if traces)


def state_label(trace: ScoreTrace) -> str:
    """The trace's state in Chinese; of a veto that is settled, whether it holds."""
    if trace.kind is Kind.VETO and trace.state in (State.PASS, State.FAIL):
        return "触发否决" if trace.state is State.FAIL else "未触发"
    return trace.state.label


def sum_line(card: Scorecard) -> str:
    """The scorecard in one sentence: verdict, total, attainable, maximum, assumed points."""
    if not card.maximum:
        return f"结论：{card.verdict}（本指标体系只设单项否决，不计分）"
    scored = total(card)
    points = "不评分" if scored is None else f"总分 {figure(scored)} 分"
    return (
        f"结论：{card.verdict}　{points}（可得分 {figure(card.attainable)}，"
        f"满分 {figure(card.maximum)}）；其中 {figure(card.assumed_points)} 分的分值由本系统暂定"
    )


def _block(book: Book, sheet: Worksheet, row: int, card: Scorecard, number: int) -> int:
    numeral = _NUMERALS[number] if number < len(_NUMERALS) else str(number + 1)
    strong: dict[str, object] = {"font_name": HEAD, "font_size": 12, "valign": "vcenter", "font_color": BLUE, "top": 2}
    book.across(
        sheet, row, _LAST, f"{numeral}、{card.name}（{card.target.address}）", {**strong, "top_color": BLUE}, 26
    )
    book.across(sheet, row + 1, _LAST, f"指标体系：{card.title}（{card.ruleset}，版本 {card.version}）", _LETTER, 18)
    verdict = {**_LETTER, "bold": True, "font_color": RED} if card.vetoed else {**_LETTER, "bold": True}
    book.across(sheet, row + 2, _LAST, sum_line(card), verdict, 20)
    row += 3
    if card.undetermined:
        names = {trace.indicator: trace.name for trace in card.traces}
        said = "未能判定的指标（不计入可得分）：" + "、".join(names.get(item, item) for item in card.undetermined)
        book.across(sheet, row, _LAST, said, _LETTER, height([(said, sum(width for _, width in _COLUMNS))], size=11))
        row += 1
    parts = {part.name: part for part in card.dimensions}
    for heading, traces in ordered(card):
        first = row
        for trace in traces:
            _trace_row(book, sheet, row, trace)
            row += 1
        _dimension_cell(book, sheet, first, row - 1, heading)
        if heading in parts:
            _subtotal(book, sheet, row, parts[heading])
            row += 1
    if not card.maximum:
        return row + 1
    look = book.cell(font_name=HEAD, font_size=11, bg_color=PALE)
    _sums(book, sheet, row, "总分", (card.maximum, total(card), card.attainable), look)
    return row + 2


def _dimension_cell(book: Book, sheet: Worksheet, first: int, last: int, heading: str) -> None:
    look = book.cell(align="center", font_name=HEAD)
    if last > first:
        sheet.merge_range(first, 0, last, 0, "", book.style(**look))
    book.text(sheet, first, 0, heading, look)


def _trace_row(book: Book, sheet: Worksheet, row: int, trace: ScoreTrace) -> None:
    plain, centred = book.cell(), book.cell(align="center")
    veto = trace.kind is Kind.VETO
    sheet.set_row(row, height([(trace.name, 25), (worked(trace), 52), (trace.clause, 34)]))
    book.text(sheet, row, 1, trace.name, plain)
    if veto:
        book.text(sheet, row, 2, "—", centred)
    else:
        book.number(sheet, row, 2, trace.points, centred)
    if veto or trace.score is None:
        book.text(sheet, row, 3, "—", centred)
    else:
        book.number(sheet, row, 3, trace.score, centred)
    alarm = {**centred, "bold": True, "font_color": RED} if veto and trace.state is State.FAIL else centred
    book.text(sheet, row, 4, state_label(trace), alarm)
    book.text(sheet, row, 5, worked(trace), plain)
    book.text(sheet, row, 6, trace.clause or "—", plain if trace.clause else centred)
    book.text(sheet, row, 7, trace.provenance.label, centred)


def worked(trace: ScoreTrace) -> str:
    """The indicator's rule, its sum in figures and its note, a line each."""
    rule = f"规则：{trace.rule}" if trace.rule else ""
    sum_ = f"计算：{trace.arithmetic}" if trace.arithmetic else ""
    own = f"其中 {len(trace.by_threshold)} 项按本指标体系的阈值另计，见“另计问题”表" if trace.by_threshold else ""
    return "\n".join(part for part in (rule, sum_, trace.note, own) if part) or "—"


def _subtotal(book: Book, sheet: Worksheet, row: int, part: DimensionScore) -> None:
    look = book.cell(font_name=HEAD, bg_color="#F5F7FA")
    _sums(book, sheet, row, f"{part.name}　小计", (part.maximum, part.score, part.attainable), look)


def _sums(
    book: Book,
    sheet: Worksheet,
    row: int,
    label: str,
    sums: tuple[Decimal, Decimal | None, Decimal],
    look: dict[str, object],
) -> None:
    """A line of sums: maximum, score (None where too little was determined), and what was attainable in words."""
    maximum, score, attainable = sums
    centred = {**look, "align": "center"}
    look = {**look, "indent": 1}
    sheet.set_row(row, 20)
    sheet.merge_range(row, 0, row, 1, "", book.style(**look))
    book.text(sheet, row, 0, label, look)
    book.number(sheet, row, 2, maximum, centred)
    if score is None:
        book.text(sheet, row, 3, "—", centred)
    else:
        book.number(sheet, row, 3, score, centred)
    sheet.merge_range(row, 4, row, _LAST, "", book.style(**look))
    book.text(sheet, row, 4, f"可得分 {figure(attainable)}", look)
