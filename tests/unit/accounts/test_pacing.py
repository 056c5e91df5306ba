from __future__ import annotations

import asyncio

from crawler.accounts.pacing import Pacer


class Watch:
    """A clock that moves only by being slept on."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def read(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_calls_to_one_host_are_spaced_and_others_are_not_held_up() -> None:
    watch = Watch()
    pacer = Pacer(watch.read, watch.sleep)

    async def play() -> None:
        await pacer.wait("m.weibo.example", 3.0)
        await pacer.wait("m.weibo.example", 3.0)
        await pacer.wait("feeds.example", 3.0)
        watch.now += 1.0
        await pacer.wait("m.weibo.example", 3.0)

    asyncio.run(play())
    assert watch.slept == [3.0, 2.0]


def test_concurrent_callers_queue_up() -> None:
    watch = Watch()
    turns: list[float] = []

    async def sleep(seconds: float) -> None:
        turns.append(seconds)

    pacer = Pacer(watch.read, sleep)

    async def play() -> None:
        await asyncio.gather(*(pacer.wait("m.weibo.example", 3.0) for _ in range(4)))

    asyncio.run(play())
    assert turns == [3.0, 6.0, 9.0]


def test_no_interval_means_no_waiting() -> None:
    watch = Watch()
    pacer = Pacer(watch.read, watch.sleep)

    async def play() -> None:
        for _ in range(5):
            await pacer.wait("127.0.0.1:8202", 0.0)

    asyncio.run(play())
    assert watch.slept == []
