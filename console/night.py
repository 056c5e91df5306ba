"""`xuncha night`: the report of a night (巡检日报), shown, written, or sent."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from console.errors import BadUsage
from console.output import say_json
from console.recorded import inspection_of, open_store
from reports import night_page, night_text
from reports.night import NightReport
from reports.records import encode_pretty
from scheduler.night import report_of
from storage.inspections import InspectionRecord
from storage.store import Store

KIND = "nightly"


def tell(inspection: str, *, missed: tuple[date, ...], out: Path | None, database: str, json_output: bool) -> int:
    """Shows the report of an inspection, the last nightly one where none is named; writes it where a file is named."""
    with open_store(database) as store:
        report = report_of(store, wanted(store, inspection), missed)
    if out is not None:
        write(report, out)
    if json_output:
        say_json(report)
    elif out is None:
        sys.stdout.write(night_text.text(report))
    return 0


def wanted(store: Store, inspection: str) -> InspectionRecord:
    """That inspection, or the last nightly one. Raises BadUsage."""
    if inspection:
        return inspection_of(store, inspection)
    last = store.figures.last(KIND)
    if last is None:
        raise BadUsage("数据库中还没有夜间巡查，其他检查请用 --inspection 指明批次编号")
    return store.inspections.get(last.id)


def write(report: NightReport, path: Path) -> None:
    """Writes the report as its file's name says: .html, .txt or .json. Raises BadUsage."""
    texts = {
        ".html": lambda: night_page.render(report).encode(),
        ".txt": lambda: night_text.text(report).encode(),
        ".json": lambda: encode_pretty(report),
    }
    made = texts.get(path.suffix.lower())
    if made is None:
        raise BadUsage(f"文件 {path} 的格式无法识别，应以 .html、.txt 或 .json 结尾")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made())
    except OSError as error:
        raise BadUsage(f"文件 {path} 无法写入：{error.strerror}") from error
