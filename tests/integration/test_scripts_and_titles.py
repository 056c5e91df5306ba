"""A site's own scripts are read within bounds; a page of another host tells what it has become. Real servers."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import httpx
import pytest

from crawler.facts import FetchOutcome, Outcome, Resource
from crawler.fetch.limits import Limits
from crawler.fetch.offsite import OffSiteHosts, OffSiteQueue
from crawler.fetch.scripts import MOST, SCRIPT_BYTES, read_scripts
from crawler.read.urls import host_of
from tests.integration.inspecting.living_site import Answer, LivingSite, living_site

LEAVE = 'document.onclick=function(){return confirm("您即将离开本网站，是否继续？")};'


@pytest.fixture
def site():  # type: ignore[no-untyped-def]
    with living_site() as living:
        kind = "application/javascript"
        living.answers["/js/leave.js"] = Answer(LEAVE.encode("gbk"), content_type=kind)
        living.answers["/js/plain.js"] = Answer(b"var a=1;", content_type=kind)
        living.answers["/js/huge.js"] = Answer(b"//" + b"x" * SCRIPT_BYTES, content_type=kind)
        for number in range(MOST):
            living.answers[f"/js/{number}.js"] = Answer(b"var b=2;", content_type=kind)
        living.answers["/bet/"] = Answer("<html><title>澳门葡京娱乐城</title><body>x</body></html>".encode())
        yield living


def read(site: LivingSite, *paths: str) -> dict[str, tuple[bool, str]]:
    async def work() -> dict[str, tuple[bool, str]]:
        async with httpx.AsyncClient(trust_env=False) as client:
            facts = await read_scripts(
                client,
                [site.home.rstrip("/") + path if path.startswith("/") else path for path in paths],
                own_hosts=frozenset({host_of(site.home)}),
                permits=lambda url: "/private/" not in url,
                limits=Limits(timeout=5),
                interval=0,
            )
        return {fact.url.removeprefix(site.home.rstrip("/")): (fact.read, fact.prompt) for fact in facts}

    return asyncio.run(work())


def test_what_scripts_do(site: LivingSite) -> None:
    told = read(
        site, "/js/leave.js", "/js/plain.js", "/js/gone.js", "/js/huge.js", "/private/a.js", "http://other.example/a.js"
    )
    assert told["/js/leave.js"][0] and "即将离开" in told["/js/leave.js"][1]
    assert told["/js/plain.js"] == (True, "")
    assert told["/js/gone.js"] == (True, "")  # what is not there does nothing
    assert told["/js/huge.js"] == (False, "")
    assert told["/private/a.js"] == (False, "")
    assert told["http://other.example/a.js"] == (False, "")
    assert {path for _, path, _ in site.requests} == {"/js/leave.js", "/js/plain.js", "/js/gone.js", "/js/huge.js"}


def test_no_more_scripts_are_asked_for_than_the_bound(site: LivingSite) -> None:
    told = read(site, *(f"/js/{number}.js" for number in range(MOST)), "/js/plain.js")
    assert sum(is_read for is_read, _ in told.values()) == MOST
    assert told["/js/plain.js"] == (False, "")


class Log:
    """Keeps the visits."""

    def __init__(self) -> None:
        self.visits: list[FetchOutcome] = []

    def visit(self, outcome: FetchOutcome) -> None:
        self.visits.append(outcome)

    def capture(self, *args: object, **more: object) -> None:
        """Bodies are of no interest here."""


def test_a_foreign_page_tells_its_title(site: LivingSite, tmp_path: Path) -> None:
    log = Log()

    async def work() -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            queue = OffSiteQueue(OffSiteHosts(client), Limits(timeout=5), log, time.monotonic() + 30)  # type: ignore[arg-type]
            queue.submit(f"{site.home}bet/", site.home, Resource.PAGE)
            queue.submit(f"{site.home}js/plain.js", site.home, Resource.SCRIPT)
            await queue.drain()

    asyncio.run(work())
    by_url = {visit.requested_url: visit for visit in log.visits}
    page, script = by_url[f"{site.home}bet/"], by_url[f"{site.home}js/plain.js"]
    assert (page.outcome, page.method, page.title) == (Outcome.OK, "GET", "澳门葡京娱乐城")
    assert (script.outcome, script.method, script.title) == (Outcome.OK, "HEAD", "")


class Broken(httpx.AsyncBaseTransport):
    """A way out that has a fault of ours."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise ZeroDivisionError(str(request.url))


def test_a_fault_of_ours_leaves_a_foreign_address_unvisited_and_is_told(caplog: pytest.LogCaptureFixture) -> None:
    log = Log()

    async def work() -> OffSiteQueue:
        async with httpx.AsyncClient(transport=Broken()) as client:
            queue = OffSiteQueue(OffSiteHosts(client), Limits(timeout=5), log, time.monotonic() + 30)  # type: ignore[arg-type]
            for number in range(2):
                queue.submit(f"http://127.0.0.1/{number}", "http://127.0.0.1/", Resource.PAGE)
            await queue.drain()
            return queue

    queue = asyncio.run(work())
    assert log.visits == []
    assert queue.note == "站外链接另有 2 个因本系统出错未访问"
    assert "ZeroDivisionError" in caplog.text
