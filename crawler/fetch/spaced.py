"""One spaced visit of a home page, held against our own network before it and after it.

A canary that answers after fifteen seconds of silence does not tell that our line stood when the visit began.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
from msgspec.structs import replace

from crawler.facts import Outcome, ProbeFact
from crawler.fetch.limits import Limits
from crawler.fetch.network import Canaries
from crawler.fetch.probes import probe

_LATELY = timedelta(seconds=30)
"""So long an answer of the canaries serves all visits that begin within it."""


class SpacedVisits:
    """Visits home pages one by one; `now` is the clock that dates them."""

    def __init__(
        self, client: httpx.AsyncClient, canaries: Canaries, limits: Limits, now: Callable[[], datetime]
    ) -> None:
        self._client, self._canaries, self._limits, self._now = client, canaries, limits, now
        self._asked: tuple[datetime, asyncio.Future[bool | None]] | None = None

    async def visit(self, url: str) -> ProbeFact:
        """A visit by a plain GET. One that failed while the canaries were silent before or after is our network's."""
        before = self._before()
        fact = await probe(self._client, self._canaries, url, most=self._limits.page_bytes, now=self._now)
        up = await before
        if fact.outcome.is_failure and up is False:
            return replace(fact, outcome=Outcome.OWN_NETWORK, canaries_ok=False)
        return fact

    def _before(self) -> asyncio.Future[bool | None]:
        now = self._now()
        if self._asked is None or now - self._asked[0] > _LATELY:
            self._asked = (now, asyncio.ensure_future(self._canaries.is_up()))
        return self._asked[1]
