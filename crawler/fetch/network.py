"""Our own network: canaries that must answer before an absence of answers may be held against anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import httpx


class Canaries:
    """Addresses unrelated to any inspected unit. Up means that at least one of them answered, whatever its status."""

    def __init__(self, client: httpx.AsyncClient, addresses: Sequence[str]) -> None:
        self._client = client
        self.addresses = tuple(addresses)

    async def is_up(self) -> bool | None:
        """Whether our own network works now; None where no canaries are configured, which proves nothing."""
        if not self.addresses:
            return None
        return any(await asyncio.gather(*(self._answers(address) for address in self.addresses)))

    async def _answers(self, address: str) -> bool:
        try:
            await self._client.head(address, timeout=10)
        except httpx.HTTPError:
            return False
        return True
