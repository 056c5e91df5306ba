"""Datelines: which of the dates that a page shows is its own, and their twins that must not be read so."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.facts import DateSource, PageFact, PageKind
from tests.unit.read.pages import PROSE, entries, page, read

DAY = date(2026, 8, 3)
TITLE = "云溪县召开防汛会议"
HEADING = f"<h1>{TITLE}</h1>"


def article(inner: str, *, head: str = "", path: str = "/a/1.html") -> PageFact:
    """An article of the fictional county; `TEXT` in its markup stands for its text."""
    main = f'<div class="main">{HEADING}{inner.replace("TEXT", PROSE)}</div>'
    return read(page(main, head=head, title=f"{TITLE}_云溪县"), path)


SHOWN = [
    "<p>发布时间：２０２６年８月３日 １０∶０８</p>TEXT",
    "<p>发布日期：二〇二六年八月三日</p>TEXT",
    "<p>发布日期：二○二六年八月三日</p>TEXT",
    "<p>发布时间：<span>2026</span>年<span>8</span>月<span>3</span>日</p>TEXT",
    "<p>发布时间：2026-8-3</p>TEXT",
    "<p>发布时间：20260803</p>TEXT",
    "<p>来源：县水利局 20260803 浏览：12次</p>TEXT",
    "<p>Mon, 03 Aug 2026</p>TEXT",
    "<p>Updated: August 3, 2026</p>TEXT",
    "<table><tr><td>发布机构</td><td>县水利局</td></tr><tr><td>成文日期</td><td>2026-07-20</td></tr><tr><td>发布日期</td><td>2026-08-03</td></tr></table>TEXT",
    "<table><tr><td>索引号：</td><td>1/2026-001</td><td>发布日期：</td><td>2026年08月03日</td></tr><tr><td>成文日期：</td><td>2026年07月20日</td></tr></table>TEXT",
    "<p>發佈時間：2026年8月3日</p>TEXT",
    "<p>發布日期：2026-08-03 更新時間：2026-08-09</p>TEXT",
    "<p>發布日期：民國115年8月3日</p>TEXT",
    "<p>[2026-08-03 10:08]</p>TEXT",
    "<p>【发布时间：2026-08-03】【字体：大 中 小】</p>TEXT",
    "<table><tr><td align=center>作者：办公室\u3000\u3000文章来源：本站原创\u3000\u3000点击数：<script src=x></script>\u3000\u3000更新时间：2026/8/3</td></tr></table>TEXT",
    "<p>2026年8月3日 星期一 来源：云溪融媒</p>TEXT",
    "<p>来源：云溪县水利局 作者：张三 2026-08-03</p>TEXT",
    "<p>时间：2026-08-03 10:08:00&nbsp;&nbsp;来源：本站</p>TEXT",
    "<div class=date><span>03</span><em>2026.08</em></div>TEXT",
    "<div class=date><b>03</b><p>2026/08</p></div>TEXT",
    "<p><span>2026-08-03</span><span>10:08:00</span></p>TEXT",
    "<p>发布时间：2026-08-03</p><p>一、时间：2026年9月1日</p><p>二、地点：县政府</p>TEXT",
    "<p>2026-08-03 来源：x局</p>TEXT<ul><li><a href=/1.html>关于甲的通知</a><span>2026-07-01</span></li><li><a href=/2.html>关于乙的通知</a><span>2026-07-02</span></li><li><a href=/3.html>关于丙的通知</a><span>2026-07-03</span></li></ul>",
    "TEXT<p>发布时间：2026-08-03</p>",
    "<p>日期：2026-08-03</p>TEXT<p>云溪县水利局</p><p>2026年7月30日</p>",
    "<p>浏览：2026次 发布时间：2026-08-03</p>TEXT",
    "<p>2026-08-03\u3000点击：2025</p>TEXT",
    "<p>张三 发表于 2026-08-03 10:10</p>TEXT",
    "<p>发布时间：2026-08-03 下午3:20</p>TEXT",
    "<p>日期：2026/08/03 浏览量：33</p>TEXT",
    "<p>发布时间： 2026.08.03</p>TEXT",
    "<p>来源：云溪县发布日期：2026-08-03</p>TEXT",
    "<p>发布者：办公室\u3000时间：2026-08-03</p>TEXT",
    "<p>发布：2026-08-03 10:00 | 来源：本站</p>TEXT",
    "<p>发布：2026-08-03</p>TEXT",
    "<p>发布时间：26-08-03 10:10</p>TEXT",
    "<h4>2026-08-03 来源：x</h4>TEXT",
    "<p>信息来源：县水利局 信息提供日期：2026-08-03</p>TEXT",
    "<p>公示时间：2026年8月4日至2026年8月10日</p><p>发布日期：2026-08-03</p>TEXT",
    "<p>【 2026-08-03 】 【 打印 】【关闭】</p>TEXT",
    "<p>发布时间：2026 年 08 月 03 日</p>TEXT",
    "<p>发布时间：2026-08-03T10:08:00.000+08:00</p>TEXT",
    "<div><span>发布时间</span><div>：2026-08-03</div></div>TEXT",
    "<dl><dt>发布时间</dt><dd>2026-08-03</dd><dt>来源</dt><dd>x</dd></dl>TEXT",
    "<ul class=info><li>2026-08-03 10:08</li><li>来源：本站</li><li>浏览：3</li></ul>TEXT",
]


@pytest.mark.parametrize("inner", SHOWN)
def test_the_day_that_a_page_shows_as_its_own(inner: str) -> None:
    fact = article(inner)
    assert fact.published is not None
    assert fact.published.value == DAY


OTHER_DAYS = [
    "<p>会议于2025年3月1日召开，县领导参加会议。</p>TEXT",
    "<p>2025年3月1日，全县防汛会议召开。</p>TEXT",
    "<p>2025年3月1日上午召开</p>TEXT",
    "<p>下载次数：2026</p>TEXT",
    "<p>浏览 2026 次</p>TEXT",
    "<p>联系电话：0915-2026803</p>TEXT",
    "<p>云政发〔2026〕8号</p>TEXT",
    "<p>公示时间：2026年3月1日至2026年3月7日</p>TEXT",
    "<p>开标时间：2026年3月1日 09:30</p>TEXT",
    "<p>出生日期：1980年3月1日</p>TEXT",
    "<p>（2025年3月1日云溪县第三届人民代表大会第二次会议通过）</p>TEXT",
    "<p>有效期至：2026年3月1日</p>TEXT",
    "<p>报名时间：2026年3月1日-3月7日</p>TEXT",
    "<p>时间：2026年3月1日上午9:00</p><p>地点：县政府三楼</p>TEXT",
    "<p>成文日期：2026-03-01</p>TEXT",
    "<table><tr><td>发证日期</td><td>2026-03-01</td></tr></table>TEXT",
    '<div class="topbar">今天是 2026年8月10日 星期一</div>TEXT',
    "<div>2026年8月10日 星期一</div>TEXT",
    "TEXT<h3>相关链接</h3><p>2025-01-02 关于防汛</p>",
    "<p>自2026年3月1日起施行</p>TEXT",
    "TEXT<p>Copyright © 2026-01-01 云溪县</p>",
    "<p>索引号：016000/2026-00012</p>TEXT",
    "<p>截止日期：2026-03-01</p>TEXT",
    "TEXT<p>网友甲 2026-03-01 10:00</p><p>支持</p>",
]


@pytest.mark.parametrize("inner", OTHER_DAYS)
def test_a_day_that_tells_something_else_is_none(inner: str) -> None:
    assert article(inner).published is None


def test_a_day_under_the_text_is_only_the_weakest_evidence() -> None:
    signed = article(f"{PROSE}<p>云溪县水利局</p><p>2026年8月1日</p>")
    assert signed.published is not None
    assert signed.published.source is DateSource.TEXT
    told = article(f"<p>发布时间：2026-08-03</p>{PROSE}<p>云溪县水利局</p><p>2026年8月1日</p>")
    assert told.published is not None
    assert told.published.value == DAY


MADE = (
    '<meta name="PubDate" content="2026-08-09 10:00:00"><meta name="others" content="页面生成时间 2026-08-09 10:00:00">'
)
URL = '<meta name="Url" content="http://www.yunxi.gov.cn/a/202608/t20260803_12.html">'


@pytest.mark.parametrize(
    ("head", "inner", "source"),
    [
        (MADE, "<p>2026-08-03 来源：水利局</p>TEXT", DateSource.TEXT),
        (MADE, "<p>发布时间：2026-08-03</p>TEXT", DateSource.LABELLED_TEXT),
        (MADE + URL, "TEXT", DateSource.URL),
        (
            '<meta name="PubDate" content="2026-08-09 10:00">' + URL,
            "<p>发布时间：2026-08-03</p>TEXT",
            DateSource.LABELLED_TEXT,
        ),
        (
            '<meta name="PubDate" content="1970-01-01 08:00">',
            "<p>发布时间：2026-08-03</p>TEXT",
            DateSource.LABELLED_TEXT,
        ),
        (
            '<meta name="PubDate" content="2026-08-03 10:00:00">',
            "<p>更新时间：2026-08-09</p>TEXT",
            DateSource.LABEL,
        ),
        ('<meta name="publishdate" content="2026-08-03">', "TEXT", DateSource.LABEL),
        ('<meta name="PubDate" content="Mon, 03 Aug 2026 02:00:00 GMT">', "TEXT", DateSource.LABEL),
        (
            '<script type="application/ld+json">{"title":"a\tb\n","pubDate":"2026-08-03T10:00:00"}</script>',
            "TEXT",
            DateSource.STRUCTURED,
        ),
        ('<script>var ct = "1785715200";</script>', "TEXT", DateSource.STRUCTURED),
        ("<script>window.x = {create_time: JsDecode('1785715200')}</script>", "TEXT", DateSource.STRUCTURED),
    ],
)
def test_sources_are_weighed(head: str, inner: str, source: DateSource) -> None:
    fact = article(inner, head=head)
    assert fact.published is not None
    assert (fact.published.value, fact.published.source) == (DAY, source)


def test_a_label_that_is_overruled_is_still_seen() -> None:
    fact = article(f"<p>发布时间：2026-08-03</p>{PROSE}", head=MADE)
    assert [(found.source, found.value.day) for found in fact.dates] == [
        (DateSource.LABELLED_TEXT, 3),
        (DateSource.LABEL, 9),
    ]


def test_a_label_holds_against_one_other_source() -> None:
    fact = article(f"<p>发布时间：2026-08-03</p>{PROSE}", head='<meta name="PubDate" content="2026-08-04 10:00">')
    assert fact.published is not None
    assert fact.published.value == date(2026, 8, 4)


def test_a_document_day_stands_in_where_the_address_contradicts_the_moment_of_making() -> None:
    inner = "<table><tr><td>发文日期：</td><td>2026-05-11</td></tr></table>TEXT"
    fact = article(inner, head=MADE, path="/zwgk/202605/abc.shtml")
    assert fact.published is not None
    assert (fact.published.value, fact.published.source) == (date(2026, 5, 11), DateSource.TEXT)
    agreeing = article(inner, head=MADE, path="/zwgk/202608/abc.shtml")
    assert agreeing.published is not None
    assert agreeing.published.source is DateSource.LABEL


@pytest.mark.parametrize(
    ("head", "path"),
    [
        ('<meta itemprop="dateUpdate" content="2026-08-03 12:00:57">', "/a/1.html"),
        ("", "/a/202608/t2_1.html"),
    ],
)
def test_a_date_without_a_year_takes_it_from_what_agrees(head: str, path: str) -> None:
    inner = "<p>发布时间：<span>08-03</span><span>12:00</span></p>TEXT"
    fact = article(inner, head=head, path=path)
    assert fact.published is not None
    assert (fact.published.value, fact.published.clock) == (DAY, "12:00")
    assert article(inner).published is None


PAGES = [
    f'<div class="content"><div class="tit">{TITLE}</div><div><span>来源：本站</span><span>2026-08-03</span></div>TEXT</div>',
    f"<table><tr><td><font>{TITLE}</font></td></tr><tr><td>2026-08-03&nbsp;[字体：大 中 小]</td></tr><tr><td>TEXT</td></tr></table>",
    f'<div class="top">2026年8月10日 星期一</div>{HEADING}<p>2026-08-03 来源：水利局</p>TEXT',
    f"<div>今天是2026年8月10日</div>{HEADING}<p>2026-08-03 来源：水利局</p>TEXT",
    f'{HEADING}<p>2026-08-03 10:00</p><p><img src="/a.jpg"></p>',
    f"{HEADING}<h2>——压实责任保安全</h2><p>2026-08-03　来源：县融媒体中心</p>TEXT",
    f'<div class="header"><h1>{TITLE}</h1><p>2026-08-03 来源：县融媒体中心</p></div>TEXT',
    f'<div class="side"><h3>最新动态</h3>LIST</div><div class="right">{HEADING}<p>2026-08-03 来源：水利局</p>TEXT</div>',
    f"{HEADING}<p>发布日期：2026-08-03</p>TEXT<h3>相关阅读</h3>LIST",
]
LIST = entries(*[(f"/tzgg/{n}.html", f"关于做好第{n}批防汛物资储备的通知", f"2026-08-0{9 - n}") for n in range(1, 8)])


@pytest.mark.parametrize("markup", PAGES)
def test_an_article_within_its_frame(markup: str) -> None:
    fact = read(page(markup.replace("TEXT", PROSE).replace("LIST", LIST), title=f"{TITLE}_云溪县人民政府"), "/a/1.html")
    assert fact.published is not None
    assert fact.published.value == DAY


@pytest.mark.parametrize(
    ("main", "title", "path"),
    [
        (f"<h1>通知公告</h1>{LIST}", "通知公告_云溪县", "/tzgg/index.html"),
        ("<h1>通知公告</h1>" + LIST.replace("<span>", "<span>发布时间："), "通知公告_云溪县", "/tzgg/index.html"),
        (
            f'<div class="date">2026年8月10日 星期一</div><h2>通知公告</h2>{LIST}<h2>要闻</h2>{LIST}',
            "云溪县人民政府",
            "/",
        ),
        (f"<h1>信息公开指南</h1>{PROSE}<p>本指南自2026年3月1日起更新。</p>", "信息公开指南_云溪县", "/zn.html"),
        (f"<h1>张三</h1><p>1970年3月1日出生</p>{PROSE}", "张三_云溪县", "/ld/1.html"),
        ("<p>查询时间：2026-08-10</p><p>共找到 2026 条</p>", "搜索", "/s?q=1"),
    ],
)
def test_a_page_that_has_no_day_of_its_own(main: str, title: str, path: str) -> None:
    assert read(page(main, title=title), path).published is None


def test_a_standing_text_keeps_the_day_that_its_address_tells_and_a_column_none() -> None:
    text = page(f"<h1>机构职能</h1>{PROSE}{PROSE}", title="云溪县水利局")
    assert (fact := read(text, "/jgzn/t20260803_12.html")).published is not None
    assert fact.published is not None
    assert fact.published.source is DateSource.URL
    column = read(page(f"<h1>通知公告</h1>{LIST}"), "/tzgg/20260803/index.html")
    assert column.kind is PageKind.COLUMN
    assert column.published is None


def test_a_text_file_is_read_by_its_lines() -> None:
    fact = read(
        f"{TITLE}\r\n发布时间：2026-08-03\r\n来源：水利局\r\n\r\n" + "全县防汛会议在县政府召开。" * 20, "/a.txt"
    )
    assert fact.published is not None
    assert fact.published.value == DAY


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"code":0,"data":[{"publishTime":"2026-08-03"}]}',
        b"From: <x>\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n\r\n<html><h1>a=3D</h1>",
        b"\0" * 300,
        b"\xff\xfe<\0h\0",
        b'<meta name=PubDate content="9999-99-99"><time datetime="x">2026</time>',
        b"<p>\xe4\xba\x8c\xe3\x80\x87\xe4\xba\x8c\xe5\x85\xad\xe5\xb9\xb4\xe5\x8d\x81\xe4\xb8\x89\xe6\x9c\x88\xe4\xb8\x80\xe6\x97\xa5</p>",
    ],
)
def test_oddities_have_no_date_and_do_no_harm(body: bytes) -> None:
    assert read(body, "/odd").published is None
