"""`xuncha rectify` and `recheck`: notices, replies, and looking again at exactly what was noted."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec
from msgspec.structs import replace
from rich.console import Console
from rich.markup import escape

from checks.model import JSON
from checks.registry import CHECKS
from console.errors import BadUsage
from console.exporting import papers_of
from console.ordering import order_of
from console.output import say_json
from console.recorded import inspection_of, open_store
from console.settings import settings
from console.watching import LiveProgress, Silent
from crawler.clock import now
from crawler.facts import BEIJING, Unit
from crawler.read.urls import normalise
from scheduler.entering import proof_of
from scheduler.inspection import finish, work_off
from scheduler.notice_paper import write_paper
from scheduler.rectifying import Case, Progress, Recheck, cases, close, issue, prepare, replied, reply
from scheduler.registry import Registry, load
from scheduler.reply_form import take_sheet, write_sheet
from scheduler.review_form import HANDLE
from storage.rectifications import Item, Notice
from storage.store import Store


def issue_notices(
    *,
    inspection: str,
    units: str,
    by: str,
    document_number: str,
    deadline: date | None,
    working_days: int,
    database: str,
    json_output: bool,
) -> int:
    """Issues notices over what is confirmed and not yet noted."""
    named = tuple(code.strip() for code in units.split(",") if code.strip())
    with open_store(database) as store:
        record = inspection_of(store, inspection)
        made = issue(
            store,
            record,
            named,
            by=by,
            document_number=document_number,
            due=deadline,
            working_days=working_days,
            now=now(),
        )
        found = cases(store, [notice.id for notice in made]) if made else ()
    if json_output:
        say_json([_told_notice(notice, found) for notice in made])
        return 0
    console = Console()
    if not made:
        console.print("没有需要发出的整改通知：已确认的问题都在未办结的通知里，或没有已确认的问题。")
    for notice in made:
        count = sum(case.notice.id == notice.id for case in found)
        console.print(escape(f"{_head(notice)}，{count} 项问题，{_due(notice)}"), highlight=False, soft_wrap=True)
    return 0


def show_all(*, unit: str, overdue: bool, database: str, json_output: bool) -> int:
    """Lists notices with how far they have come; only the overdue ones where asked."""
    today = now().date()
    with open_store(database) as store:
        found = cases(store)
    found = tuple(
        case
        for case in found
        if (not unit or unit in (case.notice.unit, case.notice.unit_name)) and (not overdue or case.is_overdue(today))
    )
    notices = tuple({case.notice.id: case.notice for case in found}.values())
    if json_output:
        say_json([_told_notice(notice, found) for notice in notices])
        return 0
    console = Console()
    if not notices:
        console.print("没有超期的整改通知。" if overdue else "没有整改通知。")
    for notice in notices:
        mine = [case for case in found if case.notice.id == notice.id]
        late = sum(case.is_overdue(today) for case in mine)
        counts = "，".join(
            f"{progress.label} {count} 项"
            for progress in Progress
            if (count := sum(case.progress is progress for case in mine))
        )
        console.print(f"[bold]{escape(_head(notice))}[/bold]　{_due(notice)}", highlight=False, soft_wrap=True)
        console.print(escape(f"　　{counts}" + (f"；超期 {late} 项" if late else "")), highlight=False, soft_wrap=True)
    return 0


def show_one(notice: int, *, database: str, json_output: bool) -> int:
    """Shows a notice with every step of its problems."""
    with open_store(database) as store:
        found = cases(store, [notice])
    if json_output:
        say_json({**_told_notice(found[0].notice, found), "items": [_told_case(case) for case in found]})
        return 0
    console = Console()
    console.print(f"[bold]{escape(_head(found[0].notice))}[/bold]　{_due(found[0].notice)}", highlight=False)
    for case in found:
        _show_case(console, case)
    return 0


def take_reply(
    notice: int,
    *,
    items: Sequence[str],
    objects: bool,
    text: str,
    by: str,
    url: str,
    file: Path | None,
    database: str,
    json_output: bool,
) -> int:
    """Takes a unit's reply."""
    if url and not normalise(url):
        raise BadUsage(f"--url 不是有效的网址：{url}")
    try:
        proof = None if file is None else proof_of(file)
    except ValueError as error:
        raise BadUsage(f"--file：{error}（{file}）") from None
    with open_store(database) as store:
        chosen = reply(
            store,
            notice,
            items,
            objects=objects,
            text=text,
            by=by,
            url=url,
            proof=(proof.name, proof.path.read_bytes()) if proof else None,
            now=now(),
        )
    return _say_chosen("已登记回复", notice, chosen, json_output=json_output)


def make_paper(notice: int, file: Path, *, database: str) -> int:
    """Writes the 整改通知书 of a notice."""
    if file.suffix.lower() != ".docx":
        raise BadUsage(f"整改通知书是 Word 文件，文件名应以 .docx 结尾：{file}")
    with open_store(database) as store:
        write_paper(store, cases(store, [notice]), papers_of(), file)
    Console().print(f"已生成整改通知书：{file}", highlight=False, soft_wrap=True)
    return 0


def make_sheet(notice: int, file: Path, *, database: str) -> int:
    """Writes the sheet in which the unit replies."""
    if file.suffix.lower() != ".xlsx":
        raise BadUsage(f"反馈表是 XLSX 工作簿，文件名应以 .xlsx 结尾：{file}")
    with open_store(database) as store:
        count = write_sheet(store, notice, file, now())
    Console().print(f"已生成整改情况反馈表：{file}，{count} 项。", highlight=False, soft_wrap=True)
    return 0


def bring_in(notice: int, file: Path, *, database: str, json_output: bool) -> int:
    """Takes the replies of a sheet that came back."""
    with open_store(database) as store:
        chosen = take_sheet(store, notice, file, now())
    return _say_chosen("已登记回复", notice, chosen, json_output=json_output)


def close_items(notice: int, *, items: Sequence[str], reason: str, by: str, database: str, json_output: bool) -> int:
    """Closes problems by a person's word."""
    with open_store(database) as store:
        chosen = close(store, notice, items, reason=reason, by=by, now=now())
    return _say_chosen("已销号", notice, chosen, json_output=json_output)


def recheck(
    notices: Sequence[int],
    *,
    every: bool,
    registry: Path | None,
    as_of: datetime | None,
    rendering: bool,
    allow_private: bool,
    workers: int,
    database: str,
    json_output: bool,
) -> int:
    """Looks again at the problems that units say are mended (at all that are open where asked), and at no others."""
    current = {unit.code: unit for unit in load(registry).units} if registry is not None else {}
    with open_store(database) as store:
        found = cases(store, notices or None)
        chosen = tuple(case for case in found if case.is_open) if every else replied(found)
        if not chosen:
            console = Console(stderr=json_output)
            console.print("没有需要复查的问题" + ("。" if every else "：单位尚未回复；用 --all 复查全部未销号的问题。"))
            if json_output:
                say_json({"rechecks": [], "items": []})
            return 0
        made = prepare(
            store,
            chosen,
            as_of=as_of or now(),
            tool_version=version("xuncha"),
            current=current,
            now=now(),
        )
        whole = all(
            _work(store, one, current, rendering, allow_private, workers, database, json_output=json_output)
            for one in made
        )
        after = {case.item.id: case for case in cases(store, {case.notice.id for case in chosen})}
        stats = [
            {"inspection": one.record.id, "target": row.target.address, "state": row.state, **row.stats}
            for one in made
            for row in store.inspections.targets(one.record.id)
        ]
    seen = [after[case.item.id] for case in chosen]
    if json_output:
        say_json({"rechecks": stats, "items": [_told_case(case) for case in seen]})
    else:
        _show_rechecked(Console(), seen, stats)
    return 0 if whole and all(row["state"] == "done" for row in stats) else 3


def _work(
    store: Store,
    one: Recheck,
    current: dict[str, Unit],
    rendering: bool,
    allow_private: bool,
    workers: int,
    database: str,
    *,
    json_output: bool,
) -> bool:
    """Works a recheck off; False where it was broken off."""
    source = one.record.settings
    canaries = source.get("canaries", [])
    registry = Registry(
        units=one.record.units,
        canaries=tuple(str(each) for each in canaries) if isinstance(canaries, list) else (),
        hosts=_hosts(source.get("hosts")),
        as_of=one.record.as_of,
        digest=one.record.registry_digest,
        source=Path(str(source.get("registry_folder", "."))) / "registry",
    )
    configured = settings().model_copy(
        update={
            **({"database": database} if database else {}),
            **({"workers": workers} if workers else {}),
        }
    )
    order = order_of(
        registry,
        configured,
        rulesets=(),
        as_of=one.record.as_of,
        kind=one.record.kind,
        name=one.record.name,
        allow_private=allow_private,
        rendering=rendering,
    )
    store.evidence.note_owner()
    watcher = Silent() if json_output else LiveProgress(Console())
    with watcher if isinstance(watcher, LiveProgress) else contextlib.nullcontext():
        whole = work_off(store, one.record, replace(order, rechecks=one.tasks), watcher)
    finish(store, one.record)
    return whole


def _hosts(kept: JSON) -> dict[str, tuple[str, ...]]:
    """The names that the registry led to addresses, as the inspection has kept them."""
    return msgspec.convert(kept or {}, dict[str, tuple[str, ...]])


def _show_rechecked(console: Console, seen: Sequence[Case], stats: Sequence[Mapping[str, object]]) -> None:
    requests = sum(int(str(row.get("requests", 0))) for row in stats)
    counts = "，".join(
        f"{progress.label} {count} 项" for progress in Progress if (count := sum(c.progress is progress for c in seen))
    )
    console.print(f"复查 {len(seen)} 项，访问 {requests} 次：{counts}。", highlight=False)
    for case in seen:
        _show_case(console, case, last=True)


def _show_case(console: Console, case: Case, *, last: bool = False) -> None:
    finding = case.item.finding
    title = CHECKS[finding.check].title if finding.check in CHECKS else finding.check
    head = f"{finding.fingerprint[:HANDLE]}　{title}　{case.progress.label}"
    console.print(f"[bold]{escape(head)}[/bold]", highlight=False, soft_wrap=True)
    console.print(escape(f"　　{finding.finding.message}（{finding.finding.url}）"), highlight=False, soft_wrap=True)
    for step in case.item.steps[-1:] if last else case.item.steps:
        at = step.at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
        parts = (step.by, f"附件 {step.file}" if step.file else "", step.url)
        rest = "，".join(part for part in parts if part)
        line = f"　　{at} {step.kind.label}：{step.text}" + (f"（{rest}）" if rest else "")
        console.print(escape(line), highlight=False, soft_wrap=True)


def _say_chosen(what: str, notice: int, chosen: Sequence[Item], *, json_output: bool) -> int:
    if json_output:
        say_json({"notice": notice, "items": [item.finding.fingerprint for item in chosen]})
    else:
        Console().print(f"{what}：整改通知 {notice} 的 {len(chosen)} 项问题。", highlight=False)
    return 0


def _head(notice: Notice) -> str:
    number = f"（{notice.document_number}）" if notice.document_number else ""
    issued = notice.issued.astimezone(BEIJING).date()
    return f"整改通知 {notice.id}{number}　{notice.unit_name}　{issued} 由{notice.by}发出"


def _due(notice: Notice) -> str:
    return (
        f"期限 {notice.deadline}" if notice.deadline else "期限未定（该年度节假日安排尚不掌握，请用 --deadline 写明）"
    )


def _told_notice(notice: Notice, found: Sequence[Case]) -> dict[str, object]:
    today = now().date()
    mine = [case for case in found if case.notice.id == notice.id]
    return {
        "notice": notice.id,
        "document_number": notice.document_number,
        "inspection": notice.inspection,
        "unit": notice.unit,
        "unit_name": notice.unit_name,
        "issued": notice.issued,
        "deadline": notice.deadline,
        "by": notice.by,
        "problems": len(mine),
        "open": sum(case.is_open for case in mine),
        "overdue": sum(case.is_overdue(today) for case in mine),
        "progress": {
            progress.value: count for progress in Progress if (count := sum(case.progress is progress for case in mine))
        },
    }


def _told_case(case: Case) -> dict[str, object]:
    finding = case.item.finding
    return {
        "notice": case.notice.id,
        "fingerprint": finding.fingerprint,
        "check": finding.check,
        "target": finding.target.address,
        "url": finding.finding.url,
        "problem_url": finding.finding.problem_url,
        "message": finding.finding.message,
        "progress": case.progress.value,
        "steps": case.item.steps,
    }
