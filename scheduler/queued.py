"""A queued inspection as its sender sees it: sent, watched until every target has ended, or taken back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable, Mapping

from scheduler.errors import NoQueue
from scheduler.plan import Tick
from scheduler.pool import Watcher
from scheduler.queue import Queue
from storage.errors import StorageError
from storage.inspections import InspectionRecord, TargetRow
from storage.store import Store

logger = logging.getLogger(__name__)

LOOK = 1.0
"""Seconds between two looks at the table."""
PATIENCE = 60.0
"""Seconds that workers have to hand back what the sender takes back."""
BROKEN_OFF = "已中断"


def work_off_queued(
    store: Store, record: InspectionRecord, database: str, watcher: Watcher, said: Callable[[str], None]
) -> bool:
    """Has the queue's workers work the table off. False where the sender was told to stop by Ctrl-C or SIGTERM:

    what waits is taken back, what is under way ends cleanly, and `resume` goes on with it. A sender that is killed
    takes nothing back: the workers go on, and `resume` finds what they did. Called from the main thread.
    Raises NoQueue where the database is away when something is to be sent or taken back.
    """
    watcher.begin(store.inspections.targets(record.id))
    return asyncio.run(_work_off(store, record, database, watcher, said))


async def _work_off(
    store: Store, record: InspectionRecord, database: str, watcher: Watcher, said: Callable[[str], None]
) -> bool:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with Queue(database) as queue:
        rows = await asyncio.to_thread(store.inspections.targets, record.id)
        await queue.send(record, [row for row in rows if row.state == "pending"])
        load = await queue.load()
        if not load.workers:
            said("目前没有工作机在运行；请在工作机上执行 xuncha worker，任务会一直等待。")
    is_whole = await _watch(store, record, watcher, stop)
    if not is_whole:
        try:
            await _take_back(store, record, database)
        except (NoQueue, StorageError) as error:
            raise NoQueue(
                f"已停止等待，但任务未能收回，工作机会继续检查；数据库恢复后用 inspect --resume 接着等（{error}）"
            ) from error
    return is_whole


async def _watch(store: Store, record: InspectionRecord, watcher: Watcher, stop: asyncio.Event) -> bool:
    """Tells what changes until every target has ended, True; or the sender is to stop, False.

    Waits while the database is away.
    """
    before: Mapping[str, int] = {}
    known: dict[int, TargetRow] = {}
    while not stop.is_set():
        pause = LOOK
        try:
            counts = await asyncio.to_thread(store.inspections.counts, record.id)
            if counts != before:
                for row in await asyncio.to_thread(store.inspections.targets, record.id):
                    if known.get(row.number) != row:
                        known[row.number] = row
                        watcher.tick(_tick(row))
                before = counts
            if counts and not any(counts.get(state) for state in ("pending", "running", "interrupted")):
                return True
        except StorageError as error:
            logger.warning("%s；稍后再看", error)
            pause = 5 * LOOK
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
    return False


async def _take_back(store: Store, record: InspectionRecord, database: str) -> None:
    """Takes back what waits, and waits for what is under way to end. Raises NoQueue or StorageError."""
    async with Queue(database) as queue:
        await asyncio.to_thread(store.inspections.pause, record.id, BROKEN_OFF)
        await queue.withdraw(record.id)
    for _ in range(int(PATIENCE / LOOK)):
        if not (await asyncio.to_thread(store.inspections.counts, record.id)).get("running"):
            break
        await asyncio.sleep(LOOK)


def _tick(row: TargetRow) -> Tick:
    pages, links, problems = (int(str(row.stats.get(key, 0))) for key in ("pages", "links", "problems"))
    state = "pending" if row.state == "interrupted" else row.state
    return Tick(row.number, state, pages, links, problems, "" if state == "pending" else row.exit_reason)
