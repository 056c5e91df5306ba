"""整改: notices to units, their replies, what is to be looked at again, and how far each problem has come."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from checks.model import StampedFinding, State, Subject, Target
from checks.working_days import UnknownYear, deadline
from crawler.clock import now
from crawler.facts import BEIJING, Unit
from scheduler.errors import RectificationRefused
from scheduler.reviewing import standing
from scheduler.task import Asked, Task
from scoring.review import in_force, reviewed
from storage.inspections import RECHECK, InspectionRecord
from storage.rectifications import REPLIES, Item, Notice, Step, StepKind
from storage.store import Store

WORKING_DAYS = 15
"""The usual time to rectify. 国办发〔2018〕123号 asks for timely rectification and prints no number: assumed."""


class Progress(StrEnum):
    """How far a problem of a notice has come."""

    OPEN = "open"
    REPLIED = "replied"
    OBJECTED = "objected"
    STANDING = "standing"
    UNTOLD = "untold"
    DISMISSED = "dismissed"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The progress in Chinese."""
        return _LABELS[self]


_LABELS = {
    Progress.OPEN: "待整改",
    Progress.REPLIED: "已回复，待复查",
    Progress.OBJECTED: "有异议，待复核",
    Progress.STANDING: "复查仍存在",
    Progress.UNTOLD: "复查未能判定",
    Progress.DISMISSED: "已复核为误报或豁免",
    Progress.CLOSED: "已销号",
}
ENDED = frozenset({Progress.DISMISSED, Progress.CLOSED})
_REGISTERED = frozenset({"account.naming"})
"""Checks of a target that compare it with the rest of its unit's registration."""
_BY_STEP = {
    StepKind.MENDED: Progress.REPLIED,
    StepKind.OBJECTED: Progress.OBJECTED,
    StepKind.GONE: Progress.CLOSED,
    StepKind.CLOSED: Progress.CLOSED,
    StepKind.STANDING: Progress.STANDING,
    StepKind.UNTOLD: Progress.UNTOLD,
}


class Case(Struct, frozen=True):
    """A problem of a notice as it stands."""

    notice: Notice
    item: Item
    progress: Progress

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.progress not in ENDED

    def is_overdue(self, today: date) -> bool:
        """Whether its deadline has passed and it is open; never where no deadline is known."""
        return self.is_open and self.notice.deadline is not None and today > self.notice.deadline


def cases(store: Store, notices: Collection[int] | None = None) -> tuple[Case, ...]:
    """The problems of these notices, or of all, as they stand today. Raises RecordMissing for an unknown notice."""
    every = store.rectifications.all() if notices is None else map(store.rectifications.get, notices)
    by_id = {notice.id: notice for notice in every}
    reviews = in_force(store.reviews.standing(), now().date())
    found = []
    for item in store.rectifications.items(notices):
        state, review = reviewed(item.finding, reviews)
        dismissed = review is not None and state is State.PASS
        progress = _BY_STEP[item.steps[-1].kind] if item.steps else Progress.OPEN
        if dismissed and progress is not Progress.CLOSED:
            progress = Progress.DISMISSED
        found.append(Case(by_id[item.notice], item, progress))
    return tuple(found)


def issue(
    store: Store,
    record: InspectionRecord,
    units: Collection[str],
    *,
    by: str,
    document_number: str,
    due: date | None,
    working_days: int,
    now: datetime,
) -> tuple[Notice, ...]:
    """A notice for each of these units (all where none is named) over the confirmed problems that no open notice has.

    Raises RectificationRefused where nobody signs, a unit is unknown or the deadline has passed.
    """
    known = {unit.code: unit.name for unit in record.units}
    faults = [f"检查批次 {record.id} 中没有单位“{code}”" for code in units if code not in known]
    if not by.strip():
        faults.append("没有写明发出人")
    today = now.astimezone(BEIJING).date()
    if due is not None and due < today:
        faults.append(f"整改期限 {due} 已过")
    if faults:
        raise RectificationRefused(faults)
    if due is None:
        told = deadline(today, working_days)
        due = None if isinstance(told, UnknownYear) else told
    noted = {case.item.finding.fingerprint for case in cases(store) if case.is_open}
    by_unit: Mapping[str, list[StampedFinding]] = defaultdict(list)
    for one in standing(store, record):
        if one.state is State.FAIL and one.finding.fingerprint not in noted:
            by_unit[one.finding.target.unit].append(replace(one.finding, state=State.FAIL))
    drafts = [
        (Notice(0, record.id, code, name, now, by.strip(), document_number.strip(), due), by_unit[code])
        for code, name in known.items()
        if by_unit[code] and (not units or code in units)
    ]
    return store.rectifications.issue(drafts)


def reply(
    store: Store,
    notice: int,
    handles: Collection[str],
    *,
    objects: bool,
    text: str,
    by: str,
    url: str,
    proof: tuple[str, bytes] | None,
    now: datetime,
) -> tuple[Item, ...]:
    """The unit's reply on these problems of a notice (all open ones where none is named); `proof` a file by name.

    Raises RecordMissing, RectificationRefused.
    """
    chosen = _chosen(store, notice, handles)
    faults = _unsigned(text, by, "回复内容")
    if faults:
        raise RectificationRefused(faults)
    kept = () if proof is None else (store.evidence.put(proof[1], kind="other"),)
    kind = StepKind.OBJECTED if objects else StepKind.MENDED
    step = Step(kind, now, text.strip(), by.strip(), proof[0] if proof else "", url, evidence=kept)
    store.rectifications.step([(item.id, step) for item in chosen])
    return chosen


def close(
    store: Store, notice: int, handles: Collection[str], *, reason: str, by: str, now: datetime
) -> tuple[Item, ...]:
    """Closes problems by a person's word. Raises RecordMissing, RectificationRefused."""
    chosen = _chosen(store, notice, handles) if handles else ()
    faults = _unsigned(reason, by, "理由")
    if not handles:
        faults.append("请用 --item 写明要销号的问题")
    if faults:
        raise RectificationRefused(faults)
    step = Step(StepKind.CLOSED, now, reason.strip(), by.strip())
    store.rectifications.step([(item.id, step) for item in chosen])
    return chosen


class Recheck(Struct, frozen=True):
    """A recheck that is ready to be worked off: its inspection, and the tasks by target number."""

    record: InspectionRecord
    tasks: Mapping[int, Task]


def prepare(
    store: Store,
    chosen: Sequence[Case],
    *,
    as_of: datetime,
    tool_version: str,
    current: Mapping[str, Unit],
    now: datetime,
) -> tuple[Recheck, ...]:
    """Makes the inspections that look at these problems again, one for each inspection that they were found in.

    `current` are the units of today's registry by code; where a unit is not in it, its registration of then serves. A
    problem of what is registered becomes 未能判定 at once without it, and so does one of a target that is no longer
    registered.
    """
    by_inspection: Mapping[str, list[Case]] = defaultdict(list)
    untold = []
    for case in chosen:
        if why := _unasked(case.item.finding, current) or _gone(store, case):
            untold.append((case.item.id, Step(StepKind.UNTOLD, now, why)))
        else:
            by_inspection[case.notice.inspection].append(case)
    store.rectifications.step(untold)
    made = []
    for id, mine in by_inspection.items():
        source = store.inspections.get(id)
        rows = {row.target: row for row in store.inspections.targets(id)}
        grouped: Mapping[Target, list[Item]] = defaultdict(list)
        for case in mine:
            grouped[case.item.finding.target].append(case.item)
        tasks = {
            number: _task(store, id, target, items, rows[target].run if target.kind is Subject.SITE else None)
            for number, (target, items) in enumerate(grouped.items(), start=1)
        }
        units = tuple(current.get(unit.code, unit) for unit in source.units)
        record = InspectionRecord(
            id=f"{now:%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:6]}",
            name=f"复查 {now:%Y-%m-%d}",
            kind=RECHECK,
            as_of=as_of,
            rulesets=(),
            units=units,
            settings={**source.settings, "source": id, "queued": False},
            started=now,
            tool_version=tool_version,
            registry_digest=f"recheck:{id}",
        )
        store.inspections.create(record, [(target, rows[target].name) for target in grouped])
        made.append(Recheck(record, tasks))
    return tuple(made)


def _unasked(finding: StampedFinding, current: Mapping[str, Unit]) -> str:
    """Why a problem cannot be looked at again by what is registered; "" where it can."""
    target = finding.target
    unit = current.get(target.unit)
    if unit is None:
        registered = target.kind is Subject.UNIT or finding.check in _REGISTERED
        return "要看现行台账：请用 --registry 给出" if registered else ""
    addresses = {site.home_url for site in unit.sites} | {account.key for account in unit.accounts} | {unit.code}
    return "" if target.address in addresses else "现行台账中已没有这个网站或账号，需人工核实"


def _gone(store: Store, case: Case) -> str:
    """Why a site's problem cannot be looked at again by what is recorded; "" where it can.

    Retention keeps the pages of an inspection while a problem of its notices is open, but a notice may be older news
    than its pages: a problem opened again after all were closed, or a notice issued on a cleared inspection.
    """
    if case.item.finding.target.kind is not Subject.SITE:
        return ""
    cleared = store.inspections.get(case.notice.inspection).cleared
    return "当时的采集记录已按保存期限清除，需人工核实" if cleared is not None else ""


def _task(store: Store, inspection: str, target: Target, items: Iterable[Item], run: int | None) -> Task:
    known = frozenset(row.stamped.fingerprint for row in store.results.findings(inspection, target))
    asked = tuple(Asked(item.id, item.finding, item.reply.url if item.reply is not None else "") for item in items)
    return Task(run or 0, asked, known)


def _chosen(store: Store, notice: int, handles: Collection[str]) -> tuple[Item, ...]:
    """The problems of a notice that are meant. Raises RecordMissing, RectificationRefused."""
    mine = cases(store, [notice])
    if not handles:
        return tuple(case.item for case in mine if case.is_open)
    chosen, faults = [], []
    for handle in handles:
        found = [case.item for case in mine if case.item.finding.fingerprint.startswith(handle)]
        if len(found) == 1:
            chosen.append(found[0])
        else:
            faults.append(f"整改通知 {notice} 中{'没有' if not found else '不止一个'}编号为“{handle}”的问题")
    if faults:
        raise RectificationRefused(faults)
    return tuple(chosen)


def _unsigned(text: str, by: str, what: str) -> list[str]:
    return [f"没有写明{name}" for name, words in ((what, text), ("何人所写", by)) if not words.strip()]


def replied(chosen: Iterable[Case]) -> tuple[Case, ...]:
    """Those that the unit says are mended and nobody has looked at since."""
    return tuple(case for case in chosen if case.is_open and case.item.reply and case.item.reply.kind in REPLIES)
