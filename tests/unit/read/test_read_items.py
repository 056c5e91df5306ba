"""Lists in their many makes: which entries a page's own list has, with which titles and dates."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.facts import PageKind
from tests.unit.read.pages import HOST, PROSE, entries, page, read

T1, T2, T3 = "关于召开全县防汛工作会议的通知", "云溪县二〇二六年秋粮收购公告", "关于县城部分区域停电检修的公告"
D1, D2, D3 = date(2026, 8, 3), date(2026, 7, 21), date(2026, 6, 30)

LISTS = {
    "ul": f'<ul><li><a href="1.html">{T1}</a><span>2026-08-03</span></li><li><a href="2.html">{T2}</a><span>2026-07-21</span></li><li><a href="3.html">{T3}</a><span>2026-06-30</span></li></ul>',
    "date first": f'<ul><li><span>[2026-08-03]</span><a href="1.html">{T1}</a></li><li><span>[2026-07-21]</span><a href="2.html">{T2}</a></li><li><span>[2026-06-30]</span><a href="3.html">{T3}</a></li></ul>',
    "date in the link": f'<ul><li><a href="1.html">{T1}<span>2026-08-03</span></a></li><li><a href="2.html">{T2}<em>2026-07-21</em></a></li><li><a href="3.html">{T3}<i>2026-06-30</i></a></li></ul>',
    "date behind the words": f'<ul><li><a href="1.html">{T1} [2026-08-03]</a></li><li><a href="2.html">{T2} [2026-07-21]</a></li><li><a href="3.html">{T3} [2026-06-30]</a></li></ul>',
    "table": f'<table><tr><th>名称</th><th>索引号</th><th>发布日期</th></tr><tr><td><a href="1.html">{T1}</a></td><td>6109/2026-00012</td><td>2026-08-03</td></tr><tr><td><a href="2.html">{T2}</a></td><td>6109/2026-00011</td><td>2026年7月21日</td></tr><tr><td><a href="3.html">{T3}</a></td><td>x</td><td>2026.06.30</td></tr></table>',
    "flat": f'<div class="lb"><a href="1.html">{T1}</a><span>2026-08-03</span><br><a href="2.html">{T2}</a><span>2026-07-21</span><br><a href="3.html">{T3}</a><span>2026-06-30</span></div>',
    "flat, date first": f'<div class="lb">2026-08-03 <a href="1.html">{T1}</a><br>2026-07-21 <a href="2.html">{T2}</a><br>2026-06-30 <a href="3.html">{T3}</a></div>',
    "divs with summaries": "".join(
        f'<div class="item"><h3><a href="{i}.html">{t}</a></h3><p>{"各乡镇人民政府，" * 9}</p><span>{d}</span></div>'
        for i, t, d in ((1, T1, "2026-08-03"), (2, T2, "2026-07-21"), (3, T3, "2026-06-30"))
    ),
    "dl": f'<dl><dt><a href="1.html">{T1}</a></dt><dd>2026-08-03</dd><dt><a href="2.html">{T2}</a></dt><dd>2026-07-21</dd><dt><a href="3.html">{T3}</a></dt><dd>2026-06-30</dd></dl>',
    "a dl each": "<div>"
    + "".join(
        f'<dl><dt><a href="{i}.html">{t}</a></dt><dd>{d}</dd></dl>'
        for i, t, d in ((1, T1, "2026-08-03"), (2, T2, "2026-07-21"), (3, T3, "2026-06-30"))
    )
    + "</div>",
    "links as blocks": "<div>"
    + "".join(
        f'<a href="{i}.html"><div><h4>{t}</h4><p>{d}</p></div></a>'
        for i, t, d in ((1, T1, "2026-08-03"), (2, T2, "2026-07-21"), (3, T3, "2026-06-30"))
    )
    + "</div>",
    "day and month apart": f'<ul><li><div class="d"><b>03</b><i>2026-08</i></div><a href="1.html">{T1}</a></li><li><div class="d"><b>21</b><i>2026-07</i></div><a href="2.html">{T2}</a></li><li><div class="d"><b>30</b><i>2026-06</i></div><a href="3.html">{T3}</a></li></ul>',
    "without years": f'<ul><li><a href="1.html">{T1}</a><span>[08-03]</span></li><li><a href="2.html">{T2}</a><span>[07-21]</span></li><li><a href="3.html">{T3}</a><span>[06-30]</span></li></ul>',
    "with a column before": f'<ul><li>[<a href="/tzgg/">公告</a>] <a href="1.html">{T1}</a><span>2026-08-03</span></li><li>[<a href="/tzgg/">公告</a>] <a href="2.html">{T2}</a><span>2026-07-21</span></li><li>[<a href="/tzgg/">公告</a>] <a href="3.html">{T3}</a><span>2026-06-30</span></li></ul>',
    "with pictures and details": f'<ul><li><a href="1.html"><img src="1.jpg"></a><div><h3><a href="1.html">{T1}</a></h3><p>摘要<a href="1.html">[详细]</a></p><span>2026-08-03</span></div></li><li><a href="2.html"><img src="2.jpg"></a><div><h3><a href="2.html">{T2}</a></h3><p>摘要<a href="2.html">[详细]</a></p><span>2026-07-21</span></div></li><li><a href="3.html"><img src="3.jpg"></a><div><h3><a href="3.html">{T3}</a></h3><p>摘要<a href="3.html">[详细]</a></p><span>2026-06-30</span></div></li></ul>',
    "in several parts": f'<div class="lists"><ul class="u"><li><a href="1.html">{T1}</a><span>2026-08-03</span></li><li><a href="2.html">{T2}</a><span>2026-07-21</span></li></ul><ul class="u"><li><a href="3.html">{T3}</a><span>2026-06-30</span></li></ul></div>',
    "two-digit years": f'<ul><li><a href="1.html">{T1}</a><span>26-08-03</span></li><li><a href="2.html">{T2}</a><span>26-07-21</span></li><li><a href="3.html">{T3}</a><span>26-06-30</span></li></ul>',
}


@pytest.mark.parametrize("make", LISTS)
def test_every_make_of_list_is_read(make: str) -> None:
    fact = read(page(f'<div class="main">{LISTS[make]}</div>'))
    assert fact.kind is PageKind.COLUMN
    assert [(item.title, item.url, item.date.value if item.date else None) for item in fact.items] == [
        (T1, f"http://{HOST}/tzgg/1.html", D1),
        (T2, f"http://{HOST}/tzgg/2.html", D2),
        (T3, f"http://{HOST}/tzgg/3.html", D3),
    ]


def test_a_title_that_is_cut_is_read_from_its_attribute() -> None:
    fact = read(
        page(
            f'<ul><li><a href="1.html" title="{T1}">关于召开全县防汛…</a>2026-08-03</li><li><a href="2.html" title="点击查看">{T2}</a>2026-07-21</li></ul>'
        )
    )
    assert [item.title for item in fact.items] == [T1, T2]


def test_an_undated_list_of_titles_is_a_list() -> None:
    fact = read(
        page(
            f'<ul><li><a href="1.html">{T1}</a></li><li><a href="2.html">{T2}</a></li><li><a href="3.html">{T3}</a></li></ul>'
        )
    )
    assert [item.date for item in fact.items] == [None, None, None]


def test_a_list_of_one_dated_entry_is_a_list() -> None:
    fact = read(page(entries(("1.html", T1, "2026-08-03"))))
    assert [item.title for item in fact.items] == [T1]


def test_pinned_entries_are_marked_and_do_not_disturb_the_order() -> None:
    fact = read(
        page(
            f'<ul><li><i>[置顶]</i><a href="0.html">政府信息公开指南编制说明</a><span>03-01</span></li><li><a href="1.html">{T1}</a><span>08-03</span></li><li><a href="2.html">{T2}</a><span>07-21</span></li></ul>'
        )
    )
    assert [(item.pinned, item.date and item.date.value) for item in fact.items] == [
        (True, date(2026, 3, 1)),
        (False, D1),
        (False, D2),
    ]


def test_the_year_that_an_address_tells_is_the_year_of_a_date_without_one() -> None:
    fact = read(page(entries(("202308/t20230803_1.html", T1, "08-03"), ("202307/t20230721_2.html", T2, "07-21"))))
    assert [item.date and item.date.value for item in fact.items] == [date(2023, 8, 3), date(2023, 7, 21)]


def test_navigation_side_lists_and_footer_links_are_no_items() -> None:
    side = entries(
        ("9.html", "热点新闻一则关于道路施工", "2026-08-09"), ("8.html", "热点新闻一则关于秋季招生", "2026-08-08")
    )
    fact = read(
        page(
            f'<div class="left"><div class="hot">{side}</div></div><div class="main">{entries(("1.html", T1, "2026-08-03"), ("2.html", T2, "2026-07-21"))}</div><h3>友情链接</h3><ul><li><a href="http://a.gov.cn">云溪市人民政府门户网</a></li><li><a href="http://b.gov.cn">云溪市发展和改革委员会</a></li></ul>'
        )
    )
    assert [item.title for item in fact.items] == [T1, T2]


def test_an_article_has_no_items() -> None:
    related = "<h3>相关信息</h3>" + entries(
        ("1.html", T1, "2026-08-03"), ("2.html", T2, "2026-07-21"), ("3.html", T3, "2026-06-30")
    )
    fact = read(
        page(
            f"<div><h1>云溪县召开防汛会议</h1><p>发布时间：2026-08-04</p><div>{PROSE * 3}</div></div>{related}",
            title="云溪县召开防汛会议",
        ),
        "/a/1.html",
    )
    assert (fact.kind, fact.items) == (PageKind.ARTICLE, ())


def test_the_home_page_gives_all_dated_entries() -> None:
    fact = read(
        page(
            f'<div class="l">{entries(("1.html", T1, "08-03"), ("2.html", T2, "2026-07-21"))}</div><div class="side">{entries(("3.html", T3, "06-30"), ("4.html", "没有注明时间的一条信息", ""))}</div>'
        ),
        "/",
    )
    assert fact.kind is PageKind.HOME
    assert [(item.title, item.date and item.date.value) for item in fact.items] == [(T1, D1), (T2, D2), (T3, D3)]


def test_entries_of_a_data_island_are_read() -> None:
    records = "".join(
        f'<record><![CDATA[<li><a href="/art/2026/8/{day}/art_1_{day}.html" title="{T1}{day}">{T1}{day}</a><b>2026-08-{day:02}</b></li>]]></record>'
        for day in (3, 2, 1)
    )
    island = f'<div id="79"><script type="text/xml"><datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&amp;unitid=79"></a>]]></nextgroup><recordset>{records}</recordset></datastore></script></div>'
    fact = read(
        page(f"<div>{island}<script>jpage({{totalRecord:45,perPage:15}})</script></div>"), "/col/col79/index.html"
    )
    assert fact.kind is PageKind.COLUMN
    assert [item.date and item.date.value.day for item in fact.items] == [3, 2, 1]
    assert fact.items[0].url == f"http://{HOST}/art/2026/8/3/art_1_3.html"
    assert fact.next_pages == (f"http://{HOST}/module/web/jpage/dataproxy.jsp?page=1&unitid=79",)
    assert not fact.scripted
    reply = read(
        f"<datastore><totalrecord>45</totalrecord><recordset>{records}</recordset></datastore>",
        "/module/web/jpage/dataproxy.jsp",
    )
    assert reply.items == fact.items


@pytest.mark.parametrize(
    ("pager", "pages"),
    [
        (
            '<div class="page"><span>1</span><a href="index_1.html">2</a><a href="index_2.html">3</a><a href="index_1.html">下一页</a><a href="index_8.html">尾页</a></div>',
            ["index_1.html", "index_2.html"],
        ),
        ("<script>createPageHTML(4, 0, 'index', 'html');</script>", ["index_1.html", "index_2.html", "index_3.html"]),
        (
            "<script>createPageHTML('page_div', 3, 1, 'index', 'shtml', 50);</script>",
            ["index_2.shtml", "index_3.shtml"],
        ),
        ('<a href="tzgg/12.htm">下页</a>', ["tzgg/12.htm"]),
        ('<a href="?page=2">下一页 &gt;&gt;</a>', ["index.html?page=2"]),
        ('<a href="javascript:go(2)">下一页</a>', []),
        ('<p>共 1 页 <a href="index.html">1</a></p>', []),
    ],
)
def test_further_pages(pager: str, pages: list[str]) -> None:
    fact = read(page(entries(("1.html", T1, "2026-08-03"), ("2.html", T2, "2026-07-21")) + pager))
    assert list(fact.next_pages) == [f"http://{HOST}/tzgg/{name}" for name in pages]
