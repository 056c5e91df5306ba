"""Pages that say under a 200 that they do not exist, and their healthy twins."""

from __future__ import annotations

import pytest

from crawler.fetch.soft404 import MOST_PREFIXES, SoftNotFound, prefix_of, signs_of
from tests.unit.read.error_pages import ERRORS, HEALTHY
from tests.unit.read.makes import PLACE, whole
from tests.unit.read.pages import HOME, reading

ADDRESS = f"{HOME}a/b/123.html"


@pytest.mark.parametrize("name", ERRORS)
def test_a_page_that_says_it_is_missing_is_told_by_two_signs(name: str) -> None:
    told = reading(ERRORS[name], "/a/b/123.html")
    assert len(signs_of(told.fact, told.text)) >= 2
    assert SoftNotFound().sign(ADDRESS, ADDRESS, HOME, told)


@pytest.mark.parametrize("name", HEALTHY)
def test_a_page_that_speaks_of_missing_pages_is_left_alone(name: str) -> None:
    told = reading(HEALTHY[name], "/a/b/123.html")
    assert signs_of(told.fact, told.text) == []


def test_a_title_alone_is_a_suspicion() -> None:
    """And the site's answer to an impossible address makes it a verdict."""
    text = "网站导航：政务公开、政务服务、互动交流、走进云溪、数据开放、专题专栏，欢迎浏览本网站的其他栏目和页面。" * 2
    html = whole(f"<div><p>{text}</p></div>", title="404")
    told = reading(html, "/a/b/123.html")
    assert len(signs_of(told.fact, told.text)) == 1
    soft = SoftNotFound()
    assert soft.sign(ADDRESS, ADDRESS, HOME, told) == ""
    soft.learn(HOME, 200, f"{HOME}xuncha-0.html", HOME, reading(html, "/xuncha-0.html").text)
    assert "与本站对不存在地址的应答一致" in soft.sign(ADDRESS, ADDRESS, HOME, told)


def test_likeness_alone_is_no_verdict() -> None:
    """A site that answers everything with one page may yet be showing content."""
    html = whole(f"{PLACE}<div><p>请在此选择您要办理的事项。</p></div>", title="办事大厅")
    soft = SoftNotFound()
    soft.learn(HOME, 200, f"{HOME}xuncha-0.html", HOME, reading(html, "/xuncha-0.html").text)
    assert soft.sign(ADDRESS, ADDRESS, HOME, reading(html, "/a/b/123.html")) == ""


def test_the_home_page_and_true_404_teach_nothing() -> None:
    told = reading(ERRORS["plain"], "/a/b/123.html")
    soft = SoftNotFound()
    soft.learn(HOME, 404, f"{HOME}xuncha-0.html", HOME, told.text)
    assert "应答一致" not in soft.sign(ADDRESS, ADDRESS, HOME, told)
    assert soft.sign(ADDRESS, HOME, HOME, told) == ""


def test_an_empty_column_is_not_missing() -> None:
    """A column that names itself and holds no record is empty, which is another fault."""
    html = whole("<div><p>内容不存在</p></div>", title="通知公告", head='<meta name="ColumnName" content="通知公告">')
    told = reading(html, "/tzgg/")
    assert len(signs_of(told.fact, told.text)) < 2


# --------------------------------------------------------------------------- answers by prefix

SUSPECT = whole(
    "<div><p>网站导航：政务公开、政务服务、互动交流、走进云溪、数据开放，欢迎浏览本网站的其他栏目和页面。</p></div>",
    title="404",
)


def test_a_prefix_is_the_host_and_the_first_folder() -> None:
    assert prefix_of(f"{HOME}bm/sub/1.html?a=/b/") == f"{HOME}bm/"
    assert prefix_of(f"{HOME}1.html") == prefix_of(HOME) == HOME


def test_a_suspicion_asks_its_own_prefix_once() -> None:
    address, told = f"{HOME}bm/1.html", reading(SUSPECT, "/bm/1.html")
    soft = SoftNotFound()
    soft.learn(HOME, 404, f"{HOME}xuncha-0.html", HOME, "")
    assert soft.unsettled(address, address, HOME, told) == f"{HOME}bm/"
    soft.learn(f"{HOME}bm/", 200, f"{HOME}bm/xuncha-0.html", HOME, told.text)
    assert soft.unsettled(address, address, HOME, told) == ""
    assert "与本站对不存在地址的应答一致" in soft.sign(address, address, HOME, told)
    # what one folder answers says nothing of another
    other = f"{HOME}jz/1.html"
    assert soft.sign(other, other, HOME, told) == ""


@pytest.mark.parametrize("html", [ERRORS["plain"], whole(f"{PLACE}<p>暂无信息</p>", title="通知公告")])
def test_a_page_with_two_signs_or_none_asks_nothing(html: str) -> None:
    address = f"{HOME}bm/1.html"
    assert SoftNotFound().unsettled(address, address, HOME, reading(html, "/bm/1.html")) == ""


def test_a_folder_that_sends_the_missing_to_its_index_accuses_it_not() -> None:
    index, told = f"{HOME}bm/", reading(SUSPECT, "/bm/")
    soft = SoftNotFound()
    soft.learn(index, 200, index, HOME, told.text)
    assert soft.sign(index, index, HOME, told) == ""


def test_so_many_prefixes_and_no_more() -> None:
    soft = SoftNotFound()
    soft.learn(HOME, 404, f"{HOME}xuncha-0.html", HOME, "")
    asked = 0
    for number in range(MOST_PREFIXES + 3):
        address = f"{HOME}d{number}/1.html"
        prefix = soft.unsettled(address, address, HOME, reading(SUSPECT, f"/d{number}/1.html"))
        if prefix:
            soft.learn_nothing(prefix)
            asked += 1
    assert asked == MOST_PREFIXES


def test_a_probe_ends_as_the_page_that_asks_for_it() -> None:
    assert SoftNotFound.probe_address(f"{HOME}bm/", f"{HOME}bm/show.aspx?id=1").endswith(".aspx")
    assert SoftNotFound.probe_address(f"{HOME}bm/", f"{HOME}bm/").endswith(".html")
