"""The pages of two fictional sites: one that scripts and frames put together, and its twin that says the same plainly."""

from __future__ import annotations

import json
from datetime import date, timedelta

AS_OF = date(2026, 11, 20)
FOOT = (
    '<div class="footer"><p>主办单位：云溪县人民政府办公室　联系电话：0915-1234567　<a href="/map.html">网站地图</a></p>'
    '<p>网站标识码：6109990001　<a href="https://beian.miit.gov.cn/">陕ICP备12345678号-1</a>　陕公网安备 61099902000001号</p>'
    '<p><img src="/red.png" alt="党政机关"><a href="/jiucuo.html">我为政府网站找错</a></p></div>'
)
COLUMNS = {
    "gzdt": ("工作动态", ["关于县城供水管网改造的通报", "全县秋粮收购工作推进会召开", "乡村道路养护工作有序开展"]),
    "tzgg": ("通知公告", ["关于召开防汛工作会议的通知", "关于公开征集便民服务事项的公告", "关于停电检修的公告"]),
    "zcwj": (
        "政策文件",
        ["关于印发粮食储备管理办法的通知", "关于加强安全生产工作的意见", "关于做好冬季取暖工作的通知"],
    ),
    "zcjd": ("政策解读", ["粮食储备管理办法政策解读", "安全生产工作意见政策解读", "冬季取暖工作通知政策解读"]),
}
EMPTY = "xwfb"
"""A column that holds nothing on either site, whatever runs."""
_TEXT = "各乡镇各部门要压实责任，认真贯彻执行，确保各项工作落到实处，有关情况及时报告县政府办公室。" * 3


def entries(column: str) -> list[tuple[str, str, str]]:
    """A column's entries as (address, title, day), newest first and all within its time."""
    name, titles = COLUMNS[column]
    return [
        (f"/{column}/a{number}.html", f"{title}（{name}）", str(AS_OF - timedelta(days=3 + number)))
        for number, title in enumerate(titles)
    ]


def listing(column: str) -> str:
    """A column's list as markup."""
    return (
        '<ul class="list">'
        + "".join(f'<li><a href="{url}">{title}</a><span>{day}</span></li>' for url, title, day in entries(column))
        + "</ul>"
    )


def _whole(title: str, main: str, foot: str, head: str = "") -> str:
    nav = "".join(f'<li><a href="/{key}/">{name}</a></li>' for key, (name, _) in COLUMNS.items())
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        f'<div class="nav"><ul><li><a href="/">首页</a></li>{nav}<li><a href="/{EMPTY}/">新闻发布</a></li></ul></div>'
        f"{main}{foot}</body></html>"
    )


def _heading(name: str) -> str:
    return f'<div class="pos">当前位置：<a href="/">首页</a> &gt; {name}</div><h1>{name}</h1>'


def plain() -> dict[str, str]:
    """The twin: everything stands in the bytes."""
    pages = {"/": _whole("云溪县人民政府", "".join(listing(key) for key in COLUMNS), FOOT)}
    for key, (name, _) in COLUMNS.items():
        pages[f"/{key}/"] = _whole(f"{name}_云溪县人民政府", _heading(name) + listing(key), FOOT)
        pages |= _articles(key, FOOT)
    pages[f"/{EMPTY}/"] = _whole("新闻发布_云溪县人民政府", _heading("新闻发布") + '<ul class="list"></ul>', FOOT)
    return pages | _standing(FOOT)


def scripted() -> dict[str, str]:
    """The same site: a shell for a home page, a list by a request, in an iframe and in a frameset, a written footer."""
    foot = '<script src="/foot.js"></script>'
    home = _whole("云溪县人民政府", "".join(listing(key) for key in COLUMNS), FOOT)
    body = home.partition("<body>")[2].partition("</body>")[0]
    pages = {
        "/": '<!DOCTYPE html><html><head><meta charset="utf-8"><title>云溪县人民政府</title></head>'
        '<body><div id="app"></div><script src="/app.js"></script></body></html>',
        "/app.js": f"document.getElementById('app').innerHTML = {json.dumps(body)};",
        "/foot.js": f"document.write({json.dumps(FOOT)});",
        "/api/list?column=gzdt": json.dumps(
            [{"url": url, "title": title, "day": day} for url, title, day in entries("gzdt")]
        ),
        "/gzdt/": _whole(
            "工作动态_云溪县人民政府",
            _heading("工作动态")
            + '<ul id="list" class="list"></ul><script>fetch("/api/list?column=gzdt").then(r => r.json()).then(rows => {'
            "document.getElementById('list').innerHTML = rows.map(row => '<li><a href=\"' + row.url + '\">' + row.title"
            " + '</a><span>' + row.day + '</span></li>').join('');});</script>",
            foot,
        ),
        "/tzgg/": _whole(
            "通知公告_云溪县人民政府",
            _heading("通知公告") + '<iframe src="/tzgg/inner.html" width="800" height="400"></iframe>',
            foot,
        ),
        "/tzgg/inner.html": f'<html><head><meta charset="utf-8"></head><body>{listing("tzgg")}</body></html>'.replace(
            'href="/tzgg/', 'href="'
        ),
        "/zcwj/": '<html><head><meta charset="utf-8"><title>政策文件_云溪县人民政府</title></head>'
        '<frameset rows="100,*"><frame src="/zcwj/top.html"><frame src="/zcwj/main.html"></frameset></html>',
        "/zcwj/top.html": f'<html><head><meta charset="utf-8"></head><body>{_heading("政策文件")}</body></html>',
        "/zcwj/main.html": f'<html><head><meta charset="utf-8"></head><body>{listing("zcwj")}{FOOT}</body></html>',
        "/zcjd/": _whole("政策解读_云溪县人民政府", _heading("政策解读") + listing("zcjd"), foot),
        f"/{EMPTY}/": _whole("新闻发布_云溪县人民政府", _heading("新闻发布") + '<ul class="list"></ul>', foot),
    }
    for key in COLUMNS:
        pages |= _articles(key, foot)
    return pages | _standing(foot)


def _articles(key: str, foot: str) -> dict[str, str]:
    return {
        url: _whole(
            f"{title}_云溪县人民政府",
            f'{_heading(title)}<p>发布时间：{day} 09:30　来源：县政府办公室</p><div id="zoom"><p>{_TEXT}</p></div>',
            foot,
            f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{day} 09:30">',
        )
        for url, title, day in entries(key)
    }


def _standing(foot: str) -> dict[str, str]:
    return {
        "/map.html": _whole("网站地图_云溪县人民政府", f"{_heading('网站地图')}<p>{_TEXT}</p>", foot),
        "/jiucuo.html": _whole("网站找错_云溪县人民政府", f"{_heading('网站找错')}<p>{_TEXT}</p>", foot),
    }
