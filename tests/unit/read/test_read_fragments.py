"""What is remembered of a site's frame gives the same facts as reading it anew."""

from __future__ import annotations

from crawler.read.page import PageReader
from tests.unit.read.pages import AS_OF, HOME, HOST, NAV, entries, page, read

ROWS = entries(
    ("1.html", "关于召开全县防汛工作会议的通知", "2026-08-03"), ("2.html", "云溪县二〇二六年秋粮收购公告", "2026-07-21")
)


def shared() -> PageReader:
    return PageReader(HOME, frozenset({HOST}), AS_OF)


def test_pages_read_after_each_other_are_as_if_read_alone() -> None:
    reader = shared()
    relative = '<div class="nav"><ul><li><a href="gk.html">公开</a></li><li><a href="#">专题</a></li></ul><form action="s.jsp"><input name="q" placeholder="搜索"></form></div>'
    for path in ("/a/index.html", "/a/2.html", "/b/index.html", "/b/2.html", "/a/index.html"):
        for nav in (NAV, relative):
            html = page(ROWS, nav=nav)
            assert read(html, path, reader=reader) == read(html, path)


def test_relative_links_are_made_for_each_directory() -> None:
    reader = shared()
    html = page(ROWS, nav='<div class="nav"><a href="gk.html">公开</a></div>')
    found = [
        next(link.url for link in read(html, path, reader=reader).links if link.text == "公开")
        for path in ("/a/1.html", "/b/1.html", "/a/2.html")
    ]
    assert found == [f"http://{HOST}/{folder}/gk.html" for folder in ("a", "b", "a")]


def test_a_base_element_moves_them() -> None:
    reader = shared()
    nav = '<div class="nav"><a href="gk.html">公开</a></div>'
    read(page(ROWS, nav=nav), "/a/1.html", reader=reader)
    fact = read(page(ROWS, nav=nav, head='<base href="/b/">'), "/a/2.html", reader=reader)
    assert f"http://{HOST}/b/gk.html" in [link.url for link in fact.links]


def test_a_frame_that_changes_is_read_again() -> None:
    reader = shared()
    for number in range(600):
        html = page(ROWS, nav=f'<div class="nav"><a href="/n{number}/">栏目{number}</a></div>')
        fact = read(html, "/a/1.html", reader=reader)
        assert f"http://{HOST}/n{number}/" in [link.url for link in fact.links]


def test_navigation_without_a_name_is_told_by_its_words() -> None:
    row = '<table><tr><td><a href="/">首页</a></td><td><a href="/zwgk/">政务公开</a></td><td><a href="/tzgg/">通知公告</a></td><td><a href="/hd/">互动</a></td></tr></table>'
    fact = read(page(ROWS, nav=row))
    assert [link.text for link in fact.links if link.region.value == "navigation"] == [
        "首页",
        "政务公开",
        "通知公告",
        "互动",
    ]
