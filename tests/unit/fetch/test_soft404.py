"""Pages that say under a 200 that they do not exist, and their healthy twins."""

from __future__ import annotations

import pytest

from crawler.fetch.soft404 import SoftNotFound, signs_of
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
    soft.learn(200, f"{HOME}xuncha-0.html", HOME, reading(html, "/xuncha-0.html").text)
    assert "与本站对不存在地址的应答一致" in soft.sign(ADDRESS, ADDRESS, HOME, told)


def test_likeness_alone_is_no_verdict() -> None:
    """A site that answers everything with one page may yet be showing content."""
    html = whole(f"{PLACE}<div><p>请在此选择您要办理的事项。</p></div>", title="办事大厅")
    soft = SoftNotFound()
    soft.learn(200, f"{HOME}xuncha-0.html", HOME, reading(html, "/xuncha-0.html").text)
    assert soft.sign(ADDRESS, ADDRESS, HOME, reading(html, "/a/b/123.html")) == ""


def test_the_home_page_and_true_404_teach_nothing() -> None:
    told = reading(ERRORS["plain"], "/a/b/123.html")
    soft = SoftNotFound()
    soft.learn(404, f"{HOME}xuncha-0.html", HOME, told.text)
    assert "应答一致" not in soft.sign(ADDRESS, ADDRESS, HOME, told)
    assert soft.sign(ADDRESS, HOME, HOME, told) == ""


def test_an_empty_column_is_not_missing() -> None:
    """A column that names itself and holds no record is empty, which is another fault."""
    html = whole("<div><p>内容不存在</p></div>", title="通知公告", head='<meta name="ColumnName" content="通知公告">')
    told = reading(html, "/tzgg/")
    assert len(signs_of(told.fact, told.text)) < 2
