"""What hides a link to a foreign host, and what only looks like it."""

from __future__ import annotations

import pytest

from crawler.facts.behaviour import Sign, Suspect
from crawler.read.concealment import style_hides
from tests.unit.read.pages import HOME, page, read

SHOP = "http://shop.example/"
LINK = f'<a href="{SHOP}">特产</a>'
CASINO = f'<a href="{SHOP}">澳门葡京娱乐城</a>'


def signs(main: str, *, rendered: bool = False, footer: str = "") -> list[Suspect]:
    return list(read(page(main, footer=footer), rendered=rendered).suspects)


@pytest.mark.parametrize(
    ("main", "means"),
    [
        (f'<div style="position:absolute;left:-9999px">{LINK}</div>', "off-screen"),
        (f'<p style="top: -3000px; position: fixed">{LINK}</p>', "off-screen"),
        (f'<div style="position:absolute;left:-999em"><ul><li>{LINK}</li></ul></div>', "off-screen"),
        (f'<div style="width:1px;height:1px;overflow:hidden">{LINK}</div>', "zero-size"),
        (f'<marquee width="1" height="1">{LINK}</marquee>', "zero-size"),
        (f'<marquee scrollamount="5000">{LINK}</marquee>', "zero-size"),
        (f'<span style="color:#fff; background-color:#FFF">{LINK}</span>', "same-colour"),
        (f'<style>.k1 {{ position:absolute; left:-2000px }}</style><p class="k1">{LINK}</p>', "off-screen"),
        (f'<style>#k2{{position:absolute}} #k2{{left:-2000px}}</style><p id="k2">{LINK}</p>', "off-screen"),
        (f'<div style="display:none">{CASINO}</div>', "not-shown"),
        (f'<p style="font-size:0">{CASINO}</p>', "zero-size"),
        (f"<p hidden>{CASINO}</p>", "not-shown"),
    ],
)
def test_hidden(main: str, means: str) -> None:
    (sign,) = signs(main)
    assert (sign.sign, sign.url, sign.means) == (Sign.HIDDEN_LINK, SHOP, means)
    assert sign.quote


@pytest.mark.parametrize(
    "main",
    [
        f"<p>{LINK}</p>",
        f"<p>{CASINO}</p>",
        f'<div class="tab" style="display:none">{LINK}</div>',
        f'<ul style="font-size:0"><li style="font-size:14px">{LINK}</li></ul>',
        f'<div style="position:absolute;left:-20px">{LINK}</div>',
        f'<div style="position:relative;left:-375px">{LINK}</div>',
        f'<div style="display:none;width:0;height:0">{LINK}</div>',
        '<div style="position:absolute;left:-9999px"><a href="/wza.html">跳到正文</a></div>',
        f'<div style="position:absolute;left:-9999px"><a href="{HOME}b.html">跳到正文</a></div>',
        '<div style="position:absolute;left:-9999px"><a href="http://www.shaanxi.gov.cn/">省政府</a></div>',
        f'<div style="position:absolute;left:-9999px"><a href="{SHOP}"></a></div>',
        f'<p style="color:#333;background:#fff">{LINK}</p>',
        f'<style>@media print {{ .k3 {{ position:absolute; left:-2000px }} }}</style><p class="k3">{LINK}</p>',
        f'<marquee width="300" scrollamount="4">{LINK}</marquee>',
        f'<!-- <div style="position:absolute;left:-9999px">{LINK}</div> -->',
    ],
)
def test_not_hidden(main: str) -> None:
    assert signs(main) == []


def test_what_a_browser_has_moved_says_nothing() -> None:
    assert signs(f'<div style="position:absolute;left:-1903px">{LINK}</div>', rendered=True) == []
    assert signs(f'<div style="display:none">{CASINO}</div>', rendered=True)


def test_links_of_one_container_are_all_told() -> None:
    links = "".join(f'<a href="http://s{n}.example/">特产{n}</a>' for n in range(30))
    assert len(signs(f'<div style="position:absolute;left:-9999px">{links}</div><p>{LINK}</p>')) == 30


def test_a_hidden_link_in_the_footer() -> None:
    footer = f'<div class="footer"><p style="position:absolute;left:-9999px">{LINK}</p><p>主办单位：云溪县</p></div>'
    assert [sign.url for sign in signs("<p>正文</p>", footer=footer)] == [SHOP]


@pytest.mark.parametrize(
    ("frame", "found"),
    [
        ('<iframe src="http://evil.example/" width="0" height="0"></iframe>', True),
        ('<iframe src="http://evil.example/" style="width:1px;height:1px"></iframe>', True),
        ('<iframe src="http://video.example/" width="640" height="360"></iframe>', False),
        ('<iframe src="/count.html" width="0" height="0"></iframe>', False),
        ('<iframe src="http://tongji.shaanxi.gov.cn/" width="0" height="0"></iframe>', False),
    ],
)
def test_frames(frame: str, found: bool) -> None:
    assert [sign.sign for sign in signs(frame)] == [Sign.ZERO_FRAME] * found


@pytest.mark.parametrize(
    ("script", "means"),
    [
        ('if(navigator.userAgent.toLowerCase().indexOf("baidu")==-1){document.title="云溪县"}', "by-visitor"),
        (
            'var r=document.referrer;if(r.indexOf("baidu")>0||r.indexOf("sogou")>0){location.href="http://x.example"}',
            "by-visitor",
        ),
        ('if(/baidu|sogou/i.test(document.referrer)){window.location="http://x.example"}', "by-visitor"),
        (r'window["\x64\x6f\x63\x75\x6d\x65\x6e\x74"]["\x77\x72\x69\x74\x65"]("x")', "encoded-write"),
        ("eval(String.fromCharCode(60,115,99,114,105,112,116,32,115,114,99,61,34,104))", "encoded-write"),
        ("document.write(\"<div style='display:none'>\");", "hidden-wrapper"),
        ('var hm=document.createElement("script");hm.src="https://hm.baidu.com/hm.js?1";', ""),
        ('var from=document.referrer;visits=(from.indexOf("yunxi")>-1)?1:0;', ""),
        ('if(/Android|iPhone/i.test(navigator.userAgent)){location.href="/m/"}', ""),
        ('var ua=navigator.userAgent;if(ua.indexOf("MSIE 6")>0){location.href="/old.html"}', ""),
        ('document.write(unescape("%3Cspan%3E"))', ""),
    ],
)
def test_scripts(script: str, means: str) -> None:
    assert [sign.means for sign in signs(f"<p>正文</p><script>{script}</script>")] == ([means] if means else [])


def test_a_style_is_told_by_what_it_says() -> None:
    assert style_hides("color:red") is None
    strong, weak = style_hides("left:-8000px;position:fixed"), style_hides("visibility: hidden")
    assert strong is not None and strong.strong
    assert weak is not None and not weak.strong
