"""The tree of columns over generated sites: names, levels, types, blocks, embedded lists, doubles, corrections."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from crawler.facts import ColumnFact, ColumnOverride, Coverage, PageFact, Site, SiteFacts, Unit
from crawler.read.page import PageReader
from crawler.read.site import MemoryRun, assemble
from tests.unit.read.pages import AS_OF, HOME, HOST, entries, page

TWIN = HOST.removeprefix("www.")
SITE = Site("yunxi", "云溪县人民政府网", HOME)
MENU = (
    '<div class="nav"><ul><li><a href="/">首页</a></li>'
    '<li><a href="{0}">政务公开</a><ul class="second"><li><a href="{1}">通知公告</a></li><li><a href="{2}">政策文件</a></li></ul></li>'
    '<li><a href="{3}">新闻中心</a></li></ul></div>'
)
FOLDERS = ("/zwgk/", "/zwgk/tzgg/", "/zwgk/zcwj/", "/xwzx/")
FILES = ("/zwgk.htm", "/zwgk/tzgg.htm", "/zwgk/zcwj.htm", "/xwzx.htm")
QUERIES = tuple(f"/list.jsp?urltype=tree.TreeTempUrl&wbtreeid={number}" for number in (1001, 1045, 1046, 1002))
INDEXES = ("/col/col12/index.html", "/col/col123/index.html", "/col/col124/index.html", "/col/col13/index.html")


def crawl(pages: Mapping[str, str], *, site: Site = SITE, depths: Mapping[str, int] | None = None) -> SiteFacts:
    """The facts of a site with these pages; all but the home page are one click away where no depth is told."""
    reader = PageReader(site.home_url, frozenset({HOST, TWIN}), AS_OF)
    facts: list[PageFact] = []
    for path, html in pages.items():
        url = path if path.startswith("http") else f"http://{HOST}{path}"
        depth = (depths or {}).get(path, 0 if path == "/" else 1)
        facts.append(reader.read(html.encode(), url, fetched_at=AS_OF, depth=depth).fact)
    return assemble(Unit("yunxi", "云溪县人民政府", sites=(site,)), site, AS_OF, MemoryRun(facts), coverage=Coverage())


def column(facts: SiteFacts, path: str) -> ColumnFact:
    return next(one for one in facts.columns if one.url == f"http://{HOST}{path}")


def rows(name: str, *days: str, folder: str = "/a/") -> str:
    return entries(*((f"{folder}{day}.html", f"云溪县关于{name}事项办理情况的公布（{day}）", day) for day in days))


def two(name: str) -> str:
    return rows(name, "2026-08-03", "2026-07-01")


def crumbs(*steps: tuple[str, str], home: str = "首页") -> str:
    words = [f'<a href="{path}">{name}</a>' if path else name for name, path in steps]
    return f'<div class="position">当前位置：<a href="/">{home}</a> &gt; {" &gt; ".join(words)}</div>'


def label(name: str, kind: str = "") -> str:
    return f'<meta name="ColumnName" content="{name}">' + (f'<meta name="ColumnType" content="{kind}">' if kind else "")


# ------------------------------------------------------------------ levels


@pytest.mark.parametrize("paths", [FOLDERS, FILES, QUERIES, INDEXES], ids=["folders", "files", "queries", "indexes"])
def test_levels_as_the_breadcrumb_tells_them_though_the_menu_unfolds(paths: tuple[str, str, str, str]) -> None:
    hub, notices, documents, news = paths
    nav = MENU.format(*paths)
    facts = crawl(
        {
            "/": page("", nav=nav),
            notices: page(crumbs(("政务公开", hub), ("通知公告", notices)) + two("甲"), nav=nav),
            documents: page(crumbs(("政务公开", hub), ("政策文件", "")) + two("乙"), nav=nav),
            news: page(crumbs(("新闻中心", news)) + two("丙"), nav=nav),
        }
    )
    assert {path: column(facts, path).level for path in (notices, documents, news)} == {
        notices: 2,
        documents: 2,
        news: 1,
    }


@pytest.mark.parametrize("paths", [FOLDERS, FILES], ids=["folders", "files"])
def test_levels_by_folders_where_no_breadcrumb_tells_them(paths: tuple[str, str, str, str]) -> None:
    nav = MENU.format(*paths)
    pages = {path: page(two(path), nav=nav) for path in paths}
    deeper = "/zwgk/tzgg/gs/"
    facts = crawl({"/": page("", nav=nav), **pages, deeper: page(two("公示"), nav=nav)})
    assert [column(facts, path).level for path in (*paths, deeper)] == [1, 2, 2, 1, 3]


def test_levels_by_clicks_where_nothing_else_tells_them() -> None:
    facts = crawl({"/": page(""), "/a/": page(two("甲")), "/b/": page(two("乙"))}, depths={"/b/": 3})
    assert (column(facts, "/a/").level, column(facts, "/b/").level) == (1, 2)


@pytest.mark.parametrize(
    "line",
    [
        crumbs(("通知公告", "/tzgg/")),
        crumbs(("通知公告", "/tzgg/"), ("通知公告", "")),
        crumbs(("通知公告", "/tzgg/"), ("列表", "")),
        crumbs(("通知公告", "/tzgg/"), home="云溪县人民政府网"),
        crumbs(("云溪县人民政府网", ""), ("通知公告", "/tzgg/"), home="门户首页"),
    ],
    ids=["plain", "named twice", "list", "home by the site's name", "portal and site"],
)
def test_what_stands_in_a_breadcrumb_and_is_no_column(line: str) -> None:
    one = column(crawl({"/": page("", title="云溪县人民政府网"), "/tzgg/": page(line + two("甲"))}), "/tzgg/")
    assert (one.name, one.level) == ("通知公告", 1)


# ------------------------------------------------------------------ names and types


def test_a_label_that_differs_from_the_navigations_words_holds() -> None:
    one = column(crawl({"/": page(""), "/tzgg/": page(two("甲"), head=label("公示公告"))}), "/tzgg/")
    assert (one.name, one.type) == ("公示公告", "notice")


def test_a_label_that_names_the_column_above_is_not_the_columns_name() -> None:
    line = crumbs(("政务公开", "/zwgk/"), ("人事信息", ""))
    one = column(crawl({"/": page(""), "/zwgk/rs/": page(line + two("甲"), head=label("政务公开"))}), "/zwgk/rs/")
    assert (one.name, one.level) == ("人事信息", 2)


def test_a_label_that_every_column_bears_is_nobodys_name() -> None:
    pages = {
        f"/{key}/": page(crumbs((name, "")) + two(name), head=label("信息列表甲"))
        for key, name in (("a", "财政信息"), ("b", "规划计划"), ("c", "通知公告"))
    }
    assert {one.name for one in crawl({"/": page(""), **pages}).columns} == {"财政信息", "规划计划", "通知公告"}


def test_a_type_that_the_name_does_not_tell() -> None:
    facts = crawl(
        {
            "/": page(""),
            "/tzgg/": page(two("甲"), head=label("甲乙丙")),
            "/wj/": page(two("乙"), head=label("丁戊己", "政策文件")),
        }
    )
    assert (column(facts, "/tzgg/").type, column(facts, "/wj/").type) == ("notice", "policy-document")


# ------------------------------------------------------------------ blocks


@pytest.mark.parametrize(
    "block",
    [
        '<div class="tit"><h2>招标采购</h2><a href="/zb/">更多&gt;&gt;</a></div>{0}',
        '<div class="tit"><span>招标采购</span><span class="r"><a href="/zb/">MORE+</a></span></div>{0}',
        '<table><tr><td class="tit">招标采购</td><td><a href="/zb/">[更多]</a></td></tr><tr><td colspan="2">{0}</td></tr></table>',
        '<div class="box"><h3>招标采购</h3>{0}<a class="more" href="/zb/">查看更多</a></div>',
        '<div class="tit"><a href="/zb/" title="更多" class="more"><img src="/i/more.png" alt=""></a><b>招标采购</b></div>{0}',
    ],
    ids=["heading", "spans", "table", "below the list", "picture before the name"],
)
@pytest.mark.parametrize("bearer", ["/", "/zwgk/"])
def test_the_words_over_a_list_name_the_column_behind_more(block: str, bearer: str) -> None:
    channel = f'<div class="main">{block.format(rows("招标", "2026-08-01", "2026-07-01", folder="/zb/"))}</div>'
    pages = {"/": page(""), "/zb/": page(two("招标"), title="")} | {bearer: page(channel)}
    one = column(crawl(pages, depths={"/": 0, "/zb/": 2}), "/zb/")
    assert (one.name, one.type) == ("招标采购", "")


@pytest.mark.parametrize(
    "bar",
    [
        '<div class="tab"><span>招标采购</span><span>政府采购</span><a href="/zb/">更多</a></div>',
        '<div class="tab"><a href="/zb/">更多</a></div>',
        '<div class="tab"><span>2026-08-03</span><a href="/zb/">更多</a></div>',
        '<div class="tab"><span>招标采购</span><a href="javascript:;">更多</a></div>',
    ],
)
def test_words_that_may_be_anothers_name_nothing(bar: str) -> None:
    listed = rows("招标", "2026-08-01", "2026-07-01", folder="/zb/")
    facts = crawl({"/": page(f'<div class="main">{bar}{listed}</div>'), "/zb/": page(two("招标"), title="")})
    assert column(facts, "/zb/").name == ""


def test_navigation_and_breadcrumb_come_before_the_words_over_a_list() -> None:
    bar = '<div class="tit"><h2>最新发布</h2><a href="/tzgg/">更多</a></div>'
    facts = crawl({"/": page(bar + two("甲")), "/tzgg/": page(two("甲"))})
    assert column(facts, "/tzgg/").name == "通知公告"


# ------------------------------------------------------------------ one column, several addresses


def test_a_column_under_two_addresses_is_one() -> None:
    whole = rows("甲", "2026-08-03", "2026-07-01", "2026-06-01", "2026-05-01")
    first = rows("甲", "2026-08-03", "2026-07-01")
    head = label("通知公告")
    facts = crawl(
        {
            "/": page(""),
            "/list.aspx?id=3": page(whole, head=head),
            "/list.aspx?id=3&page=1": page(first, head=head),
            "/other.aspx?id=3": page(whole, head=head),
        }
    )
    assert [one.url for one in facts.columns] == [f"http://{HOST}/list.aspx?id=3"]


def test_two_columns_of_one_name_with_entries_of_their_own_stay_two() -> None:
    facts = crawl(
        {
            "/": page(""),
            "/a/": page(rows("甲", "2026-08-03", "2026-07-01"), head=label("通知公告")),
            "/b/": page(rows("乙", "2026-08-03", "2026-07-01"), head=label("通知公告")),
            "/c/": page(rows("甲", "2026-08-03", "2026-07-01"), head=label("公示")),
        }
    )
    assert len(facts.columns) == 3


def test_twin_hosts_and_index_files_are_one_address() -> None:
    body = page(crumbs(("政务公开", "/zwgk/"), ("招商引资", "")) + '<ul class="gl"></ul>', head=label("招商引资"))
    facts = crawl({"/": page(""), "/zs/": body, "/zs/index.html": body, f"https://{TWIN}/zs/": body})
    assert [one.url for one in facts.columns] == [f"http://{HOST}/zs/"]


# ------------------------------------------------------------------ lists in frames and replies

REPLY = "/api/list?id=7&page=1&pageSize=2"
ASKING = f'<ul id="list"></ul><script>$.get("{REPLY}", show)</script>'


def reply(*days: str, total: int) -> str:
    found = [{"title": f"云溪县关于{day}事项的公布", "url": f"/a/{day}.html", "publishDate": day} for day in days]
    return json.dumps({"total": total, "rows": found}, ensure_ascii=False)


def test_a_list_from_a_reply_is_the_columns() -> None:
    second = REPLY.replace("page=1", "page=2")
    facts = crawl(
        {
            "/": page(""),
            "/tzgg/": page(ASKING),
            REPLY: reply("2026-08-03", "2026-07-01", total=3),
            second: reply("2026-06-01", total=3),
        }
    )
    one = column(facts, "/tzgg/")
    assert [str(item.date.value) for item in one.items if item.date] == ["2026-08-03", "2026-07-01", "2026-06-01"]
    assert (one.name, one.complete, one.unread, one.embedded) == ("通知公告", True, "", ())
    assert len(facts.columns) == 1 and not [page for page in facts.sample if page.reply]


def test_a_reply_that_goes_on_unread_says_so() -> None:
    facts = crawl({"/": page(""), "/tzgg/": page(ASKING), REPLY: reply("2026-08-03", "2026-07-01", total=9)})
    one = column(facts, "/tzgg/")
    assert (len(one.items), one.complete) == (2, False)
    assert "后续页面未读取" in one.unread


def test_a_reply_of_a_page_that_a_browser_has_shown_is_no_column() -> None:
    reader = PageReader(HOME, frozenset({HOST}), AS_OF)
    pages = {"/": page(""), REPLY: reply("2026-08-03", "2026-07-01", total=2)}
    facts = [reader.read(html.encode(), f"http://{HOST}{path}", fetched_at=AS_OF).fact for path, html in pages.items()]
    shown = reader.read(page(two("甲")).encode(), f"http://{HOST}/tzgg/", fetched_at=AS_OF, rendered=True, depth=1).fact
    run = MemoryRun([*facts, replace(shown, embedded=())])
    columns = assemble(Unit("yunxi", "云溪县"), SITE, AS_OF, run, coverage=Coverage()).columns
    assert [one.url for one in columns] == [f"http://{HOST}/tzgg/"]


TURNING = (
    '<div class="page">共2页 <a href="javascript:toPage(2)">下一页</a></div>'
    "<script>function toPage(n){ $.get('/api/list?id=7&pageSize=2&page=' + n, show); }</script>"
)
TURNED = "/api/list?id=7&pageSize=2&page={}"


def shown(*days: str) -> str:
    return entries(*((f"/a/{day}.html", f"云溪县关于{day}事项的公布", day) for day in days))


def test_a_list_that_a_script_turns_goes_on_in_its_replies() -> None:
    facts = crawl(
        {
            "/": page(""),
            "/tzgg/": page(shown("2026-08-03", "2026-07-01") + TURNING),
            TURNED.format(1): reply("2026-08-03", "2026-07-01", total=3),
            TURNED.format(2): reply("2026-06-01", total=3),
        }
    )
    one = column(facts, "/tzgg/")
    assert [str(item.date.value) for item in one.items if item.date] == ["2026-08-03", "2026-07-01", "2026-06-01"]
    assert (one.complete, one.unread, len(facts.columns)) == (True, "", 1)


def test_a_reply_with_other_entries_is_another_list() -> None:
    facts = crawl(
        {
            "/": page(""),
            "/tzgg/": page(shown("2026-08-03", "2026-07-01") + TURNING),
            TURNED.format(1): reply("2026-05-05", "2026-05-04", total=2),
        }
    )
    (one,) = facts.columns
    assert (len(one.items), one.complete) == (2, False)
    assert "没有独立网址" in one.unread


def test_one_frame_may_fill_two_columns() -> None:
    frame = '<iframe src="/inner/list.html" width="100%"></iframe>'
    facts = crawl(
        {
            "/": page(""),
            "/tzgg/": page(frame),
            "/zwgk/": page(frame),
            "/inner/list.html": page(two("甲"), nav="", footer=""),
        },
        depths={"/": 0, "/inner/list.html": 0},
    )
    assert [(one.name, len(one.items), one.unread) for one in facts.columns] == [
        ("通知公告", 2, ""),
        ("政务公开", 2, ""),
    ]


def test_a_frame_beside_a_list_that_a_script_fills_is_not_that_list() -> None:
    asking = '<ul id="list"></ul><script>$.post("/api/list", show)</script><iframe src="/inner/list.html"></iframe>'
    facts = crawl({"/": page(""), "/tzgg/": page(asking), "/inner/list.html": page(two("甲"), nav="", footer="")})
    one = column(facts, "/tzgg/")
    assert (one.items, one.complete, one.unread) == ((), False, "列表由脚本生成，未渲染")


def test_a_frame_without_a_list_leaves_the_column_unread() -> None:
    frame = '<iframe src="/inner/list.html" width="100%"></iframe>'
    facts = crawl(
        {"/": page(""), "/tzgg/": page(frame), "/inner/list.html": page("<p>欢迎访问</p>", nav="", footer="")}
    )
    assert column(facts, "/tzgg/").unread == "列表在嵌入的页面中，未读取"


# ------------------------------------------------------------------ the registry


def test_a_correction_holds_for_any_page_of_the_column() -> None:
    site = replace(SITE, columns=(ColumnOverride(f"https://{TWIN}/inner/list.html", "政策文件", "policy-document"),))
    frame = '<iframe src="/inner/list.html" width="100%"></iframe>'
    inner = page(two("甲"), nav="", footer="")
    facts = crawl({"/": page(""), "/tzgg/": page(frame), "/inner/list.html": inner}, site=site)
    assert [(one.url, one.name, one.type) for one in facts.columns] == [
        (f"http://{HOST}/tzgg/", "政策文件", "policy-document")
    ]
