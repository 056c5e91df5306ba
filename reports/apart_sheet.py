"""The sheet 另计问题: what cost points under a ruleset's own thresholds alone, and stands in no list of problems."""

from __future__ import annotations

from itertools import groupby
from pathlib import PurePosixPath

from xlsxwriter.worksheet import Worksheet

from reports.problem_sheet import facts_of
from reports.problems import CountedApart, InspectionView, UnitProblems
from reports.sheetstyle import AMBER, BLUE, HEAD, LETTER, PALE, Book, height
from reports.wording import shortened
from scoring.explaining import heading_apart

NAME = "另计问题"
_COLUMNS = (
    ("序号", 5.5),
    ("网站/账号", 16),
    ("涉及指标", 20),
    ("问题类型", 16),
    ("问题描述", 40),
    ("所在页面", 28),
    ("问题位置", 20),
    ("问题地址", 26),
    ("依据", 24),
    ("整改建议", 28),
    ("证据", 14),
)
_LAST = len(_COLUMNS) - 1
_SHOWN_URL = 110
_NOTE = (
    "以下问题只因指标体系规定的阈值而成立：按检查项本身的阈值不列为问题，因此不在问题清单和整改通知书内，"
    "列在这里说明在该指标体系下因何失分。"
)


def write(book: Book, view: InspectionView, unit: UnitProblems, *, back: str) -> None:
    """Add the sheet: a block a ruleset, each numbered from 1. `back` is the sheet that it leads back to."""
    sheet = book.sheet(NAME, [width for _, width in _COLUMNS], footer=f"{unit.name}　{NAME}")
    sheet.set_tab_color(AMBER)
    title: dict[str, object] = {"font_name": HEAD, "font_size": 16, "align": "center", "valign": "vcenter"}
    letter: dict[str, object] = {"font_name": LETTER, "font_size": 11, "valign": "vcenter", "text_wrap": True}
    book.across(sheet, 0, _LAST, "按指标体系阈值另计的问题", {**title, "font_color": BLUE}, 30)
    book.across(sheet, 1, _LAST - 2, f"单位：{unit.name}　{facts_of(view)}", letter, 18)
    book.back(sheet, 1, (_LAST - 1, _LAST), back)
    book.across(sheet, 2, _LAST, _NOTE, letter, 18)
    book.header(sheet, 3, [label for label, _ in _COLUMNS])
    sheet.freeze_panes(4, 3)
    sheet.repeat_rows(3)
    row = 4
    for ruleset, group in groupby(unit.apart, key=lambda one: one.title):
        rows = list(group)
        look = book.cell(font_name=HEAD, bg_color=PALE)
        book.across(sheet, row, _LAST, f"{heading_apart(ruleset)}（{len(rows)} 项）", look, 22)
        for number, one in enumerate(rows, start=1):
            _row(book, sheet, row + number, number, one)
        row += len(rows) + 1


def _row(book: Book, sheet: Worksheet, row: int, number: int, one: CountedApart) -> None:
    problem = one.problem
    place = "\n".join(part for part in (problem.location, f"原文：{problem.quote}" if problem.quote else "") if part)
    texts = (
        problem.target_name,
        "、".join(one.indicators),
        problem.title,
        shortened(problem.message, 1200),
        shortened(problem.url, _SHOWN_URL),
        shortened(place, 300),
        shortened(problem.problem_url, _SHOWN_URL),
        problem.clause,
        problem.rectify,
        "\n".join(PurePosixPath(path).name for path in problem.evidence),
    )
    links = {5: problem.url, 7: problem.problem_url}
    if problem.evidence:
        links[_LAST] = f"external:../{problem.evidence[0]}"
    sheet.set_row(row, height(zip(texts, (width for _, width in _COLUMNS[1:]), strict=True)))
    plain, centred = book.cell(), book.cell(align="center")
    book.number(sheet, row, 0, number, centred)
    for column, text in enumerate(texts, start=1):
        if text and column in links:
            book.link(sheet, row, column, links[column], text, plain)
        else:
            book.text(sheet, row, column, text or "—", plain if text else centred)
