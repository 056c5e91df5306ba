"""Redirects without end, walls of cookies, firewalls, and a front door (robots.txt, the home page) that does not open."""

from __future__ import annotations

import asyncio
import random

from crawler.facts import Outcome
from tests.integration.hostile.behaviour import Behaviour, told
from tests.integration.hostile.healthy import PROSE, shell
from tests.integration.hostile.server import Exchange, serve_healthy
from tests.integration.hostile.wire import CLOSED


async def _to(x: Exchange, where: str, *headers: str) -> None:
    await x.page("", "302 Found", f"Location: {where}", *headers)


async def _self(x: Exchange) -> None:
    await _to(x, x.path)


async def _pair(x: Exchange) -> None:
    await _to(x, "/loop-pair/b" if x.path.endswith("a") else "/loop-pair/a")


async def _growing(x: Exchange) -> None:
    await _to(x, f"{x.target}{'&' if '?' in x.target else '?'}r=1")


async def _to_https(x: Exchange) -> None:
    await _to(x, f"https://127.0.0.1:{CLOSED}{x.path}")


async def _cookie_wall(x: Exchange) -> None:
    """302 to itself until the cookie comes back, as many portals do at the first visit."""
    if "pass=1" in x.headers.get("cookie", ""):
        await x.page(shell("办事大厅_云汐县人民政府", f"<h1>办事大厅</h1><p>{PROSE}</p>"))
    else:
        await _to(x, x.path, "Set-Cookie: pass=1; Path=/")


async def _cookie_flood(x: Exchange) -> None:
    """Hundreds of new cookies with every answer."""
    head = [f"Set-Cookie: c{random.randrange(10**9)}={'v' * 200}; Path=/" for _ in range(300)]
    page = shell("办事大厅_云汐县人民政府", f"<h1>办事大厅</h1><p>{PROSE}</p><a href='/cookie-flood/b'>下一步</a>")
    await x.page(page if len(x.headers.get("cookie", "")) < 16_000 else "", "200 OK", *head)


async def _challenge_521(x: Exchange) -> None:
    await x.page(
        "<script>document.cookie='__jsl_clearance=1.0|0|x';location.href=location.pathname</script>", "521 Unknown"
    )


async def _challenge_412(x: Exchange) -> None:
    await x.page("<script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script>", "412 Precondition Failed")


async def _busy(x: Exchange) -> None:
    await x.page("", "429 Too Many Requests", "Retry-After: 3600")


async def _busy_links(x: Exchange) -> None:
    """A list whose every entry is turned away with 429."""
    if x.path == "/busy/":
        links = "".join(f'<p><a href="/busy/{n}.html">第{n}件</a></p>' for n in range(60))
        await x.page(shell("事项_云汐县人民政府", f"<h1>事项</h1><p>{PROSE}</p>{links}"))
    else:
        await _busy(x)


async def _shut_after(x: Exchange) -> None:
    """A firewall that lets eight requests pass and then turns everything away."""
    if sum(x.server.asked.values()) > 8:
        await x.page("<html><body>您的访问被拦截</body></html>", "403 Forbidden")
    else:
        await serve_healthy(x)


async def _robots_large(x: Exchange) -> None:
    lines = "User-agent: *\nDisallow: /admin/\n" + "".join(f"Disallow: /no-such-{n}/\n" for n in range(400_000))
    await x.page(lines, "200 OK", "Content-Type: text/plain")


async def _robots_endless(x: Exchange) -> None:
    await x.head("200 OK", "Content-Type: text/plain")
    await x.send(b"User-agent: *\nDisallow: /robots-endless/\n")
    while True:
        await x.send(b"# nothing more to say\n" * 1_000)


async def _robots_slow(x: Exchange) -> None:
    await x.head("200 OK", "Content-Type: text/plain")
    while True:
        await x.send(b"#")
        await asyncio.sleep(1)


async def _robots_stars(x: Exchange) -> None:
    """Patterns that a backtracking matcher never finishes."""
    await x.page(f"User-agent: *\nDisallow: /{'*a' * 12}*b$\n", "200 OK", "Content-Type: text/plain")


async def _hidden(x: Exchange) -> None:
    await x.page(shell("内部_云汐县人民政府", f"<h1>内部</h1><p>{PROSE}</p>"))


async def _home_slow(x: Exchange) -> None:
    if x.path != "/":
        await serve_healthy(x)
        return
    await x.head("200 OK", "Content-Type: text/html")
    while True:
        await x.send(b"<")
        await asyncio.sleep(1)


async def _home_endless(x: Exchange) -> None:
    if x.path != "/":
        await serve_healthy(x)
        return
    await x.head("200 OK", "Content-Type: text/html")
    while True:
        await x.send(b"<p>" + b"x" * 60_000 + b"</p>")


_LOOP = told(Outcome.REDIRECT_LOOP, reason="跳转次数过多")
_BLOCKED = told(Outcome.BLOCKED, reason="拦截")
_LONG = "/robots-stars/" + "a" * 120 + "/"

BEHAVIOURS = (
    Behaviour("loop-self", "跳转到自身", ("/loop-self/",), {"/loop-self/": _self}, {"/loop-self/": _LOOP}, most=30, accuses=("/loop-self/",)),
    Behaviour("loop-pair", "互相跳转", ("/loop-pair/a",), {"/loop-pair/": _pair}, {"/loop-pair/a": _LOOP}, most=30, accuses=("/loop-pair/a",)),
    Behaviour("loop-growing", "参数增长的跳转", ("/loop-growing/",), {"/loop-growing/": _growing}, {"/loop-growing/": _LOOP}, most=30, accuses=("/loop-growing/",)),
    Behaviour("loop-https", "跳转到关闭的加密端口", ("/loop-https/",), {"/loop-https/": _to_https}, {"/loop-https/": told(Outcome.REFUSED)}, accuses=("/loop-https/",)),
    Behaviour("cookie-wall", "无 Cookie 则跳转", ("/cookie-wall/",), {"/cookie-wall/": _cookie_wall}, {"/cookie-wall/": told(Outcome.OK)}),
    Behaviour("cookie-flood", "Cookie 泛滥", ("/cookie-flood/a",), {"/cookie-flood/": _cookie_flood}, {"/cookie-flood/a": told(Outcome.OK), "/cookie-flood/b": told(Outcome.OK)}),
    Behaviour("challenge-521", "脚本 Cookie 质询 521", ("/challenge-521/",), {"/challenge-521/": _challenge_521}, {"/challenge-521/": _BLOCKED}),
    Behaviour("challenge-412", "脚本 Cookie 质询 412", ("/challenge-412/",), {"/challenge-412/": _challenge_412}, {"/challenge-412/": _BLOCKED}),
    Behaviour("busy", "429 风暴", ("/busy/",), {"/busy/": _busy_links}, {"/busy/0.html": told(Outcome.BLOCKED, reason="429")}, most=200, exit_reason=""),
    Behaviour("shut", "访问数次后一律拒绝", tuple(f"/shut/{n}.html" for n in range(60)), {"/": _shut_after}, {"/shut/0.html": told(Outcome.BLOCKED, reason="拦截")}, most=40, intact=False, exit_reason="被拦截"),
    Behaviour("robots-large", "10 MB 的 robots.txt", (), {"/robots.txt": _robots_large}, most=1, prefix="/robots.txt"),
    Behaviour("robots-endless", "无尽的 robots.txt", ("/robots-endless/",), {"/robots.txt": _robots_endless, "/robots-endless/": _hidden}, {"/robots-endless/": told(Outcome.NOT_VISITED, reason="robots.txt")}, most=0),
    Behaviour("robots-slow", "缓慢的 robots.txt", (), {"/robots.txt": _robots_slow}, most=1, prefix="/robots.txt"),
    Behaviour("robots-stars", "难以匹配的 robots.txt", (_LONG,), {"/robots.txt": _robots_stars, "/robots-stars/": _hidden}, {_LONG: told(Outcome.OK)}, most=3),
    Behaviour("home-slow", "首页每秒一字节", (), {"/": _home_slow}, most=2, prefix="/robots.txt", intact=False, exit_reason="首页无法打开", accuses=("/",)),
    Behaviour("home-endless", "首页没有尽头", (), {"/": _home_endless}, {"/": told(Outcome.TOO_LARGE, reason="大小上限")}, most=1, prefix="/robots.txt", intact=False),
)  # fmt: skip
