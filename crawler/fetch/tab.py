"""One page in a browser as a visitor opens it, and under guard: what it may ask for, how often, and for how long."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct, field

from crawler.read.frames import Framed, compose
from crawler.read.lexicon import any_pattern
from crawler.read.urls import normalise

if TYPE_CHECKING:  # a worker that renders nothing never loads Playwright
    from playwright.async_api import (
        Browser,
        BrowserContext,
        Dialog,
        Frame,
        Page,
        Request,
        Response,
        Route,
        WebSocketRoute,
    )

logger = logging.getLogger(__name__)

UNSEEN = frozenset({"image", "font", "media"})
"""What a page is not read for; it is not loaded."""
WIDTH = 1280
"""CSS pixels of a tab's width: what a page of a government site is made for."""
_FILLING = frozenset({"xhr", "fetch", "script", "document"})
"""What a list or a text may come by: where such a request fails, an absence proves nothing."""
_CLOSING = 5.0
_MOST_FRAMES = 20
_DEEPEST = 3


class Manner(Struct, frozen=True):
    """How a tab behaves: seconds to open a page and to let its scripts come to rest, requests and hops at most.

    `permits` is the address policy as far as an address tells by its text; the gateway looks at all the rest.
    """

    user_agent: str
    permits: Callable[[str], bool]
    seconds: float = 20
    settle: float = 8
    requests: int = 200
    hops: int = 8


class Sight(Struct, frozen=True):
    """What a visitor's browser came to see.

    `url` is where it ended, `status` and `content_type` are those of the last document. `html` (UTF-8) holds the page
    after its scripts, with the frames in `frames` put in their places; it is b"" for what is no page. `doubt` says in
    Chinese why the page may hold more than was seen, "" where it came whole and to rest. `requests` counts what was
    asked of the site's hosts and others.
    """

    url: str
    status: int | None
    content_type: str
    headers: Mapping[str, str]
    html: bytes
    frames: tuple[str, ...] = ()
    doubt: str = ""
    requests: int = 0


class Tab(Struct):
    """An open page and what happened on it.

    `given` is a document (bytes, type) that the tab shows at whatever address it opens first, instead of asking for it;
    it then goes nowhere else.
    """

    page: Page
    context: BrowserContext
    manner: Manner
    unwanted: frozenset[str]
    documents: list[Response] = field(default_factory=list)
    requests: int = 0
    hops: int = 0
    failed: dict[str, None] = field(default_factory=dict)
    given: tuple[bytes, str] | None = None

    async def route(self, route: Route) -> None:
        """Lets a request go or ends it."""
        request = route.request
        address = request.url
        scheme = urlsplit(address).scheme
        if scheme in ("data", "blob"):
            await route.continue_()
            return
        self.requests += 1
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self.hops += 1
            if self.given is not None:
                if self.hops == 1:
                    await route.fulfill(status=200, body=self.given[0], content_type=self.given[1])
                else:
                    await route.abort()
                return
        if request.resource_type in self.unwanted:
            await route.abort()
        elif self.requests > self.manner.requests or self.hops > self.manner.hops:
            self.failed["请求次数超过上限"] = None
            await route.abort()
        elif scheme not in ("http", "https") or not self.manner.permits(address):
            self.failed[address] = None
            await route.abort()
        else:
            await route.continue_()

    def note_response(self, response: Response) -> None:
        """Keeps the main document's answers, and what did not come."""
        request = response.request
        if request.is_navigation_request() and response.frame == self.page.main_frame:
            self.documents.append(response)
        elif response.status >= 400:
            self.note_failure(request)

    def note_failure(self, request: Request) -> None:
        """Keeps a request whose absence may leave the page unfilled."""
        if request.resource_type in _FILLING and not any_pattern("scripts", "counters").search(request.url):
            self.failed[request.url] = None


@contextlib.asynccontextmanager
async def tab(
    browser: Browser, manner: Manner, *, unwanted: frozenset[str] = UNSEEN, given: tuple[bytes, str] | None = None
) -> AsyncIterator[Tab]:
    """A tab in a context of its own: no downloads, no service workers, no web sockets, no pop-ups, dialogs dismissed.

    Raises TimeoutError where it cannot be closed any more: the browser is then beyond use.
    """
    context = await browser.new_context(
        user_agent=manner.user_agent,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        service_workers="block",
        accept_downloads=False,
        ignore_https_errors=True,  # a reader clicks a warning away; certificates are a check of their own
        viewport={"width": WIDTH, "height": 900},
    )
    try:
        page = await context.new_page()
        opened = Tab(page, context, manner, unwanted, given=given)
        closing: set[asyncio.Task[None]] = set()

        def close(popup: Page) -> None:
            task = asyncio.ensure_future(_quietly(popup.close()))
            closing.add(task)
            task.add_done_callback(closing.discard)

        def dismiss(dialog: Dialog) -> None:
            task = asyncio.ensure_future(_quietly(dialog.dismiss()))
            closing.add(task)
            task.add_done_callback(closing.discard)

        context.on("page", close)
        page.on("dialog", dismiss)
        # Playwright notes its handlers on the object of a bound method, which a slotted one does not allow
        page.on("response", lambda response: opened.note_response(response))
        page.on("requestfailed", lambda request: opened.note_failure(request))
        await context.route("**/*", lambda route: opened.route(route))
        await context.route_web_socket("**/*", _refuse)
        yield opened
    finally:
        async with asyncio.timeout(_CLOSING):
            await context.close()


async def _refuse(socket: WebSocketRoute) -> None:
    await socket.close()


async def _quietly(ending: object) -> None:
    """Ends a pop-up or dialog; that it is gone already is all the same."""
    from playwright.async_api import Error

    with contextlib.suppress(Error):
        await ending  # type: ignore[misc]  # Playwright's coroutines are typed as Any-returning awaitables


async def see(
    browser: Browser, manner: Manner, url: str, *, referer: str = "", inlined: Callable[[str], bool] = lambda _: False
) -> Sight:
    """Opens an address and waits until its scripts have come to rest.

    `inlined` says of a frame's address whether its document is put in its place. Raises Playwright's Error and
    TimeoutError where the browser or the page failed.
    """
    from playwright.async_api import Error

    async with tab(browser, manner) as opened:
        page = opened.page
        try:
            await page.goto(url, wait_until="domcontentloaded", timeout=manner.seconds * 1000, referer=referer or None)
        except Error:
            if not opened.documents or _is_page(opened.documents[-1]):
                raise
            if not normalise(page.url):  # a download: the browser got it and was told not to keep it
                return await _handed_out(opened)
        last = opened.documents[-1] if opened.documents else None
        if last is not None and not _is_page(last) and normalise(last.url) == normalise(page.url):
            return await _handed_out(opened)  # a file that the browser shows itself
        doubt = ""
        try:
            await page.wait_for_load_state("networkidle", timeout=manner.settle * 1000)
        except Error:
            doubt = "页面在规定时间内没有载入完毕"
        html, frames = await _composed(page, inlined)
        final = normalise(page.url)
        if not final:
            raise Error(f"{url} ended on no page of the web: {page.url}")
        if final != normalise(url):
            html = compose(html, {}, base=final)
        if opened.failed:
            doubt = f"页面有 {len(opened.failed)} 个脚本或数据请求未能完成（{next(iter(opened.failed))}）"
        # a file that the page handed out afterwards is not what stands in the tab
        last = next((one for one in reversed(opened.documents) if _is_page(one)), None)
        headers = await last.all_headers() if last else {}
        return Sight(
            url=final,
            status=last.status if last else None,
            content_type=headers.get("content-type", ""),
            headers=headers,
            html=html.encode("utf-8", "replace"),
            frames=frames,
            doubt=doubt,
            requests=opened.requests,
        )


def _is_page(response: Response) -> bool:
    kind = response.headers.get("content-type", "").lower()
    return not kind or "html" in kind or "xml" in kind or response.status >= 300


async def _handed_out(opened: Tab) -> Sight:
    last = opened.documents[-1]
    headers = await last.all_headers()
    kind = headers.get("content-type", "")
    return Sight(normalise(last.url), last.status, kind, headers, b"", requests=opened.requests)


async def _composed(page: Page, inlined: Callable[[str], bool]) -> tuple[str, tuple[str, ...]]:
    """The page's markup with the documents of its frames in their places, and the addresses of those."""
    from playwright.async_api import Error

    found: list[str] = []

    async def markup(frame: Frame, depth: int) -> str:
        inner: dict[str, Framed] = {}
        for child in frame.child_frames if depth < _DEEPEST else ():
            if len(found) >= _MOST_FRAMES:
                break
            address = normalise(child.url)
            try:
                element = await child.frame_element()
                written = child.url in ("about:blank", "about:srcdoc")
                if not (written or (address and inlined(address))) or not await element.is_visible():
                    continue
                name = f"f{depth}-{len(found)}-{len(inner)}"
                await element.evaluate("(element, name) => element.setAttribute('data-framed', name)", name)
                base = address or frame.url
                if address:
                    found.append(address)
                inner[name] = Framed(base, await markup(child, depth + 1))
            except Error:
                logger.debug("a frame of %s went away while it was read", page.url)
        try:
            html = await frame.content()
        except Error:  # it was just being replaced; once more when the new document stands
            await page.wait_for_load_state("domcontentloaded")
            html = await frame.content()
        return compose(html, inner)

    return await markup(page.main_frame, 0), tuple(dict.fromkeys(found))
