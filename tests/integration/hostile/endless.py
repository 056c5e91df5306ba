"""Addresses without end: every page names another, and nothing on it is new."""

from __future__ import annotations

import itertools
import random
import uuid
from datetime import date, timedelta

from crawler.facts import Outcome
from tests.integration.hostile.behaviour import Behaviour, told
from tests.integration.hostile.healthy import PROSE, shell
from tests.integration.hostile.server import Exchange

RATION = 40
"""Limits.same_shape: fruitless pages of one shape."""


def _html(title: str, inner: str) -> str:
    return shell(f"{title}_云汐县人民政府", f"<h1>{title}</h1>{inner}<p>{PROSE}</p>")


async def _calendar(x: Exchange) -> None:
    """Months for ever in both directions, and a page for every day of them."""
    shown = x.query.get("date", "2026-07")
    year, month, *rest = (int(part) for part in shown.split("-"))
    if rest:
        day = date(year, month, rest[0]) + timedelta(days=1)
        await x.page(
            _html(f"{shown}活动", f'<h1>{shown}</h1><p>当日没有活动</p><a href="?date={day:%Y-%m-%d}">后一天</a>')
        )
        return
    after, before = (year + month // 12, month % 12 + 1), (year - (month == 1), (month - 2) % 12 + 1)
    days = "".join(f'<td><a href="?date={year}-{month:02}-{day:02}">{day}</a></td>' for day in range(1, 29))
    await x.page(
        _html(
            f"{year}年{month}月活动日历",
            f'<h1>{year}年{month}月</h1><a href="?date={before[0]}-{before[1]:02}">上一月</a>'
            f'<a href="?date={after[0]}-{after[1]:02}">下一月</a><table><tr>{days}</tr></table>',
        )
    )


async def _months(x: Exchange) -> None:
    """A calendar that goes forward in its path, out of reach of any rule on dates."""
    number = int(x.path.rsplit("/", 1)[1] or 0)
    await x.page(_html(f"第{number}月", f'<p>本月没有安排</p><a href="/months/m/{number + 1}">next</a>'))


async def _session_path(x: Exchange) -> None:
    fresh = uuid.uuid4().hex
    links = "".join(f'<a href="/session-path/(S({fresh[:24]}))/{name}.aspx">{name}</a>' for name in ("list", "info"))
    more = "".join(f'<a href="/session-path/{name};jsessionid={fresh}">{name}</a>' for name in ("a", "b"))
    await x.page(_html("办事系统", f"<p>办事系统</p>{links}{more}"))


async def _session_query(x: Exchange) -> None:
    fresh = uuid.uuid4().hex
    links = "".join(
        f'<a href="/session-query/list?{name}={fresh}">{name}</a>' for name in ("PHPSESSID", "tok", "visit")
    )
    await x.page(_html("查询系统", f"<p>查询系统</p>{links}"))


def _list(page: int, entries: list[tuple[str, str, str]], onward: str) -> str:
    rows = "".join(f'<li><a href="{href}">{title}</a><span>{day}</span></li>' for href, title, day in entries)
    return _html("公告列表", f'<ul class="list">{rows}</ul><div class="page"><a href="{onward}">下一页</a></div>')


def _text(seed: str) -> str:
    """Words of its own for every page."""
    return "".join(random.Random(seed).choices("河桥路坝渠闸泵站堤岸林田村镇街巷楼宇校院", k=120))


async def _paging(x: Exchange) -> None:
    """Thirty real pages; from then on the last one for ever, under a next number."""
    page = int(x.query.get("page", "1"))
    shown = min(page, 30)
    entries = [
        (f"/paging/art_{shown}_{turn}.html", f"关于第{shown}批第{turn}号采购项目的公告", f"2026-07-{turn + 1:02}")
        for turn in range(3)
    ]
    if "art_" in x.path:
        number = x.path.rpartition("/")[2]
        await x.page(
            _html(f"公告{number}", f"<h1>采购公告{number}</h1><p>发布时间：2026-07-01</p><p>{_text(number)}</p>")
        )
    else:
        await x.page(_list(page, entries, f"/paging/list?page={page + 1}"))


async def _empty_paging(x: Exchange) -> None:
    page = int(x.query.get("page", "1"))
    await x.page(
        _html(
            "列表", f'<p>第 {page} 页 暂无更多内容可以显示给您</p><a href="/empty-paging/?page={page + 1}">下一页</a>'
        )
    )


async def _made_up(x: Exchange) -> None:
    """Listings that list made-up entries for ever, each entry a page of the same words."""
    page = int(x.query.get("page", "1"))
    if x.path.endswith("item"):
        await x.page(_html("条目", f"<p>条目 {x.query.get('id')} 的内容正在整理，请稍后查看。</p>"))
        return
    entries = [(f"/made-up/item?id={page}{turn}", f"条目{page}{turn}", "2026-07-01") for turn in range(8)]
    await x.page(_list(page, entries, f"/made-up/list?page={page + 1}"))


async def _permutations(x: Exchange) -> None:
    """One page under every order and every value of its parameters."""
    names = ("a", "b", "c", "d", "e")
    links = "".join(
        f'<a href="/permutations/?{"&".join(f"{name}={value}" for name, value in zip(order, range(5), strict=True))}">筛选</a>'
        for order in itertools.islice(itertools.permutations(names), 120)
    )
    await x.page(_html("信息筛选", f"<p>符合条件的信息如下</p>{links}"))


async def _nested(x: Exchange) -> None:
    """Relative links that go one level deeper at every step."""
    await x.page(
        _html(
            "目录",
            f"<p>目录内容</p><a href='a/'>下级</a><a href='b/a/'>旁支</a>{'' if x.path.count('/') < 40 else '!'}",
        )
    )


async def _words(x: Exchange) -> None:
    """Ever new words in the path."""
    letters = "".join(random.choices("abcdefghij", k=12))
    links = "".join(f'<a href="/words/{letters}{end}">标签</a>' for end in "xyz")
    await x.page(_html("标签", f"<p>带有此标签的信息</p>{links}"))


async def _hosts(x: Exchange) -> None:
    """Ever new hosts with the same page: 127/8 stands for a wildcard name."""
    port = x.server.port
    first = random.randrange(1, 250)
    links = "".join(f'<a href="http://127.{first}.{n // 250}.{n % 250 + 1}:{port}/hosts/">分站</a>' for n in range(400))
    await x.page(_html("分站", f"<p>分站</p>{links}"))


_REFUSED = told(Outcome.NOT_VISITED, reason="疑似无限延伸的地址")
_SEEN = told(Outcome.OK)

BEHAVIOURS = (
    Behaviour("calendar", "日历", ("/calendar/",), {"/calendar/": _calendar}, {"/calendar/": _SEEN}, most=3 * RATION, note="疑似无限延伸的地址"),
    Behaviour("months", "按月翻页", ("/months/m/1",), {"/months/": _months}, {"/months/m/1": _SEEN}, most=RATION + 5, note="疑似无限延伸的地址"),
    Behaviour("session-path", "路径会话号", ("/session-path/",), {"/session-path/": _session_path}, {"/session-path/": _SEEN}, most=10),
    Behaviour("session-query", "参数会话号", ("/session-query/",), {"/session-query/": _session_query}, {"/session-query/": _SEEN}, most=2 * RATION + 10, note="疑似无限延伸的地址"),
    Behaviour("paging", "翻页无尽头", ("/paging/list",), {"/paging/": _paging}, {"/paging/list": _SEEN, "/paging/art_30_2.html": _SEEN}, most=30 + 90 + RATION + 10, note="疑似无限延伸的地址"),
    Behaviour("empty-paging", "空页无尽头", ("/empty-paging/",), {"/empty-paging/": _empty_paging}, {"/empty-paging/": _SEEN}, most=RATION + 10, note="疑似无限延伸的地址"),
    Behaviour("made-up", "条目无尽头", ("/made-up/list",), {"/made-up/": _made_up}, {"/made-up/list": _SEEN}, most=4 * RATION, exit_reason="", note="疑似无限延伸的地址"),
    Behaviour("permutations", "参数排列", ("/permutations/",), {"/permutations/": _permutations}, {"/permutations/": _SEEN}, most=RATION + 10, note="疑似无限延伸的地址"),
    Behaviour("nested", "路径自我嵌套", ("/nested/",), {"/nested/": _nested}, {"/nested/": _SEEN, "/nested/a/a/a/": _REFUSED}, most=60, note="疑似无限延伸的地址"),
    Behaviour("words", "标签无尽头", ("/words/",), {"/words/": _words}, {"/words/": _SEEN}, most=64 + 2 * RATION, note="疑似无限延伸的地址"),
    Behaviour("hosts", "主机名无尽头", ("/hosts/",), {"/hosts/": _hosts}, {"/hosts/": _SEEN}, most=320, note="站外链接另有"),
)  # fmt: skip
