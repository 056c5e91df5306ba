"""The closer look at a few pages: sharing, leaving, banners; and what a script does."""

from __future__ import annotations

import pytest

from crawler.facts.behaviour import PageLook
from crawler.read.looks import is_library, look_at, script_fact
from crawler.read.platforms import platform_of
from crawler.read.titles import title_of
from tests.unit.read.pages import HOST, page, read


def look(main: str) -> PageLook:
    html = page(main)
    return look_at(read(html), html, frozenset({HOST}))


@pytest.mark.parametrize(
    "main",
    [
        '<div class="bdsharebuttonbox"><a class="bds_weixin"></a></div>',
        "<p>分享到：<a>微信</a></p>",
        '<a title="分享到微博" href="#"></a>',
        "<p>【<a href='#'>分享本页</a>】</p>",
        '<a href="http://service.weibo.com/share/share.php?url=1">微博</a>',
    ],
)
def test_shared(main: str) -> None:
    assert look(main).sharing


@pytest.mark.parametrize(
    "main",
    [
        "<p>会上，三个镇分享了经验做法，与会代表围绕数据共享展开讨论。</p>",
        '<div class="wx"><img src="/wx.png" alt="微信公众号"><img src="/wb.png" alt="官方微博"></div>',
        "<!-- <div class='bdsharebuttonbox'></div> -->",
    ],
)
def test_not_shared(main: str) -> None:
    assert not look(main).sharing


def test_foreign_links_and_what_guards_them() -> None:
    seen = look(
        '<a href="http://a.example/">甲</a><a href="http://b.example/" onclick="return ask(this)">乙</a>'
        '<a class="out-link" href="http://c.example/">丙</a><a href="/leave.html?to=http://d.example/">丁</a>'
        '<a href="http://e.example/"><img src="/e.png" alt="戊"></a>'
    )
    links = {link.text: link.guarded for link in seen.foreign if "example" in link.url}
    assert links == {"甲": False, "乙": True, "丙": True, "戊": False}


@pytest.mark.parametrize(
    "script",
    [
        'if(confirm("您即将离开云溪县人民政府网站，是否继续？"))',
        r'layer.open("\u60a8\u8bbf\u95ee\u7684\u94fe\u63a5\u5373\u5c06\u79bb\u5f00\u672c\u7f51\u7ad9")',
    ],
)
def test_a_prompt_in_the_page(script: str) -> None:
    assert look(f"<script>{script}</script>").prompt


def test_a_script_that_handles_links_in_ways_unknown() -> None:
    seen = look('<script>if(this.href.indexOf("gov.cn")<0){layer.confirm("tip")}</script>')
    assert seen.handles and not seen.prompt


def test_a_page_without_a_prompt() -> None:
    assert not look("<p>雨天路滑，请勿离开景区步道。</p><script>confirm('确定提交吗')</script>").prompt


def test_banners() -> None:
    seen = look(
        '<div id="float1" style="z-index:9"><a href="http://a.example/"><img src="/a.gif" alt="甲"></a></div>'
        '<div class="ad-box"><a href="http://b.example/"><img src="/b.gif"></a></div>'
        '<div class="float-left"><a href="http://c.example/"><img src="/c.gif"></a></div>'
        '<div class="header"><a href="http://d.example/"><img src="/d.gif"></a></div>'
        '<div class="ad-box"><a href="http://e.example/">文字</a></div>'
        '<div class="ad-box"><a href="/zt/"><img src="/e.gif"></a></div>'
    )
    assert [(banner.url, banner.place) for banner in seen.banners] == [
        ("http://a.example/", "floating"),
        ("http://b.example/", "slot"),
    ]


def test_what_a_script_does() -> None:
    unread = script_fact("http://www.yunxi.gov.cn/js/a.js", None)
    assert not unread.read
    leaves = script_fact("http://www.yunxi.gov.cn/js/a.js", 'confirm("您即将离开本网站")')
    assert leaves.read and leaves.prompt and not leaves.sharing
    shares = script_fact("http://www.yunxi.gov.cn/js/share.js", "var a=1;")
    assert shares.sharing and not shares.prompt
    handles = script_fact("http://www.yunxi.gov.cn/js/b.js", 'if(h.indexOf("gov.cn")<0){layer.open({content:tip})}')
    assert handles.handles and not handles.prompt
    plain = script_fact("http://www.yunxi.gov.cn/js/c.js", "function setHome(){alert('请按 Ctrl+D')}")
    assert plain.read and not (plain.sharing or plain.prompt or plain.handles)


def test_libraries_are_told_by_their_names() -> None:
    assert is_library("http://www.yunxi.gov.cn/js/jquery-3.6.0.min.js")
    assert is_library("https://hm.baidu.com/hm.js?123")
    assert not is_library("http://www.yunxi.gov.cn/js/jquery.share.min.js")
    assert not is_library("http://www.yunxi.gov.cn/js/main.js")


def test_titles_of_foreign_pages() -> None:
    html = "<html><head><meta charset=gb2312><title> 域名\n出售 &amp; 转让</title></head>"
    assert title_of(html.encode("gbk"), "text/html") == "域名 出售 & 转让"
    assert title_of(b"<p>no title</p>", "text/html") == ""
    assert len(title_of(f"<title>{'长' * 500}</title>".encode(), "text/html; charset=utf-8")) == 200


def test_platforms() -> None:
    hanweb = read(page("".join(f'<a href="/col/col{n}/index.html">栏目{n}</a>' for n in range(4))))
    assert platform_of(hanweb, hanweb.links) == "大汉"
    named = read(page("<p>首页</p>", head='<meta name="generator" content="TRS WCM 7">'))
    assert platform_of(named, ()) == "TRS"
    plain = read(page("<p>首页</p>"))
    assert platform_of(plain, plain.links) == ""
