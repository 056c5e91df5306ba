"""Documents that are hard to read: ten thousand links, two megabytes on a line, elements nested five thousand deep."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from crawler.facts import Outcome
from tests.integration.hostile.behaviour import Behaviour, Told, told
from tests.integration.hostile.healthy import PROSE, shell
from tests.integration.hostile.server import Exchange, Handler


def _html(inner: str) -> str:
    return shell("资料汇编_云汐县人民政府", f"<h1>资料汇编</h1><p>{PROSE}</p>{inner}")


def _made(make: Callable[[], str]) -> Handler:
    made = cache(make)

    async def answer(x: Exchange) -> None:
        await x.page(made())

    return answer


def _links() -> str:
    return _html("<ul>" + "".join(f'<li><a href="/links/{n}.html">第{n}条</a></li>' for n in range(10_000)) + "</ul>")


async def _links_and_pages(x: Exchange) -> None:
    await x.page(_links() if x.path == "/links/" else _html("<p>同样的内容</p>"))


async def _refresh(x: Exchange) -> None:
    await x.page('<html><head><meta http-equiv="refresh" content="0;url=/refresh/"></head><body></body></html>')


async def _base(x: Exchange) -> None:
    port = x.server.port
    await x.page(
        _html('<a href="base/x.html">一</a><a href="/base/y.html">二</a>').replace(
            "<title>", f'<base href="http://127.9.9.9:{port}/"><title>'
        )
    )


def _one(name: str, title: str, make: Callable[[], str], expected: Told) -> Behaviour:
    path = f"/{name}/"
    return Behaviour(name, title, (path,), {path: _made(make)}, {path: expected})


_OK = told(Outcome.OK)
_MANY = told(Outcome.TOO_LARGE, reason="数量超过上限")

BEHAVIOURS = (
    Behaviour("links", "一页一万个链接", ("/links/",), {"/links/": _links_and_pages}, {"/links/": _OK}, most=50, note="疑似无限延伸的地址"),
    _one("long-line", "一行 2 MB", lambda: _html("<p>" + "一行到底没有换行" * 87_000 + "</p>"), _OK),
    _one("long-word", "一个 2 MB 的词", lambda: _html("<p>" + "a" * 2_000_000 + "</p>"), _OK),
    _one("digits", "2 MB 的数字与日期", lambda: _html("<p>" + "2026-07-01 " * 180_000 + "</p>"), _OK),
    _one("deep", "嵌套五千层", lambda: _html("<div>" * 5_000 + "<p>底层</p>" + "</div>" * 5_000), _OK),
    _one("deep-lists", "嵌套五千层列表", lambda: _html("<ul><li><a href='/'>项</a>" * 5_000), _OK),
    _one("attributes", "二十万个属性", lambda: _html("<div " + " ".join(f'data-a{n}="{n}"' for n in range(200_000)) + ">内容</div>"), _MANY),
    _one("attributes-hidden", "引号中藏有标签的属性", lambda: _html("<div " + " ".join(f'a{n}=">"' for n in range(90_000)) + ">内容</div>"), _MANY),
    _one("attributes-script", "脚本中的长数据", lambda: _html("<script>if(a<b)var list=[" + ",".join(f'"第 {n} 条"' for n in range(20_000)) + "]</script>"), _OK),
    _one("unclosed", "一百万个未闭合链接", lambda: _html("<a href=x>" * 1_000_000), _MANY),
    _one("formats", "未闭合的格式标记", lambda: _html("<b><i><u><font>字<p>" * 3_000), _OK),
    _one("tables", "不成形的表格", lambda: _html("<table><tr><td><a href='/'>格</a>" * 4_000), _OK),
    Behaviour("refresh", "自我刷新", ("/refresh/",), {"/refresh/": _refresh}, {"/refresh/": told(Outcome.REDIRECT_LOOP)}, most=30, accuses=("/refresh/",)),
    Behaviour("base", "base 指向他站", ("/base/",), {"/base/": _base}, {"/base/": _OK}),
)  # fmt: skip
