"""The gallery: column pages of each vendor make and each layout of list, made by code."""

from __future__ import annotations

from tests.unit.read.makes import (
    DAYS,
    LEFT,
    PLACE,
    SIBLINGS,
    STEPS,
    Make,
    items_of,
    labels,
    rows,
    whole,
)

Rows = list[tuple[str, str, str]]


def trs() -> Make:
    """TRS 海云: entries as t20260803_123.html, further pages written by createPageHTML."""
    listed = rows("./{ym}/t{ymd}_{n}.html")
    entries = "".join(
        f'<li><a href="{u}" target="_blank" title="{t}">{t[:24] + "..." if len(t) > 24 else t}</a><span>{d}</span></li>'
        for t, u, d in listed
    )
    main = (
        f'<div class="main w1200">{PLACE}{LEFT}<div class="right_box"><h2>通知公告</h2><ul class="list">{entries}</ul>'
        '<div class="page"><script>createPageHTML(5, 0, "index", "html");</script></div></div></div>'
    )
    further = tuple(f"index_{n}.html" for n in range(1, 5))
    return Make("trs", "/zwgk/tzgg/", whole(main, head=labels()), items_of(listed), next_pages=further, crumbs=STEPS)


def trs_second() -> Make:
    """The second page of the same."""
    first = trs()
    html = first.html.replace("createPageHTML(5, 0,", "createPageHTML(5, 1,")
    return Make(
        "trs second page",
        "/zwgk/tzgg/index_1.html",
        html,
        first.items,
        next_pages=("index_2.html", "index_3.html", "index_4.html"),
    )


def trs_counted() -> Make:
    """TRS with the paging script written out in the page: countPage and currentPage."""
    listed = rows("./{ym}/t{ymd}_{n}.shtml", 8)
    entries = "".join(
        f'<li><span class="fr">{d}</span><a href="{u}" target="_blank">{t}</a></li>' for t, u, d in listed
    )
    script = (
        "var currentPage = 0;//所在页从0开始\nvar prevPage = currentPage-1//上一页\nvar nextPage = currentPage+1//下一页\n"
        "var countPage = 3//共多少页\n"
        'document.write("共"+countPage+"页&nbsp;&nbsp;");\nif(countPage>1&&currentPage!=(countPage-1))\n'
        'document.write("<a href=\\"index"+"_" + nextPage + "."+"shtml\\">下一页</a>&nbsp;");\nelse document.write("下一页");'
    )
    main = f'<div class="con">{PLACE}<div class="lm"><ul class="gl">{entries}</ul><div class="fy"><script>{script}</script></div></div></div>'
    return Make(
        "trs counted",
        "/zwgk/tzgg/",
        whole(main),
        items_of(listed),
        next_pages=("index_1.shtml", "index_2.shtml"),
        crumbs=STEPS,
    )


def ucap() -> Make:
    """开普 UCAP: list.shtml, createPageHTML with a container's name and pages counted from 1."""
    listed = rows("../{ym}/content_{n}.shtml")
    entries = "".join(f'<li><a href="{u}" target="_blank">{t}</a><em>{d}</em></li>' for t, u, d in listed)
    main = (
        f'<div class="bread">当前位置：<a href="/">首页</a> / <a href="/zwgk/index.shtml">政务公开</a> / <span>通知公告</span></div>'
        f'<div class="newsList"><ul>{entries}</ul><div id="page_div" class="page"></div></div>'
        "<script>createPageHTML('page_div',4, 1,'list','shtml',76);</script>"
    )
    return Make(
        "ucap", "/yxx/tzgg/list.shtml", whole(main, head=labels()), items_of(listed),
        next_pages=("list_2.shtml", "list_3.shtml", "list_4.shtml"), crumbs=STEPS,
    )  # fmt: skip


def jpage() -> Make:
    """大汉 jcms: the entries stand as records in the page, more come from dataproxy.jsp."""
    listed = rows("/art/{y}/{m}/{d}/art_123_{n}.html")
    records = "".join(
        f'<record><![CDATA[<li><a href="{u}" target="_blank" title="{t}">{t}</a><span>{d}</span></li>]]></record>'
        for t, u, d in listed
    )
    island = (
        '<div id="4567" class="lists"><script type="text/xml"><datastore><nextgroup><![CDATA['
        '<a href="/module/web/jpage/dataproxy.jsp?page=1&appid=1&webid=3&path=/&columnid=123&unitid=4567&webname=%E4%BA%91%E6%BA%AA&permissiontype=0"></a>'
        f"]]></nextgroup><recordset>{records}</recordset></datastore></script></div>"
        '<script>$(function(){ $("#4567").jpage({themeName:"default",totalRecord:86,perPage:10,proxyUrl:"/module/web/jpage/dataproxy.jsp"}); });</script>'
    )
    main = (
        '<table width="1000" align="center"><tr><td>您的位置：<a href="/index.html">首页</a> &gt; <a href="/col/col12/index.html">政务公开</a> &gt; '
        f'<a href="/col/col123/index.html">通知公告</a></td></tr><tr><td valign="top">{LEFT}</td><td valign="top">{island}</td></tr></table>'
    )
    more = "/module/web/jpage/dataproxy.jsp?page=1&appid=1&webid=3&path=/&columnid=123&unitid=4567&webname=%E4%BA%91%E6%BA%AA&permissiontype=0"
    return Make(
        "jpage",
        "/col/col123/index.html",
        whole(main, head=labels()),
        items_of(listed),
        next_pages=(more,),
        crumbs=STEPS,
    )


def jpage_table() -> Make:
    """大汉 with table rows as records."""
    listed = rows("/art/{y}/{m}/{d}/art_55_{n}.html", 6)
    records = "".join(
        f'<record><![CDATA[<tr><td width="20"><img src="/images/dot.gif"></td><td><a href="{u}" title="{t}">{t[:20]}...</a></td>'
        f"<td class='bt_time'>[{d}]</td></tr>]]></record>"
        for t, u, d in listed
    )
    island = (
        f'<div id="771"><script type="text/xml"><datastore><recordset>{records}</recordset></datastore></script></div>'
    )
    main = f'<div class="location">当前位置：<a href="/">首页</a>&gt;<a href="/col/col9/index.html">公示公告</a></div><div class="list_con">{island}</div>'
    return Make("jpage rows", "/col/col55/index.html", whole(main), items_of(listed), crumbs=("首页", "公示公告"))


def jpage_reply() -> Make:
    """What dataproxy.jsp answers: a bare data store with a total."""
    listed = rows("/art/{y}/{m}/{d}/art_123_{n}.html")
    records = "".join(
        f'<record><![CDATA[<li><a target="_blank" href="{u}" title="{t}">{t}</a><b readlabel="{d}">{d}</b></li>]]></record>'
        for t, u, d in listed
    )
    html = (
        f"<datastore><totalrecord>85</totalrecord><totalpage>9</totalpage><recordset>{records}</recordset></datastore>"
    )
    path = "/module/web/jpage/dataproxy.jsp?startrecord=31&endrecord=40&perpage=10&columnid=123&unitid=4567"
    further = tuple(
        f"/module/web/jpage/dataproxy.jsp?startrecord={a}&endrecord={b}&perpage=10&columnid=123&unitid=4567"
        for a, b in ((41, 50), (51, 60), (61, 70), (71, 80), (81, 85))
    )
    return Make("jpage reply", path, html, items_of(listed), next_pages=further)


def vsb() -> Make:
    """博达 VSB: /info/1045/3321.htm, winstyle tables, pages counted down (tzgg/11.htm is page 2)."""
    listed = rows("../info/1045/{n}.htm")
    lines = "".join(
        f'<tr height="20" id="line_u8_{i}"><td width="10"><span class="leaderfont1045">·</span></td>'
        f'<td><a class="c1045" href="{u}" target="_blank" title="{t}">{t[:22]}...</a></td>'
        f'<td><span class="timestyle1045">{d.replace("-", "/")}&nbsp;</span></td></tr>'
        for i, (t, u, d) in enumerate(listed)
    )
    pager = (
        '<div class="pb_sys_common pb_sys_normal"><span class="p_pages"><span class="p_t">共86条</span>'
        '<span class="p_first_d p_fun_d">首页</span><span class="p_prev_d p_fun_d">上页</span><span class="p_no_d">1</span>'
        '<span class="p_no"><a href="tzgg/8.htm">2</a></span><span class="p_no"><a href="tzgg/7.htm">3</a></span><span class="p_dot">...</span>'
        '<span class="p_no"><a href="tzgg/1.htm">9</a></span><span class="p_next p_fun"><a href="tzgg/8.htm">下页</a></span>'
        '<span class="p_last p_fun"><a href="tzgg/1.htm">尾页</a></span></span></div>'
    )
    main = (
        '<table><tr><td>当前位置: <a href="../index.htm">首页</a>&gt;&gt;<a href="../zwgk.htm">政务公开</a>&gt;&gt;<a href="tzgg.htm">通知公告</a></td></tr></table>'
        f'<table class="winstyle1045" width="100%" cellspacing="0">{lines}</table>{pager}'
    )
    return Make(
        "vsb",
        "/zwgk/tzgg.htm",
        whole(main),
        items_of(listed),
        next_pages=("tzgg/8.htm", "tzgg/7.htm", "tzgg/1.htm"),
        crumbs=STEPS,
    )


def vsb_tree() -> Make:
    """博达 with dynamic paging: PAGENUM and wbtreeid in the query."""
    listed = rows("content.jsp?urltype=news.NewsContentUrl&wbtreeid=1045&wbnewsid={n}", 7)
    entries = "".join(
        f'<li id="line_u9_{i}"><a href="{u}">{t}</a><i>{d}</i></li>' for i, (t, u, d) in enumerate(listed)
    )
    query = "?totalpage=3&PAGENUM={}&urltype=tree.TreeTempUrl&wbtreeid=1045"
    main = (
        f'{PLACE}<div class="n_list"><ul>{entries}</ul><div align="center"><table><tr><td>共21条&nbsp;&nbsp;1/3&nbsp;</td>'
        f'<td>首页&nbsp;上页&nbsp;<a href="{query.format(2)}">下页</a>&nbsp;<a href="{query.format(3)}">尾页</a></td></tr></table></div></div>'
    )
    return Make(
        "vsb tree",
        "/list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1045",
        whole(main),
        items_of(listed),
        next_pages=(query.format(2),),
        crumbs=STEPS,
    )


def aspnet_postback() -> Make:
    """ASP.NET GridView: paging by __doPostBack, which no address leads to."""
    listed = rows("NewsDetail.aspx?id={n}", 8)
    lines = "".join(
        f'<tr style="height:28px"><td><a id="GridView1_ctl{i:02}_link" href="{u}">{t}</a></td><td align="right">{d.replace("-", "/").replace("/0", "/")} 0:00:00</td></tr>'
        for i, (t, u, d) in enumerate(listed)
    )
    pages = "".join(
        f"<td><a href=\"javascript:__doPostBack('GridView1','Page${n}')\">{n}</a></td>" for n in range(2, 8)
    )
    main = (
        '<form name="form1" method="post" action="NewsList.aspx?cid=3" id="form1"><input type="hidden" name="__VIEWSTATE" value="/wEPDwUK">'
        '<table width="980" align="center"><tr><td background="images/bt.gif">当前位置：<a href="Default.aspx">首页</a> &gt; 通知公告</td></tr><tr><td>'
        f'<table id="GridView1" cellspacing="0" border="0">{lines}<tr><td colspan="2"><table border="0"><tr><td><span>1</span></td>{pages}</tr></table></td></tr></table>'
        "</td></tr></table></form>"
    )
    return Make(
        "aspnet postback",
        "/NewsList.aspx?cid=3",
        whole(main),
        items_of(listed),
        crumbs=("首页", "通知公告"),
        unfollowed=True,
    )


def aspnet_pager() -> Make:
    """ASP.NET with addresses for the pages."""
    listed = rows("/news/show.aspx?id={n}", 8)
    lines = "".join(
        f'<tr><td height="26">·<a href="{u}" target="_blank">{t}</a></td><td width="90">{d}</td></tr>'
        for t, u, d in listed
    )
    main = (
        f'<table width="760"><tr><td>{PLACE}</td></tr></table><table width="100%">{lines}</table>'
        '<div id="AspNetPager1"><a disabled="disabled">首页</a><a disabled="disabled">上一页</a><span style="font-weight:Bold">1</span>'
        '<a href="/news/list.aspx?cid=3&amp;page=2">2</a><a href="/news/list.aspx?cid=3&amp;page=3">3</a>'
        '<a href="/news/list.aspx?cid=3&amp;page=2">下一页</a><a href="/news/list.aspx?cid=3&amp;page=3">尾页</a></div>'
    )
    return Make(
        "aspnet pager", "/news/list.aspx?cid=3", whole(main), items_of(listed), crumbs=STEPS,
        next_pages=("/news/list.aspx?cid=3&page=2", "/news/list.aspx?cid=3&page=3"),
    )  # fmt: skip


def form_pager() -> Make:
    """JSP pages whose pager calls a function of the page and posts a form."""
    listed = rows("/xxgk/view.do?id={n}", 8)
    entries = "".join(f'<li><a href="{u}">{t}</a><span class="date">{d}</span></li>' for t, u, d in listed)
    main = (
        f'{PLACE}<div class="nr"><ul>{entries}</ul><div class="pages">共 46 条 <a href="javascript:void(0)" onclick="toPage(1)">首页</a>'
        '<a href="javascript:goPage(2);">下一页</a><a href="javascript:goPage(6);">尾页</a></div></div>'
    )
    return Make("form pager", "/xxgk/list.do?catalog=7", whole(main), items_of(listed), crumbs=STEPS, unfollowed=True)


def catalogue_table() -> Make:
    """信息公开目录: a table with 索引号 and 发布机构, a heading row, empty rows between."""
    listed = rows("/art/{y}/{m}/{d}/art_77_{n}.html", 8)
    lines = "".join(
        f'<tr><td align="center">{i}</td><td align="center">01610999/{d[:4]}-000{i}</td><td><a href="{u}" target="_blank" title="{t}">{t}</a></td>'
        f'<td>云溪县人民政府办公室</td><td align="center">{d}</td></tr><tr><td colspan="5" height="1" bgcolor="#ccc"></td></tr>'
        for i, (t, u, d) in enumerate(listed, 1)
    )
    main = f'{PLACE}<div class="xxgk_left">{LEFT}</div><div class="xxgk_right"><table class="tb"><tr><th>序号</th><th>索引号</th><th>信息名称</th><th>发布机构</th><th>发文日期</th></tr>{lines}</table></div>'
    return Make(
        "catalogue table", "/zwgk/fdzdgknr/", whole(main, title="法定主动公开内容"), items_of(listed), crumbs=STEPS
    )


def catalogue_details() -> Make:
    """A catalogue of documents where each entry is followed by a hidden card with 文号 and 成文日期."""
    listed = rows("/zfxxgk/{y}/t{ymd}_{n}.html", 8)
    entries = "".join(
        f'<li class="mc"><a href="{u}" title="{t}">{t}</a><div class="wzxx" style="display:none"><p>发文机关：云溪县人民政府</p><p>发文字号：云政发〔{d[:4]}〕{i}号</p>'
        f'<p>成文日期：{DAYS[i - 1][:4]}年1月1日</p></div></li><li class="rq">{d}</li>'
        for i, (t, u, d) in enumerate(listed, 1)
    )
    main = f'{PLACE}<div class="zfxxgk_zdgkc"><ul>{entries}</ul></div>'
    return Make("catalogue cards", "/zwgk/zcwj/", whole(main, title="政策文件"), items_of(listed), crumbs=STEPS)


def definition_list() -> Make:
    """Lists as dl, a dt and dd each entry."""
    listed = rows("/tzgg/{n}.html", 8)
    entries = "".join(f'<dt><a href="{u}">{t}</a></dt><dd>{d}</dd>' for t, u, d in listed)
    return Make("dl", "/tzgg/", whole(f"{PLACE}<dl class='lb'>{entries}</dl>"), items_of(listed), crumbs=STEPS)


def summaries() -> Make:
    """Entries with a picture, a summary and a link 详细 each."""
    listed = rows("/xwzx/{ym}/{n}.html", 6)
    entries = "".join(
        f'<div class="news-item"><div class="pic"><a href="{u}"><img src="/upload/{i}.jpg"></a></div><div class="txt"><h3><a href="{u}">{t}</a></h3>'
        f'<p class="sum">8月1日上午，副县长石某带领县直有关部门负责同志深入白杨镇、石门镇调研秋粮生产和防汛备汛工作，要求压实责任。<a href="{u}">[详细]</a></p>'
        f'<div class="info"><span>来源：云溪县融媒体中心</span><span>{d} 09:30</span><span>浏览：123次</span></div></div></div>'
        for i, (t, u, d) in enumerate(listed)
    )
    main = f'{PLACE}<div class="list-wrap">{entries}</div><div class="pagination"><a href="list_2.html">2</a><a href="list_3.html">3</a><a href="list_2.html">下一页</a></div>'
    return Make(
        "summaries",
        "/xwzx/list.html",
        whole(main, title="工作动态"),
        items_of(listed),
        crumbs=STEPS,
        next_pages=("list_2.html", "list_3.html"),
    )


def pictures() -> Make:
    """A picture list: figure and caption in one link, no dates."""
    listed = rows("/tpxw/{n}.html", 6)
    entries = "".join(
        f'<li><a href="{u}"><img src="/upload/{i}.jpg" alt=""><p>{t}</p></a></li>' for i, (t, u, _) in enumerate(listed)
    )
    return Make(
        "pictures",
        "/tpxw/",
        whole(f'{PLACE}<ul class="pic-list clearfix">{entries}</ul>', title="图片新闻"),
        items_of(listed, dated=False),
        crumbs=STEPS,
    )


def pinned() -> Make:
    """Two entries on top by a word, an icon or a colour, older than what follows."""
    listed = rows("/tzgg/{n}.html", 7)
    listed = [listed[5], listed[6], *listed[:5]]
    entries = "".join(
        f'<li>{"<em class=top>置顶</em>" if i == 0 else ""}<a href="{u}">{"[置顶]" if i == 1 else ""}{t}</a><span>{d}</span></li>'
        for i, (t, u, d) in enumerate(listed)
    )
    return Make(
        "pinned",
        "/tzgg/",
        whole(f"{PLACE}<ul class='list'>{entries}</ul>"),
        items_of(listed),
        crumbs=STEPS,
        pinned=(listed[0][0], listed[1][0]),
    )


def by_month() -> Make:
    """Entries grouped under headings of months, with the day alone at each."""
    listed = rows("/gzdt/{n}.html", 9)
    parts, month = [], ""
    for t, u, d in listed:
        if d[:7] != month:
            parts.append(("</ul></div>" if month else "") + f'<div class="month"><h3>{d[:4]}年{int(d[5:7])}月</h3><ul>')
            month = d[:7]
        parts.append(f'<li><span class="day">{d}</span><a href="{u}">{t}</a></li>')
    main = f"{PLACE}<div class='timeline'>{''.join(parts)}</ul></div></div>"
    return Make("by month", "/gzdt/", whole(main, title="工作动态"), items_of(listed), crumbs=STEPS)


def date_first() -> Make:
    """Dates before the titles, each entry a paragraph with a column's name in front."""
    listed = rows("/tzgg/{n}.html", 8)
    entries = "".join(
        f"<p class='row'><span class='rq'>{d}</span> [<a href='/tzgg/'>通知</a>] <a href='{u}'>{t}</a></p>"
        for t, u, d in listed
    )
    return Make(
        "date first", "/tzgg/", whole(f"{PLACE}<div class='lb'>{entries}</div>"), items_of(listed), crumbs=STEPS
    )


def split_date() -> Make:
    """A day and a year-month in blocks of their own."""
    listed = rows("/xwzx/{n}.html", 8)
    entries = "".join(
        f'<li><a href="{u}"><div class="time"><p class="d">{d[8:]}</p><p class="ym">{d[:7]}</p></div><div class="wz"><h4>{t}</h4><p>各镇人民政府，县直各部门，各直属单位。</p></div></a></li>'
        for t, u, d in listed
    )
    return Make("split date", "/xwzx/", whole(f"{PLACE}<ul class='ul1'>{entries}</ul>"), items_of(listed), crumbs=STEPS)


def split_slash() -> Make:
    """A month/day large and a year small."""
    listed = rows("/xwzx/{n}.html", 8)
    entries = "".join(
        f'<div class="item clearfix"><div class="time"><span>{d[5:].replace("-", "/")}</span><em>{d[:4]}</em></div><a class="tt" href="{u}" title="{t}">{t}</a></div>'
        for t, u, d in listed
    )
    return Make(
        "split slash", "/xwzx/", whole(f"{PLACE}<div class='box'>{entries}</div>"), items_of(listed), crumbs=STEPS
    )


def yearless() -> Make:
    """[08-03] without a year, over New Year."""
    listed = rows("/tzgg/{n}.html", 10)
    entries = "".join(f'<li><a href="{u}">{t}</a> [{d[5:]}]</li>' for t, u, d in listed)
    return Make("yearless", "/tzgg/", whole(f"{PLACE}<ul>{entries}</ul>"), items_of(listed), crumbs=STEPS)


def two_halves() -> Make:
    """One list laid out in two columns side by side."""
    listed = rows("/tzgg/{n}.html", 10)
    halves = "".join(
        '<div class="half"><ul>'
        + "".join(f'<li><a href="{u}">{t}</a><span>{d}</span></li>' for t, u, d in part)
        + "</ul></div>"
        for part in (listed[:5], listed[5:])
    )
    return Make(
        "two halves",
        "/tzgg/",
        whole(f"{PLACE}<div class='con clearfix'>{halves}</div>"),
        items_of(listed),
        crumbs=STEPS,
    )


def table_grid() -> Make:
    """Two entries a table row."""
    listed = rows("/tzgg/{n}.html", 10)
    cells = [f'<td><a href="{u}">{t}</a></td><td>{d}</td>' for t, u, d in listed]
    lines = "".join(f"<tr>{cells[i]}{cells[i + 1]}</tr>" for i in range(0, 10, 2))
    return Make(
        "table grid", "/tzgg/", whole(f"{PLACE}<table class='tb'>{lines}</table>"), items_of(listed), crumbs=STEPS
    )


def a_table_each() -> Make:
    """Old pages: every entry in a table of its own."""
    listed = rows("../article/{n}.htm", 8)
    entries = "".join(
        f'<table width="98%" border="0"><tr><td width="3%"><img src="../images/d.gif"></td><td width="77%"><a href="{u}" target="_blank">{t}</a></td>'
        f'<td width="20%"><font color="#999">{d}</font></td></tr></table>'
        for t, u, d in listed
    )
    main = f'<table width="980"><tr><td width="200">{LEFT}</td><td>{PLACE}{entries}</td></tr></table>'
    return Make("a table each", "/tzgg/index.htm", whole(main), items_of(listed), crumbs=STEPS)


def tabs() -> Make:
    """A tab list: two panels of one page, the second hidden; both are its entries."""
    listed = rows("/zcwj/{n}.html", 10)
    panels = "".join(
        f'<div class="tab-pane" style="display:{shown}"><ul>'
        + "".join(f'<li><a href="{u}">{t}</a><span>{d}</span></li>' for t, u, d in part)
        + "</ul></div>"
        for shown, part in (("block", listed[:5]), ("none", listed[5:]))
    )
    main = f'{PLACE}<div class="tab"><div class="tab-hd"><a href="javascript:;">县政府文件</a><a href="javascript:;">县政府办文件</a></div><div class="tab-bd">{panels}</div></div>'
    return Make("tabs", "/zcwj/", whole(main, title="政策文件"), items_of(listed), crumbs=STEPS)


def channel() -> Make:
    """A channel page: several blocks, each of one sub-column with its heading and 更多; no list of its own."""
    listed = rows("/zwgk/{n}.html", 9)
    blocks = "".join(
        f'<div class="blk"><div class="hd"><h3><a href="/zwgk/{key}/">{name}</a></h3><a class="more" href="/zwgk/{key}/">更多&gt;&gt;</a></div><ul>'
        + "".join(f'<li><a href="{u}">{t}</a><span>{d[5:]}</span></li>' for t, u, d in listed[i * 3 : i * 3 + 3])
        + "</ul></div>"
        for i, (name, key) in enumerate(SIBLINGS[:3])
    )
    main = f'<div class="dqwz">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a></div><div class="w1200">{blocks}</div>'
    return Make(
        "channel",
        "/zwgk/",
        whole(main, title="政务公开", head=labels("政务公开", "")),
        items_of(listed),
        crumbs=("首页", "政务公开"),
    )


def entrance() -> Make:
    """An entrance: nothing but the names of its sub-columns."""
    names = "".join(f'<li><a href="/zwgk/{key}/">{name}</a></li>' for name, key in SIBLINGS)
    main = f'<div class="dqwz">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a></div><div class="rukou"><ul>{names}</ul></div>'
    return Make(
        "entrance",
        "/zwgk/",
        whole(main, title="政务公开", head=labels("政务公开", "")),
        (),
        crumbs=("首页", "政务公开"),
    )


def empty() -> Make:
    """An empty list that says so."""
    main = (
        f'{PLACE}{LEFT}<div class="right"><h2>通知公告</h2><div class="list"><p class="nodata">暂无内容</p></div></div>'
    )
    return Make("empty", "/zwgk/tzgg/", whole(main, head=labels()), (), crumbs=STEPS)


def hot_beside() -> Make:
    """An undated list with a dated 热点 list beside it: the page's own is the undated one."""
    listed = rows("/ztzl/{n}.html", 8)
    hot = "".join(
        f'<li><a href="/hot/{i}.html">全县重点项目建设现场推进会召开</a><span>{d}</span></li>'
        for i, d in enumerate(DAYS[:5])
    )
    entries = "".join(f'<li><a href="{u}">{t}</a></li>' for t, u, _ in listed)
    main = f'{PLACE}<div class="fr w300"><div class="tit">热点信息</div><ul>{hot}</ul></div><div class="fl w800"><ul>{entries}</ul></div>'
    return Make(
        "hot beside", "/ztzl/gzdt/", whole(main, title="创建文明县城"), items_of(listed, dated=False), crumbs=STEPS
    )


def mailbox() -> Make:
    """来信选登: letters in a table with their number, state, and two dates, the date of writing first."""
    listed = rows("/hdjl/xj.jsp?id={n}", 8)
    lines = "".join(
        f'<tr><td>2026{i:04}</td><td><a href="{u}" title="{t}">{t[:18]}…</a></td><td>咨询</td><td>已办结</td><td>{d}</td><td>86</td></tr>'
        for i, (t, u, d) in enumerate(listed)
    )
    main = f"{PLACE}<table class='xjlb'><thead><tr><th>编号</th><th>标题</th><th>类别</th><th>状态</th><th>日期</th><th>浏览</th></tr></thead><tbody>{lines}</tbody></table>"
    return Make("mailbox", "/hdjl/xjxd/", whole(main, title="来信选登"), items_of(listed), crumbs=STEPS)


def source_and_clock() -> Make:
    """Entries with the source in brackets and a date with a clock."""
    listed = rows("/gzdt/{n}.html", 8)
    entries = "".join(
        f'<li>· <a href="{u}" target="_blank">{t}</a>（县教育局）<span class="r">{d} 15:06:32</span></li>'
        for t, u, d in listed
    )
    return Make(
        "source and clock",
        "/gzdt/",
        whole(f"{PLACE}<div class='lbcon'><ul>{entries}</ul></div>"),
        items_of(listed),
        crumbs=STEPS,
    )


def breaks() -> Make:
    """Old pages: links and dates one after the other with line breaks, in a cell."""
    listed = rows("show.asp?id={n}", 8)
    entries = "".join(
        f'&nbsp;·<a href="{u}" target="_blank">{t}</a>&nbsp;&nbsp;<font color="#808080">({d})</font><br>'
        for t, u, d in listed
    )
    pager = '<a href="list.asp?classid=5&page=2">下一页</a> <a href="list.asp?classid=5&page=9">末页</a> 第1页 共9页'
    main = f"<table width='990'><tr><td>{PLACE}</td></tr><tr><td class='lb' height='500'>{entries}<p align='center'>{pager}</p></td></tr></table>"
    return Make(
        "breaks",
        "/list.asp?classid=5",
        whole(main),
        items_of(listed),
        crumbs=STEPS,
        next_pages=("list.asp?classid=5&page=2",),
    )


def attachments() -> Make:
    """A list of files to download, with dates."""
    listed = rows("/upload/{ym}/{n}.pdf", 6)
    entries = "".join(f'<li><a href="{u}">{t}</a><span>{d}</span></li>' for t, u, d in listed)
    return Make(
        "attachments",
        "/czxx/",
        whole(f"{PLACE}<ul class='zl'>{entries}</ul>", title="财政信息"),
        items_of(listed),
        crumbs=STEPS,
    )


def spaced() -> Make:
    """Five entries, a line between, then five more: separators are entries without links."""
    listed = rows("/tzgg/{n}.html", 10)
    entries = ""
    for i, (t, u, d) in enumerate(listed):
        entries += f'<li><a href="{u}">{t}</a><span>{d}</span></li>' + ('<li class="line"></li>' if i == 4 else "")
    return Make("spaced", "/tzgg/", whole(f"{PLACE}<ul class='list'>{entries}</ul>"), items_of(listed), crumbs=STEPS)


def in_parts() -> Make:
    """A ul each five entries, as TRS templates write."""
    listed = rows("./{ym}/t{ymd}_{n}.html", 10)
    parts = "".join(
        "<ul class='u'>" + "".join(f'<li><a href="{u}">{t}</a><b>{d}</b></li>' for t, u, d in part) + "</ul>"
        for part in (listed[:5], listed[5:])
    )
    return Make(
        "in parts", "/zwgk/tzgg/", whole(f"{PLACE}<div class='lists'>{parts}</div>"), items_of(listed), crumbs=STEPS
    )


def fragment() -> Make:
    """A bare list page that stands in a frame of another."""
    listed = rows("/art/{y}/{m}/{d}/art_9_{n}.html", 8)
    entries = "".join(f'<li><a href="{u}" target="_parent">{t}</a><span>{d}</span></li>' for t, u, d in listed)
    return Make("fragment", "/frame/list.jsp?id=9", whole(f"<ul>{entries}</ul>", title="", bare=True), items_of(listed))


def leaders() -> Make:
    """领导之窗: persons with pictures, no titles of articles."""
    people = "".join(
        f'<li><a href="/ldzc/{i}/"><img src="/ldzc/{i}.jpg"></a><p><a href="/ldzc/{i}/">{name}</a></p><p>{post}</p></li>'
        for i, (name, post) in enumerate(
            (("白杨", "县委副书记、县长"), ("石门", "县委常委、常务副县长"), ("云山", "副县长"), ("溪河", "副县长"))
        )
    )
    main = (
        f'<div class="dqwz">当前位置：<a href="/">首页</a> &gt; 领导之窗</div><div class="ld"><ul>{people}</ul></div>'
    )
    return Make(
        "leaders",
        "/ldzc/",
        whole(main, title="领导之窗", head=labels("领导之窗", "领导信息")),
        (),
        crumbs=("首页", "领导之窗"),
    )


GALLERY: tuple[Make, ...] = tuple(
    make()
    for make in (
        trs, trs_second, trs_counted, ucap, jpage, jpage_table, jpage_reply, vsb, vsb_tree, aspnet_postback, aspnet_pager,
        form_pager, catalogue_table, catalogue_details, definition_list, summaries, pictures, pinned, by_month, date_first,
        split_date, split_slash, yearless, two_halves, table_grid, a_table_each, tabs, channel, entrance, empty, hot_beside,
        mailbox, source_and_clock, breaks, attachments, spaced, in_parts, fragment, leaders,
    )
)  # fmt: skip
"""Every make once."""
