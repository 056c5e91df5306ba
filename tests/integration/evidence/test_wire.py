"""What httpx and Scrapy tell of an exchange, against real servers on loopback."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from crawler.facts import Exchange
from crawler.fetch.exchange import exchange_of_client_failure
from crawler.fetch.policy import AddressPolicy, GuardedTransport
from crawler.fetch.received import Received, receive

PAGE = "<html>云溪县人民政府</html>".encode() * 40


class _Site(BaseHTTPRequestHandler):
    """A page, compressed; two redirects that lead to it, one page that refreshes itself; an address that hangs up."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/moved":
            self._answer(302, b"", Location="/again")
        elif self.path == "/again":
            self._answer(301, b"moved", Location="/page?x=1")
        elif self.path == "/to-hangup":
            self._answer(302, b"", Location="/hangup")
        elif self.path == "/loop":
            self._answer(302, b"", Location="/loop")
        elif self.path == "/refresh":
            self._answer(200, b'<html><meta http-equiv="refresh" content="0;url=/page"></html>')
        elif self.path == "/hangup":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self._answer(200, gzip.compress(PAGE), **{"Content-Encoding": "gzip", "X-Asked-Of": self.headers["Host"]})

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def _asked(
    url: str, most: int = 100_000, hosts: dict[str, tuple[str, ...]] | None = None
) -> tuple[Received | None, Exchange]:
    async def ask() -> tuple[Received | None, Exchange]:
        transport = GuardedTransport(AddressPolicy(allow_private=True, hosts=hosts))
        async with httpx.AsyncClient(transport=transport, headers={"User-Agent": "xuncha-test"}) as client:
            try:
                answer = await receive(client, url, most=most, seconds=20)
            except httpx.HTTPError as error:
                return None, exchange_of_client_failure(error, url, note="说明")
            return answer, answer.exchange

    return asyncio.run(ask())


@contextmanager
def _black_hole(port: int) -> Iterator[None]:
    """::1 swallows connections on that port: nobody takes the few that its queue has room for."""
    with ExitStack() as stack:
        hole = stack.enter_context(socket.socket(socket.AF_INET6))
        hole.bind(("::1", port))
        hole.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket(socket.AF_INET6))
            waiting.setblocking(False)
            waiting.connect_ex(("::1", port))
        yield


@pytest.mark.parametrize("ipv6", [nullcontext, _black_hole], ids=["refused", "swallowed"])
def test_a_site_whose_ipv6_does_not_answer_is_reached_by_ipv4(
    port: int, ipv6: Callable[[int], AbstractContextManager[None]]
) -> None:
    with ipv6(port):
        answer, wire = _asked(f"http://yunxi.example:{port}/page", hosts={"yunxi.example": ("::1", "127.0.0.1")})
    assert answer is not None
    assert (answer.final, wire.address) == (f"http://yunxi.example:{port}/page", "127.0.0.1")


def test_a_redirect_by_name_stays_with_the_name_and_every_hop_is_told(port: int) -> None:
    """The address that was checked is connected to, and yet a relative Location leads to the name, not the number."""
    answer, wire = _asked(f"http://localhost:{port}/moved")
    assert answer is not None
    assert answer.final == f"http://localhost:{port}/page?x=1"
    assert answer.body == PAGE
    assert dict(answer.kept_headers)["X-Asked-Of"] == f"localhost:{port}"
    assert (wire.url, wire.address, wire.protocol) == (answer.final, "127.0.0.1", "HTTP/1.1")
    assert [(hop.url.rpartition("/")[2], hop.status, hop.location, hop.address) for hop in wire.hops] == [
        ("moved", 302, "/again", "127.0.0.1"),
        ("again", 301, "/page?x=1", "127.0.0.1"),
    ]
    assert all(dict(hop.sent)["User-Agent"] == "xuncha-test" for hop in wire.hops)
    assert dict(wire.sent)["User-Agent"] == "xuncha-test"
    assert (wire.encoding, wire.is_cut) == ("gzip", False)
    assert "Content-Encoding" not in dict(answer.kept_headers), "it no longer holds of the body that is kept"
    assert [value for name, value in answer.kept_headers if name == "Set-Cookie"] == ["a=1", "b=2"]


def test_a_body_that_was_not_read_to_its_end_is_told_as_cut(port: int) -> None:
    answer, wire = _asked(f"http://localhost:{port}/page", most=100)
    assert answer is not None
    assert (wire.is_cut, wire.length) == (True, len(gzip.compress(PAGE)))


def test_a_failure_is_told_in_the_clients_own_words(port: int) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = free.getsockname()[1]
    answer, wire = _asked(f"http://localhost:{closed}/")
    assert answer is None
    assert (wire.error, wire.address, wire.note) == ("ConnectError", "127.0.0.1", "说明")
    assert wire.words
    _, wire = _asked(f"http://127.0.0.1:{port}/hangup")
    assert wire.error == "RemoteProtocolError"
    _, wire = _asked("http://no-such-name.invalid/")
    assert (wire.error, wire.address) == ("ConnectError", "")


def test_a_failure_after_redirects_and_a_loop_tell_the_hops(port: int) -> None:
    _, wire = _asked(f"http://localhost:{port}/to-hangup")
    assert [(hop.status, hop.location) for hop in wire.hops] == [(302, "/hangup")]
    assert (wire.url, wire.error) == (f"http://localhost:{port}/hangup", "RemoteProtocolError")
    _, wire = _asked(f"http://localhost:{port}/loop")
    assert wire.error == "TooManyRedirects"
    assert len(wire.hops) > 3
    assert {hop.url for hop in wire.hops} == {f"http://localhost:{port}/loop"}


_SPIDER = """
import json, sys
from msgspec import to_builtins
from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from crawler.facts import Pace
from crawler.fetch.exchange import exchange_of, exchange_of_failure, headers_of
from crawler.fetch.limits import Limits
from crawler.fetch.policy import AddressPolicy
from crawler.fetch.settings import scrapy_settings

seen = {}

class Asking(Spider):
    name = "asking"
    async def start(self):
        for url in sys.argv[1:]:
            yield Request(url, callback=self.answered, errback=self.failed, headers={"Referer": "http://a.example/"},
                          dont_filter=True, meta={"address": url})
    def answered(self, response):
        kept = exchange_of(response, kept=10)
        seen[response.meta["address"]] = [to_builtins(kept), headers_of(response), len(response.body)]
    def failed(self, failure):
        seen[failure.request.meta["address"]] = [to_builtins(exchange_of_failure(failure)), [], 0]

process = CrawlerProcess(scrapy_settings(Pace(0, 4), Limits(), AddressPolicy(allow_private=True)))
process.crawl(Asking)
process.start()
print(json.dumps(seen, default=str))
"""


def test_scrapy_tells_the_same(port: int) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = free.getsockname()[1]
    base = f"http://localhost:{port}"
    urls = [f"{base}/moved", f"{base}/refresh", f"{base}/hangup", f"http://localhost:{closed}/"]
    done = subprocess.run([sys.executable, "-c", _SPIDER, *urls], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    seen: dict[str, tuple[dict[str, Any], list[list[str]], int]] = json.loads(done.stdout)
    wire, headers, size = seen[urls[0]]
    assert size == len(PAGE)
    assert (wire["url"], wire["address"], wire["protocol"]) == (f"{base}/page?x=1", "127.0.0.1", "HTTP/1.1")
    assert (wire["encoding"], wire["length"], wire["is_cut"]) == ("gzip", len(gzip.compress(PAGE)), True)
    sent = dict(wire["sent"])
    assert sent["Host"] == f"localhost:{port}"
    assert "Xuncha" in sent["User-Agent"]
    assert [(hop["status"], hop["location"]) for hop in wire["hops"]] == [(302, "/again"), (301, "/page?x=1")]
    assert all(hop["address"] == "127.0.0.1" and hop["sent"] and hop["at"] for hop in wire["hops"])
    assert [value for name, value in headers if name == "Set-Cookie"] == ["a=1", "b=2"]
    refreshed = seen[urls[1]][0]
    assert [(hop["status"], hop["location"]) for hop in refreshed["hops"]] == [(200, "")]
    assert refreshed["url"] == f"{base}/page"
    for url in urls[2:]:
        failed = seen[url][0]
        assert failed["error"]
        assert failed["words"]
        assert failed["address"] == "127.0.0.1"
