"""Fictional pages in the markup of the common site builders, each with what a reader must find in it.

The frames (navigation, sub-columns, hot lists, footer) are those that real pages have around their lists; names and
addresses are of a county that does not exist.
"""

from __future__ import annotations

from msgspec import Struct

from crawler.facts import PageKind

Row = tuple[str, str, str]
Item = tuple[str, str, str | None]

TITLES = (
    "云溪县人民政府办公室关于印发《云溪县防汛抗旱应急预案》的通知",
    "关于召开全县秋粮收购工作会议的通知",
    "云溪县二〇二六年上半年财政预算执行情况公告",
    "县政府召开第12次常务会议",
    "关于县城部分区域停电检修的公告",
    "云溪县自然资源局国有建设用地使用权拍卖出让公告（云自然资告字〔2026〕3号）",
    "云溪县2026年公开招聘中小学教师面试成绩公示",
    "关于对石门镇等5个镇卫生院药品采购情况的通报",
    "全县“三夏”生产现场推进会在白杨镇召开",
    "云溪县水利局2026年7月行政许可信息公示",
)
DAYS = (
    "2026-08-03", "2026-07-30", "2026-07-21", "2026-07-16", "2026-06-30",
    "2026-05-12", "2026-03-08", "2026-01-15", "2025-12-29", "2025-11-02",
)  # fmt: skip


class Make(Struct, frozen=True):
    """One page: its address' path, its markup, the kind, the entries (address from the path), the further pages.

    `crumbs` are the steps of 当前位置 (None: not asked), `pinned` the titles that stand on top, `unfollowed` says that
    further pages exist which no address leads to.
    """

    name: str
    path: str
    html: str
    items: tuple[Item, ...]
    kind: PageKind = PageKind.COLUMN
    next_pages: tuple[str, ...] = ()
    crumbs: tuple[str, ...] | None = None
    pinned: tuple[str, ...] = ()
    unfollowed: bool = False


def rows(pattern: str, count: int = 10) -> list[Row]:
    """Titles with addresses and days; in `pattern` {n} is a number, {y} {m} {d} the day, {ym} and {ymd} compact."""
    made = []
    for number, (title, day) in enumerate(zip(TITLES[:count], DAYS[:count], strict=True)):
        y, m, d = day.split("-")
        made.append((title, pattern.format(n=3321 - number, y=y, m=int(m), d=int(d), ym=y + m, ymd=y + m + d), day))
    return made


def items_of(listed: list[Row], *, dated: bool = True) -> tuple[Item, ...]:
    """The entries that a reader must find."""
    return tuple((title, address, day if dated else None) for title, address, day in listed)


LABELS = (
    '<meta name="SiteName" content="云溪县人民政府"><meta name="SiteDomain" content="www.yunxi.gov.cn">'
    '<meta name="SiteIDCode" content="6109990001"><meta name="ColumnName" content="{name}">'
    '<meta name="ColumnType" content="{type}"><meta name="ColumnDescription" content="云溪县人民政府{name}栏目">'
)
_MENU = "".join(
    f'<li><a href="/{key}/">{name}</a><ul class="second"><li><a href="/{key}/a/">{name}之一</a></li>'
    f'<li><a href="/{key}/b/">{name}之二</a></li></ul></li>'
    for key, name in (
        ("zjyx", "走进云溪"), ("xwzx", "新闻中心"), ("zwgk", "政务公开"), ("zwfw", "政务服务"), ("hdjl", "互动交流"), ("ztzl", "专题专栏"),
    )
)  # fmt: skip
HEAD = (
    '<div class="top"><div class="w1200"><span>今天是2026年8月10日 星期一</span><a href="/wza/">无障碍</a>'
    '<a href="/ipv6/">IPv6</a></div></div><div class="header"><a href="/"><img src="/images/logo.png" alt="云溪县人民政府"></a>'
    '<form action="/search.jsp" method="get"><input name="q" placeholder="请输入关键字"><input type="submit" value="搜索"></form></div>'
    f'<div class="nav"><ul><li><a href="/">首页</a></li>{_MENU}</ul></div>'
)
FOOT = (
    '<div class="yqlj"><select><option>县直部门网站</option><option value="http://jyj.yunxi.gov.cn/">教育局</option></select></div>'
    '<div class="footer"><p><a href="/wzdt/">网站地图</a> | <a href="/gywm/">关于我们</a> | <a href="/lxwm/">联系我们</a></p>'
    "<p>主办：云溪县人民政府办公室　承办：云溪县大数据中心　网站标识码：6109990001</p>"
    '<p><a href="https://beian.miit.gov.cn/">陕ICP备12345678号-1</a>　<a href="http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=61099902000001">陕公网安备 61099902000001号</a></p></div>'
)
SIBLINGS = (
    ("通知公告", "tzgg"),
    ("政策文件", "zcwj"),
    ("政策解读", "zcjd"),
    ("财政信息", "czxx"),
    ("人事信息", "rsxx"),
    ("规划计划", "ghjh"),
)
LEFT = (
    '<div class="left_box"><div class="tit">政务公开</div><ul>'
    + "".join(f'<li><a href="/zwgk/{key}/">{name}</a></li>' for name, key in SIBLINGS)
    + "</ul></div>"
)
PLACE = '<div class="dqwz">您当前的位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="/zwgk/tzgg/">通知公告</a></div>'
STEPS = ("首页", "政务公开", "通知公告")


def whole(main: str, *, title: str = "通知公告-云溪县人民政府", head: str = "", bare: bool = False) -> str:
    """A page with its frame; `bare` leaves out the navigation and the footer, as in a frame."""
    frame = ("", "") if bare else (HEAD, FOOT)
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{frame[0]}{main}{frame[1]}</body></html>"
    )


def labels(name: str = "通知公告", kind: str = "通知公告") -> str:
    """The labels of a column page."""
    return LABELS.format(name=name, type=kind)
