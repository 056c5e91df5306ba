"""AAAA records from a real name server on loopback, and answers over ::1."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import dns.asyncresolver
import dns.message
import dns.rcode
import dns.rrset
import pytest

from crawler.facts import Ipv6Fact
from crawler.fetch.ipv6 import ipv6
from crawler.fetch.limits import Limits
from crawler.fetch.policy import AddressPolicy, Hosts

SITE, CANARY = "www.yunxi.example", "www.canary.example"


class _Names(asyncio.DatagramProtocol):
    """Answers AAAA questions from a table; a name that is not in it does not exist, one with None is a failure."""

    def __init__(self, records: Mapping[str, list[str] | None]) -> None:
        self.records = records

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, peer: Any) -> None:
        asked = dns.message.from_wire(data)
        name = asked.question[0].name.to_text().rstrip(".")
        answer = dns.message.make_response(asked)
        found = self.records.get(name, [])
        if name not in self.records:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif found is None:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif found:
            answer.answer.append(dns.rrset.from_text(asked.question[0].name, 60, "IN", "AAAA", *found))
        self.transport.sendto(answer.to_wire(), peer)


@asynccontextmanager
async def _named(records: Mapping[str, list[str] | None]) -> AsyncIterator[dns.asyncresolver.Resolver]:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Names(records), ("127.0.0.1", 0))
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = transport.get_extra_info("sockname")[1]
    try:
        yield resolver
    finally:
        transport.close()


async def _hello(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(4096)
    writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    await writer.drain()
    writer.close()


def _seen(
    records: Mapping[str, list[str] | None],
    *,
    site_port: int = 0,
    allow_private: bool = True,
    host: str = SITE,
    hosts: Hosts | None = None,
) -> Ipv6Fact | None:
    """What is seen of the site, with a server on ::1 that is the canary, and the site too unless a port is given."""

    async def look() -> Ipv6Fact | None:
        server = await asyncio.start_server(_hello, "::1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, _named(records) as resolver:
            return await ipv6(
                AddressPolicy(allow_private=allow_private, hosts=hosts),
                f"http://{host}:{site_port or port}/",
                [f"http://{CANARY}:{port}/", "http://127.0.0.1/"],
                Limits(),
                gap=0.01,
                resolver=resolver,
            )

    return asyncio.run(look())


@pytest.fixture(autouse=True, scope="module")
def _needs_ipv6() -> None:
    try:
        with socket.socket(socket.AF_INET6) as trial:
            trial.bind(("::1", 0))
    except OSError:
        pytest.skip("no IPv6 on this machine, not even loopback")


@pytest.fixture
def closed() -> int:
    """A port of ::1 on which nobody listens."""
    with socket.socket(socket.AF_INET6) as taken:
        taken.bind(("::1", 0))
        port: int = taken.getsockname()[1]
        return port


def test_a_host_that_answers_whatever_it_says() -> None:
    fact = _seen({SITE: ["::1"]})
    assert fact is not None and (fact.addresses, fact.answered, fact.error) == (("::1",), True, "")


def test_no_record_is_believed_of_a_resolver_that_gives_others() -> None:
    fact = _seen({SITE: [], CANARY: ["::1"]})
    assert fact is not None and (fact.addresses, fact.answered, fact.error) == ((), None, "")
    filtered = _seen({SITE: [], CANARY: []})
    assert filtered is not None and "对照网址" in filtered.error


def test_silence_is_believed_of_a_machine_that_reaches_others(closed: int) -> None:
    fact = _seen({SITE: ["::1"], CANARY: ["::1"]}, site_port=closed)
    assert fact is not None and (fact.answered, fact.error) == (False, "")
    alone = _seen({SITE: ["::1"], CANARY: []}, site_port=closed)
    assert alone is not None and alone.answered is None and "对照网址" in alone.error


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ({}, "域名无法解析"),
        ({SITE: None}, "没有应答"),
        ({SITE: ["64:ff9b::1.2.3.4"]}, "DNS64"),
    ],
)
def test_what_tells_nothing_says_so(records: dict[str, list[str] | None], words: str) -> None:
    fact = _seen(records)
    assert fact is not None and words in fact.error and fact.answered is None


def test_a_name_that_the_registry_leads_is_looked_for_there_alone(closed: int) -> None:
    fact = _seen({SITE: []}, hosts={SITE: ("127.0.0.1", "::1")})
    assert fact is not None and (fact.addresses, fact.answered, fact.registered) == (("::1",), True, True)
    led = {SITE: ("::1",), CANARY: ("::1",)}
    silent = _seen({}, hosts=led, site_port=closed)
    assert silent is not None and (silent.answered, silent.error) == (False, "")
    unknown = _seen({SITE: ["::1"]}, hosts={SITE: ("127.0.0.1",)})
    assert unknown is not None and unknown.answered is None and "没有查询域名解析" in unknown.error


def test_private_records_are_refused_and_addresses_have_no_records() -> None:
    fact = _seen({SITE: ["fd00::1"]}, allow_private=False)
    assert fact is not None and "内网" in fact.error
    assert _seen({}, host="127.0.0.1") is None


def test_a_machine_without_ipv6_says_so() -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as trial:
        try:
            trial.connect(("2400:3200::1", 9))
        except OSError:
            fact = _seen({SITE: ["2400:3200::1"]})
            assert fact is not None and fact.addresses and "本机没有可用的 IPv6" in fact.error
        else:
            pytest.skip("this machine has a way to IPv6")
