"""The commands about scores: score (show and explain what is recorded), rescore (do it again and say what moves)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from checks.model import Target
from checks.registry import CHECKS
from console.errors import BadUsage
from console.output import say_json
from console.recorded import inspection_of, open_store, targets_of
from reports import records
from reports.wording import figure
from scheduler.scorecards import cards_of, results_behind, score_inspection
from scoring.comparing import Change
from scoring.display import shown
from scoring.explaining import explain, trace_of
from scoring.model import Scorecard
from scoring.ranks import total
from scoring.ruleset import noted
from storage.inspections import InspectionRecord
from storage.store import Store

WIDEST = 12
"""Moves of one target that are told on the terminal; --json tells all."""


def score(
    inspection: str, *, rulesets: tuple[str, ...], target: str, indicator: str, database: str, json_output: bool
) -> int:
    """Scores a recorded inspection, under any rulesets, and shows it; nothing is visited, judged or saved."""
    with open_store(database) as store:
        record = inspection_of(store, inspection)
        wanted = frozenset(targets_of(store, record, target))
        chosen = rulesets or record.rulesets
        cards = [card for card in cards_of(store, record, chosen) if card.target in wanted]
        if indicator:
            return _explain(store, record, cards, chosen, indicator, json_output=json_output)
    if json_output:
        say_json([records.scorecard(card) for card in cards])
    else:
        _show(Console(), cards)
    return 0


def rescore(inspection: str, *, rulesets: tuple[str, ...], diff: bool, database: str, json_output: bool) -> int:
    """Scores a recorded inspection again, under its own rulesets and those that are named, and saves it."""
    with open_store(database) as store:
        record = inspection_of(store, inspection)
        every = tuple(dict.fromkeys((*record.rulesets, *map(noted, rulesets))))
        moved = score_inspection(store, record, every)
        cards = sum(1 for _ in store.results.cards(record.id))
    if json_output:
        say_json({"inspection": record.id, "rulesets": every, "cards": cards, "changes": told_changes(moved)})
        return 0
    console = Console()
    console.print(f"已重新评分：检查批次 {record.id}，{cards} 张评分表，{len(moved)} 张有变化。", highlight=False)
    if diff:
        show_changes(console, moved)
    return 0


def _explain(
    store: Store,
    record: InspectionRecord,
    cards: Sequence[Scorecard],
    rulesets: Sequence[str],
    indicator: str,
    *,
    json_output: bool,
) -> int:
    titles = {id: check.title for id, check in CHECKS.items()}
    found = [(card, trace) for card in cards if (trace := trace_of(card, indicator)) is not None]
    if not found:
        known = dict.fromkeys(f"{trace.indicator}（{trace.name}）" for card in cards for trace in card.traces)
        raise BadUsage(f"没有指标“{indicator}”，可用：{'、'.join(known) or '无'}")
    explained = [
        (card, trace, explain(card, trace, tuple(results_behind(store, record, card, rulesets)), titles))
        for card, trace in found
    ]
    if json_output:
        say_json(
            [
                {
                    **records.trace(trace),
                    "target": card.target.address,
                    "ruleset": card.ruleset,
                    "words": [{"heading": part.heading, "lines": part.lines} for part in parts],
                }
                for card, trace, parts in explained
            ]
        )
        return 0
    console = Console()
    for number, (_, _, parts) in enumerate(explained):
        if number:
            console.rule(style="dim")
        for part in parts:
            first, *rest = part.lines
            console.print(f"[bold]{part.heading}[/bold]　{escape(first)}", highlight=False, soft_wrap=True)
            for line in rest:
                console.print(f"　　　{escape(line)}", highlight=False, soft_wrap=True)
    return 0


def _show(console: Console, cards: Sequence[Scorecard]) -> None:
    for ruleset in dict.fromkeys(card.ruleset for card in cards):
        mine = [card for card in cards if card.ruleset == ruleset]
        table = Table(title=f"{mine[0].title}（{ruleset} 版本 {mine[0].version}）", box=box.SIMPLE_HEAD)
        for heading in ("对象", "结论", "总分", "可得分", "满分", "本系统暂定"):
            table.add_column(heading, justify="left" if heading in ("对象", "结论") else "right")
        for card in mine:
            figures = (total(card), card.attainable, card.maximum, card.assumed_points)
            table.add_row(escape(card.name), escape(card.verdict), *map(figure, figures))
        console.print(table)
    if not cards:
        console.print("没有适用的评分表。")


def show_changes(console: Console, changes: Iterable[Change]) -> None:
    """What moved, target by target, and why."""
    for change in changes:
        new = change.after
        was = _concluded(change.before) if change.before else "没有评分"
        head = f"{new.name}（{new.target.address}）　{new.ruleset}：{was} → {_concluded(new)}"
        console.print(f"[bold]{escape(head)}[/bold]", highlight=False, soft_wrap=True)
        for move in change.moves[:WIDEST]:
            line = f"  {move.indicator} {move.name}：{_figure(move.before)} → {_figure(move.after)}"
            console.print(escape(line), highlight=False, soft_wrap=True)
            for reason in move.why:
                console.print(f"      {escape(reason)}", highlight=False, soft_wrap=True)
        if len(change.moves) > WIDEST:
            console.print(f"  ……另有 {len(change.moves) - WIDEST} 项指标有变化")


def _concluded(card: Scorecard) -> str:
    scored = total(card)
    return card.verdict if scored is None else f"{shown(scored)}（{card.verdict}）"


def _figure(value: Decimal | None) -> str:
    return "未计分" if value is None else shown(value)


def told_changes(changes: Iterable[Change]) -> list[dict[str, object]]:
    """What moved, for a program."""
    return [
        {
            **_named(change.after.target),
            "name": change.after.name,
            "ruleset": change.after.ruleset,
            "before": None
            if change.before is None
            else {"total": total(change.before), "verdict": change.before.verdict},
            "after": {"total": total(change.after), "verdict": change.after.verdict},
            "moves": change.moves,
        }
        for change in changes
    ]


def _named(target: Target) -> dict[str, object]:
    return {"unit": target.unit, "target": target.address, "target_kind": target.kind.value}
