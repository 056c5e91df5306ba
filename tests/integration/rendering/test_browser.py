"""The browser under pages that mean no good: each costs itself at most, and what comes after it is shown."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import psutil
import pytest

from crawler.fetch.browser import Bounds, Chromium
from crawler.fetch.policy import AddressPolicy
from tests.integration.rendering.conftest import Serve, Served

pytestmark = pytest.mark.browser

T = TypeVar("T")
BOUNDS = Bounds(seconds=5, settle=2)
GOOD = "<title>好</title><p>静态</p><script>document.write('<p>写出来的</p>')</script>"


def with_browser(
    job: Callable[[Chromium], Coroutine[Any, Any, T]], *, bounds: Bounds = BOUNDS, allow_private: bool = True
) -> T:
    async def run() -> T:
        async with Chromium(AddressPolicy(allow_private=allow_private), "xuncha-test", bounds) as browser:
            return await job(browser)

    return asyncio.run(run())


def text_of(browser: Chromium, address: str) -> Coroutine[Any, Any, str | None]:
    async def told() -> str | None:
        sight = await browser.see(address, inlined=lambda _: True)
        return sight.html.decode() if sight is not None else None

    return told()


@pytest.mark.parametrize(
    "page",
    [
        "<p>x</p><script>while(true){}</script>",
        "<p>x</p><script>while(true)alert(1)</script>",
        "<p>x</p><script>location.href='/bad?'+Math.random()</script>",
    ],
    ids=["endless loop", "endless alerts", "sent on for ever"],
)
def test_a_page_without_end_is_not_told_and_the_next_one_is(serve: Serve, page: str) -> None:
    def answer(path: str, _: object) -> tuple[int, dict[str, str], bytes] | None:
        return (200, {"Content-Type": "text/html"}, page.encode()) if path.startswith("/bad") else None

    site: Served = serve({"/good": GOOD}, answer)

    async def job(browser: Chromium) -> tuple[str | None, str | None]:
        return await text_of(browser, site.home + "bad"), await text_of(browser, site.home + "good")

    bad, good = with_browser(job)
    assert bad is None
    assert good is not None and "<p>写出来的</p>" in good
    assert sum(path.startswith("/bad") for _, path, _ in site.asked) <= 10


def test_a_page_that_takes_all_memory_is_ended_and_its_neighbour_is_shown(serve: Serve) -> None:
    grow = "setInterval(() => {for (let i = 0; i < 4; i++) kept.push(new Uint8Array(16 * 1024 * 1024).fill(1)); fetch('/x')}, 20)"
    site: Served = serve({"/bad": f"<p>x</p><script>const kept = []; {grow}</script>", "/good": GOOD})

    async def job(browser: Chromium) -> list[str | None]:
        return [*await asyncio.gather(text_of(browser, site.home + "bad"), text_of(browser, site.home + "good"))]

    bad, good = with_browser(job, bounds=Bounds(seconds=20, settle=20, memory=900 * 1024**2))
    assert bad is None
    assert good is not None and "写出来的" in good


def test_a_killed_browser_costs_the_page_it_showed(serve: Serve) -> None:
    site: Served = serve({"/slow": "<p>x</p><script>while(true){}</script>", "/good": GOOD})

    async def job(browser: Chromium) -> tuple[str | None, str | None]:
        assert await text_of(browser, site.home + "good") is not None
        first = browser.processes()[0]
        showing = asyncio.ensure_future(text_of(browser, site.home + "slow"))
        while not site.count("/slow"):  # noqa: ASYNC110  # a request of another process is waited for
            await asyncio.sleep(0.05)
        os.kill(first, signal.SIGKILL)
        lost = await showing
        again = await text_of(browser, site.home + "good")
        assert browser.processes()[0] != first
        return lost, again

    lost, again = with_browser(job, bounds=Bounds(seconds=60, settle=2))
    assert lost is None
    assert again is not None and "写出来的" in again


def test_popups_dialogs_and_downloads_leave_the_page_as_it_is(serve: Serve) -> None:
    site: Served = serve(
        {
            "/page": "<p>内容</p><script>for (let i = 0; i < 100; i++) window.open('/popup?' + i);"
            "alert(1); confirm('?'); prompt('?'); location.href = '/file.zip'</script>",
            "/file.zip": (200, {"Content-Type": "application/zip", "Content-Disposition": "attachment"}, b"PK" * 500),
        }
    )
    shown = with_browser(lambda browser: text_of(browser, site.home + "page"))
    assert shown is not None and "内容" in shown
    assert not [path for _, path, _ in site.asked if path.startswith("/popup")]


def test_a_file_that_is_handed_out_is_seen(serve: Serve) -> None:
    site: Served = serve({"/a.zip": (200, {"Content-Type": "application/zip"}, b"PK" * 500)})
    sight = with_browser(lambda browser: browser.see(site.home + "a.zip"))
    assert sight is not None
    assert (sight.status, sight.html) == (200, b"")


def test_no_request_of_the_browser_escapes_the_policy(serve: Serve) -> None:
    inside: Served = serve({"/in": "<p>内部</p>"})
    assert with_browser(lambda browser: browser.see(inside.home + "in"), allow_private=False) is None
    assert inside.asked == []


def test_a_name_that_is_led_to_an_address_is_shown_under_its_name(serve: Serve) -> None:
    site: Served = serve({"/page": "<p id='p'></p><script>p.textContent = location.hostname</script>"})

    async def run() -> str:
        policy = AddressPolicy(allow_private=True, hosts={"www.yunxi.example": ("127.0.0.1",)})
        async with Chromium(policy, "xuncha-test", BOUNDS) as browser:
            return await text_of(browser, f"http://www.yunxi.example:{site.port}/page") or ""

    assert "www.yunxi.example</p>" in asyncio.run(run())


def test_a_redirect_into_a_forbidden_network_is_not_followed(serve: Serve) -> None:
    """The policy names one server's host as the only one permitted; the redirect leads to another name of loopback."""

    class OnlyOne(AddressPolicy):
        def permits(self, host: str, addresses: object) -> bool:
            return host == "127.0.0.1"

        def permits_url(self, url: str) -> bool:
            return True  # as for a name whose address is not told by its text

    hidden: Served = serve({"/in": "<p>内部</p>"})
    to = hidden.home.replace("127.0.0.1", "127.0.0.2") + "in"
    socket = f"<p>外</p><script>new WebSocket('ws://127.0.0.2:{hidden.port}/in'); fetch('{to}', {{mode: 'no-cors'}})</script>"
    open_site: Served = serve(
        {"/go": (302, {"Location": to}, b""), "/page": socket, "/frame": f'<iframe src="{to}"></iframe>'}
    )

    async def run() -> list[object]:
        async with Chromium(OnlyOne(allow_private=False), "xuncha-test", BOUNDS) as browser:
            return [await browser.see(open_site.home + path) for path in ("go", "page", "frame")]

    went, page, frame = asyncio.run(run())
    assert went is None
    assert page is not None and frame is not None
    assert hidden.asked == []


def test_a_browser_is_replaced_after_its_pages_and_none_is_left(serve: Serve) -> None:
    site: Served = serve({"/good": GOOD})
    seen: set[int] = set()

    async def job(browser: Chromium) -> None:
        for _ in range(3):
            assert await text_of(browser, site.home + "good") is not None
            seen.add(browser.processes()[0])

    with_browser(job, bounds=Bounds(seconds=10, settle=2, pages=1))
    assert len(seen) == 3
    assert not [pid for pid in seen if psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE]


def test_frames_stand_in_their_places(serve: Serve) -> None:
    site: Served = serve(
        {
            "/a/page": '<p>外</p><iframe src="/b/in.html"></iframe><iframe src="/b/hidden.html" style="display:none"></iframe><p>后</p>',
            "/b/in.html": '<ul><li><a href="x.html">条目</a></li></ul><iframe src="/c/deep.html"></iframe>',
            "/b/hidden.html": "<p>看不见</p>",
            "/c/deep.html": "<p>深处</p>",
        }
    )
    sight = with_browser(lambda browser: browser.see(site.home + "a/page", inlined=lambda _: True))
    assert sight is not None
    text = sight.html.decode()
    assert (
        text.index("外") < text.index(f'<a href="{site.home}b/x.html">条目</a>') < text.index("深处") < text.index("后")
    )
    assert "看不见" not in text
    assert sight.frames == (f"{site.home}b/in.html", f"{site.home}c/deep.html")


def test_what_did_not_come_leaves_a_doubt(serve: Serve) -> None:
    site: Served = serve(
        {
            "/list": "<ul id='l'></ul><script>fetch('/api').then(r => r.json())</script>",
            "/whole": "<p>x</p><script src='/js/tongji.js'></script><img src='/gone.png'>",
        }
    )

    async def job(browser: Chromium) -> list[str]:
        sights = [await browser.see(site.home + path) for path in ("list", "whole")]
        return [sight.doubt for sight in sights if sight is not None]

    listed, whole = with_browser(job)
    assert "/api" in listed
    assert whole == ""
