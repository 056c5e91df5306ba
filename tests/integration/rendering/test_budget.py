"""What is rendered first, what is told of the rest, and what else reads what a browser showed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from crawler.facts import BEIJING, FetchOutcome, Outcome, PageFact, PageKind
from crawler.fetch.limits import Limits
from crawler.fetch.rendering import Rendering
from crawler.fetch.tab import Sight
from crawler.read.page import PageReader
from tests.integration.inspecting.conftest import Xuncha, lines
from tests.integration.rendering import pages
from tests.integration.rendering.conftest import Serve, Served, inspected

pytestmark = pytest.mark.browser

AT = datetime(2026, 11, 20, 17, 0, tzinfo=BEIJING)
HOME = "http://www.a.example/"


class Recalled:
    """A browser that shows one list everywhere and remembers the order it was asked in; a RunLog that keeps nothing."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def see(
        self, url: str, *, referer: str = "", inlined: Callable[[str], bool] = lambda _: False
    ) -> Sight | None:
        self.asked.append(url.removeprefix(HOME))
        return Sight(url, 200, "text/html", {}, f"<html><body>{pages.listing('gzdt')}</body></html>".encode())

    def page(self, *_: object) -> None: ...
    def unchanged(self, *_: object) -> None: ...
    def link(self, *_: object) -> None: ...
    def visit(self, *_: object) -> None: ...
    def capture(self, *_: object, **__: object) -> None: ...


def _shown(browser: Recalled, facts: list[PageFact], budget: int) -> list[PageFact]:
    reader = PageReader(HOME, frozenset({"www.a.example"}), AT)
    rendering = Rendering(browser, reader, browser, Limits(rendered=budget), HOME, interval=0, at_once=1)
    for fact in facts:
        rendering.wait(fact, FetchOutcome(fact.url, fact.url, AT, Outcome.OK))

    async def run() -> list[PageFact]:
        told = []
        while rendering.is_waited_for:
            told += [fact async for fact in rendering.pages(lambda: False, lambda _: False)]
        return told

    return asyncio.run(run())


def _fact(path: str, kind: PageKind, depth: int) -> PageFact:
    return PageFact(HOME + path, AT, Outcome.OK, kind, scripted=True, depth=depth)


def test_the_budget_goes_where_it_decides_most() -> None:
    browser = Recalled()
    facts = [
        _fact("a/1.html", PageKind.ARTICLE, 1),
        _fact("x/y/", PageKind.COLUMN, 2),
        _fact("x/", PageKind.COLUMN, 1),
        _fact("", PageKind.HOME, 0),
        _fact("a/2.html", PageKind.ARTICLE, 2),
    ]
    told = {fact.url.removeprefix(HOME): fact for fact in _shown(browser, facts, 4)}
    assert browser.asked[:3] == ["", "x/", "x/y/"]
    assert len(browser.asked) == 4
    assert set(told) == {"", "x/", "x/y/", "a/1.html", "a/2.html"}
    (left,) = [fact for fact in told.values() if not fact.rendered]
    assert left.scripted and left.kind is PageKind.ARTICLE


def test_what_is_left_over_is_told_and_never_called_empty(tmp_path: Path) -> None:
    site = pages.scripted()
    for key in ("gzdt", "tzgg", "zcwj", "zcjd"):
        site[f"/{key}/"] = site["/gzdt/"].replace("工作动态", pages.COLUMNS[key][0])
    site = {path: page.replace('<script src="/foot.js"></script>', pages.FOOT) for path, page in site.items()}
    site["/"] = pages.plain()["/"]
    # a column without a list waits for the browser too, and whom the budget takes is drawn by address and port
    site[f"/{pages.EMPTY}/"] = pages.plain()["/gzdt/"].replace("工作动态", "新闻发布")
    (tmp_path / "xuncha.toml").write_text("max_rendered = 2\n", "utf-8")
    out = inspected(tmp_path, site)
    results = {row["check"]: row for row in lines(out / "results.jsonl")}
    empty = results["update.column-empty"]
    assert (empty["state"], empty["findings"]) == ("undetermined", [])
    assert "脚本填充" in empty["summary"]
    assert empty["coverage"]["unrendered"] == 2
    assert "2 个页面由脚本生成，未能渲染" in results["update.column-stale"]["summary"]


LEADER = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>领导之窗_甲县</title></head><body>
<div class="nav"><a href="/">首页</a></div><h1>领导之窗</h1><div id="list"></div><script>
document.getElementById('list').innerHTML = '<ul><li><h3>张三</h3><img src="/zs.jpg" width="120">'
  + '<p>县委副书记、县长</p><p>个人简历：1975年3月出生，汉族，中共党员，大学学历，1997年7月参加工作。</p>'
  + '<p>工作分工：主持县政府全面工作，负责审计工作，分管县审计局。</p></li></ul>';</script></body></html>"""


def test_leaders_are_read_from_what_a_browser_showed(tmp_path: Path) -> None:
    home = pages.plain()["/"].replace("</ul></div>", '<li><a href="/ldzc/">领导之窗</a></li></ul></div>', 1)
    site = {**pages.plain(), "/": home, "/ldzc/": LEADER}
    inspected(tmp_path, site, out="shown")
    inspected(tmp_path, site, "--no-render", out="unshown")
    states = {
        out: {row["check"]: row["state"] for row in lines(tmp_path / out / "results.jsonl")}
        for out in ("shown", "unshown")
    }
    assert states["shown"]["disclosure.leader-incomplete"] == "pass"
    assert states["unshown"]["disclosure.leader-incomplete"] == "undetermined"


def test_facts_of_a_scripted_page(tmp_path: Path, serve: Serve) -> None:
    site: Served = serve(pages.scripted())
    xuncha = Xuncha(tmp_path)
    words = ["facts", f"{site.home}gzdt/", f"{site.home}tzgg/", "--allow-private", "--json"]
    shown = [json.loads(line) for line in xuncha(*words).stdout.splitlines()]
    assert [len(fact["items"]) for fact in shown] == [3, 3]
    assert [item["url"] for item in shown[1]["items"]] == [
        site.home.rstrip("/") + url for url, _, _ in pages.entries("tzgg")
    ]
    assert all(fact["rendered"] for fact in shown)
    plain = [json.loads(line) for line in xuncha(*words, "--no-render").stdout.splitlines()]
    assert [(len(fact["items"]), fact["rendered"]) for fact in plain] == [(0, False), (0, False)]
