"""Spacing of calls to a platform, across all accounts that share one Pacer (projects settle on 3-15 s)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable


class Pacer:
    """Lets one call a host through each `interval` seconds, in order of asking. One Pacer serves one process."""

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._free_at: dict[str, float] = {}

    async def wait(self, host: str, interval: float) -> None:
        """Returns when the host may be called; the turn is taken at once, so concurrent callers queue up."""
        now = self._monotonic()
        turn = max(now, self._free_at.get(host, now))
        self._free_at[host] = turn + interval
        if turn > now:
            await self._sleep(turn - now)
