"""The builders' systems, each as it behaves: how it lists, how it turns the page, where its articles stand."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta, timezone

from msgspec import Struct

from tests.integration.vendors.served import (
    COUNT,
    SIZE,
    Answer,
    Answers,
    Asked,
    Row,
    article,
    home,
    page,
    part,
    place,
    rows,
)

NOTICES = "通知公告"
LABELS = '<meta name="ColumnName" content="通知公告"><meta name="ColumnType" content="通知公告">'
XML, JSON = "text/xml; charset=utf-8", "application/json; charset=utf-8"


class Make(Struct, frozen=True):
    """A site of one make: what it answers, where its column stands and which entries it lists, new to old.

    `seen` of them are to be read: all that address or script leads to, until the longest window is covered.
    """

    answers: Answers
    column: str
    listed: list[Row]
    seen: int = 3 * SIZE


def _entries(listed: list[Row]) -> str:
    return "".join(
        f'<li><a href="{row.path}" target="_blank" title="{row.title}">{row.title}</a><span>{row.day}</span></li>'
        for row in listed
    )


def _with_articles(listed: list[Row], menu: dict[str, str], column: Answers) -> Answers:
    """The home page, the articles, and what `column` answers."""
    by_path = {row.path: row for row in listed}

    def answers(asked: Asked) -> Answer | None:
        if asked.path == "/":
            return home(listed, menu)
        if asked.path in by_path:
            return article(by_path[asked.path], NOTICES, menu)
        return column(asked)

    return answers


def trs() -> Make:
    """TRS 海云: index.html, index_1.html …, the pager written by createPageHTML."""
    menu = {NOTICES: "/zwgk/tzgg/"}
    listed = rows("/zwgk/tzgg/{ym}/t{ymd}_{n}.html", NOTICES)
    numbers = {"/zwgk/tzgg/": 1, "/zwgk/tzgg/index.html": 1}
    numbers |= {f"/zwgk/tzgg/index_{number - 1}.html": number for number in range(2, COUNT // SIZE + 1)}

    def column(asked: Asked) -> Answer | None:
        number = numbers.get(asked.path)
        if number is None:
            return None
        pager = (
            f'<div class="page"><script>createPageHTML({COUNT // SIZE}, {number - 1}, "index", "html");</script></div>'
        )
        main = f'{place((NOTICES, ""))}<ul class="list">{_entries(part(listed, number))}</ul>{pager}'
        return Answer(page("通知公告-云溪县人民政府", main, menu=menu, head=LABELS))

    return Make(_with_articles(listed, menu, column), "/zwgk/tzgg/", listed)


def jpage() -> Make:
    """大汉 jcms: first records in the page, further ones from dataproxy.jsp by their numbers."""
    return _jpage(answers_get=True)


def jpage_by_post() -> Make:
    """The same where dataproxy.jsp answers only what is sent to it, as some sites have it: we send nothing."""
    return _jpage(answers_get=False)


def _jpage(*, answers_get: bool) -> Make:
    menu = {NOTICES: "/col/col123/index.html"}
    listed = rows("/art/{y}/{m}/{d}/art_123_{n}.html", NOTICES)

    def records(first: int, last: int) -> str:
        return (
            "<recordset>"
            + "".join(
                f'<record><![CDATA[<li><a target="_blank" href="{row.path}" title="{row.title}">{row.title}</a>'
                f'<b readlabel="{row.day}">{row.day}</b></li>]]></record>'
                for row in listed[first - 1 : last]
            )
            + "</recordset>"
        )

    def column(asked: Asked) -> Answer | None:
        if asked.path == "/col/col123/index.html":
            script = (
                f"$('#4567').jpage({{themeName:'default',showMode:'full',totalRecord:{COUNT},perPage:{SIZE},groupSize:1,"
                "barPosition:'bottom',proxyUrl:'/module/web/jpage/dataproxy.jsp',"
                "param:{col:1,appid:1,webid:3,path:'/',columnid:123,sourceContentType:1,unitid:'4567',"
                "webname:'%E4%BA%91%E6%BA%AA',permissiontype:0}});"
            )
            island = f'<div id="4567"><script type="text/xml"><datastore>{records(1, SIZE)}</datastore></script></div>'
            main = f"{place((NOTICES, ''))}{island}<script>{script}</script>"
            return Answer(page("通知公告-云溪县人民政府", main, menu=menu, head=LABELS))
        if asked.path == "/module/web/jpage/dataproxy.jsp":
            if asked.method != "POST" and not answers_get:
                return Answer("<html><body><h1>HTTP Status 405 - Method Not Allowed</h1></body></html>", status=405)
            if (asked.query.get("columnid"), asked.query.get("unitid")) != ("123", "4567"):
                return Answer("", XML, 500)
            first, last = int(asked.query["startrecord"]), int(asked.query["endrecord"])
            total = f"<totalrecord>{COUNT}</totalrecord><totalpage>{COUNT // SIZE}</totalpage>"
            return Answer(f"<datastore>{total}{records(first, last)}</datastore>", XML)
        return None

    seen = 3 * SIZE if answers_get else SIZE
    return Make(_with_articles(listed, menu, column), "/col/col123/index.html", listed, seen=seen)


def vsb() -> Make:
    """博达 VSB: one address for all pages, PAGENUM and wbtreeid in its query; every page links to every other."""
    tree = "urltype=tree.TreeTempUrl&wbtreeid=1045"
    menu = {NOTICES: f"/tzgg.jsp?{tree}"}
    listed = rows("/info/1001/{n}.htm", NOTICES)
    pages = COUNT // SIZE

    def column(asked: Asked) -> Answer | None:
        if asked.path != "/tzgg.jsp" or asked.query.get("wbtreeid") != "1045":
            return None
        number = int(asked.query.get("PAGENUM", "1"))

        def turn(to: int, words: str) -> str:
            return f'<a href="?totalpage={pages}&PAGENUM={to}&{tree}">{words}</a>'

        lines = "".join(
            f'<tr id="line_u8_{index}"><td>·</td><td><a class="c1045" href="{row.path.removeprefix("/")}" title="{row.title}">'
            f"{row.title[:14]}...</a></td><td><span>{row.day:%Y/%m/%d}&nbsp;</span></td></tr>"
            for index, row in enumerate(part(listed, number))
        )
        numbers = "&nbsp;".join(turn(to, str(to)) if to != number else str(to) for to in range(1, pages + 1))
        pager = (
            f"<table><tr><td>共{COUNT}条&nbsp;&nbsp;{number}/{pages}&nbsp;</td><td>{turn(1, '首页')}&nbsp;{numbers}&nbsp;"
            f"{turn(min(number + 1, pages), '下页')}&nbsp;{turn(pages, '尾页')}</td></tr></table>"
        )
        main = f'{place((NOTICES, ""))}<table class="winstyle1045">{lines}</table>{pager}'
        return Answer(page("通知公告-云溪县人民政府", main, menu=menu))

    return Make(_with_articles(listed, menu, column), f"/tzgg.jsp?{tree}", listed, seen=COUNT)


def vsb_counted_down() -> Make:
    """博达 VSB with files: tzgg.htm is page 1, and the last page is tzgg/1.htm."""
    menu = {NOTICES: "/zwgk/tzgg.htm"}
    listed = rows("/info/1001/{n}.htm", NOTICES)
    pages = COUNT // SIZE
    numbers = {"/zwgk/tzgg.htm": 1} | {f"/zwgk/tzgg/{pages + 1 - number}.htm": number for number in range(2, pages + 1)}
    paths = {number: path for path, number in numbers.items()}

    def column(asked: Asked) -> Answer | None:
        number = numbers.get(asked.path)
        if number is None:
            return None
        up = "../" if number == 1 else "../../"
        entries = "".join(
            f'<li id="line_u8_{index}"><a href="{up}{row.path.removeprefix("/")}" title="{row.title}">{row.title}</a><i>{row.day:%Y-%m-%d}</i></li>'
            for index, row in enumerate(part(listed, number))
        )

        def turn(to: int, words: str) -> str:
            if not 1 <= to <= pages or to == number:
                return f'<span class="p_no_d">{words}</span>'
            near = paths[to].removeprefix("/zwgk/") if number == 1 else f"../{paths[to].removeprefix('/zwgk/')}"
            return f'<span class="p_no"><a href="{near}">{words}</a></span>'

        numbered = "".join(turn(to, str(to)) for to in range(1, pages + 1))
        pager = (
            f'<div class="pb_sys_common"><span class="p_pages"><span class="p_t">共{COUNT}条</span>{turn(1, "首页")}'
            f"{turn(number - 1, '上页')}{numbered}{turn(number + 1, '下页')}{turn(pages, '尾页')}</span></div>"
        )
        main = f'{place((NOTICES, ""))}<div class="list"><ul>{entries}</ul>{pager}</div>'
        return Answer(page("通知公告-云溪县人民政府", main, menu=menu))

    return Make(_with_articles(listed, menu, column), "/zwgk/tzgg.htm", listed, seen=COUNT)


def ucap_files() -> Make:
    """开普 UCAP with files: list.shtml, list_2.shtml …, the pager written into a container from page 1 on."""
    menu = {NOTICES: "/yunxi/tzgg/list.shtml"}
    listed = rows("/yunxi/{ym}/c{n}/content.shtml", NOTICES)
    pages = COUNT // SIZE
    numbers = {"/yunxi/tzgg/list.shtml": 1} | {
        f"/yunxi/tzgg/list_{number}.shtml": number for number in range(2, pages + 1)
    }

    def column(asked: Asked) -> Answer | None:
        number = numbers.get(asked.path)
        if number is None:
            return None
        pager = f"<div id='page_div'></div><script>createPageHTML('page_div',{pages}, {number},'list','shtml',{COUNT});</script>"
        main = f'{place((NOTICES, ""))}<div class="newsList"><ul>{_entries(part(listed, number))}</ul>{pager}</div>'
        return Answer(page("通知公告-云溪县人民政府", main, menu=menu, head=LABELS))

    return Make(_with_articles(listed, menu, column), "/yunxi/tzgg/list.shtml", listed)


def ucap() -> Make:
    """开普 UCAP: an empty list that a script fills from /common/search/<channel>, page by page, as JSON."""
    menu = {NOTICES: "/yunxi/tzgg/list.shtml"}
    listed = rows("/yunxi/{ym}/c{n}/content.shtml", NOTICES)
    channel = "5b047b82968247ad8715d5351678d992"

    def column(asked: Asked) -> Answer | None:
        if asked.path == "/yunxi/tzgg/list.shtml":
            script = (
                f'var channelId = "{channel}";\nvar pageSize = {SIZE};\n'
                "function getList(page){\n  $.ajax({\n    type: 'get',\n    url: \"/common/search/\" + channelId + "
                '"?_isAgg=false&_isJson=true&_pageSize=" + pageSize + "&_template=index&_rangeTimeGte=&_channelName=&page=" + page,\n'
                "    dataType: 'json',\n    success: function(res){ var html = '';\n"
                "      $.each(res.data.results, function(i, v){ html += '<li><a href=\"' + v.url + '\">' + v.title + '</a><em>' + v.publishedTimeStr + '</em></li>'; });\n"
                "      $('#newsList').html(html); }\n  });\n}\ngetList(1);"
            )
            main = f'{place((NOTICES, ""))}<ul id="newsList"></ul><div id="page_div"></div><script>{script}</script>'
            return Answer(page("通知公告-云溪县人民政府", main, menu=menu, head=LABELS))
        if asked.path == f"/common/search/{channel}":
            size, number = int(asked.query["_pageSize"]), int(asked.query["page"])
            found = [
                {
                    "title": row.title,
                    "subTitle": "",
                    "url": row.path,
                    "publishedTime": 1234567890000,
                    "publishedTimeStr": f"{row.day} 09:00:00",
                    "channelName": NOTICES,
                    "content": "各镇人民政府：现将有关事项通知如下。",
                }
                for row in part(listed, number, size)
            ]
            data = {"page": number, "rows": size, "total": COUNT, "results": found}
            return Answer(json.dumps({"data": data}, ensure_ascii=False), JSON)
        return None

    return Make(_with_articles(listed, menu, column), "/yunxi/tzgg/list.shtml", listed)


def interface() -> Make:
    """A hand-made page that asks its own interface: fields of its own names, days as seconds."""
    menu = {NOTICES: "/list.html"}
    listed = rows("/detail/{n}.html", NOTICES)

    def column(asked: Asked) -> Answer | None:
        if asked.path == "/list.html":
            script = (
                "var pageNo = 1;\n$.getJSON('/api/article/list', {channel: 'tzgg', pageNo: pageNo, pageSize: 10}, "
                "function(d){ document.getElementById('list').innerHTML = render(d.rows); });"
            )
            main = f'{place((NOTICES, ""))}<ul id="list"></ul><script>{script}</script>'
            return Answer(page("通知公告-云溪县人民政府", main, menu=menu))
        if asked.path == "/api/article/list" and asked.query.get("channel") == "tzgg":
            number, size = int(asked.query["pageNo"]), int(asked.query["pageSize"])
            found = [
                {
                    "id": index,
                    "articleTitle": f"<em>{row.title[:3]}</em>{row.title[3:]}",
                    "linkUrl": row.path,
                    "publishDate": _seconds(row),
                }
                for index, row in enumerate(part(listed, number, size))
            ]
            return Answer(json.dumps({"code": 0, "total": COUNT, "rows": found}), JSON)
        return None

    return Make(_with_articles(listed, menu, column), "/list.html", listed)


def turned() -> Make:
    """A page with its first entries in it, which a script replaces by those of its interface when the page is turned."""
    asking = interface()
    menu = {NOTICES: "/list.html"}

    def answers(asked: Asked) -> Answer | None:
        if asked.path != "/list.html":
            return asking.answers(asked)
        script = (
            "function toPage(num){ $.ajax({url: '/api/article/list', data: {channel: 'tzgg', pageNo: num, pageSize: 10}, "
            "success: function(d){ $('#list').html(render(d.rows)); }}); }"
        )
        pager = f'<div class="page">共{COUNT // SIZE}页 <a href="javascript:toPage(2)">下一页</a></div>'
        main = f'{place((NOTICES, ""))}<ul id="list">{_entries(part(asking.listed, 1))}</ul>{pager}<script>{script}</script>'
        return Answer(page("通知公告-云溪县人民政府", main, menu=menu))

    return Make(answers, "/list.html", asking.listed)


def sealed() -> Make:
    """A page whose interface answers what nobody can read: its list stays unknown."""
    menu = {NOTICES: "/list.html"}
    listed = rows("/detail/{n}.html", NOTICES)

    def column(asked: Asked) -> Answer | None:
        if asked.path == "/list.html":
            main = f'{place((NOTICES, ""))}<ul id="list"></ul><script>$.get("/api/sealed?page=1", function(d){{ $("#list").html(open(d.body)); }});</script>'
            return Answer(page("通知公告-云溪县人民政府", main, menu=menu))
        if asked.path == "/api/sealed":
            return Answer(json.dumps({"code": 0, "body": "6f2c9a"}), JSON)
        return None

    return Make(_with_articles(listed, menu, column), "/list.html", listed, seen=0)


def fenced() -> Make:
    """A page whose interface robots.txt keeps us from: its list stays unknown."""
    open_ = interface()

    def answers(asked: Asked) -> Answer | None:
        if asked.path == "/robots.txt":
            return Answer("User-agent: *\nDisallow: /api/\n", "text/plain")
        return open_.answers(asked)

    return Make(answers, open_.column, open_.listed, seen=0)


def aspnet() -> Make:
    """ASP.NET WebForms: GridView pages are turned by __doPostBack with the view state, no address leads to them."""
    return _postback(newest_first=True)


def aspnet_oldest_first() -> Make:
    """The same with the oldest entries on the first page, so that what is new stands where we cannot read."""
    return _postback(newest_first=False)


def _postback(*, newest_first: bool) -> Make:
    menu = {NOTICES: "/NewsList.aspx?cid=3"}
    listed = rows("/NewsDetail_{n}.aspx", NOTICES)
    shown = listed if newest_first else listed[::-1]
    pages = COUNT // SIZE

    def column(asked: Asked) -> Answer | None:
        if asked.path != "/NewsList.aspx":
            return None
        number = 1
        if asked.method == "POST" and asked.sent.get("__VIEWSTATE") == "/wEPDwUKLTkyMz":
            number = int(asked.sent["__EVENTARGUMENT"].removeprefix("Page$"))
        lines = "".join(
            f'<tr><td><a id="GridView1_ctl{index:02}_link" href="{row.path}">{row.title}</a></td><td align="right">{row.day:%Y/%m/%d} 9:00:00</td></tr>'
            for index, row in enumerate(part(shown, number))
        )
        turns = "".join(
            f"<td><a href=\"javascript:__doPostBack('GridView1','Page${to}')\">{to}</a></td>"
            for to in range(2, pages + 1)
        )
        main = (
            '<form name="form1" method="post" action="NewsList.aspx?cid=3" id="form1">'
            '<input type="hidden" name="__EVENTTARGET"><input type="hidden" name="__EVENTARGUMENT">'
            '<input type="hidden" name="__VIEWSTATE" value="/wEPDwUKLTkyMz">'
            f'{place((NOTICES, ""))}<table id="GridView1">{lines}<tr><td colspan="2"><table><tr><td><span>1</span></td>{turns}</tr></table></td></tr></table></form>'
        )
        return Answer(page("通知公告-云溪县人民政府", main, menu=menu))

    return Make(_with_articles(listed, menu, column), "/NewsList.aspx?cid=3", shown, seen=SIZE)


def framed() -> Make:
    """A column whose list stands in a frame; the frame has pages of its own."""
    menu = {NOTICES: "/tzgg/index.html"}
    listed = rows("/tzgg/{ym}/{n}.html", NOTICES)
    pages = COUNT // SIZE

    def column(asked: Asked) -> Answer | None:
        if asked.path in ("/tzgg/", "/tzgg/index.html"):
            main = f'{place((NOTICES, ""))}<div class="con"><iframe src="/inner/tzgg.html" width="100%" height="800" frameborder="0"></iframe></div>'
            return Answer(page("通知公告-云溪县人民政府", main, menu=menu, head=LABELS))
        numbers = {"/inner/tzgg.html": 1} | {f"/inner/tzgg_{number}.html": number for number in range(2, pages + 1)}
        number = numbers.get(asked.path)
        if number is None:
            return None
        onward = f'<a href="/inner/tzgg_{number + 1}.html">下一页</a>' if number < pages else ""
        entries = _entries(part(listed, number)).replace('target="_blank"', 'target="_top"')
        return Answer(
            page("列表", f'<ul class="list">{entries}</ul><div class="page">{onward}</div>', menu=menu, frame=False)
        )

    return Make(_with_articles(listed, menu, column), "/tzgg/index.html", listed, seen=COUNT)


def _seconds(row: Row) -> int:
    """Midday of the day in Beijing, in seconds since 1970."""
    return int(datetime.combine(row.day, time(12), timezone(timedelta(hours=8))).timestamp())


MAKES = {
    make.__name__: make
    for make in (
        trs,
        jpage,
        jpage_by_post,
        vsb,
        vsb_counted_down,
        ucap,
        ucap_files,
        interface,
        turned,
        sealed,
        fenced,
        aspnet,
        aspnet_oldest_first,
        framed,
    )
}
