"""`xuncha review`: the queue of what waits for a person, decisions with their reach, and the history of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from checks.model import StampedFinding, Target
from checks.registry import CHECKS
from console.errors import BadUsage
from console.output import say_json
from console.recorded import inspection_of, open_store
from console.scoring import show_changes, told_changes
from crawler.clock import now
from crawler.facts import BEIJING
from scheduler.review_form import HANDLE, take_sheet, write_sheet
from scheduler.reviewing import Given, Taken, decide, queue, targets_in, withdraw
from scoring.review import Decision, Review, Scope
from storage.inspections import InspectionRecord
from storage.reviews import Change, Withdrawal
from storage.store import Store

SHOWN = 20
"""Findings of the queue that are shown on the terminal; a sheet and --json hold all."""


def show_queue(inspection: str, *, sheet: Path | None, database: str, json_output: bool) -> int:
    """Shows what waits for a person, or writes it as a sheet to be filled in."""
    with open_store(database) as store:
        record = inspection_of(store, inspection)
        if sheet is not None:
            count = write_sheet(store, record, sheet, now())
            Console().print(f"已生成复核表：{sheet}，{count} 项待复核。", highlight=False, soft_wrap=True)
            return 0
        groups = queue(store, record)
        names = _names(store, record)
    if json_output:
        say_json([[_told(finding) for finding in group] for group in groups])
        return 0
    console = Console()
    console.print(f"检查批次 {record.id}：{sum(map(len, groups))} 项待人工复核。", highlight=False)
    for group in groups[:SHOWN]:
        _show_group(console, group, names)
    if len(groups) > SHOWN:
        console.print(f"……另有 {len(groups) - SHOWN} 组，可用 --sheet 文件.xlsx 导出全部。")
    return 0


def add(
    handle: str,
    *,
    inspection: str,
    decision: str,
    scope: str,
    reason: str,
    by: str,
    expires: date | None,
    database: str,
    json_output: bool,
) -> int:
    """Takes one decision and says what it reaches and which scores it moved."""
    given = Given(handle, _decision(decision), _scope(scope), reason, by, expires)
    with open_store(database) as store:
        record = inspection_of(store, inspection)
        taken = decide(store, record, [given], now())
        names = _names(store, record)
    return _say(taken, names, json_output=json_output)


def bring_in(sheet: Path, *, inspection: str, database: str, json_output: bool) -> int:
    """Takes the decisions of a sheet that came back."""
    with open_store(database) as store:
        record = inspection_of(store, inspection)
        taken = take_sheet(store, record, sheet, now())
        names = _names(store, record)
    return _say(taken, names, json_output=json_output)


def take_back(number: int, *, reason: str, by: str, database: str, json_output: bool) -> int:
    """Withdraws a review."""
    with open_store(database) as store:
        review, changes = withdraw(store, number, reason=reason, by=by, now=now())
    if json_output:
        say_json({"withdrawn": _told_review(review), "changes": told_changes(changes)})
        return 0
    console = Console()
    console.print(
        f"已撤销复核：{escape(review.text)}。{len(changes)} 张评分表有变化。", highlight=False, soft_wrap=True
    )
    show_changes(console, changes)
    return 0


def show_history(*, database: str, json_output: bool) -> int:
    """Shows every decision there ever was, those taken back too."""
    with open_store(database) as store:
        history = store.reviews.history()
    if json_output:
        say_json([_told_change(change) for change in history])
        return 0
    withdrawn = {change.what.of for change in history if isinstance(change.what, Withdrawal)}
    console = Console()
    today = now().date()
    for change in history:
        at = change.at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
        match change.what:
            case Review() as review:
                expired = review.expires is not None and review.expires < today
                status = "已撤销" if review.number in withdrawn else "已到期" if expired else "有效"
                console.print(f"[bold]{escape(review.text)}[/bold]　{status}", highlight=False, soft_wrap=True)
                where = "全部对象" if review.scope is Scope.EVERYWHERE else review.target.address
                told = f"{_title(review.check)}，{where}，范围：{review.scope.label}"
            case Withdrawal() as taken:
                head = f"撤销 #{taken.of} {taken.by} {at[:10]}（{taken.reason}）"
                console.print(f"[bold]{escape(head)}[/bold]", highlight=False, soft_wrap=True)
                told = f"记录 #{change.number}"
        console.print(escape(f"　　{told}，{at} 于检查批次 {change.inspection}"), highlight=False, soft_wrap=True)
    if not history:
        console.print("还没有复核记录。")
    return 0


def _say(taken: Taken, names: dict[Target, str], *, json_output: bool) -> int:
    if json_output:
        say_json(
            {
                "reviews": [_told_review(review) for review in taken.reviews],
                "reached": [_told(finding) for finding in taken.reached],
                "elsewhere": [_told(finding) for finding in taken.elsewhere],
                "changes": told_changes(taken.changes),
            }
        )
        return 0
    console = Console()
    if not taken.reviews:
        console.print("表中没有填写决定，未作改动。")
        return 0
    for review in taken.reviews:
        console.print(escape(f"{review.text}，范围：{review.scope.label}"), highlight=False, soft_wrap=True)
    reached = f"涉及 {targets_in(taken.reached)} 个对象的 {len(taken.reached)} 项问题"
    console.print(f"{reached}，{len(taken.changes)} 张评分表有变化。", highlight=False)
    show_changes(console, taken.changes)
    if taken.elsewhere:
        where = "、".join(dict.fromkeys(names.get(one.target, one.target.address) for one in taken.elsewhere[:SHOWN]))
        console.print(
            escape(
                f"同样的问题还见于另外 {targets_in(taken.elsewhere)} 个对象的 {len(taken.elsewhere)} 项（{where}）；"
                "如情况相同，可用 --scope everywhere 一并处理。"
            ),
            highlight=False,
            soft_wrap=True,
        )
    return 0


def _show_group(console: Console, group: Sequence[StampedFinding], names: dict[Target, str]) -> None:
    first = group[0]
    others = f"，同类共 {len(group)} 项、{targets_in(group)} 个对象" if len(group) > 1 else ""
    name = names.get(first.target, first.target.address)
    head = f"{first.fingerprint[:HANDLE]}　{_title(first.check)}　{name}{others}"
    console.print(f"[bold]{escape(head)}[/bold]", highlight=False, soft_wrap=True)
    console.print(escape(f"　　{first.finding.message}"), highlight=False, soft_wrap=True)
    console.print(escape(f"　　{first.finding.url}"), highlight=False, soft_wrap=True)


def _title(check: str) -> str:
    return CHECKS[check].title if check in CHECKS else check


def _names(store: Store, record: InspectionRecord) -> dict[Target, str]:
    return {row.target: row.name for row in store.inspections.targets(record.id)}


def _told(finding: StampedFinding) -> dict[str, object]:
    return {
        "fingerprint": finding.fingerprint,
        "unit": finding.target.unit,
        "target": finding.target.address,
        "check": finding.check,
        "state": finding.state.value,
        "url": finding.finding.url,
        "problem_url": finding.finding.problem_url,
        "quote": finding.finding.quote,
        "message": finding.finding.message,
    }


def _told_review(review: Review) -> dict[str, object]:
    return {
        "number": review.number,
        "decision": review.decision.value,
        "scope": review.scope.value,
        "check": review.check,
        "target": review.target.address,
        "fingerprint": review.fingerprint,
        "url": review.url,
        "mark": review.mark,
        "reason": review.reason,
        "by": review.by,
        "on": review.on,
        "expires": review.expires,
    }


def _told_change(change: Change) -> dict[str, object]:
    what = change.what
    told = (
        _told_review(what) if isinstance(what, Review) else {"withdraws": what.of, "reason": what.reason, "by": what.by}
    )
    return {"number": change.number, "at": change.at, "inspection": change.inspection, **told}


def _decision(text: str) -> Decision:
    words = {
        "confirm": Decision.CONFIRMED,
        "确认": Decision.CONFIRMED,
        "误报": Decision.FALSE_ALARM,
        "豁免": Decision.EXEMPT,
    }
    if text in words:
        return words[text]
    try:
        return Decision(text)
    except ValueError:
        raise BadUsage(f"--decision 应为 confirm、false-alarm 或 exempt，给出的是“{text}”") from None


def _scope(text: str) -> Scope:
    try:
        return Scope(text)
    except ValueError:
        raise BadUsage(f"--scope 应为 {'、'.join(Scope)} 之一，给出的是“{text}”") from None
