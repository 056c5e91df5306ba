"""`xuncha scheduler` carries the plan out until it is stopped; `xuncha plan show` tells what is planned and was."""

from __future__ import annotations

import logging
import os
import threading
import uuid
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from console.channels import channels_of
from console.errors import BadUsage
from console.metrics import place_of
from console.output import say_json
from console.recorded import open_store
from console.settings import settings
from crawler.clock import now
from crawler.facts import BEIJING
from scheduler.conductor import LEASE, Conductor
from scheduler.logs import configure
from scheduler.metrics import serve_metrics
from scheduler.processes import Launcher, Watch
from scheduler.registry import load
from scheduler.serving import serve, stopping_on_signals
from scheduler.timetable import Kind, Slot, Timetable, Window
from storage.leadership import leadership, me
from storage.rounds import Round, RoundOutcome
from storage.store import Store

logger = logging.getLogger(__name__)

COMMANDS: Mapping[Kind, Sequence[str]] = {
    Kind.QUARTERLY: ("inspect", "--kind", "quarterly", "--json"),
    Kind.NIGHTLY: ("inspect", "--kind", "nightly", "--json"),
    Kind.ACCOUNTS: ("accounts", "check", "--json"),
    Kind.REPORT: ("night", "--send"),
    Kind.REMINDERS: ("remind", "--send"),
    Kind.PRUNE: ("db", "prune"),
}
"""What each kind of round runs."""
VISITING = frozenset({Kind.QUARTERLY, Kind.NIGHTLY, Kind.ACCOUNTS})
"""Kinds that are told the registry, the rulesets and whether private addresses may be visited."""
_COLOURS = {
    RoundOutcome.DONE: "green",
    RoundOutcome.COVERED: "green",
    RoundOutcome.RUNNING: "cyan",
    RoundOutcome.INTERRUPTED: "yellow",
    RoundOutcome.FAILED: "red",
    RoundOutcome.MISSED: "bold red",
    RoundOutcome.VOID: "dim",
}
_WELL = (RoundOutcome.DONE, RoundOutcome.COVERED)
_COLUMNS = (Kind.QUARTERLY, Kind.NIGHTLY, Kind.REPORT, Kind.REMINDERS, Kind.ACCOUNTS, Kind.PRUNE)
_WEEKDAYS = "一二三四五六日"


def run_scheduler(
    registry: Path, *, rulesets: tuple[str, ...], database: str, allow_private: bool, lease: timedelta = LEASE
) -> int:
    """Blocks until SIGTERM or Ctrl-C. The registry is read anew for each round; a wrong one is said at once."""
    load(registry)
    configured = settings()
    timetable = configured.timetable
    configure(configured.log_format, level=logging.INFO)
    configured.folder.mkdir(parents=True, exist_ok=True)
    url, scope, stop = database or configured.database_url, str(registry.resolve()), threading.Event()
    visit = ["--registry", str(registry), *(("--allow-private",) if allow_private else ())]
    inspect = [*visit, *(word for ruleset in rulesets for word in ("--ruleset", ruleset))]
    commands = {kind: [*words, *(inspect if kind in VISITING else ())] for kind, words in COMMANDS.items()}
    if not channels_of(configured):  # what nobody is sent is told in the rounds' own logs
        commands = {kind: [word for word in words if word != "--send"] for kind, words in commands.items()}
    place = place_of(configured.metrics) if configured.metrics else None
    if database:
        os.environ["XUNCHA_DATABASE"] = database  # for what is started: command lines are no place for a password
    with Store(url, configured.folder) as store, stopping_on_signals(stop), ExitStack() as closing:
        store.upgrade()
        if place is not None:
            try:
                closing.enter_context(serve_metrics(lambda: Store(url, configured.folder), *place))
            except OSError as error:  # a second scheduler that waits beside the first
                logger.warning("无法在 %s 上提供指标：%s", configured.metrics, error.strerror)
        conductor = Conductor(
            timetable,
            store.rounds,
            Launcher(store, registry, commands, configured.folder / "rounds"),
            now,
            scope=scope,
            holder=f"{me()} {uuid.uuid4().hex[:8]}",
            lease=lease,
        )
        watch = Watch(["probe", *visit, "--every", f"{configured.probe_minutes:g}", "--json"])
        serve(conductor, timetable, leadership(url, configured.folder, scope), watch, stop)
    return 0


def show_plan(*, days: int, database: str, json_output: bool) -> int:
    """The coming rounds of so many days with their windows, and what came of those of as many days before."""
    if not 1 <= days <= 366:
        raise BadUsage("--days 应为 1 至 366")
    at, configured = now(), settings()
    timetable = configured.timetable
    past = _recorded(at - timedelta(days=days), database)
    begun = {(round.kind, round.period) for round in past}
    slots = timetable.touching(at, at + timedelta(days=days))
    coming = [slot for slot in slots if (slot.kind, slot.period) not in begun]
    quarterly = next((slot for slot in slots if slot.kind is Kind.QUARTERLY), None)
    if quarterly is None:  # most spans have none, and it is what an office has to prepare for
        quarterly = next(timetable.slots(Kind.QUARTERLY, at, at + timedelta(days=200)))
        coming.append(quarterly)
    if json_output:
        say_json({"coming": [_slot(timetable, slot) for slot in coming], "past": [_told(round) for round in past]})
        return 0
    console = Console()
    console.print(_coming(coming, quarterly, at, days))
    console.print(_of_quarter(timetable, quarterly), highlight=False)
    console.print(f"可用性探测：每个网站约每 {configured.probe_minutes:g} 分钟一次，昼夜不停。", highlight=False)
    if not past:
        console.print("还没有执行记录：xuncha scheduler 尚未运行过。")
        return 0
    told = [one for one in past if one.kind in (Kind.NIGHTLY, Kind.QUARTERLY) or one.outcome not in _WELL]
    console.print()
    console.print(_past(told, days))
    if len(past) > len(told):
        console.print(f"另有 {len(past) - len(told)} 项日常任务，均已完成。", highlight=False)
    if missed := sum(round.outcome is RoundOutcome.MISSED for round in past):
        console.print(f"[bold red]近 {days} 天错过 {missed} 项。[/bold red]")
    return 0


def _recorded(since: datetime, database: str) -> tuple[Round, ...]:
    try:
        store = open_store(database)
    except BadUsage:
        return ()  # nothing was ever recorded: a plan there is all the same
    with store:
        return store.rounds.recent(since)


def _coming(slots: Sequence[Slot], quarterly: Slot, now: datetime, days: int) -> Table:
    """A row a day, a column a kind with its hours, the same every day; a terminal of eighty columns holds it."""
    table = Table(title=f"今后 {days} 天的计划", title_justify="left")
    table.add_column("日期")
    for kind in _COLUMNS:
        hours = next((slot.sittings[0] for slot in slots if slot.kind is kind), None)
        table.add_column(f"{kind.label}\n{hours.starts:%H:%M}\n至 {hours.ends:%H:%M}" if hours else kind.label)
    by_day: dict[date, dict[Kind, Slot]] = {}
    for slot in slots:
        by_day.setdefault(slot.starts.date(), {})[slot.kind] = slot
    nights = {window.starts.date(): window for window in quarterly.sittings if window.ends > now}
    last = max((day for day, row in by_day.items() if set(row) != {Kind.QUARTERLY}), default=now.date())
    for day in sorted({*by_day, *(day for day in nights if day <= last)}):
        if day > last:
            continue
        row = by_day.get(day, {})
        cells = [_mark(row[kind].sittings[0], now) if kind in row else "" for kind in _COLUMNS]
        if day in nights:
            cells[:2] = [_mark(nights[day], now), "季度代替"]
        table.add_row(f"{day:%m-%d} {_WEEKDAYS[day.weekday()]}", *cells)
    return table


def _mark(window: Window, now: datetime) -> str:
    return "[cyan]待执行[/cyan]" if now in window else "计划"


def _of_quarter(timetable: Timetable, slot: Slot) -> str:
    hours = timetable.hours
    words = (
        f"季度检查 {slot.period}：{_moment(slot.starts)} 开始，至多 {hours.quarterly_nights} 夜，"
        f"{_moment(slot.closes)} 截止；开始之后本季度还有 {hours.quarterly_working_days} 个工作日，供确认和整改。"
    )
    if timetable.is_assumed(slot):
        words += "[yellow]该年节假日安排尚未掌握，暂按周一至周五推算，安排公布并更新程序后会调整。[/yellow]"
    return words


def _past(rounds: Sequence[Round], days: int) -> Table:
    table = Table(title=f"近 {days} 天的执行情况", title_justify="left")
    scopes = {round.scope for round in rounds}
    for heading in ("日期", "任务", "结果", "起止时间"):
        table.add_column(heading, no_wrap=True)
    for heading in ("说明", *(["台账"] if len(scopes) > 1 else [])):
        table.add_column(heading, overflow="fold")
    for round in rounds:
        colour, begun = _COLOURS[round.outcome], round.attempts > 0
        said = f"{round.words}（共开始 {round.attempts} 次）" if round.attempts > 1 else round.words
        words = "；".join(filter(None, (said, round.inspection and f"检查批次 {round.inspection}")))
        table.add_row(
            round.period.split("#")[0],
            Kind(round.kind).label,
            f"[{colour}]{round.outcome.label}[/{colour}]",
            _span(round.claimed_at, round.ended) if begun else "",
            escape(words),
            *([escape(round.scope)] if len(scopes) > 1 else []),
        )
    return table


def _span(begun: datetime, ended: datetime | None) -> str:
    """From and to, the second day named where it is another."""
    first = begun.astimezone(BEIJING)
    if ended is None:
        return f"{first:%m-%d %H:%M} 起"
    last = ended.astimezone(BEIJING)
    return f"{first:%m-%d %H:%M}–{last:{'%H:%M' if last.date() == first.date() else '%m-%d %H:%M'}}"


def _moment(at: datetime) -> str:
    local = at.astimezone(BEIJING)
    return f"{local:%m-%d}（{_WEEKDAYS[local.weekday()]}）{local:%H:%M}"


def _slot(timetable: Timetable, slot: Slot) -> dict[str, object]:
    return {
        "kind": slot.kind.value,
        "period": slot.period,
        "starts": slot.starts,
        "closes": slot.closes,
        "sittings": [[window.starts, window.ends] for window in slot.sittings],
        "assumed": timetable.is_assumed(slot),
    }


def _told(round: Round) -> dict[str, object]:
    return {
        "kind": round.kind,
        "scope": round.scope,
        "period": round.period,
        "outcome": round.outcome.value,
        "attempts": round.attempts,
        "claimed_at": round.claimed_at,
        "ended": round.ended,
        "inspection": round.inspection,
        "words": round.words,
    }
