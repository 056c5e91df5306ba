"""Tables written as offices write them: the golden ones and a fictional one, in every format that is read."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import docx
import openpyxl

from scoring.circulars.checking import checked
from scoring.circulars.reading import sections_of
from scoring.circulars.table import Report

GOLDEN = Path(__file__).parents[2] / "golden"
TITLE = "砚江市2025年政府网站绩效评估结果"
Grid = list[list[str]]

HEAD = ["名次", "网站名称", "信息公开 (40)", "解读回应（20分）", "办事服务(30)", "机制保障 (10)", "总得分"]
FICTIONAL: Grid = [
    ["1", "云溪县政府网", "38.50", "17.20", "25.00", "9.10", "89.80"],
    ["2", "青岩区政府网", "36.00", "16.00", "26.25", "9.00", "87.25"],
    ["3", "白鹭县政府网", "35.10", "18.40", "22.00", "8.00", "83.50"],
    ["4", "石门县政府网", "30.00", "18.00", "22.50", "8.50", "79.00"],
    ["4", "松坪县政府网", "31.00", "17.00", "22.50", "8.50", "79.00"],
    ["6", "南浦区政府网", "30.00", "15.75", "20.00", "8.00", "73.75"],
    ["7", "古渡县政府网", "28.00", "14.00", "20.00", "7.50", "69.50"],
    ["8", "双桥县政府网", "26.40", "12.60", "19.00", "7.00", "65.00"],
]
"""Fits in every way; ranks are shared."""


def golden(name: str) -> Grid:
    """A golden table as it was transcribed, its head first."""
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def report(data: bytes | str, suffix: str = ".txt") -> Report:
    return checked(sections_of(data.encode() if isinstance(data, str) else data, suffix, "通报"))


def told(data: bytes | str, suffix: str = ".txt") -> list[tuple[str, int | None, str, str, str]]:
    """What was found: kind, row, unit, printed, computed."""
    found = report(data, suffix).discrepancies
    return [(one.kind.value, one.row, one.unit, one.printed, one.computed) for one in found]


def as_text(rows: Sequence[Sequence[str]], title: str = TITLE) -> bytes:
    return "\n".join([title, "", *("\t".join(row) for row in rows)]).encode("gb18030")


def as_markdown(rows: Sequence[Sequence[str]], title: str = TITLE) -> bytes:
    head, *rest = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([f"## {title}", "", head, "|---" * len(rows[0]) + "|", *rest, "", "注：满分100分。"]).encode()


def as_csv(rows: Sequence[Sequence[str]], title: str = TITLE) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([[title], *rows])
    return out.getvalue().encode("utf-8-sig")


def as_sheet(rows: Sequence[Sequence[str]], title: str = TITLE, form: str = "0.00") -> bytes:
    """A workbook whose scores are numbers, shown in `form`, below a merged title."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(rows[0]))
    for row in rows:
        sheet.append([_typed(cell) for cell in row])
        for cell in sheet[sheet.max_row][1:]:
            if isinstance(cell.value, float):
                cell.number_format = form
    book.create_sheet("说明").append(["评分由第三方完成"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _typed(cell: str) -> str | float | int | None:
    if cell.isdigit():
        return int(cell)
    try:
        return float(cell)
    except ValueError:
        return cell or None


def as_word(rows: Sequence[Sequence[str]], title: str = TITLE) -> bytes:
    """A Word document: the title, the table on two pages with a repeated head, a note."""
    document = docx.Document()
    document.add_paragraph("附件1")
    document.add_paragraph(title)
    half = len(rows) // 2
    for page in (rows[:half], [rows[0], *rows[half:]]):
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in page:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        document.add_paragraph("")
    document.add_paragraph("注：本表由第三方评估。")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


WRITERS = {".txt": as_text, ".md": as_markdown, ".csv": as_csv, ".xlsx": as_sheet, ".docx": as_word}
