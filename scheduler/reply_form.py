"""整改情况反馈表: the problems of a notice as a workbook for the unit to fill in, and its replies that come back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from checks.registry import CHECKS
from crawler.read.urls import normalise
from scheduler.entering import proof_of
from scheduler.errors import RegistryProblem, SheetRefused
from scheduler.form import Column, Filled, Form, read, write
from scheduler.rectifying import Case, cases
from scheduler.review_form import HANDLE
from storage.rectifications import Item, Step, StepKind
from storage.store import Store

_REPLIES = {"已整改": StepKind.MENDED, "有异议": StepKind.OBJECTED}

FORM = Form(
    "整改反馈",
    "整改情况反馈表",
    "底色格由单位填写：“整改情况”填已整改或有异议，并写明说明和填报人；能在网上看到整改结果的，填“佐证网址”；"
    "“附件”填与本表同一文件夹内的文件名，可不填。尚未整改的行留空。",
    (
        Column("问题编号", 14),
        Column("网站或账号", 20),
        Column("问题类别", 16),
        Column("问题", 42),
        Column("页面", 32),
        Column("目前进展", 14),
        Column("整改情况", 10, fill=True, choices=tuple(_REPLIES)),
        Column("说明", 30, fill=True),
        Column("填报人", 10, fill=True),
        Column("佐证网址", 24, fill=True),
        Column("附件", 16, fill=True),
    ),
)


def write_sheet(store: Store, notice: int, path: Path, now: datetime) -> int:
    """Writes what is open of a notice; answers how many rows. Raises RecordMissing, OSError."""
    found = cases(store, [notice])
    names = {row.target: row.name for row in store.inspections.targets(found[0].notice.inspection)}
    rows = (
        _row(case, names.get(case.item.finding.target, case.item.finding.target.address))
        for case in found
        if case.is_open
    )
    return write(FORM, rows, path, now)


def _row(case: Case, name: str) -> Sequence[str]:
    finding = case.item.finding
    check = CHECKS.get(finding.check)
    return (
        finding.fingerprint[:HANDLE],
        name,
        check.title if check else finding.check,
        finding.finding.message,
        finding.finding.url,
        case.progress.label,
        *[""] * 5,
    )


def take_sheet(store: Store, notice: int, path: Path, now: datetime) -> tuple[Item, ...]:
    """Takes the replies of a sheet that came back, all or none; answers the problems. Raises SheetRefused."""
    problems: list[RegistryProblem] = []
    by_handle = {case.item.finding.fingerprint[:HANDLE]: case for case in cases(store, [notice])}
    found = list(_replies(read(FORM, path), by_handle, path, problems))
    if problems:
        raise SheetRefused(problems)
    steps = []
    for row, item in found:
        proof = proof_of(path.parent / row["附件"], within=path.parent) if row["附件"] else None
        kept = (store.evidence.put(proof.path.read_bytes(), kind="other"),) if proof else ()
        name = proof.name if proof else ""
        kind = _REPLIES[row["整改情况"]]
        steps.append((item.id, Step(kind, now, row["说明"], row["填报人"], name, row["佐证网址"], evidence=kept)))
    store.rectifications.step(steps)
    return tuple(item for _, item in found)


def _replies(
    rows: Sequence[Filled], by_handle: dict[str, Case], path: Path, problems: list[RegistryProblem]
) -> Iterator[tuple[Filled, Item]]:
    """The rows that reply, each with its problem; faults go to `problems`."""
    seen: dict[str, int] = {}

    def refuse(row: Filled, column: str, reason: str) -> None:
        problems.append(RegistryProblem(path.name, FORM.sheet, row.number, column, reason, row[column]))

    for row in rows:
        if not row["整改情况"]:
            if any(row[column] for column in ("说明", "填报人", "佐证网址", "附件")):
                refuse(row, "整改情况", "其他各格已填，没有填整改情况")
            continue
        faults = len(problems)
        if row["整改情况"] not in _REPLIES:
            refuse(row, "整改情况", f"应为{'或'.join(_REPLIES)}")
        case = by_handle.get(row["问题编号"])
        if case is None:
            refuse(row, "问题编号", "本通知中没有这个问题")
        elif not case.is_open:
            refuse(row, "问题编号", f"这个问题{case.progress.label}")
        elif row["问题编号"] in seen:
            refuse(row, "问题编号", f"与第 {seen[row['问题编号']]} 行重复")
        seen.setdefault(row["问题编号"], row.number)
        for column in ("说明", "填报人"):
            if not row[column]:
                refuse(row, column, f"没有填写{column}")
        if row["佐证网址"] and not normalise(row["佐证网址"]):
            refuse(row, "佐证网址", "不是有效的网址")
        if row["附件"]:
            try:
                proof_of(path.parent / row["附件"], within=path.parent)
            except ValueError as error:
                refuse(row, "附件", str(error))
        if case is not None and len(problems) == faults:
            yield row, case.item
