"""One Chromium a worker, for what only a browser can show. Bounded in time, pages and memory; a crash costs one page.

Where a browser dies, those whose page stood beside the one that killed it get another turn, alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from crawler.fetch.gateway import Gateway
from crawler.fetch.policy import AddressPolicy
from crawler.fetch.tab import Manner, Sight, see

if TYPE_CHECKING:  # a worker that renders nothing never loads Playwright
    from playwright.async_api import Browser, Playwright

logger = logging.getLogger(__name__)

T = TypeVar("T")
Job = Callable[["Browser", Manner], Awaitable[T]]
"""What is done with a browser. It raises Playwright's Error or TimeoutError where the browser or a page fails."""

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=512",
]
_LOOK = 0.5
"""Seconds between two looks at the memory of a browser that is at work."""
_MOST_STARTS = 3
"""So many failed starts in a row end all rendering of a worker."""


class Bounds(Struct, frozen=True):
    """What a browser may take: seconds to open and to settle a page, pages until it is replaced, bytes, tabs at once.

    `memory` is what all its processes hold together, memory that they share counted once (PSS) where the system tells.
    """

    seconds: float = 20
    settle: float = 8
    pages: int = 100
    memory: int = 2 * 1024**3
    tabs: int = 2
    requests: int = 200


def system_chromium() -> str | None:
    """The path of a Chromium that the system brings; None where Playwright's own has to serve."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


class Chromium:
    """Starts a browser at the first page that needs one and replaces it after so many pages or bytes.

    `is_available` turns False for good when no browser can be started: such pages then stay 未能判定.
    """

    def __init__(self, policy: AddressPolicy, user_agent: str, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        self._gateway = Gateway(policy)
        self._manner = Manner(
            user_agent=user_agent,
            permits=policy.permits_url,
            seconds=self.bounds.seconds,
            settle=self.bounds.settle,
            requests=self.bounds.requests,
        )
        self._playwright: Playwright | None = None
        self._current: _Running | None = None
        self._starting = asyncio.Lock()
        self._turns = _Turns(self.bounds.tabs)
        self._failed_starts = 0
        self.is_available = True

    async def __aenter__(self) -> Chromium:
        await self._gateway.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._current is not None:
            await self._current.end()
        if self._playwright is not None:
            await self._playwright.stop()
        await self._gateway.__aexit__()

    async def see(
        self, url: str, *, referer: str = "", inlined: Callable[[str], bool] = lambda _: False
    ) -> Sight | None:
        """What a visitor sees at an address; None where the browser or the page failed."""
        return await self.run(lambda browser, manner: see(browser, manner, url, referer=referer, inlined=inlined))

    async def run(self, job: Job[T]) -> T | None:
        """Does a job with the browser in its turn, within the bounds; None where it failed.

        A job that was cut off because its browser died beside another's page is done once more with no other beside it.
        """
        for alone in (False, True):
            async with self._turns.taken(alone=alone) as turn:
                done, died = await self._try(job)
            if done is not None or not (died and turn.had_company):
                return done
        return None

    async def version(self) -> str | None:
        """The version of the browser; None where none can be started."""

        async def told(browser: Browser, _: Manner) -> str:
            return browser.version

        return await self.run(told)

    def processes(self) -> list[int]:
        """The ids of the processes of the browser at work; empty where there is none."""
        return self._current.processes() if self._current is not None else []

    async def _try(self, job: Job[T]) -> tuple[T | None, bool]:
        """The job's result, and whether its browser died under it."""
        from playwright.async_api import Error

        running = await self._ready()
        if running is None:
            return None, False
        running.users += 1
        running.shown += 1
        try:
            wall = self.bounds.seconds + self.bounds.settle + 10
            return await asyncio.wait_for(job(running.browser, self._manner), timeout=wall), False
        except (Error, TimeoutError) as error:
            logger.info("the browser could not show a page: %s", str(error).partition("\n")[0])
            if running.is_alive and await running.is_stuck():
                await running.kill()
            return None, not running.is_alive
        finally:
            running.users -= 1
            if running is not self._current and not running.users:
                await running.end()

    async def _ready(self) -> _Running | None:
        async with self._starting:
            running = self._current
            if running is not None and (
                not running.is_alive or running.shown >= self.bounds.pages or running.weight > self.bounds.memory / 2
            ):
                self._current = None
                if not running.users:  # else its last user ends it
                    await running.end()
            while self._current is None and self.is_available:
                self._current = await self._start()
            return self._current

    async def _start(self) -> _Running | None:
        from playwright.async_api import async_playwright

        mark = f"--xuncha-browser={uuid.uuid4().hex}"
        try:
            if self._playwright is None:
                self._playwright = await async_playwright().start()
            browser = await self._playwright.chromium.launch(
                executable_path=system_chromium(),
                args=[*_FLAGS, mark],
                ignore_default_args=["--disable-popup-blocking"],
                proxy={"server": self._gateway.address, "bypass": "<-loopback>"},
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
        except Exception as error:  # a driver that does not run makes Playwright raise nearly anything
            logger.warning("浏览器不能启动：%s", str(error).partition("\n")[0])
            self._failed_starts += 1
            self.is_available = self._failed_starts < _MOST_STARTS
            await self._stop_driver()  # it may be the one that died
            return None
        self._failed_starts = 0
        return _Running(browser, mark, self.bounds.memory)

    async def _stop_driver(self) -> None:
        from playwright.async_api import Error

        driver, self._playwright = self._playwright, None
        if driver is not None:
            with contextlib.suppress(Error):
                await driver.stop()


class _Running:
    """A started browser: who uses it, how many pages it has shown, what it weighs. Too heavy a one is killed."""

    def __init__(self, browser: Browser, mark: str, memory: int) -> None:
        self.browser = browser
        self.users = 0
        self.shown = 0
        self.weight = 0
        self._mark, self._memory = mark, memory
        self._root = 0
        self._watching = asyncio.ensure_future(self._watch())

    @property
    def is_alive(self) -> bool:
        """Whether the browser still answers to its driver."""
        return self.browser.is_connected()

    async def is_stuck(self) -> bool:
        """Whether the browser itself, not only a page of it, no longer does as it is told."""
        from playwright.async_api import Error

        try:
            async with asyncio.timeout(5):
                context = await self.browser.new_context()
                await context.close()
        except (Error, TimeoutError):
            return True
        return False

    def processes(self) -> list[int]:
        """The ids of its processes, the main one first."""
        import psutil

        with contextlib.suppress(psutil.Error):
            if not self._root:
                for process in psutil.Process(os.getpid()).children(recursive=True):
                    with contextlib.suppress(psutil.Error):
                        if self._mark in process.cmdline():
                            self._root = process.pid
                            break
            if self._root:
                root = psutil.Process(self._root)
                return [self._root, *(child.pid for child in root.children(recursive=True))]
        return []

    async def kill(self) -> None:
        """Ends all its processes at once, and waits until the driver has noticed."""
        import psutil

        for pid in await asyncio.to_thread(self.processes):
            with contextlib.suppress(psutil.Error):
                psutil.Process(pid).kill()
        for _ in range(50):
            if not self.is_alive:
                return
            await asyncio.sleep(0.1)

    async def end(self) -> None:
        """Closes it, by force where it does not close by itself."""
        from playwright.async_api import Error

        self._watching.cancel()
        try:
            async with asyncio.timeout(10):
                await self.browser.close()
        except (Error, TimeoutError):
            await self.kill()

    async def _watch(self) -> None:
        while self.is_alive:
            await asyncio.sleep(_LOOK)
            if self.users:
                self.weight = await asyncio.to_thread(self._weigh)
                if self.weight > self._memory:
                    logger.warning("the browser takes %d MB and is ended", self.weight // 1024**2)
                    await self.kill()

    def _weigh(self) -> int:
        import psutil

        total = 0
        for pid in self.processes():
            with contextlib.suppress(psutil.Error):
                taken = psutil.Process(pid).memory_full_info()
                total += getattr(taken, "pss", taken.rss)
        return total


class _Turn(Struct, eq=False):
    """One page's turn; whether another page stood beside it at any time."""

    had_company: bool = False


class _Turns:
    """So many tabs at once, or one alone."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: set[_Turn] = set()
        self._alone = False
        self._change = asyncio.Condition()

    @contextlib.asynccontextmanager
    async def taken(self, *, alone: bool) -> AsyncIterator[_Turn]:
        """A turn as soon as there is one."""
        turn = _Turn()
        async with self._change:
            await self._change.wait_for(lambda: not self._alone and len(self._taken) < (1 if alone else self._most))
            self._alone = alone
            self._taken.add(turn)
            if len(self._taken) > 1:
                for other in self._taken:
                    other.had_company = True
        try:
            yield turn
        finally:
            async with self._change:
                self._taken.discard(turn)
                self._alone = False
                self._change.notify_all()
