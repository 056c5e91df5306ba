"""What a page is and says: kind, labels, heading, breadcrumb, footer marks, search, notices, scripts."""

from __future__ import annotations

import hashlib

import pytest

from crawler.facts import Outcome, PageKind
from tests.unit.read.pages import FOOTER, HOST, PROSE, entries, page, read

ROWS = (
    ("1.html", "关于召开全县防汛工作会议的通知", "2026-08-03"),
    ("2.html", "云溪县二〇二六年秋粮收购公告", "2026-07-21"),
)
LONG = PROSE * 4


@pytest.mark.parametrize(
    ("html", "path", "kind"),
    [
        (page(entries(*ROWS)), "/", PageKind.HOME),
        (page(entries(*ROWS)), "/index.html", PageKind.HOME),
        (page(entries(*ROWS), head='<meta name="ColumnName" content="首页">'), "/web/index.html", PageKind.HOME),
        (page(entries(*ROWS)), "/tzgg/", PageKind.COLUMN),
        (page("", head='<meta name="ColumnName" content="通知公告">'), "/tzgg/", PageKind.COLUMN),
        (page("<p>暂无信息</p>"), "/tzgg/index.html", PageKind.COLUMN),
        (
            page(f"<h1>标题甲乙丙丁</h1>{PROSE}", head='<meta name="ArticleTitle" content="标题甲乙丙丁">'),
            "/a.html",
            PageKind.ARTICLE,
        ),
        (page(PROSE, head='<meta name="PubDate" content="2026-08-01">'), "/a.html", PageKind.ARTICLE),
        (page(f"<h1>云溪县召开会议</h1><p>时间：2026-08-01</p>{LONG}"), "/a.html", PageKind.ARTICLE),
        (page(f"<h1>政府信息公开指南</h1>{LONG}"), "/zwgk/zn.html", PageKind.DOCUMENT),
        (page("<p>短</p>"), "/x.html", PageKind.OTHER),
        (page(LONG + entries(*ROWS)), "/a.html", PageKind.DOCUMENT),
    ],
)
def test_kind(html: str, path: str, kind: PageKind) -> None:
    assert read(html, path).kind is kind


def test_a_policy_document_with_one_linked_table_row_is_no_column() -> None:
    table = "<table><tr><td>标题</td><td><a href='x.html'>关于印发方案的通知</a></td></tr><tr><td>成文日期</td><td>2026年07月01日</td></tr><tr><td>发布日期：</td><td>2026年07月08日</td></tr></table>"
    fact = read(page(f"{table}<div>{LONG}</div>"), "/zc/content_1.htm")
    assert fact.kind is PageKind.ARTICLE
    assert fact.published is not None
    assert fact.published.value.day == 8


def test_labels_stand_in_page_order_and_may_stand_twice() -> None:
    fact = read(
        page(
            "",
            head='<meta name="SiteIDCode" content="6109990001"><META NAME="siteidcode" CONTENT="6109990002"><meta name="ColumnName" content="">',
        )
    )
    assert fact.labels == (("SiteIDCode", "6109990001"), ("siteidcode", "6109990002"), ("ColumnName", ""))
    assert fact.label("SITEIDCODE") == "6109990001"


def test_labels_that_a_stray_character_pushed_into_the_body_are_read() -> None:
    assert (
        read("\ufeff\ufeff" + page("", head='<meta name="ColumnName" content="通知公告">')).label("ColumnName")
        == "通知公告"
    )


def test_the_heading_is_the_title_as_it_stands_on_the_page() -> None:
    head = '<meta name="ArticleTitle" content="关于做好二〇二六年秋粮收购工作的通知">'
    fact = read(
        page(f"<h1>云溪县人民政府</h1><p class='t'>关于做好二〇二六年<br>秋粮收购工作的通知</p>{PROSE}", head=head),
        "/a.html",
    )
    assert fact.heading == "关于做好二〇二六年秋粮收购工作的通知"


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="pos">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 通知公告</div>',
        '<div>您现在的位置：<a href="/">首页</a>&nbsp;&gt;&gt;&nbsp;<a href="/zwgk/">政务公开</a>&nbsp;&gt;&gt;&nbsp;<span>通知公告</span></div>',
        '<table><tr><td>当前位置：</td><td><a href="/">首页</a></td><td>&gt;</td><td><a href="/zwgk/">政务公开</a></td><td>&gt; 通知公告</td></tr></table>',
        '<ul class="breadcrumb"><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li><li>通知公告</li></ul>',
        '<p><b>您所在的位置：</b><a href="/">首页</a> / <a href="/zwgk/">政务公开</a> / 通知公告</p>',
    ],
)
def test_breadcrumb(markup: str) -> None:
    fact = read(page(markup + entries(*ROWS)))
    assert [(crumb.name, crumb.url) for crumb in fact.breadcrumb] == [
        ("首页", f"http://{HOST}/"),
        ("政务公开", f"http://{HOST}/zwgk/"),
        ("通知公告", ""),
    ]


def test_footer_marks() -> None:
    marks = read(page(entries(*ROWS))).marks
    assert (marks.icp, marks.police_filing, marks.site_code) == (
        "陕ICP备12345678号-1",
        "陕公网安备 61099902000001号",
        "6109990001",
    )
    assert marks.badge.startswith("https://bszs.conac.cn/")
    assert marks.organiser == "主办单位：云溪县人民政府办公室"
    assert marks.contact == "联系电话：0915-1234567"
    assert marks.sitemap == f"http://{HOST}/wzdt.html"
    assert marks.error_report == "https://zfwzgl.www.gov.cn/exposure/jiucuo.js"
    assert not marks.scripted


def test_absent_marks_are_empty_and_known_to_be() -> None:
    marks = read(page(entries(*ROWS), footer="<div class='footer'><p>云溪县水利局 电话见门牌</p></div>")).marks
    assert (marks.icp, marks.police_filing, marks.site_code, marks.badge, marks.sitemap, marks.error_report) == (
        "",
    ) * 6
    assert not marks.scripted


@pytest.mark.parametrize(
    "footer",
    [
        '<div class="footer"></div>',
        '<div class="footer"><script src="/js/x.js"></script></div>',
        '<script src="/images/footer.js"></script>',
        "<script>document.write('<div>主办单位：云溪县政府</div>');</script>",
        "<div id='bottom'></div><script>$('#bottom').load('/bottom.html');</script>",
        '<div class="foot"><script>document.write(foot());</script></div>',
    ],
)
def test_a_footer_that_a_script_writes_proves_nothing(footer: str) -> None:
    assert read(page(entries(*ROWS), footer=footer)).marks.scripted


def test_the_badge_script_alone_does_not_make_a_footer_scripted() -> None:
    badge = "<script>document.write(unescape(\"%3Cscript src='//dcs.conac.cn/js/1.js'%3E%3C/script%3E\"));</script>"
    marks = read(
        page(entries(*ROWS), footer=f"<div><p>主办：云溪县人民政府办公室 网站标识码：6109990001</p>{badge}</div>")
    ).marks
    assert marks.badge
    assert not marks.scripted


def test_search_forms() -> None:
    fact = read(
        page(
            '<form action="/search.jsp" method="post"><input type="hidden" name="webid" value="3"><input name="q" placeholder="请输入关键字"><input type="submit" value="搜索"></form>'
        )
    )
    (form,) = fact.search_forms
    assert (form.action, form.method, form.field, form.fixed) == (
        f"http://{HOST}/search.jsp",
        "post",
        "q",
        (("webid", "3"),),
    )
    login = read(
        page(
            '<form action="/login"><input name="user"><input type="password" name="pw"><input type="submit" value="登录"></form>'
        )
    )
    assert login.search_forms == ()


@pytest.mark.parametrize("words", ["内容建设中，敬请期待", "该栏目暂无内容", "栏目建设中...", "暂无数据"])
def test_a_page_that_says_it_is_empty(words: str) -> None:
    fact = read(page(f"<h2>政策解读</h2><p>{words}</p>", head='<meta name="ColumnName" content="政策解读">'), "/zcjd/")
    assert fact.notice == words
    assert (fact.items, fact.body_length) == ((), 0)


def test_an_article_that_speaks_of_building_is_not_empty() -> None:
    assert read(page(f"<h1>县医院新院区正在建设中</h1><p>时间：2026-08-01</p>{LONG}"), "/a.html").notice == ""


@pytest.mark.parametrize(
    "html",
    [
        "<title>404 Not Found</title><h1>404 Not Found</h1>",
        "<title>云溪县</title><p>您访问的页面不存在或已删除！</p>",
        "<title>提示</title><div>对不起，该信息不存在</div>",
    ],
)
def test_a_page_that_says_it_is_missing(html: str) -> None:
    assert read(html, "/a.html").missing


def test_an_article_about_404_is_not_missing() -> None:
    fact = read(
        page(f"<h1>网站出现404页面不存在怎么办</h1><p>时间：2026-08-01</p>{LONG}", title="网站出现404页面不存在怎么办"),
        "/a.html",
    )
    assert fact.missing == ""


@pytest.mark.parametrize(
    "main",
    [
        '<ul id="newsList"></ul><script>$.ajax({url:"/api/list.do",success:function(d){}});</script>',
        '<ul class="list-box"></ul><script>render("list-box")</script>',
        '<div id="app"></div><script src="/static/js/app.3f2a.js"></script>',
        '<ul><li v-for="item in items">{{item.title}}</li></ul>',
    ],
)
def test_a_list_left_to_scripts(main: str) -> None:
    fact = read(page(main, head='<meta name="ColumnName" content="通知公告">'))
    assert fact.scripted
    assert not read(page(main, head='<meta name="ColumnName" content="通知公告">'), rendered=True).scripted


def test_a_list_that_is_simply_empty_is_not_scripted() -> None:
    fact = read(
        page('<ul class="list"></ul><script>var _hmt=[];</script>', head='<meta name="ColumnName" content="通知公告">')
    )
    assert (fact.scripted, fact.items) == (False, ())


def test_a_shell_is_told() -> None:
    shell = '<html><body><div id="app"></div><script src="/js/app.js"></script></body></html>'
    assert read(shell, "/").outcome is Outcome.EMPTY_SHELL
    assert read(shell, "/", rendered=True).outcome is Outcome.OK
    assert read("<html><body></body></html>", "/").outcome is Outcome.OK


def test_frames_that_may_hold_the_list() -> None:
    fact = read(
        page(
            '<div class="main"><iframe src="/list/inner.html"></iframe><iframe src="http://tianqi.example.com/w"></iframe></div>',
            head='<meta name="ColumnName" content="通知公告">',
        )
    )
    assert fact.embedded == (f"http://{HOST}/list/inner.html",)


def test_lengths_and_hash() -> None:
    html = page(f'<h1>政府信息公开指南</h1><div id="zoom">{LONG}</div>')
    fact = read(html, "/zn.html")
    assert (
        fact.body_length
        == len("全县秋粮收购和储备工作扎实推进，各乡镇各部门压实责任，及时足额兑付售粮款，切实保护种粮农民利益。") * 12
    )
    assert fact.text_length > fact.body_length
    assert fact.sha256 == hashlib.sha256(html.encode()).hexdigest()


def test_the_footer_is_no_body() -> None:
    assert read(page("", head='<meta name="ColumnName" content="通知公告">', footer=FOOTER)).body_length == 0
