"""Pages measured in a real browser: barriers by axe-core, a phone's width, and what tells nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from crawler.facts import DisplayFact, PageFact, PageKind
from crawler.fetch.browser import Chromium
from crawler.fetch.displays import chosen, displays
from crawler.fetch.policy import AddressPolicy
from tests.integration.inspecting.test_own_network import closed_port
from tests.integration.rendering.conftest import Answer, Serve
from tests.unit.checks.sites import page

VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1">'
TEXT = "<h1>云溪县人民政府</h1><p>各乡镇各部门要认真贯彻执行，确保各项工作落到实处。</p>"


def html(body: str = TEXT, head: str = VIEWPORT) -> str:
    return f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>云溪县</title>{head}</head><body><main>{body}</main></body></html>'


def measured(serve: Serve, pages: Mapping[str, str | Answer]) -> dict[str, DisplayFact]:
    """Each page's display by its path; "/" is the home page."""
    served = serve(pages)
    home = served.home

    async def look() -> tuple[DisplayFact, ...]:
        async with Chromium(AddressPolicy(allow_private=True), "Mozilla/5.0 (compatible; Xuncha)") as browser:
            addresses = tuple(f"{home.rstrip('/')}{path}" for path in pages if not path.endswith((".css", ".svg")))
            own = frozenset({home.split("/")[2]})
            return await displays(addresses, browser, home=home, own_hosts=own, interval=0)

    return {fact.url.removeprefix(home.rstrip("/")): fact for fact in asyncio.run(look())}


def test_widths_on_a_phone(serve: Serve) -> None:
    table = '<table style="width:700px"><tr><td>一</td><td>二</td></tr></table>'
    late = (
        "<script>addEventListener('load', () => document.querySelector('#a').style.width = innerWidth + 'px')</script>"
    )
    facts = measured(
        serve,
        {
            "/": html(),
            "/bare.html": html(head=""),
            "/fixed.html": html(head='<meta name="Viewport" content="width=1200">'),
            "/wide.html": html(f'{TEXT}<div class="scrolling">{table}</div>'),
            "/cut.html": html(f"{TEXT}{table}", f"{VIEWPORT}<style>body{{overflow-x:hidden}}</style>"),
            "/scrolls.html": html(f'{TEXT}<div style="overflow-x:auto">{table}</div>'),
            "/late.html": html(f'{TEXT}<div id="a">宽度在载入时算出</div>{late}'),
            "/switch.html": html(
                f"{TEXT}<script>if (/Android|iPhone/i.test(navigator.userAgent)) location.href = '/m/';</script>", ""
            ),
        },
    )
    assert not [fact for fact in facts.values() if fact.error]
    assert {path: fact.page_width for path, fact in facts.items()} == {
        "/": 390,
        "/bare.html": 980,
        "/fixed.html": 1200,
        "/wide.html": facts["/wide.html"].page_width,
        "/cut.html": 390,
        "/scrolls.html": 390,
        "/late.html": facts["/late.html"].page_width,
        "/switch.html": 980,
    }
    assert 700 <= facts["/wide.html"].page_width <= 730 and "<td" in facts["/wide.html"].wide[0]
    assert facts["/late.html"].page_width <= 400  # laid out anew on the phone, not as it was on the desk
    assert facts["/bare.html"].viewport is None and facts["/fixed.html"].viewport == "width=1200"
    assert [path for path, fact in facts.items() if fact.switches] == ["/switch.html"]


def test_barriers_and_controls(serve: Serve) -> None:
    bad = (
        '<img src="/a.svg"><img src="/a.svg"><img src="/a.svg" alt="县城风光"><form><input name="q"></form>'
        '<p style="color:#ccc;background:#fff">看不清的灰字</p>'
    )
    button = '<div onclick="go()">长者模式</div><button title="无障碍浏览">A</button>'
    strict: Answer = (
        200,
        {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": "default-src 'none'; img-src 'self'; script-src 'none'",
        },
        html(bad).encode(),
    )
    facts = measured(serve, {"/": html(f"{TEXT}{button}"), "/bad.html": html(bad), "/strict.html": strict})
    assert facts["/"].barriers == () and facts["/"].engine.startswith("axe-core 4.")
    assert {"长者模式", "无障碍浏览"} <= set(facts["/"].controls)
    for path in ("/bad.html", "/strict.html"):
        found = {barrier.rule: (barrier.impact, barrier.count) for barrier in facts[path].barriers or ()}
        assert found["image-alt"] == ("critical", 2) and found["label"] == ("critical", 1), path
        assert facts[path].controls == ()
    assert ("color-contrast", 1) in [(barrier.rule, barrier.count) for barrier in facts["/bad.html"].barriers or ()]


def test_what_is_not_the_page_tells_nothing(serve: Serve) -> None:
    with closed_port() as port:
        facts = measured(
            serve,
            {
                "/": html(),
                "/unstyled.html": html(head=f'{VIEWPORT}<link rel="stylesheet" href="http://127.0.0.1:{port}/a.css">'),
                "/gone.html": (404, {"Content-Type": "text/html"}, b"<p>404</p>"),
                "/wall.html": (403, {"Content-Type": "text/html"}, b"<p>forbidden</p>"),
                "/moved.html": (302, {"Location": "/"}, b""),
            },
        )
    assert facts["/"].error == ""
    assert "样式" in facts["/unstyled.html"].error
    assert "404" in facts["/gone.html"].error and "403" in facts["/wall.html"].error
    assert "另一页面" in facts["/moved.html"].error
    assert all(fact.barriers is None for path, fact in facts.items() if path != "/")


@pytest.mark.parametrize(("most", "expected"), [(3, ["", "a/", "b.html"]), (1, [""]), (0, [])])
def test_a_home_page_a_column_and_an_article_are_chosen(most: int, expected: list[str]) -> None:
    sample: tuple[PageFact, ...] = tuple(
        page(path, kind)
        for path, kind in (("a/", PageKind.COLUMN), ("c/", PageKind.COLUMN), ("b.html", PageKind.ARTICLE))
    )
    home = page()
    assert chosen(home, sample, most) == tuple(f"{home.url}{path}" for path in expected)
