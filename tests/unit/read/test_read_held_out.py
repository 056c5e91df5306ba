"""Faults of reading found on a second set of pages that nobody had tuned it on, each as a small page of its kind."""

from __future__ import annotations

import pytest

from crawler.facts import PageFact
from tests.unit.read.pages import PROSE, page, read

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


@pytest.mark.parametrize("name", ["wz", "dqwz", "dq_wz", "breadcrumbtitle", "crumbsbox", "pagecrumb", "mycrumbs2"])
def test_names_of_breadcrumbs(name: str) -> None:
    told = read(page(f'<div class="{name}">{STEPS}</div><h1>{TITLE}</h1>{PROSE * 3}', title=TITLE), "/xwzx/yw/123.html")
    assert _names(told) == ["首页", "新闻中心", "云溪要闻"]


@pytest.mark.parametrize("label", [True, False])
@pytest.mark.parametrize("day", ["2026-07-28", "（2026-07-28）", "发布时间：2026-07-28"])
def test_a_heading_ends_where_the_day_begins(day: str, label: bool) -> None:
    head = f'<meta name="ArticleTitle" content="{TITLE}">' if label else ""
    main = f"<h2>{TITLE} <small>{day} <span>来源：县融媒体中心</span></small></h2>{PROSE * 3}"
    told = read(page(main, head=head, title=f"{TITLE}_云溪县人民政府"), "/xwzx/yw/123.html")
    assert told.heading == TITLE
    assert told.published is not None
    assert str(told.published.value) == "2026-07-28"


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
