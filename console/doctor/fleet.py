"""The distributed queue, where there is one: its tables, its jobs, and whether any worker gives a sign of life."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from console.doctor.keeping import database
from console.doctor.symptom import Symptom
from console.settings import Settings
from scheduler.errors import NoQueue


def look(configured: Settings) -> Iterator[Symptom]:
    """One look, only where inspections are sent to the queue: one machine needs none."""
    if not configured.queue:
        return
    from scheduler.queue import Load, Queue  # loads the queue's library

    if not database(configured)[0]:  # the queue would wait for it for half a minute
        yield Symptom("分布式队列", None, "没有可用的数据库，无法得知")
        return

    async def ask() -> Load:
        async with Queue(configured.database_url) as queue:
            return await queue.load()

    try:
        load = asyncio.run(ask())
    except NoQueue as error:
        yield Symptom("分布式队列", False, str(error))
        return
    words = f"等待 {load.waiting} 个，进行中 {load.running} 个，工作机 {load.workers} 个"
    yield Symptom("分布式队列", load.workers > 0, words if load.workers else f"{words}；没有工作机，任务会一直等待")
