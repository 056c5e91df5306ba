"""One inspection (检查批次): its table of targets, who works it off, and its end.

Ctrl-C ends cleanly and leaves an inspection that `resume` goes on with; so does a full disk.
"""

from __future__ import annotations

import os
import signal
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from checks.model import Subject, Target
from crawler.clock import now
from crawler.facts import Unit
from scheduler.plan import Machine, Plan, Terms, settings_of
from scheduler.pool import Pool, Watcher
from scheduler.task import Task
from storage.inspections import InspectionRecord
from storage.store import Store

MOST_AT_ONCE = 16
"""Targets side by side in one worker: a polite crawl leaves its core idle most of the time."""


class Order(Struct, frozen=True):
    """What is asked for: whom to inspect, by which rulesets, as of when, and how; `workers` 0 is one a core."""

    units: tuple[Unit, ...]
    registry_digest: str
    rulesets: tuple[str, ...]
    as_of: datetime
    kind: str
    name: str
    machine: Machine
    terms: Terms
    tool_version: str
    workers: int = 0
    subjects: frozenset[Subject] = frozenset(Subject)
    rechecks: Mapping[int, Task] = field(default_factory=dict)


def targets_of(units: Sequence[Unit], subjects: frozenset[Subject]) -> list[tuple[Target, str]]:
    """Every target with the name it is registered under: sites first, for they take longest; retired ones too."""
    rows: list[tuple[Target, str]] = []
    for unit in units:
        rows.extend((Target(unit.code, site.home_url, Subject.SITE), site.name or unit.name) for site in unit.sites)
    for unit in units:
        rows.extend((Target(unit.code, account.key, Subject.ACCOUNT), account.name) for account in unit.accounts)
    rows.extend((Target(unit.code, unit.code, Subject.UNIT), unit.name) for unit in units)
    return [row for row in rows if row[0].kind in subjects]


def begin(store: Store, order: Order, *, resume: bool) -> InspectionRecord:
    """The inspection to work on: the latest unfinished one of this registry, or a new one with its table."""
    if resume:
        unfinished = store.inspections.latest_unfinished(order.registry_digest)
        if unfinished is not None:
            store.inspections.requeue(unfinished.id)
            return unfinished
    begun = now()
    record = InspectionRecord(
        id=f"{begun:%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:6]}",
        name=order.name,
        kind=order.kind,
        as_of=order.as_of,
        rulesets=order.rulesets,
        units=order.units,
        settings=settings_of(order.terms),
        started=begun,
        tool_version=order.tool_version,
        registry_digest=order.registry_digest,
    )
    store.inspections.create(record, targets_of(order.units, order.subjects))
    return record


def work_off(store: Store, record: InspectionRecord, order: Order, watcher: Watcher) -> bool:
    """Works the table off with a pool of workers. False where something is left that `resume` goes on with: the user

    broke it off by Ctrl-C or SIGTERM, or the disk was full or the database away. Called from the main thread.
    """
    rows = store.inspections.targets(record.id)
    watcher.begin(rows)
    waiting = sum(row.state == "pending" for row in rows)
    if not waiting:
        return True
    workers = min(order.workers or os.cpu_count() or 1, waiting)
    plan = Plan(
        inspection=record.id,
        machine=order.machine,
        terms=order.terms,
        at_once=max(1, min(MOST_AT_ONCE, -(-waiting // workers))),
        incremental=record.kind == "nightly",
        awaited=record.kind == "on-demand",
        rechecks=order.rechecks,
    )
    pool = Pool(store, plan, watcher)
    for number in (signal.SIGINT, signal.SIGTERM):  # also where a shell in the background has left SIGINT ignored
        signal.signal(number, signal.default_int_handler)
    try:
        pool.start(workers)
        return pool.watch()
    except KeyboardInterrupt:
        pool.stop()
        return False
    finally:
        pool.close()


def finish(store: Store, record: InspectionRecord) -> InspectionRecord:
    """Closes the inspection once every target has ended."""
    ended = now()
    failed = sum(row.state == "failed" for row in store.inspections.targets(record.id))
    reason = "完成" if not failed else f"完成，{failed} 个对象出错"
    store.inspections.finish(record.id, ended, reason)
    return replace(record, ended=ended, exit_reason=reason)
