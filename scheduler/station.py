"""A machine that serves the queue (工作机): targets come as jobs, its crew works on them, SIGTERM hands them back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable

from scheduler.crew import Crew, open_store
from scheduler.errors import NoQueue
from scheduler.plan import Machine
from scheduler.queue import Queue
from storage.errors import StorageError

logger = logging.getLogger(__name__)

PATIENCE = 40.0
"""Seconds that crawls have to end cleanly before they are killed."""
LONGEST_PAUSE = 30.0


async def serve(machine: Machine, *, concurrency: int, processes: int, said: Callable[[str], None]) -> None:
    """Serves until SIGTERM or SIGINT. While the database is away the crew goes on with what it has, and the queue is

    looked for again. Raises NoQueue or StorageError where it was never there.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    with open_store(machine) as store:
        crew = Crew(store, machine, processes)
        tidying = asyncio.create_task(_keep_tidy(crew))
        try:
            pause, was_there = 1.0, False
            while not stop.is_set():
                try:
                    async with Queue(machine.database) as queue:
                        if not was_there:
                            said(f"工作机已就绪：同时检查 {concurrency} 个对象，{processes} 个进程。")
                        was_there, pause = True, 1.0
                        serving = asyncio.create_task(
                            queue.serve(crew.perform, crew.end, store, concurrency=concurrency, patience=PATIENCE)
                        )
                        stopping = asyncio.create_task(stop.wait())
                        await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
                        if stop.is_set():
                            said("正在停止：进行中的检查交还队列……")
                            crew.stop()
                        stopping.cancel()
                        serving.cancel()
                        with contextlib.suppress(asyncio.CancelledError):
                            await serving
                except (NoQueue, StorageError) as error:
                    if not was_there:
                        raise
                    logger.warning("%s；%.0f 秒后重试", error, pause)
                except Exception:
                    logger.exception("队列中断，%.0f 秒后重试", pause)
                if not stop.is_set():
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(stop.wait(), pause)
                    pause = min(pause * 2, LONGEST_PAUSE)
        finally:
            tidying.cancel()
            await crew.close(PATIENCE)
    said("工作机已停止。")


async def _keep_tidy(crew: Crew) -> None:
    while True:
        await asyncio.sleep(5)
        crew.tidy()
