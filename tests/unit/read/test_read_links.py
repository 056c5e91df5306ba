"""Links: which are kept, what a reader sees of them, where they stand, and which lead nowhere."""

from __future__ import annotations

import pytest

from crawler.facts import Link, PageFact, Region, Resource
from crawler.read.page import PageReader
from tests.unit.read.pages import AS_OF, HOME, HOST, PROSE, entries, page, read


def by_text(fact: PageFact, text: str) -> Link:
    return next(link for link in fact.links if link.text == text)


def of(markup: str) -> tuple[Link, ...]:
    return read(page(markup, nav="", footer="")).links


def test_every_kind_of_reference_is_a_link() -> None:
    fact = read(
        page(
            '<a href="a.html">甲</a><img src="b.png" alt="乙"><map><area href="/c.html" alt="丙"></map><iframe src="/d.html"></iframe>'
            '<script src="/e.js"></script><video src="/f.mp4"></video><a href="/g.docx">附件</a>',
            head='<link rel="stylesheet" href="/h.css"><link rel="canonical" href="/no">',
            nav="",
            footer="",
        )
    )
    assert {(link.url.removeprefix(f"http://{HOST}"), link.tag, link.resource) for link in fact.links} == {
        ("/tzgg/a.html", "a", Resource.PAGE),
        ("/tzgg/b.png", "img", Resource.IMAGE),
        ("/c.html", "area", Resource.PAGE),
        ("/d.html", "iframe", Resource.FRAME),
        ("/e.js", "script", Resource.SCRIPT),
        ("/f.mp4", "video", Resource.MEDIA),
        ("/g.docx", "a", Resource.ATTACHMENT),
        ("/h.css", "link", Resource.STYLE),
    }


def test_comments_and_script_strings_hold_no_links() -> None:
    assert of('<!-- <a href="/x.html">旧</a> --><script>var t=\'<a href="/y.html">更多</a>\';</script>') == ()


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ('<a href="/x.html"> 通知 <b>公告</b></a>', "通知 公告"),
        ('<a href="/x.html" title="标题"></a>', "标题"),
        ('<a href="/x.html"><img src="/i.png" alt="图标"></a>', "图标"),
        ('<a href="/files/%E9%99%84%E4%BB%B6.doc"></a>', "附件.doc"),
    ],
)
def test_the_words_of_a_link(markup: str, text: str) -> None:
    assert of(markup)[0].text == text


def test_the_base_element_holds_for_all() -> None:
    assert read(page('<a href="a.html">甲</a>', head='<base href="/other/">', nav="", footer="")).links[0].url == (
        f"http://{HOST}/other/a.html"
    )


@pytest.mark.parametrize(
    "href",
    [
        "",
        "#",
        "javascript:;",
        "javascript:void(0)",
        "javascript:void(0);",
        "javascript:",
        " # ",
        "http://",
        "file:///D:/a.doc",
    ],
)
def test_a_link_that_leads_nowhere_has_no_address(href: str) -> None:
    links = of(f'<ul><li><a href="{href}">年度报告</a></li></ul>')
    assert [(link.url, link.href, link.text) for link in links] == [("", href, "年度报告")]


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="#" onclick="vote(3)">投票</a>',
        '<a href="javascript:void(0)" id="openMenu">展开目录</a>',
        '<a href="javascript:;" data-toggle="modal">在线申请</a>',
        '<a href="javascript:setHome(this)">网站主页</a>',
        '<a href="javascript:void(0)">设为首页</a>',
        '<a href="#">【打印本页】</a>',
        '<a href="javascript:;">返回顶部</a>',
        '<a href="#top">正文开始</a>',
        '<a href="mailto:a@yunxi.gov.cn">邮箱地址</a>',
        '<a href="tel:12345">政务热线</a>',
        '<a name="here">锚点</a>',
        '<div class="tab-hd"><a href="#">今日要闻</a></div>',
        '<div class="swiper-box slide"><ul><li><a href="#">图片新闻</a></li></ul></div>',
        '<ul><li><a href="#">政务公开</a><ul><li><a href="/gk/">指南</a></li></ul></li></ul>',
        '<a href="{{item.url}}">模板条目</a>',
    ],
)
def test_what_has_a_use_is_no_placeholder(markup: str) -> None:
    assert [link for link in of(markup) if not link.url] == []


@pytest.mark.parametrize(
    "markup",
    [
        """<a href="#" onclick="window.open('/x/y.html')">附件</a>""",
        """<a href="javascript:window.open('/x/y.html')">附件</a>""",
        """<a href="javascript:void(0)" onclick="location.href='/x/y.html'">附件</a>""",
        """<a onclick='window.location.href="/x/y.html"'>附件</a>""",
    ],
)
def test_what_a_script_opens_is_the_address(markup: str) -> None:
    assert [link.url for link in of(markup)] == [f"http://{HOST}/x/y.html"]


def test_regions() -> None:
    fact = read(
        page(
            '<div class="pos">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">公开</a></div>'
            + entries(
                ("a1.html", "关于召开全县防汛工作会议的通知", "2026-08-03"),
                ("a2.html", "关于停电检修的公告", "2026-08-01"),
            )
            + '<div class="gg"><a href="/gg.html">广告位</a></div>'
        )
    )
    assert by_text(fact, "政务公开").region is Region.NAVIGATION
    assert by_text(fact, "公开").region is Region.BREADCRUMB
    assert by_text(fact, "关于停电检修的公告").region is Region.LIST
    assert by_text(fact, "网站地图").region is Region.FOOTER
    assert by_text(fact, "广告位").region is Region.OTHER


def test_links_in_an_article_are_of_its_body() -> None:
    fact = read(
        page(
            f'<h1>关于做好秋粮收购的通知</h1><div id="zoom">{PROSE}<p><a href="f.doc">附件1</a></p></div>',
            head='<meta name="ArticleTitle" content="关于做好秋粮收购的通知"><meta name="PubDate" content="2026-08-03 10:00">',
        ),
        "/tzgg/202608/t20260803_1.html",
    )
    assert by_text(fact, "附件1").region is Region.BODY


def test_a_wrapper_named_like_a_footer_does_not_hide_the_page() -> None:
    rows = [(f"a{i}.html", f"关于第{i}批农村公路养护工程招标的公告", f"2026-07-{i:02}") for i in range(10, 24)]
    fact = read(f"<html><body><div class='footer'><h2>通知公告</h2>{entries(*rows)}</div></body></html>")
    assert len(fact.items) == len(rows)


def test_navigation_is_made_once_for_all_pages() -> None:
    reader = PageReader(HOME, frozenset({HOST}), AS_OF)
    one = read(page("<p>甲</p>"), "/a/index.html", reader=reader)
    other = read(page("<p>乙</p>"), "/b/index.html", reader=reader)
    assert by_text(one, "通知公告") is by_text(other, "通知公告")


def test_a_page_that_sends_on_links_to_its_target() -> None:
    refresh = read('<html><head><meta http-equiv="refresh" content="0; URL=/web/index.html"></head></html>', "/")
    assert [(link.tag, link.url) for link in refresh.links] == [("meta", f"http://{HOST}/web/index.html")]
    script = read("<html><script>window.location.href='/web/main.html';</script></html>", "/")
    assert [(link.tag, link.url) for link in script.links] == [("script", f"http://{HOST}/web/main.html")]


def addresses(markup: str) -> list[str]:
    return [link.url.removeprefix(f"http://{HOST}") for link in of(markup) if link.url]


@pytest.mark.parametrize(
    ("markup", "address"),
    [
        ("<a href=\"javascript:openUrl('/x/y.html')\">办事</a>", "/x/y.html"),
        (
            "<a href=\"#\" onclick=\"return openNewWindow('http://b.example/z', '_blank')\">外链</a>",
            "http://b.example/z",
        ),
        ('<a href="#" onclick="goUrl(this, \'/x/\')">栏目</a>', "/x/"),
        ('<a href="javascript:void(0)" onclick="window.open(encodeURI(\'/x/y.html\'))">附件</a>', "/x/y.html"),
        ('<a href="javascript:;" data-href="/x/y.html">附件</a>', "/x/y.html"),
        ('<a href="javascript:;" data-url="/x/y.html">附件</a>', "/x/y.html"),
        ("<ul><li onclick=\"location.href='/x/y.html'\">整行可点</li></ul>", "/x/y.html"),
        ('<div class="tile" data-href="/x/y.html">办事大厅</div>', "/x/y.html"),
        ('<input type="button" value="更多" onclick="window.open(\'/x/y.html\')">', "/x/y.html"),
        ("<button onclick=\"window.location='/x/y.html'\">进入</button>", "/x/y.html"),
        ("<map><area href=\"javascript:window.open('/x/y.html')\"></map>", "/x/y.html"),
        (
            '<select onchange="window.open(this.value)"><option>友情链接</option>'
            '<option value="http://b.example/">某省政府</option></select>',
            "http://b.example/",
        ),
        ('<select onchange="location.href=this.value"><option value="/x/">乡镇</option></select>', "/x/"),
        ('<form><select name="s"><option value="http://b.example/">某部</option></select></form>', "http://b.example/"),
        ('<svg viewBox="0 0 9 9"><a xlink:href="/x/y.html"><text>地图</text></a></svg>', "/x/y.html"),
    ],
)
def test_what_acts_as_a_link_is_one(markup: str, address: str) -> None:
    assert addresses(markup) == [address]


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="#" onclick="window.open(\'/show?id=\'+id)">详情</a>',
        "<a href=\"#\" onclick=\"location.href='/a/' + id + '.html'\">详情</a>",
        "<a href=\"/a/'+id+'.html\">模板</a>",
        '<a href="javascript:openUrl(url)">详情</a>',
        "<a href=\"javascript:openUrl('x.html')\">不知道从哪里算起</a>",
        "<a href=\"javascript:vote('/api/vote')\">投票</a>",
        "<a href=\"javascript:openUrl('/a/${id}.html')\">模板</a>",
        '<a href="javascript:;" data-url="/api/list?page=2">更多条目</a>',
        '<div class="list" data-url="/api/list">列表</div>',
        "<div onclick=\"toggle('/x')\">展开</div>",
        '<select name="page"><option value="1">第1页</option><option value="2">第2页</option></select>',
        '<select name="area"><option value="/x/">未说明去向</option></select>',
        '<svg><path d="M0 0"></path></svg>',
    ],
)
def test_what_is_no_address_is_no_link(markup: str) -> None:
    assert addresses(markup) == []


def test_a_chosen_link_bears_its_words() -> None:
    markup = '<select onchange="window.open(this.value)"><option value="http://b.example/"> 某省政府 </option></select>'
    assert [(link.text, link.tag, link.resource) for link in of(markup)] == [("某省政府", "option", Resource.PAGE)]


def test_what_a_choice_says_is_no_text_of_the_page() -> None:
    plain = read(page("<p>正文</p>", nav="", footer=""))
    chosen = read(
        page('<p>正文</p><select><option value="http://b.example/">某省政府</option></select>', nav="", footer="")
    )
    assert chosen.text_length == plain.text_length


@pytest.mark.parametrize(
    "script",
    ["location.replace('/new/')", "window.location.href = '/new/';", "setTimeout(\"top.location='/new/'\", 3000)"],
)
def test_an_empty_page_that_sends_its_reader_on(script: str) -> None:
    fact = read(f"<html><head><title>x</title></head><body><script>{script}</script></body></html>")
    assert [(link.url, link.tag) for link in fact.links] == [(f"http://{HOST}/new/", "script")]


def test_an_address_that_a_script_puts_together_sends_nobody_on() -> None:
    assert read("<html><body><script>location.href='/new/'+id;</script></body></html>").links == ()


def test_a_list_is_read_from_the_base_too() -> None:
    fact = read(
        page(
            entries(
                ("a1.html", "关于召开全县防汛工作会议的通知", "2026-08-03"),
                ("a2.html", "关于停电检修的公告", "2026-08-01"),
                ("a3.html", "关于征集意见的公告", "2026-07-30"),
            ),
            head='<base href="/other/">',
        )
    )
    assert [item.url for item in fact.items] == [f"http://{HOST}/other/a{number}.html" for number in (1, 2, 3)]


def test_the_error_report_is_known_with_the_address_of_the_page_behind_it() -> None:
    opened = "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=6109990001&url="
    fact = read(
        page(f"""<a href="#" onclick="window.open('{opened}'+location.href)"><img src="/i.png"></a>""", footer="")
    )
    assert fact.marks.error_report == opened
