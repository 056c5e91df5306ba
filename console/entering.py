"""`xuncha manual`: what only a person can score, entered one by one or in a sheet."""

from __future__ import annotations

from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from checks.model import Target
from console.errors import BadUsage
from console.output import say_json
from console.recorded import inspection_of, open_store, targets_of
from console.scoring import show_changes, told_changes
from crawler.clock import now
from crawler.facts import BEIJING
from scheduler.entering import entry_of, proof_of, read_value, rulesets_of, take, take_sheet, withdraw, write_sheet
from scoring.comparing import Change
from scoring.display import plain
from scoring.manual import ManualDecision, Question, questions, validate
from storage.entries import Entered, Place
from storage.inspections import InspectionRecord
from storage.store import Store


def make_sheet(file: Path, *, inspection: str, target: str, database: str) -> int:
    """Writes the sheet of what the scorecards leave to a person."""
    if file.suffix.lower() != ".xlsx":
        raise BadUsage(f"录入表是 XLSX 工作簿，文件名应以 .xlsx 结尾：{file}")
    with open_store(database) as store:
        record = inspection_of(store, inspection)
        count = write_sheet(store, record, file, frozenset(targets_of(store, record, target)), now())
    Console().print(f"已生成录入表：{file}，{count} 项。", highlight=False, soft_wrap=True)
    return 0


def bring_in(file: Path, *, inspection: str, database: str, json_output: bool) -> int:
    """Takes a sheet that came back."""
    with open_store(database) as store:
        record = inspection_of(store, inspection)
        entered, changes = take_sheet(store, record, file, now())
    return _say(entered, changes, json_output=json_output)


def enter(
    indicator: str,
    *,
    inspection: str,
    target: str,
    ruleset: str,
    value: str,
    reason: str,
    by: str,
    evidence: Path | None,
    database: str,
    json_output: bool,
) -> int:
    """Enters one value."""
    with open_store(database) as store:
        record = inspection_of(store, inspection)
        place, question = _place(store, record, target, ruleset, indicator)
        read = read_value(value, question)
        if read is None:
            wanted = "是或否" if question.points is None else f"0 至 {plain(question.points)} 之间的数字"
            raise BadUsage(f"--value 应为{wanted}，给出的是“{value}”")
        if not by.strip():
            raise BadUsage("请用 --by 写明录入人")
        try:
            proof = None if evidence is None else proof_of(evidence)
        except ValueError as error:
            raise BadUsage(f"--evidence：{error}（{evidence}）") from None
        entry = entry_of(read, reason, by, proof.name if proof else "")
        standing = store.entries.of_targets(record.id).get((place.target, ruleset), {})
        validate(rulesets_of(record)[ruleset], {**standing, indicator: entry})
        entered, changes = take(store, record, [(place, entry, proof)], now())
    return _say(entered, changes, json_output=json_output)


def take_back(
    indicator: str,
    *,
    inspection: str,
    target: str,
    ruleset: str,
    reason: str,
    by: str,
    database: str,
    json_output: bool,
) -> int:
    """Takes an entry back."""
    if not reason.strip() or not by.strip():
        raise BadUsage("撤销须写明理由（--reason）和录入人（--by）")
    with open_store(database) as store:
        record = inspection_of(store, inspection)
        place, _ = _place(store, record, target, ruleset, indicator)
        changes = withdraw(store, record, place, reason=reason, by=by, now=now())
    if changes is None:
        raise BadUsage(f"{ruleset} 的 {indicator} 没有人工录入")
    return _say((), changes, json_output=json_output, head="已撤销录入")


def show(*, inspection: str, database: str, json_output: bool) -> int:
    """Shows every entry of an inspection, those taken back or replaced too."""
    with open_store(database) as store:
        record = inspection_of(store, inspection)
        history = store.entries.history(record.id)
    if json_output:
        say_json([_told(given) for given in history])
        return 0
    table = Table(title=f"人工录入记录（{record.id}）", box=box.SIMPLE_HEAD)
    for heading in ("时间", "对象", "指标体系", "指标", "值", "理由", "录入人", "证据"):
        table.add_column(heading, overflow="fold")
    for given in history:
        at = given.at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
        place = given.place
        cells = (
            at,
            place.target.address,
            place.ruleset,
            place.indicator,
            _value(given),
            given.reason,
            given.by,
            given.file,
        )
        table.add_row(*map(escape, cells))
    console = Console()
    console.print(table if history else "还没有人工录入。")
    return 0


def _place(store: Store, record: InspectionRecord, target: str, ruleset: str, indicator: str) -> tuple[Place, Question]:
    if not target:
        raise BadUsage("请用 --target 写明对象：网址、账号或名称")
    wanted = frozenset(targets_of(store, record, target))
    found: dict[Target, None] = {
        card.target: None
        for card in store.results.cards(record.id)
        if card.target in wanted and card.ruleset == ruleset
    }
    if len(found) != 1:
        used = "、".join(
            dict.fromkeys(card.ruleset for card in store.results.cards(record.id) if card.target in wanted)
        )
        reason = "没有" if not found else "不止一张"
        raise BadUsage(f"“{target}”{reason} {ruleset} 的评分表，可用的指标体系：{used or '无'}")
    known = questions(rulesets_of(record)[ruleset])
    if indicator not in known:
        raise BadUsage(f"{ruleset} 中没有“{indicator}”，有：{'、'.join(known)}")
    return Place(next(iter(found)), ruleset, indicator), known[indicator]


def _say(entered: tuple[Entered, ...], changes: tuple[Change, ...], *, json_output: bool, head: str = "") -> int:
    if json_output:
        say_json({"entered": [_told(given) for given in entered], "changes": told_changes(changes)})
        return 0
    console = Console()
    head = head or (f"已录入 {len(entered)} 项" if entered else "没有新的录入")
    console.print(f"{head}，{len(changes)} 张评分表有变化。", highlight=False)
    show_changes(console, changes)
    return 0


def _told(given: Entered) -> dict[str, object]:
    place = given.place
    return {
        "at": given.at,
        "target": place.target.address,
        "ruleset": place.ruleset,
        "indicator": place.indicator,
        "value": None if given.entry is None else _value(given),
        "reason": given.reason,
        "by": given.by,
        "evidence": given.evidence,
        "file": given.file,
    }


def _value(given: Entered) -> str:
    if given.entry is None:
        return "已撤销"
    if isinstance(given.entry, ManualDecision):
        return "是" if given.entry.holds else "否"
    return plain(given.entry.value)
