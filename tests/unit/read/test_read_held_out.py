"""Faults of reading found on a second set of pages that nobody had tuned it on, each as a small page of its kind."""

from __future__ import annotations

import pytest

from crawler.facts import PageFact, PageKind
from crawler.read.pagination import COMPUTED
from tests.unit.read.pages import HOME, PROSE, page, read

TITLES = (
    "关于做好秋粮收购工作的通知",
    "云溪县召开河长制工作推进会",
    "关于拟认定龙头企业名单的公示",
    "关于调整供水价格的公告",
)
TITLE = "云溪县召开秋粮收购工作推进会"
STEPS = '<a href="/">首页</a> &gt; <a href="/xwzx/">新闻中心</a> &gt; <a href="/xwzx/yw/">云溪要闻</a>'


def _names(fact: PageFact) -> list[str]:
    return [crumb.name for crumb in fact.breadcrumb]


def _titles(fact: PageFact) -> list[str]:
    return [item.title for item in fact.items]


# --------------------------------------------------------------------------- breadcrumbs and headings


@pytest.mark.parametrize("name", ["Article-wz", "con_wz", "xl-wz"])
def test_an_article_named_wz_is_no_breadcrumb(name: str) -> None:
    head = f'<meta name="ArticleTitle" content="{TITLE}">'
    main = f'<div class="crumbs">{STEPS}</div><div class="{name}"><h2>{TITLE}</h2>{PROSE * 3}</div>'
    told = read(page(main, head=head, title=TITLE), "/xwzx/yw/123.html")
    assert told.heading == TITLE
    assert _names(told) == ["首页", "新闻中心", "云溪要闻"]


@pytest.mark.parametrize(
    "title", ["云溪县财政局 - 通知公告 - {}", "云溪县财政局_{}", "{}-云溪县财政局", "云溪县人民政府网站|{}"]
)
def test_a_title_that_begins_with_the_site(title: str) -> None:
    """The organ that signs the text is not the heading, and the day it was signed not the publication's."""
    own = "关于下达秋粮收购专项资金的通知"
    main = (
        f'<div class="detail"><h2>{own}</h2><div>2026/07/28 17:20　信息来源：农业股　访问量：123</div>{PROSE}'
        "<p>云溪县财政局</p><p>2026年7月11日</p></div>"
    )
    told = read(page(main, title=title.format(own)), "/tzgg/123.html")
    assert told.heading == own
    assert told.published is not None
    assert str(told.published.value) == "2026-07-28"


@pytest.mark.parametrize("name", ["wz", "dqwz", "dq_wz", "breadcrumbtitle", "crumbsbox", "pagecrumb", "mycrumbs2"])
def test_names_of_breadcrumbs(name: str) -> None:
    told = read(page(f'<div class="{name}">{STEPS}</div><h1>{TITLE}</h1>{PROSE * 3}', title=TITLE), "/xwzx/yw/123.html")
    assert _names(told) == ["首页", "新闻中心", "云溪要闻"]


def test_a_container_with_a_text_in_it_is_no_breadcrumb() -> None:
    inner = f"<h2>{TITLE}</h2><p>2026-07-28 来源：县融媒体中心</p>{PROSE * 3}"
    news = "".join(f"<li><a href='/xwzx/{n}.html'>{title}，{title}</a></li>" for n, title in enumerate(TITLES * 2))
    told = read(
        page(f'<div class="position-box">{inner}</div><ul>{news}</ul>', title=f"{TITLE}_云溪县"), "/xwzx/yw/123.html"
    )
    assert (told.heading, _names(told)) == (TITLE, [])
    assert told.published is not None
    assert told.body_length > len(PROSE)


def test_steps_and_text_in_one_cell() -> None:
    text = PROSE.replace("<p>", "").replace("</p>", "<br>")
    cell = f"<td>您当前的位置：{STEPS}<br><b>{TITLE}</b><br>2026-07-28 来源：县融媒体中心<br>{text * 3}</td>"
    told = read(page(f"<table><tr>{cell}</tr></table>", title=f"{TITLE}_云溪县"), "/xwzx/yw/123.html")
    assert (told.heading, _names(told)) == (TITLE, ["首页", "新闻中心", "云溪要闻"])
    assert told.published is not None
    assert str(told.published.value) == "2026-07-28"


@pytest.mark.parametrize("label", [True, False])
@pytest.mark.parametrize("day", ["2026-07-28", "（2026-07-28）", "发布时间：2026-07-28"])
def test_a_heading_ends_where_the_day_begins(day: str, label: bool) -> None:
    head = f'<meta name="ArticleTitle" content="{TITLE}">' if label else ""
    main = f"<h2>{TITLE} <small>{day} <span>来源：县融媒体中心</span></small></h2>{PROSE * 3}"
    told = read(page(main, head=head, title=f"{TITLE}_云溪县人民政府"), "/xwzx/yw/123.html")
    assert told.heading == TITLE
    assert told.published is not None
    assert str(told.published.value) == "2026-07-28"


@pytest.mark.parametrize("mark", ["–", "—", "•", "⇒", "»", "::"])
def test_what_stands_between_steps_is_no_step(mark: str) -> None:
    way = STEPS.replace("&gt;", f"&nbsp;{mark}&nbsp;") + f"&nbsp;{mark}&nbsp;正文"
    told = read(page(f'<div class="location">{way}</div><h1>{TITLE}</h1>{PROSE * 3}', title=TITLE))
    assert _names(told) == ["首页", "新闻中心", "云溪要闻", "正文"]


def test_the_way_from_home_in_a_container_named_like_navigation() -> None:
    way = '<a href="/">首页</a>><a href="/zwgk/">政务公开</a>><span>通知公告</span>'
    rows = "".join(f"<li><a href='/tzgg/{n}.html'>{t}</a> 2026-07-{28 - n}</li>" for n, t in enumerate(TITLES))
    told = read(page(f'<div class="list_nav"><img src="/i.jpg">{way}</div><ul>{rows}</ul>'))
    assert _names(told) == ["首页", "政务公开", "通知公告"]
    assert [crumb.url for crumb in told.breadcrumb] == [HOME, f"{HOME}zwgk/", ""]
    assert len(told.items) == len(TITLES)


def test_the_head_of_a_menu_is_no_further_step() -> None:
    menu = "<b>云溪要闻<i></i></b>"
    told = read(page(f'<div class="position">{STEPS}\n{menu}</div><h1>{TITLE}</h1>{PROSE * 3}', title=TITLE))
    assert _names(told) == ["首页", "新闻中心", "云溪要闻"]
    again = f"{STEPS} &gt; 云溪要闻"
    told = read(page(f'<div class="position">{again}</div><h1>{TITLE}</h1>{PROSE * 3}', title=TITLE))
    assert _names(told) == ["首页", "新闻中心", "云溪要闻", "云溪要闻"]


# --------------------------------------------------------------------------- entries


@pytest.mark.parametrize("related", [1, 3, 7])
def test_an_entry_with_related_links_keeps_its_own(related: int) -> None:
    """Below the regulation stands 相关解读 with longer titles, then the entry's day."""
    inner = "".join(
        f'<li><a href="/jd/{n}.html">县发展和改革局有关负责同志就有关事项第{n}次答记者问</a></li>'
        for n in range(related)
    )
    rows = "".join(
        f'<li><a href="/zcfb/{n}.html">{title}</a>'
        + (f"<div><h3>相关解读</h3><ul>{inner}</ul></div>" if n % 2 else "")
        + f"<span>2026/07/{28 - n}</span></li>"
        for n, title in enumerate(TITLES)
    )
    told = read(page(f'<ul class="u-list">{rows}</ul>'), "/zcfb/index.html")
    assert _titles(told) == list(TITLES)
    assert [item.url.rpartition("/")[2] for item in told.items] == ["0.html", "1.html", "2.html", "3.html"]
    assert [str(item.date.value) for item in told.items if item.date] == [f"2026-07-{28 - n}" for n in range(4)]
    assert told.heading != "相关解读"


def test_the_title_attribute_tells_which_line_of_a_link_is_its_title() -> None:
    """A block link: the kind of news, the title, the day."""
    rows = "".join(
        f'<li><a href="/tzgg/{n}.html" title="{title}"><i>通知公告</i><p>{cut}</p><b>2026.07.{28 - n}</b></a></li>'
        for n, title in enumerate(TITLES)
        for cut in [title if n % 2 else f"{title[:9]}…"]
    )
    told = read(page(f"<ul>{rows}</ul>"))
    assert _titles(told) == list(TITLES)


def test_of_a_link_s_lines_the_first_is_its_title_where_no_attribute_tells() -> None:
    rows = "".join(
        f'<li><a href="/tzgg/{n}.html"><p>{title}</p><p>各乡镇人民政府、县直各部门，现将有关事项通知如下</p>'
        f"<b>2026.07.{28 - n}</b></a></li>"
        for n, title in enumerate(TITLES)
    )
    assert _titles(read(page(f"<ul>{rows}</ul>"))) == list(TITLES)


def test_a_row_of_two_dates_may_bear_links_to_its_interpretations() -> None:
    more = '<div><a href="/jd/{n}.html">政策解读</a><a href="/tj/{n}.html">图解</a></div>'
    rows = "".join(
        f"<tr><td>{n + 1}</td><td><a href='/zcwj/{n}.html'>{title}</a>{more.format(n=n) if n < 2 else ''}</td>"
        f"<td>云政发〔2026〕{n}号</td><td>2026年6月{28 - n}日</td><td>2026年7月{28 - n}日</td></tr>"
        for n, title in enumerate(TITLES)
    )
    head = "<tr><th>序号</th><th>标题</th><th>发文字号</th><th>成文日期</th><th>发布日期</th></tr>"
    told = read(page(f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"), "/zcwj/index.html")
    assert _titles(told) == list(TITLES)
    assert [str(item.date.value) for item in told.items if item.date] == [f"2026-07-{28 - n}" for n in range(4)]


@pytest.mark.parametrize(
    "neighbours",
    [
        "上一篇：<a href='8.html'>{0}</a> 2026-07-10<br>下一篇：<a href='10.html'>{1}</a> 2026-07-20",
        "<p>上一条：<a href='8.html'>{0}</a> [2026-07-10]</p><p>下一条：<a href='10.html'>{1}</a> [2026-07-20]</p>",
        "<ul><li><a href='8.html'>前一篇: {0}</a><i>2026-07-10</i></li><li><a href='10.html'>后一篇: {1}</a><i>2026-07-20</i></li></ul>",
    ],
)
def test_the_articles_before_and_after_are_no_list(neighbours: str) -> None:
    rows = (
        f"<tr><td><font size=5><b>{TITLE}</b></font></td></tr><tr><td>发布时间：2026年7月17日</td></tr>"
        f"<tr><td>{PROSE}</td></tr><tr><td>{neighbours.format(*TITLES)}</td></tr>"
    )
    told = read(page(f"<table>{rows}</table>", title="云溪县人民政府"), "/xwzx/9.html")
    assert (told.kind, told.items) == (PageKind.ARTICLE, ())
    assert told.heading == TITLE
    assert told.published is not None
    assert str(told.published.value) == "2026-07-17"


# --------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    "row",
    [
        "<li><h3>{t}</h3><p>2026/07/{d}</p><a href='/tzgg/{d}.html'>查看关于此事项的全文</a></li>",
        "<li><a href='/tzgg/{d}.html'>{t}</a><p>发布日期 2026-07-{d}</p></li>",
        "<li><a href='/tzgg/{d}.html'><div>{d}</div><div>2026.07</div><p>{t}</p></a></li>",
    ],
)
@pytest.mark.parametrize("heading", ["", "<h2>通知公告</h2>"])
def test_the_day_of_an_entry_is_not_the_column_s(row: str, heading: str) -> None:
    rows = "".join(row.format(t=title, d=28 - n) for n, title in enumerate(TITLES))
    told = read(page(f"{heading}<ul>{rows}</ul>", title="通知公告-云溪县人民政府"))
    assert len(told.items) == len(TITLES)
    assert told.published is None
    assert told.dates == ()


def test_a_column_may_tell_another_day_than_its_entries() -> None:
    rows = "".join(f"<li><a href='/tzgg/{n}.html'>{t}</a> 2026-07-{28 - n}</li>" for n, t in enumerate(TITLES))
    main = f"<h2>政府信息公开指南</h2><p>发布时间：2026-06-01</p><ul>{rows}</ul>"
    told = read(page(main, title="政府信息公开指南-云溪县人民政府"))
    assert told.published is not None
    assert str(told.published.value) == "2026-06-01"


@pytest.mark.parametrize(
    ("label", "path", "day"),
    [
        ("2023-05-12 23:20", "/art/art_14730801.html", "2009-09-30"),  # the moment of the move
        ("2009-10-12 08:00", "/art/art_14730801.html", "2009-10-12"),  # days apart: the label
        ("2008-05-12 08:00", "/art/art_14730801.html", "2008-05-12"),  # earlier than what is shown: the label
        ("2023-05-12 23:20", "/art/202305/t20230512_1.html", "2023-05-12"),  # the address agrees with it
    ],
)
def test_a_label_far_behind_the_day_that_is_shown(label: str, path: str, day: str) -> None:
    head = f'<meta name="ArticleTitle" content="{TITLE}"><meta name="PubDate" content="{label}">'
    told = read(page(f"<h1>{TITLE}</h1><p>发布时间：2009-09-30</p>{PROSE * 3}", head=head, title=TITLE), path)
    assert told.published is not None
    assert str(told.published.value) == day
    assert label[:10] in [str(found.value) for found in told.dates]


# --------------------------------------------------------------------------- pagers


@pytest.mark.parametrize(
    ("call", "script", "address"),
    [
        ("javascript:goPage(2)", 'function goPage(n){location.href="list_"+n+".html";}', "list_2.html"),
        (
            "javascript:toPage('2');",
            "function toPage(p) {\n window.location = '?page=' + p + '&id=7'\n}",
            "index.html?page=2&id=7",
        ),
        ("javascript:goPage(2)", 'function goPage(n){if(n>9)return;location.href="list_"+n+".html";}', ""),
        ("javascript:goPage(2)", 'function goPage(n){location.href="list_"+(n-1)+".html";}', ""),
        ("javascript:goPage(2)", 'function goPage(n){location.href=base+n+".html";}', ""),
        ("javascript:goPage(2)", "function goPage(n){document.forms[0].page.value=n;document.forms[0].submit();}", ""),
    ],
)
def test_a_pager_that_calls_a_function_of_the_page(call: str, script: str, address: str) -> None:
    rows = "".join(f"<li><a href='/tzgg/{n}.html'>{t}</a> 2026-07-{28 - n}</li>" for n, t in enumerate(TITLES))
    pager = f'<div class="pages"><a href="{call}">下一页</a></div><script>{script}</script>'
    told = read(page(f"<ul>{rows}</ul>{pager}"))
    assert told.next_pages == ((f"{HOME}tzgg/{address}",) if address else ())
    assert bool(told.unfollowed) is not bool(address)
    assert [link.url for link in told.links if link.tag == COMPUTED] == [*told.next_pages]
