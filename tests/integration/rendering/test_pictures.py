"""Screenshots as evidence: taken of what is found, marked in the right place, opened again from the outbox."""

from __future__ import annotations

import asyncio
import hashlib
import json
from base64 import b64encode
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace
from playwright.sync_api import sync_playwright

from crawler.facts import BEIJING
from crawler.fetch.browser import Bounds, Chromium, system_chromium
from crawler.fetch.policy import AddressPolicy
from crawler.fetch.screenshots import Fault, Picture, Subject, take
from tests.integration.inspecting.conftest import lines
from tests.integration.rendering import pages
from tests.integration.rendering.conftest import Serve, Served, inspected

pytestmark = pytest.mark.browser

AT = datetime(2026, 11, 20, 1, 14, 7, tzinfo=BEIJING)
_NONE = (-1, -1, -1, -1)
PAGE = """<!DOCTYPE html><meta charset="utf-8"><title>甲局</title><style>body{margin:0;background:#fff}</style>
<div style="height:300px"></div>
<ul style="margin:0 0 0 400px;width:300px"><li><a href="/a.html">关于甲的通知</a></li><li><a href="/b.html">关于乙的通知</a></li>
<li><a href="/c.html">关于丙的通知</a></li></ul><div style="height:2400px"></div>
<p style="margin:0 0 0 100px;width:200px"><a href="/dead.html">坏了的链接</a></p><div style="height:500px"></div>
<div class="footer" style="height:120px;background:#eee">主办单位：甲局</div>"""


Bounds4 = tuple[int, int, int, int]
_READ = """async source => {
  const picture = new Image(); picture.src = source; await picture.decode();
  const sheet = new OffscreenCanvas(picture.width, picture.height).getContext('2d'); sheet.drawImage(picture, 0, 0);
  const dots = sheet.getImageData(0, 0, picture.width, picture.height).data; let found = null;
  for (let at = 0; at < dots.length; at += 4) if (dots[at] === 224 && dots[at + 1] === 0 && dots[at + 2] === 32) {
    const x = (at / 4) % picture.width, y = Math.floor(at / 4 / picture.width);
    found = found ? [Math.min(found[0], x), Math.min(found[1], y), Math.max(found[2], x), Math.max(found[3], y)] : [x, y, x, y];
  }
  return {size: [picture.width, picture.height], found};
}"""


def read(*pngs: bytes) -> list[tuple[tuple[int, int], Bounds4 | None]]:
    """Each picture's size and the bounds (left, top, right, bottom) of the mark's red in it, as a browser decodes it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        told = [page.evaluate(_READ, f"data:image/png;base64,{b64encode(png).decode()}") for png in pngs]
        browser.close()
    return [((one["size"][0], one["size"][1]), tuple(one["found"]) if one["found"] else None) for one in told]


def taken(address: str, *faults: Fault, body: bytes = PAGE.encode()) -> tuple[Picture, ...]:
    async def run() -> tuple[Picture, ...] | None:
        async with Chromium(AddressPolicy(allow_private=True), "xuncha-test", Bounds(seconds=10, settle=2)) as browser:
            subject = Subject(address, body, "text/html; charset=utf-8", rendered=False, at=AT, faults=faults)
            return await browser.run(lambda tabs, manner: take(tabs, manner, subject))

    pictures = asyncio.run(run())
    assert pictures is not None
    return pictures


def test_the_mark_stands_around_the_place_and_the_page_is_left_alone(serve: Serve) -> None:
    site: Served = serve({"/": "<p>今天的页面，与所存的不同</p>"})
    fault = Fault(
        "1", "错链（死链）", "链接“坏了的链接”两次访问均返回 404", "link", "坏了的链接", site.home + "dead.html"
    )
    inlist = replace(fault, id="2", title="首页不更新", place="list", words="关于乙的通知", href="")
    foot = replace(fault, id="3", title="缺少ICP备案编号", place="foot", words="", href="")
    nowhere = replace(fault, id="4", place="words", words="页面上没有的话", href="")
    link, listed, bottom, lost = taken(site.home, fault, inlist, foot, nowhere)
    assert site.count("/") == 0  # the kept bytes are shown, not what stands there today
    assert [picture.found for picture in (link, listed, bottom, lost)] == [True, True, True, False]
    assert {found for _, found in read(*(picture.plain for picture in (link, listed, bottom)))} == {None}
    sizes, marks = zip(*read(*(picture.marked for picture in (link, listed, bottom, lost))), strict=True)
    assert {width for width, _ in sizes} == {1280}
    assert marks[3] is None
    (left, top, right, below), around, foot_mark = marks[0] or _NONE, marks[1] or _NONE, marks[2] or _NONE
    assert 85 <= left <= 100 and right < 320 and below - top < 60
    left, top, right, below = around
    assert 380 <= left <= 440 and 730 <= right <= 750 and 50 <= below - top <= 140
    _, top, right, below = foot_mark
    assert right > 1200 and 110 <= below - top <= 140


def test_what_gave_no_page_is_told_by_its_caption(serve: Serve) -> None:
    site: Served = serve({})
    (picture,) = taken(site.home, Fault("1", "站点无法访问", "三次访问均为连接超时", "page"), body=b"")
    assert picture.plain == b""
    (((width, height), found),) = read(picture.marked)
    assert width == 1280 and height > 80 and found is None
    assert site.asked == []


def test_the_outbox_shows_them(tmp_path: Path) -> None:
    out = inspected(tmp_path, pages.plain())
    rows = lines(out / "findings.jsonl")
    (empty,) = [row for row in rows if row["check"] == "update.column-empty"]
    *told, picture = empty["evidence"]
    assert told and all(name.endswith(".html") for name in told)
    marked = (out / picture).read_bytes()
    assert read(marked)[0][1] is not None
    for name in told:  # each evidence page shows it with its problem
        assert f'src="{Path(picture).name}"' in (out / name).read_text("utf-8")
    manifest = {entry["file"]: entry for entry in json.loads((out / "evidence/index.json").read_text("utf-8"))}
    assert manifest[Path(picture).name]["sha256"] == hashlib.sha256(marked).hexdigest()
    # a page's findings have pictures of their own, and no other's
    pictured = [name for row in rows for name in row["evidence"] if name.endswith(".png")]
    assert len(pictured) == len(set(pictured)) == 2  # a picture without a page, an empty column
    assert "截图" in (out / "report.html").read_text("utf-8")
    book = openpyxl.load_workbook(next((out / "problems").glob("*.xlsx")))
    targets = [
        cell.hyperlink.target.replace("\\", "/")
        for row in book["问题清单"].iter_rows()
        for cell in row
        if cell.hyperlink and cell.hyperlink.target
    ]
    assert f"../{told[0]}" in targets
    originals = {entry for entry in manifest if entry.endswith(".png")} - {Path(name).name for name in pictured}
    assert 1 <= len(originals) <= len(pictured)  # equal pieces of a page are kept once
    assert all(found is None for _, found in read(*((out / "evidence" / name).read_bytes() for name in originals)))
