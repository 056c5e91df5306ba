"""Screenshots as evidence: the kept page as a visitor saw it, with the place of the fault marked and a caption.

The page itself is never touched: it is pictured as it is, and the mark and the caption are laid over the picture on a
sheet of our own. Both pictures are given out.
"""

from __future__ import annotations

import base64
import hashlib
import html
import logging
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, TypedDict

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from crawler.facts import BEIJING
from crawler.fetch.tab import WIDTH, Manner, Tab, tab

if TYPE_CHECKING:  # a worker that renders nothing never loads Playwright
    from playwright.async_api import Browser

logger = logging.getLogger(__name__)

_ROOM = 180
"""Pixels of the page that are shown above and below a mark."""
_GAP = 6.0
"""Pixels between a place and its mark."""
_LEAST, _MOST = 640, 1400
_TALLEST = 20_000
_SECONDS = 10_000
_UNWANTED = frozenset({"media"})


class Fault(Struct, frozen=True):
    """What is to be seen on a page. `place` is list, heading, words, link, foot or page; `words` and `href` find it."""

    id: str
    title: str
    message: str
    place: str
    words: str = ""
    href: str = ""


class Subject(Struct, frozen=True):
    """A page as it was kept, and its faults. `rendered` bytes have run their scripts; without any it is a bare note."""

    url: str
    body: bytes
    content_type: str
    rendered: bool
    at: datetime
    faults: tuple[Fault, ...]


class Picture(Struct, frozen=True):
    """One fault's pictures as PNG; `plain` is the same piece of the page without mark and caption, b"" for none."""

    fault: Fault
    marked: bytes
    plain: bytes
    found: bool


class _Box(TypedDict):
    x: float
    y: float
    w: float
    h: float


async def take(browser: Browser, manner: Manner, subject: Subject) -> tuple[Picture, ...]:
    """Pictures of every fault of a page. Style and pictures are asked of the site, the document itself is the kept one.

    Raises Playwright's Error and TimeoutError where the browser or the page failed.
    """
    from playwright.async_api import Error

    given = (_still(subject.body) if subject.rendered else subject.body, subject.content_type or "text/html")
    async with tab(browser, manner, unwanted=_UNWANTED, given=given) as opened:
        page = opened.page
        pieces: list[tuple[Fault, bytes, _Box | None]]
        if subject.body:
            await page.goto(subject.url, wait_until="domcontentloaded", timeout=manner.seconds * 1000)
            try:
                await page.wait_for_load_state("networkidle", timeout=manner.settle * 1000)
            except Error:
                logger.debug("%s never came to rest; pictured as it stands", subject.url)
            pieces = [await _piece(opened, fault) for fault in subject.faults]
        else:
            pieces = [(fault, b"", None) for fault in subject.faults]
        await page.goto("about:blank")
        return tuple([await _sheet(opened, subject, *piece) for piece in pieces])


async def _piece(opened: Tab, fault: Fault) -> tuple[Fault, bytes, _Box | None]:
    """The part of the page around the fault, and where in it the mark goes."""
    place = {"place": fault.place, "words": fault.words, "href": fault.href}
    found: dict[str, _Box | float | None] = await opened.page.evaluate(_finder(), place)
    height = min(float(str(found["height"])), _TALLEST)
    box = found["box"]
    if not isinstance(box, dict) or box["y"] >= height:
        clip: _Box = {"x": 0, "y": 0, "w": WIDTH, "h": min(height, _LEAST + _ROOM)}
        return fault, await _shot(opened, clip), None
    tall = min(max(box["h"] + 2 * _ROOM, _LEAST), _MOST, height)
    top = max(0.0, min(box["y"] - max(_ROOM, (tall - box["h"]) / 2 if box["h"] < tall else _ROOM), height - tall))
    clip = {"x": 0, "y": top, "w": WIDTH, "h": tall}
    # around the place, and wholly within the picture
    left, above = max(0.0, min(box["x"] - _GAP, WIDTH - 24.0)), max(0.0, box["y"] - top - _GAP)
    right = min(float(WIDTH), box["x"] + box["w"] + _GAP)
    below = min(tall, box["y"] - top + box["h"] + _GAP)
    mark: _Box = {"x": left, "y": above, "w": max(24.0, right - left), "h": max(24.0, below - above)}
    return fault, await _shot(opened, clip), mark


async def _shot(opened: Tab, clip: _Box) -> bytes:
    return await opened.page.screenshot(
        clip={"x": clip["x"], "y": clip["y"], "width": clip["w"], "height": clip["h"]},
        full_page=True,
        animations="disabled",
        timeout=_SECONDS,
    )


async def _sheet(opened: Tab, subject: Subject, fault: Fault, plain: bytes, mark: _Box | None) -> Picture:
    """The picture under its caption, with the mark laid over it."""
    await opened.page.set_content(_markup(subject, fault, plain, mark), wait_until="load", timeout=_SECONDS)
    marked = await opened.page.locator("body").screenshot(animations="disabled", timeout=_SECONDS)
    return Picture(fault, marked, plain, mark is not None)


def _markup(subject: Subject, fault: Fault, plain: bytes, mark: _Box | None) -> str:
    lines = [
        ("网　　址", subject.url),
        ("时　　间", f"{_moment(subject.at)}（北京时间）采集"),
        ("问　　题", fault.message),
    ]
    if fault.href and fault.href != subject.url:
        lines.insert(1, ("问题地址", fault.href))
    rows = "".join(f"<tr><th>{name}</th><td>{html.escape(text)}</td></tr>" for name, text in lines)
    picture = frame = ""
    if plain:
        source = base64.b64encode(plain).decode("ascii")
        picture = f'<img src="data:image/png;base64,{source}" alt="">'
    if mark is not None:
        frame = (
            f'<div class="mark" style="left:{mark["x"]:.0f}px;top:{mark["y"]:.0f}px;'
            f'width:{mark["w"]:.0f}px;height:{mark["h"]:.0f}px"></div>'
        )
    return (
        f"<!DOCTYPE html><meta charset=utf-8><style>{_css()}</style>"
        f"<header><h1>{html.escape(fault.title)}</h1><table>{rows}</table><p>{_note(fault, plain, mark)}</p></header>"
        f"<main>{picture}{frame}</main>"
    )


def _note(fault: Fault, plain: bytes, mark: _Box | None) -> str:
    """What of the picture is ours, so that nobody takes it for the page's own."""
    if not plain:
        return "访问时没有取得页面，本图仅为说明。"
    told = "页面文字为采集时所存，样式和图片为截图时载入。"
    if mark is not None:
        told = f"红框和本说明栏由系统加注。{told}"
    elif fault.place == "page":
        told = f"本说明栏由系统加注，问题不在页面的某一处，图示页面上部。{told}"
    else:
        told = f"本说明栏由系统加注，未能在页面上定位到具体位置，图示页面上部。{told}"
    return f"{told}未加注的原图一并保存，SHA-256 前 12 位：{hashlib.sha256(plain).hexdigest()[:12]}。"


def _still(body: bytes) -> bytes:
    """A page that has run its scripts, without them: they would run a second time."""
    tree = LexborHTMLParser(body.decode("utf-8", "replace"))
    for node in tree.css("script, noscript, meta[http-equiv]"):
        node.decompose()
    return b'<!DOCTYPE html><meta charset="utf-8">' + (tree.html or "").encode("utf-8", "replace")


def _moment(at: datetime) -> str:
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


@cache
def _finder() -> str:
    return files("crawler").joinpath("data/place.js").read_text("utf-8")


@cache
def _css() -> str:
    return files("crawler").joinpath("data/sheet.css").read_text("utf-8")
