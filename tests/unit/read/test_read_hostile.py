"""Whatever the bytes are: reading never raises and stays linear in their size."""

from __future__ import annotations

import cProfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.facts import PageFact
from crawler.read.charset import decode
from crawler.read.urls import host_of, join, normalise, resource_of
from tests.unit.read.pages import read

PIECES = st.sampled_from(
    ["<div class='footer'>", "<ul>", "<li>", "<a href='#'>", "<a href='/x/t20260803_1.html' title='…'>", "</a>", "</ul>", "</div>", "<table>",
     "<tr>", "<td>", "2026-08-03", "[08-03]", "02-29", "发布时间：", "当前位置：", "<form action='javascript:'>", "<input name=q>", "<script>",
     "</script>", "<!--", "-->", "<meta name=PubDate content='2026-02-30'>", "<base href='http://['>", "<title>404", "</title>", "内容建设中",
     "createPageHTML(9,0,'index','html')", "<datastore><record>", "</record>", "<iframe src='//['>", "下一页", "\x00", "\ud7ff", "<svg><a href=x>",
     "<template><p>", "<math>", "<select><option>", "置顶", "<time datetime='9999-12-31T23:59:59-12:00'>", "<h1>", "０２", "∶", "<p>", "&nbsp;"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes(body: bytes) -> None:
    assert isinstance(read(body), PageFact)


@settings(max_examples=500, deadline=None)
@given(st.lists(PIECES, max_size=40), st.sampled_from(["/", "/tzgg/", "/a/t20260803_1.html"]))
def test_any_soup(pieces: list[str], path: str) -> None:
    fact = read("".join(pieces), path)
    assert all(link.url.startswith("http") or not link.url for link in fact.links)
    assert fact.published is None or fact.published.value <= fact.fetched_at.date()


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_address(base: str, href: str) -> None:
    for url in (normalise(href), join(base, href), join("http://a.gov.cn/x/", href, "gb18030")):
        assert url == "" or (url.startswith(("http://", "https://")) and "#" not in url and normalise(url) == url)
        resource_of(url, "a")
        host_of(url)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.text(max_size=40))
def test_any_charset(body: bytes, content_type: str) -> None:
    assert isinstance(decode(body, content_type).text, str)


def steps(html: str) -> int:
    """Calls that reading one page takes, generators' steps included: the same on every machine."""
    profile = cProfile.Profile()
    profile.runcall(read, html)
    return sum(row.callcount for row in profile.getstats())


BOMBS: dict[str, Callable[[int], str]] = {
    "nested divs": lambda n: "<div class='a'>" * n + "<a href='/x'>深</a>",
    "nested lists": lambda n: "<ul><li><a href='/x'>条目</a>" * n,
    "nested links": lambda n: "<a href='/x'>" * n,
    "links": lambda n: "".join(f"<a href='/x/{i}.html'>第{i}条公告的标题</a>" for i in range(n)),
    "dated entries": lambda n: (
        "<ul>" + "".join(f"<li><a href='/x/{i}.html'>第{i}条公告的标题</a>08-03</li>" for i in range(n))
    ),
    "numbered links": lambda n: "<div>" + "".join(f"<a href='/x/{i}.html'>{i % 9999}</a>" for i in range(n)),
    "idle links": lambda n: "<ul>" + "".join(f"<li><a href='#'>第{i}条公告的标题</a></li>" for i in range(n)),
    "one line": lambda n: "<p>" + "云溪县发布时间" * (n * 20),
    "digits": lambda n: "<p>" + "2026-08-0 " * (n * 10),
    "spaces": lambda n: "<p>来源：" + " " * (n * 100),
    "comments": lambda n: "<!--" * (n * 20),
    "records": lambda n: "<datastore>" + "<record>" * n,
    "meta": lambda n: "<meta " * n * 10,
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("bomb", BOMBS)
def test_cost_is_linear_in_size(bomb: str) -> None:
    """Ten times the page takes about ten times the steps, not a hundred."""
    make = BOMBS[bomb]
    small, large = steps(make(1_000)), steps(make(10_000))
    assert large < 20 * max(small, 1_000)


def test_two_megabytes_on_one_line() -> None:
    assert read("<html><body><p>" + "云溪县人民政府" * 100_000 + "</p></body></html>").text_length == 700_000
