"""复核表: the queue of candidates as a workbook, one row a fault, and the decisions that come back in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from checks.model import StampedFinding, Target
from checks.registry import CHECKS
from scheduler.errors import RegistryProblem, ReviewRefused, SheetRefused
from scheduler.form import Column, Filled, Form, read, write
from scheduler.reviewing import Given, Taken, decide, queue, targets_in
from scoring.review import Decision, Scope
from storage.inspections import InspectionRecord
from storage.store import Store

_DECISIONS = {decision.label: decision for decision in Decision}
_SCOPES = {scope.label: scope for scope in Scope}

FORM = Form(
    "复核",
    "待人工复核问题表",
    "底色格由人工填写：“决定”填确认、误报或豁免，并写明理由和复核人；“范围”不填为本条；“到期日”不填为长期有效。"
    "确认只对已经看到的问题有效。“同类对象数”大于 1 的，范围填“全部对象”可一并处理。不作决定的行留空。",
    (
        Column("问题编号", 14),
        Column("单位", 18),
        Column("对象", 18),
        Column("检查项", 16),
        Column("问题", 40),
        Column("页面", 30),
        Column("引文", 26),
        Column("同类条数", 8),
        Column("同类对象数", 8),
        Column("决定", 8, fill=True, choices=tuple(_DECISIONS)),
        Column("范围", 9, fill=True, choices=tuple(_SCOPES)),
        Column("理由", 26, fill=True),
        Column("复核人", 10, fill=True),
        Column("到期日", 12, fill=True),
    ),
)
HANDLE = 12
"""Signs of a fingerprint that are shown."""


def write_sheet(store: Store, record: InspectionRecord, path: Path, now: datetime) -> int:
    """Writes what waits for a person; answers how many rows. Raises OSError."""
    return write(FORM, _asked(store, record), path, now)


def _asked(store: Store, record: InspectionRecord) -> Iterator[Sequence[str]]:
    names = {row.target: row.name for row in store.inspections.targets(record.id)}
    units = {unit.code: unit.name for unit in record.units}
    for group in queue(store, record):
        for each in group:
            yield _row(each, group, names, units)


def _row(
    each: StampedFinding, group: Sequence[StampedFinding], names: dict[Target, str], units: dict[str, str]
) -> tuple[str, ...]:
    check = CHECKS.get(each.check)
    return (
        each.fingerprint[:HANDLE],
        units.get(each.target.unit, each.target.unit),
        names.get(each.target, each.target.address),
        check.title if check else each.check,
        each.finding.message,
        each.finding.url,
        each.finding.quote,
        str(len(group)),
        str(targets_in(group)),
        *[""] * 5,
    )


def take_sheet(store: Store, record: InspectionRecord, path: Path, now: datetime) -> Taken:
    """Takes the decisions of a sheet that came back, all or none. Raises SheetRefused with every fault."""
    problems: list[RegistryProblem] = []
    found: list[tuple[Filled, Given]] = []
    for row in read(FORM, path):
        given = _given(row, path.name, problems)
        if given is not None:
            found.append((row, given))
    if problems:
        raise SheetRefused(problems)
    try:
        return decide(store, record, [given for _, given in found], now)
    except ReviewRefused as refused:
        rows = {given.handle: row.number for row, given in found}
        raise SheetRefused(
            RegistryProblem(path.name, FORM.sheet, _row_of(reason, rows), "问题编号", reason)
            for reason in refused.reasons
        ) from None


def _row_of(reason: str, rows: dict[str, int]) -> int:
    return next((number for handle, number in rows.items() if handle in reason), 0)


def _given(row: Filled, file: str, problems: list[RegistryProblem]) -> Given | None:
    """The decision of a row; None where it is left blank or at fault."""
    faults = len(problems)

    def refuse(column: str, reason: str) -> None:
        problems.append(RegistryProblem(file, FORM.sheet, row.number, column, reason, row[column]))

    if not row["决定"]:
        if any(row[column] for column in ("范围", "理由", "复核人", "到期日")):
            refuse("决定", "其他各格已填，没有填决定")
        return None
    if row["决定"] not in _DECISIONS:
        refuse("决定", f"应为{'、'.join(_DECISIONS)}之一")
    if row["范围"] and row["范围"] not in _SCOPES:
        refuse("范围", f"应为{'、'.join(_SCOPES)}之一")
    for column in ("理由", "复核人"):
        if not row[column]:
            refuse(column, f"没有填写{column}")
    expires = None
    if row["到期日"]:
        try:
            expires = date.fromisoformat(row["到期日"])
        except ValueError:
            refuse("到期日", "应为日期，如 2026-12-31")
    if len(problems) > faults:
        return None
    scope = _SCOPES[row["范围"]] if row["范围"] else Scope.ELEMENT
    return Given(row["问题编号"], _DECISIONS[row["决定"]], scope, row["理由"], row["复核人"], expires)
