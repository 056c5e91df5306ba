"""A worker process: one reactor for its life, many targets side by side, each taken from the inspection's table.

It is told what to do by a Plan and tells how it goes by Ticks; the table of targets is the truth of what is done.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import math
import multiprocessing
import signal
import time
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from checks import runner
from checks.model import Subject
from crawler.clock import now
from crawler.facts import UnitFacts
from crawler.fetch.crawl import Equipment, equipment
from crawler.fetch.settings import REACTOR
from scheduler import pulse
from scheduler.account_errand import run_account
from scheduler.deaths import ALONE_AFTER
from scheduler.desk import Desk, Ended, Errand
from scheduler.hosts import HostLocks, host_visited
from scheduler.judge import judge_unit, problems_in, undetermined_in
from scheduler.logs import bind, configure
from scheduler.plan import Plan, Tick
from scheduler.recheck import counted, steps_of
from scheduler.site_errand import run_site
from storage.errors import DatabaseUnavailable, DiskFull, EvidenceStoreUnavailable, LeaseLost, StorageError
from storage.inspections import TargetRow

logger = logging.getLogger(__name__)

PASSING = (DatabaseUnavailable, DiskFull, EvidenceStoreUnavailable)
"""Faults of ours that pass: the target waits and is tried again."""
STORAGE_PATIENCE = 30.0
"""Seconds for which a worker tries to write how a target ended, while the disk is full or the database away."""
JUDGING = 1800.0
"""Seconds for which one target may be judged; 3,000 pages take about one (assumed)."""
HOST_SECONDS = 1.0
"""Seconds between two looks at whether a host has become free."""
WAITS = "所在主机正在被检查，等候中（同一主机一次只查一个网站）"


def run_worker(plan: Plan, name: str, pipe: Connection, patience: float = pulse.HUNG) -> None:
    """The process's main: works until no target is left for it, or until SIGTERM ends it cleanly.

    Ends with code 1 where something of ours failed, or hung for `patience` seconds.
    """
    pulse.give(patience)
    from scrapy.utils.reactor import install_reactor

    configure(plan.machine.log_format)
    install_reactor(REACTOR)
    from twisted.internet import reactor as installed

    reactor: Any = installed  # its type is chosen at run time
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    loop = asyncio.get_event_loop()
    worker = Worker(plan, name, pipe)
    fault: list[BaseException] = []
    parent = multiprocessing.parent_process()

    def orphaned() -> None:
        """Whoever started us was killed: end as at SIGTERM, so that a resumed run meets no second visitor."""
        if parent is not None:
            loop.remove_reader(parent.sentinel)
        worker.stop()

    def begin() -> None:
        task = loop.create_task(pulse.accompany(worker.serve(), worker.is_stuck, patience))
        loop.add_signal_handler(signal.SIGTERM, worker.stop)
        if parent is not None:
            loop.add_reader(parent.sentinel, orphaned)
        task.add_done_callback(end)

    def end(task: asyncio.Task[None]) -> None:
        error = task.exception()
        if error is not None:
            fault.append(error)
            logger.error("worker failed", exc_info=error)
        pulse.give(patience)  # its end may hang too
        reactor.stop()

    # What is loaded by now lives as long as the process, and facts are trees without cycles: look rarely for garbage.
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()
    reactor.callWhenRunning(begin)
    reactor.run(installSignalHandlers=False)
    pipe.close()
    if fault:
        raise SystemExit(1)


class Worker:
    """Takes targets, has them gathered and judged, and marks them in the table."""

    def __init__(self, plan: Plan, name: str, pipe: Connection) -> None:
        self._plan, self._name, self._pipe = plan, name, pipe
        self._desk = Desk(plan, name, self._tell)
        self._errands: dict[int, Errand] = {}
        self._orders: asyncio.Queue[int] = asyncio.Queue()
        self._held_up: dict[int, float] = {}
        self._is_stopping = False

    def stop(self) -> None:
        """Ends all work cleanly; what was gathered is kept and the targets can be resumed."""
        self._is_stopping = True
        for errand in self._errands.values():
            errand.stop()
        self._orders.put_nowait(0)

    def is_stuck(self) -> bool:
        """Its loop turns, but its judges do not come to an end with a target, and all others wait for them."""
        return self._desk.judging > JUDGING

    async def serve(self) -> None:
        """Works until the table has no target left, or as long as numbers come through the pipe."""
        terms = self._plan.terms
        async with equipment(
            limits=terms.limits,
            policy=self._desk.policy,
            canaries=terms.canaries,
            rendering=terms.rendering,
            words=self._desk.words,
            roots=self._plan.machine.roots,
        ) as kit:
            await (self._serve_orders(kit) if self._plan.ordered else self._serve_table(kit))
        await self._desk.close()

    async def _serve_table(self, kit: Equipment) -> None:
        """Takes target after target, at most `at_once` side by side; one that workers died on is worked on alone."""
        hosts = HostLocks(Path(self._plan.machine.folder))
        underway: set[asyncio.Task[None]] = set()
        held: TargetRow | None = None
        while True:
            is_held_up = False
            if not self._is_stopping and held is None and len(underway) < self._plan.at_once:
                held, held_up = await asyncio.to_thread(self._next, hosts)
                self._tell_of(held_up)
                is_held_up = held is None and bool(held_up)
            is_lonely = held is not None and held.attempts > ALONE_AFTER
            if held is not None and not (is_lonely and underway):
                task = asyncio.create_task(self._visit(held, kit, hosts))
                underway.add(task)
                held = None
                if is_lonely:
                    await asyncio.wait(underway)
            elif underway:
                patience = HOST_SECONDS if is_held_up else None
                done, underway = await asyncio.wait(underway, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()  # what no errand can answer for ends the worker, and is told by its death
            elif is_held_up:
                await asyncio.sleep(HOST_SECONDS)
            else:
                return

    def _next(self, hosts: HostLocks) -> tuple[TargetRow | None, list[int]]:
        """The next target on a host that nobody visits, and those before it whose hosts somebody does.

        In a thread, as all that is written at the ends of an errand: a database that is silent stops no crawl.
        """
        held_up = []
        for number, target in self._desk.store.inspections.waiting(self._plan.inspection):
            host = host_visited(target)
            if not hosts.take(host):
                held_up.append(number)
            elif (row := self._taken(number)) is not None:
                return row, held_up
            else:
                hosts.free(host)
        return None, held_up

    def _taken(self, number: int) -> TargetRow | None:
        return self._desk.store.inspections.take(self._plan.inspection, number, self._name, now())

    def _tell_of(self, held_up: list[int]) -> None:
        """Tells once of a target that waits for its host; another may be about to take it, so not at once."""
        for number in held_up:
            since = self._held_up.setdefault(number, time.monotonic())
            if time.monotonic() - since > 3 * HOST_SECONDS:
                self._held_up[number] = math.inf
                self._tell(Tick(number, "pending", words=WAITS))

    async def _visit(self, row: TargetRow, kit: Equipment, hosts: HostLocks) -> None:
        try:
            await self._work(row, kit)
        finally:
            hosts.free(host_visited(row.target))

    async def _serve_orders(self, kit: Equipment) -> None:
        """Works on the targets whose numbers come; a number below zero ends the work on that target."""
        loop, underway = asyncio.get_running_loop(), set[asyncio.Task[None]]()
        loop.add_reader(self._pipe.fileno(), self._hear)
        while number := await self._orders.get():
            if number < 0:
                if (errand := self._errands.get(-number)) is not None:
                    errand.stop()
                continue
            try:
                row = await asyncio.to_thread(self._taken, number)
            except StorageError as error:
                self._tell(Tick(number, "interrupted", words=str(error)))
                continue
            if row is None:
                self._tell(Tick(number, "gone"))
                continue
            task = asyncio.create_task(self._work(row, kit))
            underway.add(task)
            task.add_done_callback(partial(self._ended, underway))
            await asyncio.sleep(0)  # it has begun, so that an order to end it finds it
        loop.remove_reader(self._pipe.fileno())
        await asyncio.gather(*underway)

    def _ended(self, underway: set[asyncio.Task[None]], task: asyncio.Task[None]) -> None:
        """What no errand can answer for ends the worker, and is told by its death."""
        if task.exception() is None:
            underway.discard(task)
        else:
            self._orders.put_nowait(0)

    def _hear(self) -> None:
        try:
            self._orders.put_nowait(self._pipe.recv())
        except (EOFError, OSError):
            asyncio.get_running_loop().remove_reader(self._pipe.fileno())
            self._orders.put_nowait(0)

    async def _work(self, row: TargetRow, kit: Equipment) -> None:
        bind(inspection=row.inspection, target=row.target.address)
        started, cpu = time.monotonic(), time.process_time()
        errand = self._errands[row.number] = Errand(self._desk, row, kit)
        try:
            stopped: Ended = ("interrupted", "用户中断", {})
            state, reason, stats = stopped if self._is_stopping else await self._dispatch(errand)
        except LeaseLost:
            state, reason, stats = "gone", "", {}
        except (
            DatabaseUnavailable,
            DiskFull,
            EvidenceStoreUnavailable,
        ) as error:  # ours, and it passes: the target waits
            logger.error("target %s broke off: %s", row.target.address, error)
            state, reason, stats = "interrupted", str(error), {}
        except Exception as error:
            logger.exception("target %s failed", row.target.address)
            state, reason, stats = "failed", f"出错：{type(error).__name__}：{error}", {}
        spent = stats.pop("cpu", None)
        stats["wall_seconds"] = round(time.monotonic() - started, 2)
        stats["cpu_seconds"] = round(spent if isinstance(spent, float) else time.process_time() - cpu, 2)
        if state != "gone":
            state = await self._complete(errand, state, reason, {**row.stats, **stats} if state != "done" else stats)
        del self._errands[row.number]
        pages, links, problems = (int(str(stats.get(key, 0))) for key in ("pages", "links", "problems"))
        self._tell(Tick(row.number, state, pages, links, problems, reason))

    async def _dispatch(self, errand: Errand) -> Ended:
        row, task = errand.row, errand.task
        if row.target.kind is Subject.SITE:
            return await run_site(errand)
        if row.target.kind is Subject.ACCOUNT:
            return await run_account(errand)
        if task is not None:
            found = runner.run(UnitFacts(errand.unit, self._desk.as_of), checks=task.checks)
            steps = steps_of(task, found, row.inspection, now())
            errand.store.rectifications.step(steps)
            return "done", "完成", counted(steps)
        results = judge_unit(errand.bench, errand.unit, row.target, now())
        return "done", "完成", {"problems": problems_in(results), "undetermined": undetermined_in(results)}

    async def _complete(self, errand: Errand, state: str, reason: str, stats: dict[str, Any]) -> str:
        """Writes how a target ended, as soon as it can be written; the state that others see.

        Where it cannot, the worker takes nothing more: whoever began the inspection finds the target still running.
        """
        row, give_up, wait = errand.row, time.monotonic() + STORAGE_PATIENCE, 1.0
        while True:
            try:
                complete = errand.store.inspections.complete
                await asyncio.to_thread(
                    complete, row.inspection, row.number, state=state, exit_reason=reason, stats=stats, now=now()
                )
                return state
            except LeaseLost:
                return "gone"
            except StorageError as error:
                if self._is_stopping or time.monotonic() + wait > give_up:
                    logger.error("the end of target %s was not written: %s", row.target.address, error)
                    self.stop()
                    return "interrupted"
            await asyncio.sleep(wait)
            wait = min(wait * 2, 15.0)

    def _tell(self, tick: Tick) -> None:
        try:
            self._pipe.send(tick)
        except OSError:
            logger.debug("nobody listens any more")
