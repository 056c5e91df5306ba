"""A site put together from its pages: home, navigation, columns, failures, sample, leaders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from crawler.facts import (
    BEIJING,
    ColumnFact,
    ColumnOverride,
    Coverage,
    FetchOutcome,
    LeaderFact,
    Outcome,
    PageFact,
    PageKind,
    Resource,
    Site,
    SiteFacts,
    Unit,
)
from crawler.read.column_types import type_of
from crawler.read.page import PageReader
from crawler.read.site import MemoryRun, assemble
from tests.unit.read.pages import AS_OF, HOME, HOST, PROSE, entries, page

SITE = Site("yunxi", "云溪县人民政府网", HOME)
UNIT = Unit("yunxi", "云溪县人民政府", sites=(SITE,))
T = "关于召开全县防汛工作会议的通知"


def crawl(
    pages: Mapping[str, str],
    *,
    visits: tuple[FetchOutcome, ...] = (),
    site: Site = SITE,
    depth: int = 1,
    as_of: datetime = AS_OF,
) -> SiteFacts:
    """The facts of a site with these pages, every one of them read and kept."""
    reader = PageReader(site.home_url, frozenset({HOST}), as_of)
    facts: list[PageFact] = []
    for path, html in pages.items():
        facts.append(
            reader.read(html.encode(), f"http://{HOST}{path}", fetched_at=as_of, depth=0 if path == "/" else depth).fact
        )
    bodies = {f"http://{HOST}{path}": html.encode() for path, html in pages.items()}
    return assemble(UNIT, site, as_of, MemoryRun(facts, visits, bodies), coverage=Coverage())


def visit(path: str, outcome: Outcome, *, minutes: int = 0, url: str = "", final: str = "") -> FetchOutcome:
    url = url or f"http://{HOST}{path}"
    return FetchOutcome(url, final or url, AS_OF + timedelta(minutes=minutes), outcome, attempt=1 + minutes)


def column(facts: SiteFacts, path: str) -> ColumnFact:
    return next(one for one in facts.columns if one.url == f"http://{HOST}{path}")


def rows(*days: str) -> str:
    return entries(*((f"{day}.html", f"{T}{day}", day) for day in days))


def test_home_and_navigation() -> None:
    facts = crawl({"/": page(rows("2026-08-01", "2026-07-01")), "/tzgg/": page(rows("2026-08-01", "2026-07-01"))})
    assert facts.home is not None
    assert facts.home.kind is PageKind.HOME
    assert [link.text for link in facts.navigation] == ["政务公开", "通知公告", "领导之窗"]


def test_the_home_page_is_where_its_address_redirects_to() -> None:
    facts = crawl(
        {"/web/start.html": page(rows("2026-08-01", "2026-07-01"))},
        visits=(visit("/", Outcome.REDIRECTED, final=f"http://{HOST}/web/start.html"),),
    )
    assert facts.home is not None
    assert (facts.home.url, facts.home.kind) == (f"http://{HOST}/web/start.html", PageKind.HOME)


def test_the_pages_of_a_list_are_one_column() -> None:
    pager = '<div class="page"><a href="/tzgg/index.html">1</a><a href="/tzgg/index_1.html">2</a><a href="/tzgg/index_2.html">3</a><a href="/tzgg/{}">下一页</a></div>'
    facts = crawl(
        {
            "/": page(""),
            "/tzgg/": page(rows("2026-08-03", "2026-08-02") + pager.format("index_1.html")),
            "/tzgg/index_2.html": page(rows("2026-06-03", "2026-06-02")),
            "/tzgg/index_1.html": page(rows("2026-07-03", "2026-07-02") + pager.format("index_2.html")),
        }
    )
    (one,) = [found for found in facts.columns if found.items]
    assert [item.date.value.month for item in one.items if item.date] == [8, 8, 7, 7, 6, 6]
    assert one.pages == tuple(f"http://{HOST}/tzgg/{name}" for name in ("", "index_1.html", "index_2.html"))
    assert (one.name, one.type, one.level, one.complete, one.newest) == (
        "通知公告",
        "notice",
        1,
        True,
        date(2026, 8, 3),
    )


def test_a_list_not_read_to_its_end_says_so() -> None:
    facts = crawl(
        {"/": page(""), "/tzgg/": page(rows("2026-08-03", "2026-08-02") + '<a href="index_1.html">下一页</a>')}
    )
    one = column(facts, "/tzgg/")
    assert not one.complete
    assert "未读取" in one.unread


def test_a_list_read_back_past_every_window_is_complete() -> None:
    facts = crawl(
        {"/": page(""), "/tzgg/": page(rows("2026-08-03", "2019-08-02") + '<a href="index_1.html">下一页</a>')}
    )
    assert column(facts, "/tzgg/").complete


def test_a_list_that_goes_on_without_an_address_is_not_complete() -> None:
    """ASP.NET turns its pages by a postback: what was not reached is told, and the first page is judged all the same."""
    pager = "<a href=\"javascript:__doPostBack('pager','2')\">2</a>"
    facts = crawl(
        {
            "/": page("<p>首页</p>"),
            "/gg/": page(entries(("1.html", T, "2026-08-03"), ("2.html", T + "二", "2026-07-01")) + pager),
        }
    )
    found = column(facts, "/gg/")
    assert not found.complete
    assert found.unread == "共读取 1 页，后续页面没有独立网址（__doPostBack('pager','2')），未能读取"
    old = crawl(
        {
            "/": page("<p>首页</p>"),
            "/gg/": page(entries(("1.html", T, "2026-08-03"), ("2.html", T + "二", "2021-07-01")) + pager),
        }
    )
    assert column(old, "/gg/").complete, "read back past every window"


def test_a_computed_page_that_fails_accuses_nobody() -> None:
    """Its address is our reckoning; a link that a reader sees is another matter."""
    pager = "<script>createPageHTML(3, 0, 'index', 'html');</script>"
    listed = entries(("1.html", T, "2026-08-03"), ("2.html", T + "二", "2026-07-01"))
    visits = (visit("/gg/index_1.html", Outcome.GONE),)
    facts = crawl({"/": page("<p>首页</p>"), "/gg/": page(listed + pager)}, visits=visits)
    assert facts.failures == ()
    assert column(facts, "/gg/").unread == "共读取 1 页，后续页面未读取"
    seen = crawl(
        {"/": page("<p>首页</p>"), "/gg/": page(listed + pager + '<a href="index_1.html">往期</a>')}, visits=visits
    )
    assert [failure.url for failure in seen.failures] == [f"http://{HOST}/gg/index_1.html"]


def test_names_types_and_levels() -> None:
    nav = '<div class="nav"><a href="/">首页</a><a href="/zcjd/">政策解读</a></div>'
    crumbs = '<div class="pos">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 人事信息</div>'
    facts = crawl(
        {
            "/": page("", nav=nav),
            "/zcjd/": page(
                rows("2026-08-03", "2026-08-02"), nav=nav, head='<meta name="ColumnName" content="政策解读">'
            ),
            "/zwgk/rsxx/": page(crumbs + rows("2026-08-03", "2026-08-02"), nav=nav),
        }
    )
    assert [(one.name, one.type, one.level) for one in facts.columns] == [
        ("政策解读", "policy-interpretation", 1),
        ("人事信息", "", 2),
    ]


def test_the_registry_wins() -> None:
    site = Site(
        "yunxi",
        "云溪县人民政府网",
        HOME,
        columns=(
            ColumnOverride(f"{HOME}a/", "政策文件", "policy-document"),
            ColumnOverride(f"{HOME}gone/", "要闻", "news"),
        ),
    )
    facts = crawl(
        {
            "/": page(""),
            "/a/": page(rows("2026-08-03", "2026-08-02"), head='<meta name="ColumnName" content="列表甲">'),
        },
        site=site,
    )
    assert [(one.name, one.type, one.complete) for one in facts.columns if one.name in ("政策文件", "要闻")] == [
        ("政策文件", "policy-document", True),
        ("要闻", "news", False),
    ]


def test_what_the_navigation_leads_to_is_a_column_even_when_empty() -> None:
    facts = crawl({"/": page(""), "/zwgk/": page("<p>内容建设中</p>"), "/tzgg/": page("")})
    assert (column(facts, "/zwgk/").notice, column(facts, "/zwgk/").items) == ("内容建设中", ())
    assert (column(facts, "/tzgg/").body_length, column(facts, "/tzgg/").complete) == (0, True)


def test_an_entrance_to_columns_has_children() -> None:
    hub = '<div class="main"><ul><li><a href="/zwgk/zn/">公开指南</a></li><li><a href="/zwgk/ml/">公开目录</a></li></ul></div>'
    facts = crawl(
        {
            "/": page(""),
            "/zwgk/": page(hub),
            "/zwgk/zn/": page(rows("2026-08-03", "2026-08-02")),
            "/zwgk/ml/": page(rows("2026-08-03", "2026-08-01")),
        }
    )
    assert column(facts, "/zwgk/").children == (f"http://{HOST}/zwgk/zn/", f"http://{HOST}/zwgk/ml/")


def test_a_map_of_the_site_is_not_empty() -> None:
    tiles = '<div class="main"><div class="pos">当前位置：<a href="/">首页</a></div><h1>网站地图</h1><div class="tiles"><a href="/zwgk/">政务公开</a><a href="/tzgg/">通知公告</a><a href="/ldzc/">领导之窗</a><a href="/xw/">要闻</a></div></div>'
    columns = {path: page(rows("2026-08-03", "2026-08-02")) for path in ("/zwgk/", "/tzgg/", "/ldzc/", "/xw/")}
    facts = crawl({"/": page(""), "/map/": page(tiles), **columns})
    assert len(column(facts, "/map/").children) == 4


def test_an_empty_column_below_a_header_with_tools_is_empty() -> None:
    header = '<header class="header"><div class="bar"><a href="/">云溪县人民政府门户网站</a><div><a href="/wza/">无障碍浏览版本入口</a></div></div></header>'
    main = '<div class="content"><h1>招商引资</h1><ul class="gl"></ul></div>'
    facts = crawl({"/": page(""), "/zsyz/": page(header + main, head='<meta name="ColumnName" content="招商引资">')})
    one = column(facts, "/zsyz/")
    assert (one.items, one.children, one.body_length, one.complete) == ((), (), 0, True)


def test_a_column_left_to_scripts_or_frames_is_unread() -> None:
    scripted = '<ul id="newsList"></ul><script>$.get("/api/list",function(d){})</script>'
    framed = '<iframe src="/inner/list.html"></iframe>'
    facts = crawl({"/": page(""), "/tzgg/": page(scripted), "/zwgk/": page(framed)})
    assert "脚本" in column(facts, "/tzgg/").unread
    assert column(facts, "/zwgk/").embedded == (f"http://{HOST}/inner/list.html",)
    assert not column(facts, "/zwgk/").complete


def test_failures_are_addresses_whose_last_visit_failed() -> None:
    links = "".join(
        f'<a href="/{name}.html">链接{name}</a>' for name in ("gone", "healed", "blocked", "refused", "big")
    )
    facts = crawl(
        {
            "/": page(f'<div class="main">{links}</div>'),
            "/b/": page(f'<div><a href="/gone.html">旧闻</a></div>{rows("2026-08-03", "2026-08-02")}'),
        },
        visits=(
            visit("/gone.html", Outcome.GONE),
            visit("/gone.html", Outcome.GONE, minutes=5),
            visit("/healed.html", Outcome.TIMEOUT),
            visit("/healed.html", Outcome.OK, minutes=5),
            visit("/blocked.html", Outcome.GONE),
            visit("/blocked.html", Outcome.BLOCKED, minutes=5),
            visit("/refused.html", Outcome.CLIENT_ERROR),
            visit("/big.html", Outcome.TOO_LARGE),
            visit("", Outcome.DNS_FAILED, url="http://old.example.com/"),
        ),
    )
    assert {failure.url for failure in facts.failures} == {f"http://{HOST}/gone.html", "http://old.example.com/"}
    foreign, gone = sorted(facts.failures, key=lambda failure: failure.internal)
    assert [(parent.url, parent.text) for parent in gone.parents] == [(HOME, "链接gone"), (f"http://{HOST}/b/", "旧闻")]
    assert (gone.internal, gone.resource, len(gone.visits)) == (True, Resource.PAGE, 2)
    assert not foreign.internal


def test_placeholders_name_every_parent() -> None:
    idle = '<div class="main"><ul><li><a href="javascript:;">年度报告</a></li></ul></div>'
    facts = crawl({"/": page(idle), "/b/": page(idle)})
    (found,) = facts.placeholders
    assert (found.url, found.href, [parent.url for parent in found.parents]) == (
        "",
        "javascript:;",
        [HOME, f"http://{HOST}/b/"],
    )


def test_the_sample_is_the_same_whatever_the_order() -> None:
    head = '<meta name="ArticleTitle" content="{0}"><meta name="PubDate" content="2026-08-01">'
    pages = {
        f"/a/{number}.html": page(f"<h1>第{number}号通告全文</h1>{PROSE}", head=head.format(f"第{number}号通告全文"))
        for number in range(12)
    }
    pages |= {f"/c{number}/": page(rows("2026-08-03", "2026-08-02")) for number in range(8)}
    one = crawl({"/": page(""), **pages})
    other = crawl({**dict(reversed(pages.items())), "/": page("")})
    assert [found.url for found in one.sample] == [found.url for found in other.sample]
    assert [found.kind for found in one.sample] == [PageKind.COLUMN] * 5 + [PageKind.ARTICLE] * 5


def test_an_empty_run_has_no_home() -> None:
    facts = crawl({})
    assert (facts.home, facts.columns, facts.failures, facts.leaders) == (None, (), (), None)


def test_types_of_names() -> None:
    assert {name: type_of(name) for name in ("要闻动态", "公示公告", "规范性文件", "县长信箱", "意见征集", "领导之窗", "政府信息公开年报", "办件统计", "云溪概况", "甲乙丙", "")} == {
        "要闻动态": "news", "公示公告": "notice", "规范性文件": "policy-document", "县长信箱": "message", "意见征集": "consultation",
        "领导之窗": "leaders", "政府信息公开年报": "annual-report", "办件统计": "service-statistics", "云溪概况": "overview", "甲乙丙": "", "": "",
    }  # fmt: skip


LEADERS = '<div class="main"><ul><li><a href="/ldzc/zwm.html"><img src="/i/zwm.jpg" width="120">周闻明</a> 县委副书记、县长</li><li><a href="/ldzc/lqs.html">副县长 李青山</a></li></ul></div>'
FULL = f'<div class="main"><img src="/i/zwm.jpg" width="200"><h2>周闻明</h2><p>职务：县委副书记、县长</p><p>简历：周闻明，男，1972年生，大学学历。</p><p>工作分工：主持县政府全面工作。</p>{PROSE}</div>'
BARE = f'<div class="main"><h2>李青山</h2><p>云溪县人民政府副县长</p>{PROSE}</div>'


def test_leaders_are_read_from_their_own_pages() -> None:
    facts = crawl({"/": page(""), "/ldzc/": page(LEADERS), "/ldzc/zwm.html": page(FULL), "/ldzc/lqs.html": page(BARE)})
    assert facts.leaders == (
        LeaderFact("周闻明", f"http://{HOST}/ldzc/zwm.html", photo=True, resume=True, post=True, duties=True),
        LeaderFact("李青山", f"http://{HOST}/ldzc/lqs.html", photo=False, resume=False, post=True, duties=False),
    )


def test_leaders_introduced_on_one_page() -> None:
    card = '<div class="card"><img src="/i/{0}.jpg"><h3>{0}</h3><p>职务：{1}</p><p>{0}，男，1975年出生，研究生学历，1997年参加工作。</p><p>分工：负责农业农村、水利、林业等方面工作。</p></div>'
    facts = crawl(
        {
            "/": page(""),
            "/ldzc/": page(
                '<div class="main">' + card.format("周闻明", "县长") + card.format("李青山", "副县长") + "</div>"
            ),
        }
    )
    assert facts.leaders is not None
    assert {(leader.name, leader.photo, leader.resume, leader.post, leader.duties) for leader in facts.leaders} == {
        ("周闻明", True, True, True, True),
        ("李青山", True, True, True, True),
    }


def test_what_one_card_says_is_not_said_of_the_next() -> None:
    full = "<div class='card'><img src='/i/1.jpg'><h3>周闻明</h3><p>现任职务：县长</p><p>简历：周闻明，男，大学学历。</p><p>工作分工：主持全面工作。</p></div>"
    bare = "<div class='card'><img src='/i/2.jpg'><h3>李青山</h3><p>个人简历：李青山，女，大学学历，历任科员、科长、副职负责人，长期从事管理工作。</p></div>"
    facts = crawl({"/": page(""), "/ldzc/": page(f"<div class='main'>{full}{bare}</div>")})
    assert facts.leaders is not None
    assert [(leader.name, leader.post, leader.duties) for leader in facts.leaders] == [
        ("周闻明", True, True),
        ("李青山", False, False),
    ]


def test_leaders_that_scripts_show_are_not_told() -> None:
    facts = crawl(
        {"/": page(""), "/ldzc/": page('<ul id="leaderList"></ul><script>$.get("/api/leaders",function(){})</script>')}
    )
    assert facts.leaders is None


def test_times_are_beijing_times() -> None:
    assert AS_OF.tzinfo is BEIJING
