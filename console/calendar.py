"""`xuncha calendar`: the year's duties by day, who owes them, and who was late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

from rich.console import Console
from rich.markup import escape

from checks.model import Thresholds
from checks.registry import CHECKS
from console.output import say_json
from console.recorded import inspection_of, open_store
from crawler.clock import now
from crawler.facts import BEIJING
from scheduler.duties import Done, Entry, calendar, results_of
from scheduler.rejudging import thresholds_of
from scoring.ruleset import load

_FAULTS = (Done.MISSING, Done.LATE, Done.DONE, Done.UNTOLD)
"""States whose sites are named; of the others a number is enough."""


def show(year: int, *, inspection: str, ruleset: str, late: bool, database: str, json_output: bool) -> int:
    """Shows the calendar of a year as an inspection tells it; only who was late or published nothing where asked."""
    overrides: Mapping[str, Thresholds] = {}
    if ruleset:
        overrides = thresholds_of(load(ruleset, CHECKS.keys()))
    with open_store(database) as store:
        record = inspection_of(store, inspection)
        as_of = record.as_of.astimezone(BEIJING).date()
        results = results_of(store, record, overrides)
    entries = calendar(year or as_of.year, record.units, results, as_of, overrides)
    if late:
        entries = tuple(entry for entry in entries if entry.done in (Done.LATE, Done.MISSING))
    if json_output:
        say_json([_told(entry) for entry in entries])
        return 0
    console = Console()
    console.print(f"履职日历（以检查批次 {record.id}、监测时间点 {as_of} 为准）", highlight=False)
    if not entries:
        console.print("没有逾期或未发布的。" if late else "台账中没有网站。")
    today = now().date()
    for (deadline, period, name), group in groupby(entries, key=lambda one: (one.deadline, one.period, one.duty.name)):
        console.print(
            f"[bold]{deadline}[/bold]　{escape(period)}{escape(name)}　{_distance(deadline, today)}", highlight=False
        )
        for line in _lines(list(group)):
            console.print(escape(f"　　{line}"), highlight=False, soft_wrap=True)
    return 0


def _lines(group: Sequence[Entry]) -> list[str]:
    lines = []
    for done in Done:
        mine = [entry.site for entry in group if entry.done is done]
        if mine:
            named = f"：{'、'.join(mine)}" if done in _FAULTS else ""
            lines.append(f"{done.label} {len(mine)} 个{named}")
    return lines


def _distance(deadline: date, today: date) -> str:
    days = (deadline - today).days
    if days == 0:
        return "今天到期"
    return f"还有 {days} 天" if days > 0 else f"已过 {-days} 天"


def _told(entry: Entry) -> dict[str, object]:
    return {
        "duty": entry.duty.id,
        "name": entry.duty.name,
        "period": entry.period,
        "deadline": entry.deadline,
        "unit": entry.unit.code,
        "site": entry.site,
        "target": entry.home_url,
        "state": entry.done.value,
        "source": entry.duty.source,
    }
