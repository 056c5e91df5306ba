"""What a second night may be told by a server: "unchanged" where the very bytes come, nothing in any other case."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from array import array
from collections.abc import Iterator, Mapping

import pytest

from crawler.facts import FetchOutcome, Pace, PageKind, Resource
from crawler.fetch.limits import Limits
from crawler.fetch.log import Baseline, KnownPage, Place
from crawler.fetch.policy import AddressPolicy
from crawler.fetch.revisits import Revisits
from tests.integration.hostile.server import Exchange, HostileServer, Scene

KIND = "text/html; charset=utf-8"
BODY = b"<html><body>" + b"<p>text of a page</p>" * 4_000 + b"</body></html>"
LIMITS = Limits(timeout=2, page_bytes=200_000)
HEAD = ("200 OK", f"Content-Type: {KIND}")


async def _plain(x: Exchange) -> None:
    await x.page(BODY, *HEAD, "Set-Cookie: known=1; Path=/")


async def _gzip(x: Exchange) -> None:
    assert "gzip" in x.headers["accept-encoding"]
    await x.page(gzip.compress(BODY), *HEAD, "Content-Encoding: gzip")


async def _broken_gzip(x: Exchange) -> None:
    await x.page(gzip.compress(BODY)[:-40], *HEAD, "Content-Encoding: gzip")


async def _bomb(x: Exchange) -> None:
    await x.page(gzip.compress(bytes(50_000_000)), *HEAD, "Content-Encoding: gzip")


async def _short(x: Exchange) -> None:
    await x.head(*HEAD, f"Content-Length: {len(BODY) + 10}")
    await x.send(BODY)


async def _endless(x: Exchange) -> None:
    await x.head(*HEAD)
    while True:
        await x.send(BODY)


async def _slow(x: Exchange) -> None:
    await x.head(*HEAD)
    while True:
        await x.send(b"<")
        await asyncio.sleep(0.2)


async def _changed(x: Exchange) -> None:
    await x.page(BODY + b" ", *HEAD)


async def _other_kind(x: Exchange) -> None:
    await x.page(BODY, "200 OK", "Content-Type: text/plain")


async def _moved(x: Exchange) -> None:
    await x.page(BODY, "302 Found", f"Content-Type: {KIND}", "Location: /plain")


async def _gone(x: Exchange) -> None:
    await x.page(BODY, "404 Not Found", f"Content-Type: {KIND}")


async def _reset(x: Exchange) -> None:
    x.reset()


async def _visitor(x: Exchange) -> None:
    """The page where the request is a visitor's: whole path, no cookie, our name; else another."""
    visitor = x.headers["accept-language"] == "zh-CN,zh;q=0.9" and "Xuncha" in x.headers["user-agent"]
    await (_plain if visitor and "cookie" not in x.headers else _changed)(x)


UNCHANGED = {"/plain": _plain, "/gzip": _gzip, "/visitor": _visitor, "/dots/../as/./they/are": _plain}
NOTHING = {
    "/broken-gzip": _broken_gzip,
    "/bomb": _bomb,
    "/short": _short,
    "/endless": _endless,
    "/slow": _slow,
    "/changed": _changed,
    "/other-kind": _other_kind,
    "/moved": _moved,
    "/gone": _gone,
    "/reset": _reset,
}


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as server:
        server.play(Scene((), {**UNCHANGED, **NOTHING}))
        yield server


def asked(pages: Mapping[str, KnownPage], resources: Mapping[str, str]) -> dict[str, FetchOutcome]:
    """Asks all of them; the visits of those that count as unchanged. What does not is told to be visited."""
    visits: dict[str, FetchOutcome] = {}

    def take(url: str, place: Place, visit: FetchOutcome) -> None:
        visits[url] = visit

    async def ask() -> None:
        policy = AddressPolicy(allow_private=True)
        async with Revisits(Baseline(pages=pages, resources=resources), Pace(0, 4), LIMITS, policy) as revisits:
            for url in (*pages, *resources):
                assert revisits.takes(url, Place(1, Resource.PAGE, ""))
            changed = await revisits.work_off(take, lambda: False)
        assert {url for url, _ in changed} == {*pages, *resources} - set(visits)

    asyncio.run(ask())
    return visits


def known(body: bytes = BODY, kind: PageKind = PageKind.ARTICLE, etag: str = "") -> KnownPage:
    return KnownPage(1, kind, hashlib.sha256(body).hexdigest(), etag, "", KIND, (), array("I"))


def test_the_very_bytes_and_nothing_else(server: HostileServer) -> None:
    home = server.home_url.rstrip("/")
    visits = asked({home + path: known() for path in (*UNCHANGED, *NOTHING)}, {})
    assert set(visits) == {home + path for path in UNCHANGED}
    assert {(visit.status, visit.method) for visit in visits.values()} == {(200, "GET")}
    assert server.asked["/plain"] == 1  # nobody followed the redirect


def test_a_resource_is_asked_by_head(server: HostileServer) -> None:
    home = server.home_url.rstrip("/")
    visits = asked({}, {home + path: KIND for path in ("/plain", "/other-kind", "/moved", "/gone", "/reset")})
    assert {url.removeprefix(home): visit.method for url, visit in visits.items()} == {"/plain": "HEAD"}


def test_a_server_that_speaks_no_tls(server: HostileServer) -> None:
    """An https address of a server that speaks no TLS is nothing, and ends at once."""
    assert asked({server.home_url.replace("http:", "https:") + "plain": known()}, {}) == {}
