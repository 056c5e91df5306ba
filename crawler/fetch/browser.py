"""One Chromium a worker, for pages that only scripts fill. Bounded in time and pages; its crash costs one page."""

from __future__ import annotations

import asyncio
import logging
import shutil
from types import TracebackType
from typing import TYPE_CHECKING

from crawler.fetch.policy import AddressPolicy

if TYPE_CHECKING:  # a worker that renders nothing never loads Playwright
    from playwright.async_api import Browser, Playwright, Route

logger = logging.getLogger(__name__)

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_UNWANTED = frozenset({"image", "font", "media"})


def system_chromium() -> str | None:
    """The path of a Chromium that the system brings; None where Playwright's own has to serve."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


class ChromiumRenderer:
    """Starts a browser at the first page that needs one and replaces it after `recycle` pages.

    `is_available` turns False for good when no browser can be started: such pages then stay 未能判定.
    """

    def __init__(self, policy: AddressPolicy, user_agent: str, *, seconds: float = 20, recycle: int = 100) -> None:
        self._policy, self._user_agent = policy, user_agent
        self._seconds, self._recycle = seconds, recycle
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._shown = 0
        self._turn = asyncio.Semaphore(2)
        self._starting = asyncio.Lock()
        self.is_available = True

    async def __aenter__(self) -> ChromiumRenderer:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._browser is not None:
            await self._browser.close()
        if self._playwright is not None:
            await self._playwright.stop()

    async def render(self, url: str) -> bytes | None:
        """The page's HTML (UTF-8) once the network is quiet; None where the browser or the page failed."""
        from playwright.async_api import Error

        async with self._turn:
            browser = await self._ready()
            if browser is None:
                return None
            try:
                return await asyncio.wait_for(self._show(browser, url), timeout=self._seconds + 10)
            except (Error, TimeoutError) as error:
                logger.info("rendering %s failed: %s", url, error)
                return None

    async def _show(self, browser: Browser, url: str) -> bytes:
        from playwright.async_api import Error

        context = await browser.new_context(user_agent=self._user_agent, locale="zh-CN", service_workers="block")
        try:
            page = await context.new_page()
            await page.route("**/*", self._route)
            await page.goto(url, wait_until="domcontentloaded", timeout=self._seconds * 1000)
            try:
                await page.wait_for_load_state("networkidle", timeout=self._seconds * 500)
            except Error:
                logger.debug("%s never came to rest; taken as it stands", url)
            return (await page.content()).encode("utf-8", "replace")
        finally:
            await context.close()

    async def _route(self, route: Route) -> None:
        request = route.request
        if request.resource_type in _UNWANTED or not self._policy.permits_url(request.url):
            await route.abort()
        else:
            await route.continue_()

    async def _ready(self) -> Browser | None:
        async with self._starting:
            if self._browser is not None and (self._shown >= self._recycle or not self._browser.is_connected()):
                await self._browser.close()
                self._browser = None
            if self._browser is None and self.is_available:
                self._browser = await self._start()
                self._shown = 0
            self._shown += 1
            return self._browser

    async def _start(self) -> Browser | None:
        from playwright.async_api import Error, async_playwright

        try:
            if self._playwright is None:
                self._playwright = await async_playwright().start()
            return await self._playwright.chromium.launch(executable_path=system_chromium(), args=_FLAGS)
        except Error as error:
            logger.warning("no browser: %s", error)
            self.is_available = False
            return None
