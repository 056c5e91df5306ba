"""One page in a browser at a desk's width and at a phone's: what axe-core holds against it, and whether it fits.

Pictures and styles are loaded, for contrast and widths hang on them; fonts and media are not. We do not pass for a
phone: the User-Agent stays ours, and a page that sends phones elsewhere says so in its markup.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.clock import now
from crawler.facts import Barrier, DisplayFact
from crawler.fetch.outcome import of_response
from crawler.fetch.tab import Manner, Tab, tab
from crawler.read.lexicon import table
from crawler.read.urls import normalise

if TYPE_CHECKING:  # a worker that renders nothing never loads Playwright
    from playwright.async_api import Browser, CDPSession, Request

logger = logging.getLogger(__name__)

PHONE_WIDTH = 390
"""CSS pixels of a usual phone's width."""
_PHONE_HEIGHT = 844
_UNWANTED = frozenset({"font", "media"})
_LOOKED_FOR = frozenset({"stylesheet", "script", "document"})
"""Without these a page does not stand as a visitor sees it."""
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
"""The sets of axe-core's rules: WCAG 2.1 A and AA, on which GB/T 37668-2019 draws; its own advice is left out."""
_EXAMPLES, _LONGEST = 3, 300
_CONTROLS, _CONTROL = 600, 20


class Displayed(NamedTuple):
    """What was measured, and how many requests it took of the site's hosts and others."""

    fact: DisplayFact
    requests: int


async def display(
    browser: Browser, manner: Manner, url: str, *, referer: str, home: str, own_hosts: frozenset[str]
) -> Displayed:
    """Measures one page. Raises Playwright's Error and TimeoutError where the browser or the page failed."""
    at = now()
    async with tab(browser, manner, unwanted=_UNWANTED) as opened:
        page, lost = opened.page, _Lost()
        page.on("requestfailed", lost.note)
        await page.goto(url, wait_until="load", timeout=manner.seconds * 1000, referer=referer or None)
        await _rest(opened)
        markup = await page.content()
        error = await _unlike(opened, markup, url, home, own_hosts) or lost.words or _over_budget(opened)
        if error:
            return Displayed(DisplayFact(url, at, error=error), opened.requests)
        engine, barriers = await _barriers(opened)
        controls: Sequence[str] = ()
        if url == home:
            controls = await _call(opened, "controls", {"most": _CONTROLS, "longest": _CONTROL})
        viewport: str | None = await _call(opened, "viewport", {})
        page_width, wide = await _on_a_phone(opened, again=viewport is not None)
        return Displayed(
            DisplayFact(
                url=url,
                at=at,
                viewport=viewport,
                phone_width=PHONE_WIDTH,
                page_width=page_width,
                wide=tuple(wide),
                switches=_switches(markup),
                barriers=barriers,
                engine=engine,
                controls=tuple(controls),
            ),
            opened.requests,
        )


class _Lost:
    """What did not come, other than what was not wanted: an answer that says "not there" is what a visitor gets too."""

    def __init__(self) -> None:
        self.words = ""

    def note(self, request: Request) -> None:
        """Keeps the first request without which the page stands otherwise than for a visitor."""
        if request.resource_type in _LOOKED_FOR and request.failure != "net::ERR_ABORTED":
            self.words = self.words or f"页面的样式或脚本未能载入（{request.url}）"


def _over_budget(opened: Tab) -> str:
    return "页面的请求次数超过上限" if opened.requests > opened.manner.requests else ""


async def _rest(opened: Tab) -> None:
    """Waits until the page has come to rest; one that never does is measured as it stands."""
    from playwright.async_api import Error

    try:
        await opened.page.wait_for_load_state("networkidle", timeout=opened.manner.settle * 1000)
    except Error:
        logger.debug("%s never came to rest; measured as it stands", opened.page.url)


async def _unlike(opened: Tab, markup: str, url: str, home: str, own_hosts: frozenset[str]) -> str:
    """Why what the browser shows is not the page that was asked for; "" where it is."""
    last = opened.documents[-1] if opened.documents else None
    final = normalise(opened.page.url)
    ending = of_response(
        status=last.status if last else 0,
        headers=await last.all_headers() if last else {},
        body=markup.encode("utf-8", "replace"),
        requested=url,
        final=final,
        home=home,
        own_hosts=own_hosts,
    )
    if not ending.outcome.is_seen:
        return f"浏览器中{ending.reason or ending.outcome.label}"
    return "" if final == url else "浏览器被带往另一页面"


async def _barriers(opened: Tab) -> tuple[str, tuple[Barrier, ...]]:
    await opened.page.evaluate(_axe())
    told = await _call(opened, "barriers", {"tags": list(TAGS), "most": _EXAMPLES, "longest": _LONGEST})
    found = (Barrier(row["rule"], row["impact"], row["count"], tuple(row["examples"])) for row in told["found"])
    return told["engine"], tuple(sorted(found, key=lambda barrier: barrier.rule))


async def _on_a_phone(opened: Tab, *, again: bool) -> tuple[int, list[str]]:
    """The page's width on a phone. One that is too wide is opened there once more: some are laid out as they load.

    Without a viewport it is as wide as a desk whatever it does, and `again` is False.
    """
    session = await opened.context.new_cdp_session(opened.page)
    await _turn(session)
    await opened.page.wait_for_timeout(200)  # until what listens to a change of width has done its work
    asked = {"width": PHONE_WIDTH, "most": _EXAMPLES, "longest": _LONGEST}
    told = await _call(opened, "width", asked)
    if again and told["page"] > PHONE_WIDTH:
        await opened.page.reload(wait_until="load", timeout=opened.manner.seconds * 1000)
        await _rest(opened)
        anew = await _call(opened, "width", asked)
        if anew["page"] < told["page"]:
            told = anew
    return int(told["page"]), list(told["wide"])


async def _turn(session: CDPSession) -> None:
    await session.send(
        "Emulation.setDeviceMetricsOverride",
        {"width": PHONE_WIDTH, "height": _PHONE_HEIGHT, "deviceScaleFactor": 1, "mobile": True},
    )


async def _call(opened: Tab, part: str, asked: Mapping[str, object]) -> Any:
    """What one part of display.js answers on the page as it stands."""
    return await opened.page.evaluate(f"asked => {_measures()}.{part}(asked)", asked)


def _switches(markup: str) -> str:
    found = _signs().search(markup)
    return " ".join(found[0].split())[:_LONGEST] if found else ""


@cache
def _signs() -> re.Pattern[str]:
    raw = table("phones")
    return re.compile("|".join(f"(?:{sign})" for sign in raw["switches"]), re.IGNORECASE)


@cache
def _measures() -> str:
    return files("crawler").joinpath("data/display.js").read_text("utf-8").partition("\n")[2].strip()


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
