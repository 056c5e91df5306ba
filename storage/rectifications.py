"""整改: notices to units, the problems that each names, and the steps of every problem. Rows are only ever added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from checks.model import StampedFinding
from storage import tables
from storage.database import Database
from storage.encoding import finding_of, text_of
from storage.errors import RecordMissing


class StepKind(StrEnum):
    """What a step is: a reply of the unit, what a recheck found (gone, there, untold), or a person's closing."""

    MENDED = "mended"
    OBJECTED = "objected"
    GONE = "gone"
    STANDING = "standing"
    UNTOLD = "untold"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The step in Chinese."""
        return _LABELS[self]


_LABELS = {
    StepKind.MENDED: "单位回复已整改",
    StepKind.OBJECTED: "单位提出异议",
    StepKind.GONE: "复查：已整改",
    StepKind.STANDING: "复查：仍存在",
    StepKind.UNTOLD: "复查：未能判定",
    StepKind.CLOSED: "人工销号",
}
CLOSING = frozenset({StepKind.GONE, StepKind.CLOSED})
"""After such a step nothing is open any more."""
REPLIES = frozenset({StepKind.MENDED, StepKind.OBJECTED})


class Step(Struct, frozen=True):
    """One step. `by` is who took it, "" where a recheck did; `evidence` the SHA-256 of files, `file` a reply's by name.

    `url` is the address at which the unit says that it can be seen; `inspection` is the recheck's.
    """

    kind: StepKind
    at: datetime
    text: str
    by: str = ""
    file: str = ""
    url: str = ""
    inspection: str = ""
    evidence: tuple[str, ...] = ()


class Notice(Struct, frozen=True):
    """A notice (整改通知). `deadline` is None where nobody could tell it (a year whose holidays are not known)."""

    id: int
    inspection: str
    unit: str
    unit_name: str
    issued: datetime
    by: str
    document_number: str = ""
    deadline: date | None = None


class Item(Struct, frozen=True):
    """One problem of a notice with its steps in order of time."""

    id: int
    notice: int
    finding: StampedFinding
    steps: tuple[Step, ...] = ()

    @property
    def is_closed(self) -> bool:
        """Whether the last step closed it."""
        return bool(self.steps) and self.steps[-1].kind in CLOSING

    @property
    def reply(self) -> Step | None:
        """The unit's reply since the last recheck, None where it has not replied."""
        for step in reversed(self.steps):
            if step.kind in REPLIES:
                return step
            if step.kind is not StepKind.UNTOLD:
                return None
        return None


class _NoticeFact(Struct, frozen=True):
    unit_name: str
    by: str
    document_number: str
    deadline: date | None


_notice_fact = msgspec.json.Decoder(_NoticeFact).decode
_step = msgspec.json.Decoder(Step).decode


class Rectifications:
    """All notices there ever were. Every call is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def issue(self, notices: Sequence[tuple[Notice, Sequence[StampedFinding]]]) -> tuple[Notice, ...]:
        """Adds notices with their problems, all or none; answers them with their numbers. Raises RecordConflict."""
        issued = []
        with self._database.write() as connection:
            for notice, findings in notices:
                fact = _NoticeFact(notice.unit_name, notice.by, notice.document_number, notice.deadline)
                row = {
                    "inspection": notice.inspection,
                    "unit": notice.unit,
                    "issued": notice.issued,
                    "fact": text_of(fact),
                }
                statement = sa.insert(tables.notices).values(row).returning(tables.notices.c.id)
                number: int = connection.execute(statement).scalar_one()
                rows = [
                    {"notice": number, "fingerprint": finding.fingerprint, "finding": text_of(finding)}
                    for finding in findings
                ]
                connection.execute(sa.insert(tables.notice_items), rows)
                issued.append(msgspec.structs.replace(notice, id=number))
        return tuple(issued)

    def step(self, steps: Sequence[tuple[int, Step]]) -> None:
        """Adds steps (item, step), all or none. Raises RecordConflict for an item that is not there."""
        rows = [{"item": item, "at": step.at, "fact": text_of(step)} for item, step in steps]
        if rows:
            with self._database.write() as connection:
                connection.execute(sa.insert(tables.steps), rows)

    def get(self, id: int) -> Notice:
        """That notice. Raises RecordMissing."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(tables.notices).where(tables.notices.c.id == id)).one_or_none()
        if row is None:
            raise RecordMissing(f"没有整改通知 {id}")
        return _notice(row)

    def all(self) -> tuple[Notice, ...]:
        """Every notice by number."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(tables.notices).order_by(tables.notices.c.id)).all()
        return tuple(_notice(row) for row in rows)

    def items(self, notices: Collection[int] | None = None) -> tuple[Item, ...]:
        """The problems of these notices, or of all, with their steps; in the order in which they were named."""
        table, steps = tables.notice_items, tables.steps
        query = sa.select(table).order_by(table.c.id)
        taken = sa.select(steps).order_by(steps.c.at, steps.c.id)
        if notices is not None:
            query = query.where(table.c.notice.in_(list(notices)))
            mine = sa.select(table.c.id).where(table.c.notice.in_(list(notices)))
            taken = taken.where(steps.c.item.in_(mine))
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            by_item: Mapping[int, list[Step]] = defaultdict(list)
            for row in connection.execute(taken):
                by_item[row.item].append(_step(row.fact))
        return tuple(Item(row.id, row.notice, finding_of(row.finding), tuple(by_item[row.id])) for row in rows)


def _notice(row: sa.Row[tuple[object, ...]]) -> Notice:
    fact = _notice_fact(row.fact)
    return Notice(
        id=row.id,
        inspection=row.inspection,
        unit=row.unit,
        unit_name=fact.unit_name,
        issued=row.issued,
        by=fact.by,
        document_number=fact.document_number,
        deadline=fact.deadline,
    )
