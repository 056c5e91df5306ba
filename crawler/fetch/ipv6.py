"""AAAA records of a home page's host and an answer over them (availability.ipv6), each against a control of our own.

That a name has no record is believed of a resolver that gives records of others; that a host is silent, of a machine
that reaches others over IPv6. Of a name that the registry leads to addresses DNS is not asked: where there is none of
IPv6 among them, nothing is known.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

import dns.asyncresolver
import dns.exception
import dns.resolver
import httpx
from msgspec.structs import replace

from crawler.clock import now
from crawler.facts import Ipv6Fact
from crawler.fetch.limits import Limits
from crawler.fetch.policy import AddressPolicy, literal

_SECONDS = 8.0
_SYNTHETIC = ipaddress.ip_network("64:ff9b::/96")
"""What a resolver makes up for names that have no record (DNS64)."""
_NO_NETWORK = "本机没有可用的 IPv6 网络"
_NOT_ASKED = "域名由台账指向登记的地址，其中没有 IPv6 地址，本次没有查询域名解析"


async def ipv6(
    policy: AddressPolicy,
    url: str,
    canaries: Sequence[str],
    limits: Limits,
    *,
    gap: float,
    resolver: dns.asyncresolver.Resolver | None = None,
) -> Ipv6Fact | None:
    """What is seen of a home page's host over IPv6; None where the address names no host but an IP address.

    A failure is looked at twice, `gap` seconds apart, and then held against the canaries. `resolver` is the system's
    where none is given.
    """
    host = urlsplit(url).hostname or ""
    if not host or literal(host) is not None:
        return None
    asking = _Asking(policy, limits, resolver or dns.asyncresolver.Resolver())
    fact = await asking.look(url, host)
    if fact.error or fact.answered:
        return fact
    await asyncio.sleep(gap)
    again = await asking.look(url, host)
    if again.error or again.answered or bool(again.addresses) != bool(fact.addresses):
        return again
    for canary in canaries:
        name = urlsplit(canary).hostname or ""
        if literal(name) is not None:
            continue
        control = await asking.look(canary, name)
        if control.answered or (control.addresses and not fact.addresses):
            return fact
    missing = "本机的域名解析没有给出对照网址的 IPv6 记录" if not fact.addresses else "对照网址也不能通过 IPv6 打开"
    return replace(fact, answered=None, error=missing)


class _Asking:
    """Asks for records and over them."""

    def __init__(self, policy: AddressPolicy, limits: Limits, resolver: dns.asyncresolver.Resolver) -> None:
        self._policy, self._limits, self._resolver = policy, limits, resolver

    async def look(self, url: str, host: str) -> Ipv6Fact:
        """One host's records, and whether one of them answers."""
        at = now()
        led = [ipaddress.ip_address(address) for address in self._policy.led_to(host)]
        if led:
            registered = [address for address in led if isinstance(address, ipaddress.IPv6Address)]
            if not registered:
                return Ipv6Fact(host, at, error=_NOT_ASKED)
            return replace(await self._ask(url, host, at, registered), registered=True)
        try:
            found = await self._records(host)
        except dns.resolver.NXDOMAIN:
            return Ipv6Fact(host, at, error="域名无法解析")
        except dns.exception.DNSException:
            return Ipv6Fact(host, at, error="域名解析没有应答")
        except OSError:
            return Ipv6Fact(host, at, error="本机未能查询域名解析")
        if any(address in _SYNTHETIC for address in found):
            return Ipv6Fact(host, at, error="本机的域名解析会合成 IPv6 记录（DNS64），不能判断")
        return await self._ask(url, host, at, found) if found else Ipv6Fact(host, at)

    async def _ask(self, url: str, host: str, at: datetime, found: Sequence[ipaddress.IPv6Address]) -> Ipv6Fact:
        addresses = tuple(str(address) for address in found)
        if not self._policy.permits(host, found):
            return Ipv6Fact(host, at, addresses, error="IPv6 地址属于内网或本机，未经允许不访问")
        if not any(_has_way(address) for address in addresses):
            return Ipv6Fact(host, at, addresses, error=_NO_NETWORK)
        answered = False
        for address in addresses[:2]:
            answered = answered or await self._answers(url, host, address)
        return Ipv6Fact(host, at, addresses, answered)

    async def _records(self, host: str) -> list[ipaddress.IPv6Address]:
        answer = await self._resolver.resolve(host, "AAAA", raise_on_no_answer=False, lifetime=_SECONDS)
        if answer.rrset is None:
            return []
        return [ipaddress.IPv6Address(record.to_text()) for record in answer.rrset]

    async def _answers(self, url: str, host: str, address: str) -> bool:
        """Whether any answer comes over that address; what it says is another check's business."""
        parts = httpx.URL(url)
        headers = {"Host": parts.netloc.decode("ascii"), "User-Agent": self._limits.user_agent}
        # Certificates are a check of their own.
        async with httpx.AsyncClient(verify=False, trust_env=False, timeout=_SECONDS) as client:
            request = client.build_request(
                "GET", parts.copy_with(host=address), headers=headers, extensions={"sni_hostname": host}
            )
            try:
                response = await client.send(request, stream=True)
                await response.aclose()
            except httpx.HTTPError:
                return False
        return True


def _has_way(address: str) -> bool:
    """Whether this machine knows a way to an IPv6 address at all; nothing is sent."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as trial:
            trial.connect((address, 9))
    except OSError:
        return False
    return True
