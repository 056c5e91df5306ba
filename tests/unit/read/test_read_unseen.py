"""Kinds of page that the labelled corpus does not hold, found on pages that nobody had tuned the reading on."""

from __future__ import annotations

import pytest

from crawler.facts import DateSource, PageKind
from crawler.fetch.soft404 import signs_of
from tests.unit.read.pages import HOME, PROSE, page, read, reading

TITLES = (
    "关于做好秋粮收购工作的通知",
    "云溪县召开河长制工作推进会",
    "关于拟认定龙头企业名单的公示",
    "关于调整供水价格的公告",
)


def _rows(row: str) -> str:
    return "".join(row.format(n=n, t=title, d=f"2026-07-{28 - n}") for n, title in enumerate(TITLES))


# --------------------------------------------------------------------------- headings


@pytest.mark.parametrize(
    ("title", "main", "heading"),
    [
        (
            "云溪县人民政府网站 通知公告 关于做好森林防火工作的通知",
            "<table><tr><td>关于做好森林防火工作的通知</td></tr><tr><td>发布日期：2026-03-08</td></tr></table>",
            "关于做好森林防火工作的通知",
        ),
        (
            "云溪县人民政府",
            "<div class=title>中小企业服务需求调查</div><div>发布日期：2026-04-27　来源：县经信局</div>",
            "中小企业服务需求调查",
        ),
        (
            "县长主持召开常务会议_要闻_云溪县人民政府",
            "<div>县长主持召开常务会议 部署简政放权</div><div>2026-03-17 来源：县政府办</div>",
            "县长主持召开常务会议 部署简政放权",
        ),
        (
            "云溪县人民政府办公室关于印发规划的通知_云溪县人民政府",
            "<table><tr><td>发布机构：</td><td>云溪县人民政府办公室</td></tr></table>"
            "<h1>云溪县人民政府办公室关于印发规划的通知</h1><p>发布时间：2026-04-06</p>",
            "云溪县人民政府办公室关于印发规划的通知",
        ),
    ],
    ids=["end of the title", "site's title only", "goes on from the title", "office before the title"],
)
def test_a_heading_without_a_heading_element(title: str, main: str, heading: str) -> None:
    assert read(page(f"{main}<div>{PROSE}</div>", title=title), "/a/1.html").heading == heading


def test_lines_under_the_entries_of_a_list_make_no_heading() -> None:
    rows = _rows("<div><a href='/a/{n}.html'>{t}</a><p>近日我县召开会议部署工作</p><p>时间：{d}　浏览：3</p></div>")
    fact = read(page(f"<div>{rows}</div>", title="云溪县人民政府"), "/xw/")
    assert (fact.kind, fact.heading, fact.published) == (PageKind.COLUMN, "", None)


# --------------------------------------------------------------------------- dates and sources


@pytest.mark.parametrize(
    "line",
    [
        "【信息时间：2026-07-13　阅读次数：】【<a href='javascript:window.print()'>我要打印</a>】【<a href='javascript:window.close()'>关闭</a>】",
        "<span>稿源：县交通局宣传科</span><span>日期：<b>2026</b>年<b>7</b>月<b>13</b>日</span><span>点击量：8</span>",
    ],
)
def test_a_line_of_tools_and_elements_that_stand_close(line: str) -> None:
    main = f"<table><tr><td><b>县医院设备采购中标公示</b><br>{line}</td></tr><tr><td>{PROSE}</td></tr></table>"
    fact = read(page(main, title="云溪县公共资源交易网"), "/a/1.html")
    assert fact.kind is PageKind.ARTICLE
    assert fact.published is not None and fact.published.value.isoformat() == "2026-07-13"


def test_the_day_of_another_text_is_not_this_page_s() -> None:
    main = f"<h1>更楼街道绿化养护采购结果公示</h1><div><p>采购公告发布日期：2026年6月9日</p>{PROSE}</div>"
    fact = read(page(main, title="更楼街道绿化养护采购结果公示"), "/art/2026/7/1/art_1_5.html")
    assert fact.published is not None
    assert (fact.published.value.isoformat(), fact.published.source) == ("2026-07-01", DateSource.URL)


def test_a_source_ends_where_the_next_words_begin() -> None:
    main = f"<h1>县长调研秋粮生产</h1><h4><span>来源：县融媒体中心</span><span>发稿时间：2026-07-09</span></h4>{PROSE}"
    assert read(page(main, title="县长调研秋粮生产"), "/a/1.html").source == "县融媒体中心"


# --------------------------------------------------------------------------- kinds and zones


def test_a_class_that_tells_a_space_is_no_header() -> None:
    main = f"<div class='col-md-20 top20'><h1>河长制工作推进会</h1><p>发布时间：2026-07-13</p>{PROSE}</div>"
    fact = read(page(main, title="河长制工作推进会"), "/a/1.html")
    assert (fact.kind, fact.body_length > 60) == (PageKind.ARTICLE, True)


def test_a_leader_s_short_page_is_no_column() -> None:
    main = (
        "<div><p>李某某</p><p>县委副书记、县长</p><p>工作分工：领导县政府全面工作，主管审计工作，分管县审计局。</p>"
        "<p>个人简历：男，汉族，1975年3月生，大学学历，1997年7月参加工作，历任县政府办公室科员、副主任，县发展和改革局局长，现任县长。</p></div>"
    )
    assert read(page(main, title="李某某-领导之窗"), "/ldzc/xz/index.html").kind is PageKind.DOCUMENT


# --------------------------------------------------------------------------- lists and pagers


def test_the_head_of_a_table_tells_which_day_is_that_of_publication() -> None:
    rows = _rows("<tr><td><a href='/a/{n}.html'>{t}</a></td><td>2026-06-01</td><td>{d}</td></tr>")
    head = "<tr><th>标题</th><th>成文日期</th><th>发布日期</th></tr>"
    for table in (f"<table>{head}{rows}</table>", f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"):
        fact = read(page(table, title="政策文件"), "/zcwj/")
        assert [item.date.value.day for item in fact.items if item.date] == [28, 27, 26, 25]


def test_the_footer_of_a_card_is_not_the_page_s() -> None:
    rows = _rows(
        "<section class=card><header><a href='/a/{n}.html'>{t}</a></header>"
        "<footer><time>{d}</time> <em>县府办</em></footer></section>"
    )
    fact = read(page(f"<div>{rows}</div>", title="动态"), "/dt/")
    assert [(item.title, item.date.value.day) for item in fact.items if item.date] == [
        (title, 28 - number) for number, title in enumerate(TITLES)
    ]


def test_a_pager_in_the_list_s_container_is_no_entry() -> None:
    rows = _rows("· <a href='/a/{n}.html'>{t}</a> ({d})<br>")
    pager = "<a href='?p=2'>[下一页]</a> <a href='?p=9'>尾页</a>"
    fact = read(page(f"<div>{rows}{pager}</div>", title="工作动态"), "/gzdt/list.html")
    assert [item.title for item in fact.items] == list(TITLES)
    assert fact.next_pages == (f"{HOME}gzdt/list.html?p=2",)


def test_a_pager_that_sets_the_location_is_followed() -> None:
    rows = _rows("<li><span>{d}</span><a href='/a/{n}.html'>{t}</a></li>")
    pager = """<a class="next" href="#" onclick="location.href='index_7.jhtml'"> &gt;&gt; </a>"""
    fact = read(page(f"<ul>{rows}</ul><div class=pages>{pager}</div>", title="旅游快报"), "/lykb/index_6.jhtml")
    assert fact.next_pages == (f"{HOME}lykb/index_7.jhtml",)


# --------------------------------------------------------------------------- breadcrumb and marks


@pytest.mark.parametrize(
    "markup",
    [
        "<div class='top-wz'>您好，欢迎访问！</div>{}<div class=dqwz>您当前的位置：<a href='/'>首页</a> &gt; <a href='/zwgk/'>政务公开</a></div>",
        "<div class=curr>首页 &gt; 政务公开</div>",
        "<p class='detail_nav_lks'>当前位置：<a href='/'>首页</a>&nbsp;&raquo;&nbsp;<a href='/zwgk/'>政务公开</a></p>",
    ],
    ids=["another part named like one", "words without links", "named like a navigation"],
)
def test_the_way_from_home(markup: str) -> None:
    fact = read(page(markup.replace("{}", "") + PROSE), "/zwgk/1.html")
    assert [crumb.name for crumb in fact.breadcrumb] == ["首页", "政务公开"]


@pytest.mark.parametrize(
    ("foot", "icp", "police"),
    [
        ("主办：云溪县人民政府　滇ICP备12002233号　滇公网安备 53092202000101号", "滇ICP备12002233号", "53092202000101"),
        (
            "版权所有：云溪县人民政府　主办：云溪县人民政府　沪ICP备：12004267　沪公安备：31010102045442号",
            "12004267",
            "31010102045442",
        ),
        (
            "主办：云溪县人民政府　黔ICP备05001001号　公安机关备案号：52260002000001",
            "黔ICP备05001001号",
            "52260002000001",
        ),
        ("主办：云溪县人民政府　豫ICP备05024460号-1　郑公备：41010029000130", "豫ICP备05024460号-1", "41010029000130"),
        ("主办：云溪县人民政府　蜀ICP备19000001号　川公网安备51000002000001号", "蜀ICP备19000001号", "51000002000001"),
    ],
)
def test_marks_as_provinces_write_them(foot: str, icp: str, police: str) -> None:
    marks = read(page(PROSE, footer=f"<div class=footer><p>{foot}</p></div>")).marks
    assert icp in marks.icp and police in marks.police_filing and marks.organiser == "主办：云溪县人民政府"


# --------------------------------------------------------------------------- pages that say they are missing


@pytest.mark.parametrize(
    "words",
    [
        "您访问的网页已过期，5秒后返回首页",
        "此信息已过期或已被撤回！",
        "对不起，没有找到您要查看的信息！",
        "您查看的文章不存在或未审核",
        "非常抱歉，您所访问的内容已下线",
        "查无此信息！",
        "没有该文章或文章未审核",
        "网页地址错误，没有此页面。",
        "信息已被管理员删除",
    ],
)
def test_ways_to_say_that_a_page_is_missing(words: str) -> None:
    told = reading(page(f"<div><p>{words}</p></div>", title="提示信息"), "/a/123.html")
    assert len(signs_of(told.fact, told.text)) >= 2


@pytest.mark.parametrize(
    "words",
    [
        "该文件已失效。",
        "该公告已撤销。",
        "该信息已过期。",
        "很抱歉，没有找到您要搜索的信息。",
        "问：为什么提示“该页面不存在”？",
        "点击后显示“您访问的页面不存在”，请尽快修复。",
        "您没有权限查看该内容，请先登录。",
    ],
)
def test_what_only_sounds_like_it(words: str) -> None:
    told = reading(page(f"<div><p>{words}</p></div>", title="云溪县人民政府"), "/a/123.html")
    assert signs_of(told.fact, told.text) == []
