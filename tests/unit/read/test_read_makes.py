"""The gallery: what a reader must find on the pages of each builder's make and each layout of list."""

from __future__ import annotations

import pytest

from crawler.facts import PageKind
from crawler.read.urls import join
from tests.unit.read.makes import PLACE, Make, rows, whole
from tests.unit.read.pages import HOST, read
from tests.unit.read.vendor_pages import GALLERY


@pytest.mark.parametrize("make", GALLERY, ids=lambda make: make.name)
def test_a_make_is_read_as_a_person_reads_it(make: Make) -> None:
    base = f"http://{HOST}{make.path}"
    fact = read(make.html, make.path)
    assert fact.kind is make.kind
    assert [(item.title, item.url, item.date.value.isoformat() if item.date else None) for item in fact.items] == [
        (title, join(base, address), day) for title, address, day in make.items
    ]
    assert fact.next_pages == tuple(join(base, address) for address in make.next_pages)
    assert tuple(item.title for item in fact.items if item.pinned) == make.pinned
    assert bool(fact.unfollowed) is make.unfollowed
    if make.crumbs is not None:
        assert tuple(crumb.name for crumb in fact.breadcrumb) == make.crumbs


def _list(entry: str, **more: str) -> str:
    entries = "".join(entry.format(t=t, u=u, d=d, md=d[5:]) for t, u, d in rows("{n}.html", 6))
    return whole(f"{PLACE}{more.get('before', '')}<ul>{entries}</ul>{more.get('after', '')}")


def test_the_day_of_today_is_no_entry_of_a_list() -> None:
    """The top of a page: 今天是2026年8月10日, and tools beside it."""
    html = whole(
        '<div class="content"><ul><li><a href="/a/">公开指南</a></li><li><a href="/b/">公开制度</a></li></ul></div>'
    )
    assert read(html).items == ()


def test_a_date_that_is_labelled_as_another_gives_way() -> None:
    html = _list('<li><a href="{u}">{t}</a><p>成文日期：2020-01-02</p><p>发布日期：{d}</p></li>')
    assert [item.date.value.isoformat() for item in read(html).items if item.date][:2] == ["2026-08-03", "2026-07-30"]
    alone = _list('<li><a href="{u}">{t}</a><p>成文日期：{d}</p></li>')
    assert [item.date.value.isoformat() for item in read(alone).items if item.date][:1] == ["2026-08-03"]


def test_a_mark_of_pinning_is_told_and_taken_off_the_title() -> None:
    for mark in ("[置顶]", "【置顶】", "（置顶）", "置顶：", "【顶】"):
        html = _list("<li><a href='{u}'>" + mark + "{t}</a><span>{d}</span></li>")
        assert {item.pinned for item in read(html).items} == {True}, mark
        assert read(html).items[0].title.startswith("云溪县"), mark
    plain = _list("<li><a href='{u}'>{t}：顶层设计</a><span>{d}</span></li>")
    assert {item.pinned for item in read(plain).items} == {False}


def test_an_icon_pins_too() -> None:
    html = _list('<li><img src="/images/zhiding.png"><a href="{u}">{t}</a><span>{d}</span></li>')
    assert {item.pinned for item in read(html).items} == {True}
    twin = _list('<li><img src="/images/dot.png"><a href="{u}">{t}</a><span>{d}</span></li>')
    assert {item.pinned for item in read(twin).items} == {False}


def test_a_source_and_a_count_of_comments_are_no_titles() -> None:
    html = _list(
        '<li><a href="{u}"><img src="1.jpg"></a><div><h3><a href="{u}">{t}</a></h3><div><a href="/s/{md}">县融媒体</a>'
        '<a href="/c/{md}">86</a></div></div></li>'
    )
    assert [item.title for item in read(html).items] == [title for title, _, _ in rows("{n}.html", 6)]


PAGERS = {
    "printed": ("<div class='page'>共86条 1/6页 首页 上一页 下一页 尾页</div>", True),
    "postback": ("<a href=\"javascript:__doPostBack('pager','2')\">2</a>", True),
    "drawn": ("<div id='pg'></div><script>laypage({cont: 'pg', pages: 8, pageCount: 8});</script>", True),
    "addresses": ("<a href='index_2.html'>下一页</a> 共6页", False),
    "one page": ("<div class='page'>共6条 1/1页 首页 尾页</div>", False),
    "one page, drawn": ("<script>createPageHTML(1, 0, 'index', 'html');</script>", False),
    "no pager": ("", False),
}


@pytest.mark.parametrize("pager", PAGERS)
def test_a_list_says_where_it_goes_on_without_an_address(pager: str) -> None:
    html, goes_on = PAGERS[pager]
    fact = read(_list('<li><a href="{u}">{t}</a><span>{d}</span></li>', after=html))
    assert bool(fact.unfollowed) is goes_on
    assert len(fact.items) == 6


def test_the_next_page_of_a_script_is_a_link_until_the_window_is_covered() -> None:
    pager = "<script>createPageHTML(9, 0, 'index', 'html');</script>"
    fact = read(_list('<li><a href="{u}">{t}</a><span>{d}</span></li>', after=pager))
    assert [link.url for link in fact.links if link.tag == "pager"] == [f"http://{HOST}/tzgg/index_1.html"]
    html = whole(PLACE + "<ul>" + "".join(
        f'<li><a href="{n}.html">县政府召开第{n}次常务会议</a><span>20{24 - n}-05-06</span></li>' for n in range(1, 8)
    ) + "</ul>" + pager)  # fmt: skip
    assert not [link for link in read(html).links if link.tag == "pager"], "older than any window asks for"


def test_records_that_a_page_does_not_hold_are_asked_for_by_its_script() -> None:
    records = "".join(
        f"<record><![CDATA[<li><a href='{u}'>{t}</a><span>{d}</span></li>]]></record>"
        for t, u, d in rows("/art/{n}.html")
    )
    html = whole(
        f"<div id='9'><script type='text/xml'><datastore><recordset>{records}</recordset></datastore></script></div>"
        "<script>$('#9').jpage({totalRecord:25,perPage:5,proxyUrl:'/module/web/jpage/dataproxy.jsp',"
        "param:{columnid:123,unitid:9,webid:3}});</script>"
    )
    base = f"http://{HOST}/module/web/jpage/dataproxy.jsp?"
    assert read(html, "/col/col123/index.html").next_pages == (
        f"{base}startrecord=11&endrecord=20&perpage=5&webid=3&columnid=123&unitid=9",
        f"{base}startrecord=21&endrecord=25&perpage=5&webid=3&columnid=123&unitid=9",
    )
    unknown = html.replace("columnid:123,", "")
    fact = read(unknown, "/col/col123/index.html")
    assert (fact.next_pages, fact.unfollowed) == ((), "共25条")


def test_an_article_with_lists_around_it_stays_an_article() -> None:
    related = "".join(f'<li><a href="{u}">{t}</a><span>{d}</span></li>' for t, u, d in rows("/x/{n}.html"))
    text = "<p>全县秋粮收购和储备工作扎实推进，各乡镇各部门压实责任，及时足额兑付售粮款。</p>" * 12
    html = whole(
        f"<h1>云溪县召开秋粮收购工作推进会</h1><p>发布时间：2026-08-03 来源：县融媒体中心</p><div>{text}</div>"
        f"<div class='xg2'><h3>最新</h3><ul>{related}</ul></div>",
        title="云溪县召开秋粮收购工作推进会-云溪县人民政府",
    )
    assert read(html, "/a/1.html").kind is PageKind.ARTICLE
    twin = whole(f"<h1>工作动态</h1><div><p>{'县' * 80}</p></div><ul>{related}</ul>", title="工作动态-云溪县人民政府")
    assert read(twin, "/a/1.html").kind is PageKind.COLUMN


def test_news_without_a_day_is_an_article_by_its_byline() -> None:
    text = "<p>全县秋粮收购和储备工作扎实推进，各乡镇各部门压实责任，及时足额兑付售粮款。</p>" * 6
    news = whole(
        f"<h1>云溪县召开秋粮收购工作推进会</h1><p>来源：县融媒体中心　编辑：石某</p><div>{text}</div>", title="推进会"
    )
    guide = whole(f"<h1>云溪县政府信息公开指南</h1><div>{text}</div>", title="公开指南")
    assert read(news, "/a/1.html").kind is PageKind.ARTICLE
    assert read(guide, "/a/2.html").kind is PageKind.DOCUMENT
