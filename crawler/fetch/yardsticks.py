"""What of a measured time is ours: how late our own waits end (a busy machine), and the bare way to a host."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import time
from array import array
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from crawler.fetch.policy import AddressPolicy, literal

_EVERY = 1.0
_LOOKS = 3
_SECONDS = 5.0


class OwnLag:
    """While it is entered, waits a second again and again and notes by how much it woke too late."""

    def __init__(self) -> None:
        self._late = array("I")
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.ensure_future(self._watch())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @property
    def ms(self) -> int:
        """Milliseconds that nine of ten waits did not exceed; 0 where there was none."""
        ranked = sorted(self._late)
        return ranked[len(ranked) * 9 // 10] if ranked else 0

    async def _watch(self) -> None:
        while True:
            started = time.monotonic()
            await asyncio.sleep(_EVERY)
            self._late.append(max(0, int((time.monotonic() - started - _EVERY) * 1000)))


async def way_ms(policy: AddressPolicy, url: str, *, gap: float) -> int | None:
    """The median time of a few connections to an address's host, names resolved before; None where one failed."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    taken: list[float] = []
    try:
        address = literal(host)
        if address is not None and not policy.permits(host, (address,)):
            return None
        place = str(address) if address is not None else await policy.resolve(host, port)
        for look in range(_LOOKS):
            await asyncio.sleep(gap if look else 0)
            started = time.monotonic()
            async with asyncio.timeout(_SECONDS):
                _, writer = await asyncio.open_connection(place, port)
            taken.append(time.monotonic() - started)
            writer.close()
    except (OSError, TimeoutError, httpx.TransportError):
        return None
    return int(statistics.median(taken) * 1000)
