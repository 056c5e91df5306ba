"""Every page that is planned is served, readable in its own charset, with the marks and labels the plan gives it."""

from __future__ import annotations

import re
from urllib.parse import quote

import httpx
import pytest
from bs4 import BeautifulSoup

from demo.city import City
from demo.model import SearchState, Shape

LIVE = ("qingyan", "songxi", "caiyun", "shuiwu", "wenlv", "xingzheng", "touzi")


def test_there_are_over_nine_hundred_pages(city: City) -> None:
    assert sum(len(press.pages) for press in city.presses.values()) >= 900
    assert set(city.presses) == set(LIVE)
    assert {press.make.name for press in city.presses.values()} == {
        "trs",
        "hanweb",
        "gbk_table",
        "visualsite",
        "aspnet",
        "scripted",
    }


@pytest.mark.parametrize("key", LIVE)
def test_every_planned_page_answers(city: City, client: httpx.Client, key: str) -> None:
    press = city.presses[key]
    for path, page in press.pages.items():
        response = client.get(press.site.address(path))
        assert response.status_code == (412 if page.walled else 200), path
        assert int(response.headers["content-length"]) == response.num_bytes_downloaded
        if not page.walled:
            text = response.content.decode(press.make.charset)
            assert page.name in text, path
            assert "\ufffd" not in text


@pytest.mark.parametrize("key", LIVE)
def test_articles_show_their_time_in_page_and_list_unless_planned_without(
    city: City, client: httpx.Client, key: str
) -> None:
    press = city.presses[key]
    for page in press.pages.values():
        if page.article and not page.walled:
            text = client.get(press.site.address(page.path)).content.decode(press.make.charset)
            full_dates = re.findall(r"20\d\d-\d\d-\d\d \d\d:\d\d", text)
            assert bool(full_dates) is page.article.dated, page.path
            assert set(full_dates) <= {page.article.stamp}


def test_the_gbk_site_tells_its_charset_only_in_the_page(city: City, client: httpx.Client) -> None:
    response = client.get(city.presses["caiyun"].site.home_url)
    assert response.headers["content-type"] == "text/html"
    assert b"charset=gb2312" in response.content
    assert "工作动态" in response.content.decode("gbk")


@pytest.mark.parametrize("key", LIVE)
def test_footers_bear_the_marks_of_the_plan(city: City, client: httpx.Client, key: str) -> None:
    press = city.presses[key]
    marks = press.site.marks
    where = "/images/footer.js" if press.make.name == "scripted" else "/"
    text = client.get(press.site.address(where)).content.decode(press.make.charset)
    for mark in (marks.icp, marks.police_filing, marks.site_code):
        assert not mark or mark in text
    for there, sign in ((marks.badge, "imgConac"), (marks.error_report, "jiucuo.svg"), (bool(marks.icp), "ICP")):
        assert (sign in text) is there, sign
    if press.make.name == "scripted":
        home = client.get(press.site.home_url).text
        assert "ICP" not in home
        assert "imgConac" not in home


@pytest.mark.parametrize("key", [key for key in LIVE if key != "xingzheng"])
def test_column_lists_show_every_article_once(city: City, client: httpx.Client, key: str) -> None:
    press = city.presses[key]
    for column in press.site.walk():
        if column.shape is Shape.LIST and not column.walled:
            pages = press.make.pages(column)
            shown = ""
            for number in range(1, pages + 1):
                address = press.site.address(press.make.column(column, number, pages))
                shown += client.get(address).content.decode(press.make.charset)
            titles = [link.get_text() for link in BeautifulSoup(shown, "lxml").find_all("a")]
            for article in column.articles:
                assert titles.count(article.listed_title or article.title) == 1, (column.name, article.title)


def test_scripted_lists_come_as_json(city: City, client: httpx.Client) -> None:
    press = city.presses["xingzheng"]
    column = press.site.column("gzdt")
    shell = client.get(press.site.address(press.make.column(column))).text
    assert column.articles[0].title not in shell
    rows = []
    for number in (1, 2):
        address = press.site.address(f"/api/channel/list?code=gzdt&page={number}")
        rows += client.get(address).json()["rows"]
    assert [row["title"] for row in rows] == [article.title for article in column.articles]
    assert client.get(press.site.address(rows[0]["url"])).status_code == 200


@pytest.mark.parametrize("key", LIVE)
def test_search_finds_titles_where_it_works(city: City, client: httpx.Client, key: str) -> None:
    press = city.presses[key]
    home = client.get(press.site.home_url).content.decode(press.make.charset)
    assert (f'name="{press.make.search_field}"' in home) is (press.site.search is not SearchState.ABSENT)
    if press.site.search is SearchState.ABSENT:
        assert client.get(press.site.address(press.make.search_path)).status_code == 404
        return
    for article in list(press.site.articles())[::9]:
        found = set()
        for encoding in ("utf-8", "gbk"):
            words = quote(article.title[:30], encoding=encoding)
            address = press.site.address(press.make.search_path) + f"?{press.make.search_field}={words}"
            page = BeautifulSoup(client.get(address).content.decode(press.make.charset), "lxml")
            found.add(any(link.get_text() == article.title for link in page.find_all("a")))
        assert found == {press.site.search is SearchState.WORKS}, article.title


def test_an_unknown_address_is_a_404_except_where_soft(city: City, client: httpx.Client) -> None:
    for key, press in city.presses.items():
        response = client.get(press.site.address("/bu/cun/zai.html"))
        assert response.status_code == (200 if key == "wenlv" else 404)
        if key == "wenlv":
            assert "您访问的页面不存在" in response.text


def test_robots(city: City, client: httpx.Client) -> None:
    def robots(key: str) -> httpx.Response:
        return client.get(city.presses[key].site.address("/robots.txt"))

    assert "Disallow: /private/" in robots("shuiwu").text
    assert robots("qingyan").status_code == 404
    assert "html" in robots("wenlv").headers["content-type"]
    assert "Disallow" not in robots("songxi").text


def test_the_calendar_ends_before_two_hundred_pages(city: City, client: httpx.Client) -> None:
    site = city.presses["songxi"].site
    path, seen = "/hdrl/2026-11.html", 0
    while path:
        page = BeautifulSoup(client.get(site.address(path)).text, "lxml")
        link = page.find("a", string="下个月")
        path = str(link["href"]) if link else ""
        seen += 1
    assert 50 <= seen <= 200


def test_session_ids_do_not_change_the_page(city: City, client: httpx.Client) -> None:
    site = city.presses["wenlv"].site
    bodies = {client.get(site.address(f"/sitemap.aspx?sessionid={sid}")).content for sid in ("a1", "b2")}
    assert len(bodies) == 1
    sitemaps = set()
    for path in ("/", "/list.aspx?cid=17"):
        page = BeautifulSoup(client.get(site.address(path)).text, "lxml")
        (link,) = page.find_all("a", string="网站地图")
        sitemaps.add(link["href"])
    assert len(sitemaps) == 2
