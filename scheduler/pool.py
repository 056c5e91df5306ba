"""The worker processes of one inspection on one machine, and the pipes they report through."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Protocol

from crawler.clock import now
from scheduler.deaths import DEATHS_AT_ONCE, after_death
from scheduler.plan import TRIES, Plan, Tick, work
from storage.inspections import TargetRow
from storage.store import Store

logger = logging.getLogger(__name__)

PATIENCE = 30.0
"""Seconds that workers have to end cleanly before they are killed."""
WAIT = 3.0
"""Seconds before what broke off by a fault of ours is tried again; each further wait is twice as long."""


class Watcher(Protocol):
    """Whoever shows how it goes."""

    def begin(self, rows: Sequence[TargetRow]) -> None:
        """The table as it stands when work begins."""

    def tick(self, tick: Tick) -> None:
        """Live figures of one target."""


class Pool:
    """Workers that take target after target from the table until none is left."""

    def __init__(self, store: Store, plan: Plan, watcher: Watcher) -> None:
        self._store, self._plan, self._watcher = store, plan, watcher
        self._context = multiprocessing.get_context("spawn")
        self._workers: dict[int, tuple[BaseProcess, str]] = {}
        self._pipes: dict[Connection, int] = {}
        self._born, self._stillborn = 0, 0

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

    def watch(self) -> bool:
        """Passes ticks on until every worker has ended; replaces one that died while targets are waiting.

        What broke off by a fault of ours (disk full, database away, workers that die before they take anything) is
        tried again. False where some of it is left.
        """
        workers, tries = len(self._workers), 1 if self._plan.awaited else TRIES
        for tried in range(1, tries + 1):
            self._watch()
            broken = [row for row in self._rows() if row.state in ("interrupted", "running", "pending")]
            if not broken:
                return True
            if tried < tries:
                time.sleep(WAIT * 2 ** (tried - 1))
                self._stillborn = 0
                for row in broken:
                    self._store.inspections.release(row.inspection, row.number, row.worker)
                self.start(min(workers, len(broken)))
        return False

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

    def _watch(self) -> None:
        while self._workers:
            for ready in wait([*self._pipes, *self._workers]):
                if isinstance(ready, Connection):
                    self._read(ready)
            for sentinel in [s for s, (process, _) in self._workers.items() if not process.is_alive()]:
                self._bury(sentinel)

    def _rows(self) -> tuple[TargetRow, ...]:
        return self._store.inspections.targets(self._plan.inspection)

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
        words = f"工作进程异常结束（代码 {process.exitcode}）"
        rows = self._rows()
        self._stillborn = 0 if any(row.worker == name for row in rows) else self._stillborn + 1
        for row in rows:
            is_orphan = row.state == "running" and row.worker == name
            if is_orphan and (reason := after_death(self._store, row, words, now())):
                self._watcher.tick(Tick(row.number, "failed", words=reason))
        if self._stillborn < DEATHS_AT_ONCE and any(row.state == "pending" for row in self._rows()):
            self.start(1)
