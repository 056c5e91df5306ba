"""Our own lag under a busy loop, and the way to a host that answers, refuses, or is forbidden."""

from __future__ import annotations

import asyncio
import time

from crawler.fetch.policy import AddressPolicy
from crawler.fetch.yardsticks import OwnLag, way_ms


def test_a_busy_loop_is_told() -> None:
    async def watched(busy: float) -> int:
        async with OwnLag() as lag:
            await asyncio.sleep(0.7)
            time.sleep(busy)  # noqa: ASYNC251 (blocks the loop: that is what is measured)
            await asyncio.sleep(0.7)
        return lag.ms

    assert asyncio.run(watched(1.2)) >= 800
    assert asyncio.run(watched(0)) < 500


def test_the_way_to_a_host() -> None:
    async def measured() -> tuple[int | None, int | None, int | None]:
        server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        allowed = AddressPolicy(allow_private=True)
        async with server:
            open_ = await way_ms(allowed, f"http://127.0.0.1:{port}/", gap=0)
            forbidden = await way_ms(AddressPolicy(allow_private=False), f"http://127.0.0.1:{port}/", gap=0)
        return open_, forbidden, await way_ms(allowed, f"http://127.0.0.1:{port}/", gap=0)

    open_, forbidden, closed = asyncio.run(measured())
    assert open_ is not None and open_ < 1000
    assert forbidden is None and closed is None
