"""One inspection (检查批次) on one machine: its table of targets, a pool of worker processes, and its end.

A killed worker's targets go back to the table once; a second death marks them 出错. Ctrl-C ends cleanly and leaves an
inspection that `resume` goes on with.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from checks.model import Subject, Target
from crawler.accounts.routes import NO_ROUTES, Routes
from crawler.facts import BEIJING, Unit
from crawler.fetch.limits import Limits
from scheduler.plan import Plan, Tick, work
from scheduler.task import Task
from storage.inspections import InspectionRecord, TargetRow
from storage.shelves import HERE, Place
from storage.store import Store

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 16
"""Targets side by side in one worker: a polite crawl leaves its core idle most of the time."""
ATTEMPTS = 2
PATIENCE = 30.0
"""Seconds that workers have to end cleanly before they are killed."""


class Order(Struct, frozen=True):
    """What is asked for: whom to inspect, by which rulesets, as of when, and how."""

    units: tuple[Unit, ...]
    registry_digest: str
    registry_folder: Path
    rulesets: tuple[str, ...]
    as_of: datetime
    kind: str
    name: str
    database: str
    folder: Path
    limits: Limits
    canaries: tuple[str, ...]
    tool_version: str
    allow_private: bool = False
    rendering: bool = True
    workers: int = 0
    routes: Routes = NO_ROUTES
    credentials_file: str = ""
    account_time: datetime | None = None
    lexicons: str = ""
    hosts: Mapping[str, tuple[str, ...]] = {}
    roots: str = ""
    evidence: Place = HERE
    subjects: frozenset[Subject] = frozenset(Subject)
    rechecks: Mapping[int, Task] = field(default_factory=dict)


class Watcher(Protocol):
    """Whoever shows how it goes."""

    def begin(self, rows: Sequence[TargetRow]) -> None:
        """The table as it stands when work begins."""

    def tick(self, tick: Tick) -> None:
        """Live figures of one target."""


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
    now = datetime.now(BEIJING)
    record = InspectionRecord(
        id=f"{now:%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:6]}",
        name=order.name,
        kind=order.kind,
        as_of=order.as_of,
        rulesets=order.rulesets,
        units=order.units,
        settings={
            "allow_private": order.allow_private,
            "pages": order.limits.pages,
            "rendering": order.rendering,
            "registry_folder": str(order.registry_folder),
            "canaries": [*order.canaries],
            "hosts": {name: list(addresses) for name, addresses in order.hosts.items()},
        },
        started=now,
        tool_version=order.tool_version,
        registry_digest=order.registry_digest,
    )
    store.inspections.create(record, targets_of(order.units, order.subjects))
    return record


def work_off(store: Store, record: InspectionRecord, order: Order, watcher: Watcher) -> bool:
    """Works the table off with a pool of workers. False where the user broke it off by Ctrl-C or SIGTERM

    (then it can be resumed). Called from the main thread.
    """
    rows = store.inspections.targets(record.id)
    watcher.begin(rows)
    waiting = sum(row.state == "pending" for row in rows)
    if not waiting:
        return True
    workers = min(order.workers or os.cpu_count() or 1, waiting)
    plan = Plan(
        inspection=record.id,
        database=order.database,
        folder=str(order.folder),
        registry_folder=str(order.registry_folder),
        limits=order.limits,
        allow_private=order.allow_private,
        canaries=order.canaries,
        rendering=order.rendering,
        at_once=max(1, min(MOST_AT_ONCE, -(-waiting // workers))),
        lexicons=order.lexicons,
        incremental=record.kind == "nightly",
        routes=order.routes,
        credentials_file=order.credentials_file,
        account_time=order.account_time,
        rechecks=order.rechecks,
        hosts=order.hosts,
        roots=order.roots,
        evidence=order.evidence,
    )
    pool = _Pool(store, plan, watcher)
    for number in (signal.SIGINT, signal.SIGTERM):  # also where a shell in the background has left SIGINT ignored
        signal.signal(number, signal.default_int_handler)
    try:
        pool.start(workers)
        pool.watch()
    except KeyboardInterrupt:
        pool.stop()
        return False
    finally:
        pool.close()
    return True


def finish(store: Store, record: InspectionRecord) -> InspectionRecord:
    """Closes the inspection once every target has ended."""
    ended = datetime.now(BEIJING)
    failed = sum(row.state == "failed" for row in store.inspections.targets(record.id))
    reason = "完成" if not failed else f"完成，{failed} 个对象出错"
    store.inspections.finish(record.id, ended, reason)
    return replace(record, ended=ended, exit_reason=reason)


class _Pool:
    """Worker processes and the pipes they report through."""

    def __init__(self, store: Store, plan: Plan, watcher: Watcher) -> None:
        self._store, self._plan, self._watcher = store, plan, watcher
        self._context = multiprocessing.get_context("spawn")
        self._workers: dict[int, tuple[BaseProcess, str]] = {}
        self._pipes: dict[Connection, int] = {}
        self._born = 0

    def start(self, count: int) -> None:
        """Starts `count` workers."""
        for _ in range(count):
            self._born += 1
            name = f"worker-{os.getpid()}-{self._born}"
            ours, theirs = self._context.Pipe(duplex=False)
            process = self._context.Process(target=work, args=(self._plan, name, theirs), name=name, daemon=True)
            process.start()
            theirs.close()
            self._workers[process.sentinel] = (process, name)
            self._pipes[ours] = process.sentinel

    def watch(self) -> None:
        """Passes ticks on until every worker has ended; replaces one that died while targets are waiting."""
        while self._workers:
            for ready in wait([*self._pipes, *self._workers]):
                if isinstance(ready, Connection):
                    self._read(ready)
            for sentinel in [s for s, (process, _) in self._workers.items() if not process.is_alive()]:
                self._bury(sentinel)

    def stop(self) -> None:
        """Asks all workers to end cleanly; what they gathered is kept."""
        for process, _ in self._workers.values():
            process.terminate()
        deadline = time.monotonic() + PATIENCE
        with contextlib.suppress(KeyboardInterrupt):  # a second Ctrl-C ends the patience
            for process, _ in self._workers.values():
                process.join(max(0.0, deadline - time.monotonic()))

    def close(self) -> None:
        """Leaves no process behind."""
        for process, _ in self._workers.values():
            if process.is_alive():
                process.kill()
            process.join()
        for pipe in self._pipes:
            pipe.close()

    def _read(self, pipe: Connection) -> None:
        try:
            tick = pipe.recv()
        except (EOFError, OSError):
            self._pipes.pop(pipe, None)
            pipe.close()
            return
        if isinstance(tick, Tick):
            self._watcher.tick(tick)

    def _bury(self, sentinel: int) -> None:
        process, name = self._workers.pop(sentinel)
        process.join()
        if process.exitcode == 0:
            return
        logger.error("%s ended with code %s", name, process.exitcode)
        for row in self._orphans(name):
            if row.attempts < ATTEMPTS:
                self._store.inspections.release(self._plan.inspection, row.number)
            else:
                reason = f"出错：工作进程异常结束（代码 {process.exitcode}）"
                self._store.inspections.complete(
                    self._plan.inspection,
                    row.number,
                    state="failed",
                    exit_reason=reason,
                    stats=row.stats,
                    now=datetime.now(BEIJING),
                )
                self._watcher.tick(Tick(row.number, "failed"))
        if any(row.state == "pending" for row in self._store.inspections.targets(self._plan.inspection)):
            self.start(1)

    def _orphans(self, worker: str) -> Iterator[TargetRow]:
        rows = self._store.inspections.targets(self._plan.inspection)
        return (row for row in rows if row.state == "running" and row.worker == worker)
