"""The sign of life that a process gives itself: one that hangs ends, and whoever started it does what a death asks.

A page may make a parser or an expression run for ever; a library may wait for what never comes. Such a process is not
dead, so nobody takes its targets, and an inspection would never end. The interpreter's own watchdog runs beside it in
a thread that needs neither its loop nor its lock.
"""

from __future__ import annotations

import asyncio
import faulthandler
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

HUNG = 300.0
"""Seconds for which a loop may stand still; the longest work on one is reading one page (assumed)."""


def give(patience: float = HUNG) -> None:
    """Ends the process with code 1 after `patience` seconds without another sign; where each thread stood goes to

    stderr.
    """
    faulthandler.dump_traceback_later(patience, exit=True)


def rest() -> None:
    """Nobody watches any more."""
    faulthandler.cancel_dump_traceback_later()


async def accompany(work: Awaitable[T], is_stuck: Callable[[], bool] = lambda: False, patience: float = HUNG) -> T:
    """Does the work, and gives signs as long as the loop turns and what the work waits for does not take too long."""

    async def keep() -> None:
        while True:
            if not is_stuck():
                give(patience)
            await asyncio.sleep(patience / 30)

    signs = asyncio.create_task(keep())
    try:
        return await work
    finally:
        signs.cancel()
        rest()
