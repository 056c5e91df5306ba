"""Spacing of calls to a platform, across all accounts that share one Pacer, and within the budget of a ledger."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from crawler.accounts.attempt import SourceFailure
from crawler.accounts.budget import Channel, Ledger, backoff, budget_of, patience, rest_until
from crawler.facts import BEIJING, AccountOutcome


class Pacer:
    """Lets one call a host through each `interval` seconds, in order of asking. One Pacer serves one process; the
    ledger, where there is one, is shared by all of them.
    """

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        ledger: Ledger | None = None,
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._ledger = ledger
        self._free_at: dict[str, float] = {}
        self._strikes: dict[str, int] = {}

    @asynccontextmanager
    async def call(self, channel: Channel, clock: Callable[[], datetime]) -> AsyncIterator[None]:
        """A call to a platform: waits for its turn, and lets a refusal rest the channel for every process.

        Raises SourceFailure 频率限制, nothing having been asked, where the budget is spent or the channel rests.
        """
        await self._turn(channel, clock)
        try:
            yield
        except SourceFailure as failure:
            if failure.outcome is AccountOutcome.RATE_LIMITED and self._ledger is not None and not channel.is_local:
                now, strikes = clock(), self._strikes.get(channel.key, 0)
                self._ledger.block(channel.key, rest_until(failure.rest, now, strikes), failure.reason, now=now)
            raise
        if self._ledger is not None and self._strikes.pop(channel.key, 0):
            self._ledger.clear(channel.key)

    async def pause(self, attempt: int) -> None:
        """Waits 5·2ⁿ s before a call is tried again; `attempt` counts from 0."""
        await self._sleep(backoff(attempt).total_seconds())

    async def wait(self, host: str, interval: float) -> None:
        """Returns when the host may be called; the turn is taken at once, so concurrent callers queue up."""
        now = self._monotonic()
        turn = max(now, self._free_at.get(host, now))
        self._free_at[host] = turn + interval
        if turn > now:
            await self._sleep(turn - now)

    async def _turn(self, channel: Channel, clock: Callable[[], datetime]) -> None:
        if self._ledger is None or channel.is_local:
            await self.wait(channel.host, channel.interval)
            return
        budget = budget_of(channel.kind)
        interval = max(channel.interval, budget.interval)
        for longest in (patience(), timedelta(0)):
            now = clock()
            turn = self._ledger.take(channel.key, now, interval=interval, a_minute=budget.a_minute, a_day=budget.a_day)
            self._strikes[channel.key] = turn.strikes
            left = turn.at - now
            if turn.refused and left > longest:
                again = turn.at.astimezone(BEIJING)
                raise SourceFailure(
                    AccountOutcome.RATE_LIMITED, f"{turn.refused}，{again:%m-%d %H:%M:%S} 前不再请求，本次未请求"
                )
            if left > timedelta(0):
                await self._sleep(left.total_seconds())
            if not turn.refused:
                return
