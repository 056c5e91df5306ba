"""When each home page is probed: spaced with jitter, one visit at a time for each, whatever happens to the others.

A visit is kept as soon as it has ended, so that a kill loses at most those that are under way.
"""

from __future__ import annotations

import asyncio
import heapq
import random
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from crawler.facts import ProbeFact

JITTER = 0.2
"""By so much of the spacing a visit may come sooner or later, so that no two days ask at the same minutes."""
MOST_SPACING = timedelta(hours=24) / (20 * (1 + JITTER))
"""Sixty minutes: however the jitter falls, a day has twenty visits (国办秘函〔2019〕19号)."""
AT_ONCE = 16


class Clock(Protocol):
    """Time as the schedule sees it."""

    def now(self) -> datetime:
        """The moment, aware."""

    async def wait_until(self, moment: datetime) -> bool:
        """Returns at that moment, True; or False as soon as the watch is to end."""


Visit = Callable[[str], Awaitable[ProbeFact]]
Keep = Callable[[ProbeFact], Awaitable[None]]


def first_due(now: datetime, last: datetime | None, spacing: timedelta, draw: random.Random) -> datetime:
    """When an address is probed first: after its last probe as if nothing had stopped, else spread over one spacing.

    A last probe that lies in the future is a clock that was set back.
    """
    if last is None or last > now:
        return now + spacing * draw.random()
    return max(now, next_due(last, spacing, draw))


def next_due(visited: datetime, spacing: timedelta, draw: random.Random) -> datetime:
    """When an address is probed again."""
    return visited + spacing * (1 + JITTER * (2 * draw.random() - 1))


async def probe_all(addresses: Collection[str], visit: Visit, keep: Keep) -> tuple[ProbeFact, ...]:
    """Probes every address now, at most `AT_ONCE` at a time."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(address: str) -> ProbeFact:
        async with turns:
            fact = await visit(address)
        await keep(fact)
        return fact

    return tuple(await asyncio.gather(*(one(address) for address in addresses)))


async def keep_watch(
    addresses: Collection[str],
    visit: Visit,
    keep: Keep,
    clock: Clock,
    *,
    spacing: timedelta,
    last: Mapping[str, datetime],
    draw: random.Random,
) -> None:
    """Probes every address again and again until the clock ends the watch; `last` are the probes of an earlier one."""
    now = clock.now()
    due = [(first_due(now, last.get(address), spacing, draw), address) for address in addresses]
    heapq.heapify(due)
    while due and await clock.wait_until(due[0][0]):
        now = clock.now()
        batch: list[str] = []
        while due and due[0][0] <= now:
            batch.append(heapq.heappop(due)[1])
        await probe_all(batch, visit, keep)
        for address in batch:
            heapq.heappush(due, (next_due(now, spacing, draw), address))
