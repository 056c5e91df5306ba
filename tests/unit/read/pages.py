"""Pages for the tests of reading: small, whole, and of fictional places."""

from __future__ import annotations

from datetime import datetime

from crawler.facts import BEIJING, PageFact
from crawler.read.page import PageReader, Reading

HOST = "www.yunxi.gov.cn"
HOME = f"http://{HOST}/"
AS_OF = datetime(2026, 8, 10, 9, 0, tzinfo=BEIJING)

FOOTER = """<div class="footer"><p>主办单位：云溪县人民政府办公室　承办：云溪县大数据中心</p>
<p>网站标识码：6109990001　<a href="https://beian.miit.gov.cn/">陕ICP备12345678号-1</a>　陕公网安备 61099902000001号</p>
<p>联系电话：0915-1234567 <a href="/wzdt.html">网站地图</a></p>
<a href="https://bszs.conac.cn/sitename?method=show&id=1"><img src="/images/red.png" alt="党政机关"></a>
<script src="https://zfwzgl.www.gov.cn/exposure/jiucuo.js"></script></div>"""
NAV = """<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li>
<li><a href="/tzgg/">通知公告</a></li><li><a href="/ldzc/">领导之窗</a></li></ul></div>"""
PROSE = (
    "<p>"
    + "全县秋粮收购和储备工作扎实推进，各乡镇各部门压实责任，及时足额兑付售粮款，切实保护种粮农民利益。" * 3
    + "</p>"
)


def page(main: str, *, head: str = "", title: str = "云溪县人民政府网", nav: str = NAV, footer: str = FOOTER) -> str:
    """A whole page around its main part."""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{nav}{main}{footer}</body></html>"
    )


def read(
    html: str | bytes,
    path: str = "/tzgg/index.html",
    *,
    rendered: bool = False,
    content_type: str = "text/html",
    as_of: datetime = AS_OF,
    reader: PageReader | None = None,
) -> PageFact:
    """The fact that the reader makes of a page at this path of the fictional county's site."""
    return reading(html, path, rendered=rendered, content_type=content_type, as_of=as_of, reader=reader).fact


def reading(
    html: str | bytes,
    path: str = "/tzgg/index.html",
    *,
    rendered: bool = False,
    content_type: str = "text/html",
    as_of: datetime = AS_OF,
    reader: PageReader | None = None,
) -> Reading:
    """The fact and the text of such a page."""
    body = html if isinstance(html, bytes) else html.encode()
    reader = reader or PageReader(HOME, frozenset({HOST}), as_of)
    return reader.read(body, f"http://{HOST}{path}", fetched_at=as_of, content_type=content_type, rendered=rendered)


def entries(*rows: tuple[str, str, str]) -> str:
    """A list of (address, title, date)."""
    return (
        '<ul class="list">' + "".join(f'<li><a href="{u}">{t}</a><span>{d}</span></li>' for u, t, d in rows) + "</ul>"
    )
