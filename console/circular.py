"""`xuncha circular check`: what does not hold in a published circular, for a person and for a program."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.text import Text

from console.output import say_json
from scoring.circulars.checking import checked
from scoring.circulars.errors import UnreadableCircular
from scoring.circulars.reading import read
from scoring.circulars.table import Discrepancy, Kind, Report

_KINDS = {
    Kind.SUM: "合计不符",
    Kind.ROUNDING: "四舍五入差异",
    Kind.RANK: "名次不符",
    Kind.OVER_MAXIMUM: "超过满分",
    Kind.DUPLICATE: "名称重复",
    Kind.MISSING: "缺少数据",
    Kind.COUNT: "数量不符",
}


def check_file(file: Path, *, json_output: bool) -> int:
    """0 where nothing but rounding was found, 1 where something does not hold; a refusal is raised by the reader."""
    report = checked(read(file))
    if not report.tables and not report.notes:
        raise UnreadableCircular(file.name, "没有找到表格（文本文件中的表格须以制表符或“|”分列）")
    if json_output:
        say_json(_told(file, report))
    else:
        _show(file, report)
    return int(any(one.kind is not Kind.ROUNDING for one in report.discrepancies))


def _told(file: Path, report: Report) -> dict[str, object]:
    return {
        "file": file.name,
        "tables": [{"title": table.title, "rows": len(table.rows)} for table in report.tables],
        "discrepancies": [
            {
                "table": one.table,
                "row": one.row,
                "unit": one.unit,
                "kind": one.kind.value,
                "printed": one.printed,
                "computed": one.computed,
            }
            for one in report.discrepancies
        ],
        "notes": list(report.notes),
    }


def _show(file: Path, report: Report) -> None:
    console = Console(highlight=False)
    for title, found in groupby(report.discrepancies, key=lambda one: one.table):
        console.print(_plain(title), style="bold", soft_wrap=True)
        for one in found:
            console.print(_line(one), soft_wrap=True)
    for note in report.notes:
        console.print(_plain(f"说明：{note}"), soft_wrap=True)
    rows = sum(len(table.rows) for table in report.tables)
    console.print(_plain(f"{file.name}：核对 {len(report.tables)} 张表、{rows} 行。{_counted(report)}"), soft_wrap=True)


def _line(one: Discrepancy) -> Text:
    text = Text("  ")
    text.append(_KINDS[one.kind], style="yellow" if one.kind is Kind.ROUNDING else "bold red")
    place = f" 第 {one.row} 行（文件第 {one.line} 行）" if one.row is not None else ""
    unit = f" {one.unit}" if one.unit else ""
    return text.append_text(_plain(f"{place}{unit}：{one.arithmetic}"))


def _counted(report: Report) -> str:
    counts = Counter(one.kind for one in report.discrepancies)
    if not counts:
        return "没有发现不符之处。"
    return "、".join(f"{name} {counts[kind]} 处" for kind, name in _KINDS.items() if counts[kind]) + "。"


def _plain(text: str) -> Text:
    """Words of a file on a terminal: no sign that would steer it."""
    return Text("".join(sign if sign.isprintable() else " " for sign in text))
