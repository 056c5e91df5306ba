"""Which addresses may be connected to at all: public ones, unless private ones are allowed for the whole inspection.

Every hop is looked at again (first request, redirect, off-site link, rendered page), and the address that was
checked is the one that is connected to, so that a name cannot change its mind in between. Names that the registry
leads to addresses (域名指向) are led there for whoever connects, and DNS is not asked.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
from aiohappyeyeballs import AddrInfoType, start_connection

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Hosts = Mapping[str, tuple[str, ...]]
"""域名指向: by name in lower case the addresses it is reached at in place of what DNS says, the first one first."""

# `is_global` of Python 3.11 is True for these, though none of them is a public host (IANA special-purpose registries).
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "224.0.0.0/4",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "ff00::/8",
    )
)

STAGGER, SECONDS, TAKEN_FOR = 0.25, 10.0, 300.0
"""After how long a host's other address is asked beside the first (RFC 8305), when both are given up, how long one that
took a connection stands."""
REFUSAL = "内网或本机地址，未经允许不访问"


class AddressRefused(httpx.TransportError):
    """A name or address that leads into a private network while private addresses are not allowed."""


def is_public(address: Address) -> bool:
    """Whether the address may be reached without `--allow-private`."""
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return is_public(mapped)
    return address.is_global and not any(
        address in network for network in _NOT_PUBLIC if network.version == address.version
    )


def literal(host: str) -> Address | None:
    """The address that a host name spells out, in any spelling a connecting library would take; None for names."""
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        pass
    try:  # 2130706433, 0x7f.1 and the like are loopback to the C library
        return ipaddress.ip_address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


class AddressPolicy:
    """The rule of one inspection. `refused` remembers the hosts that were turned away.

    `hosts` leads names to addresses; those are permitted or refused like any others.
    """

    def __init__(self, *, allow_private: bool, hosts: Hosts | None = None) -> None:
        self.allow_private = allow_private
        self._hosts = hosts or {}
        self.refused: set[str] = set()
        self._taken: dict[tuple[str, int], tuple[str, float]] = {}

    def __deepcopy__(self, memo: object) -> AddressPolicy:
        """Itself: Scrapy copies its settings for every crawl, and what was refused must be known to all."""
        return self

    def permits(self, host: str, addresses: Iterable[Address]) -> bool:
        """Whether all of a host's addresses may be connected to."""
        if self.allow_private or all(is_public(address) for address in addresses):
            return True
        self.refused.add(host)
        return False

    def permits_url(self, url: str) -> bool:
        """Whether a URL may be requested as far as its text tells; names are judged when they are resolved."""
        host = urlsplit(url).hostname or ""
        address = literal(host)
        if address is None:
            return self.allow_private or host != "localhost"
        return self.permits(host, (address,))

    def led_to(self, host: str) -> tuple[str, ...]:
        """The addresses that the registry leads a name to; none where DNS is asked."""
        if not host.isascii():
            host = httpx.URL(scheme="http", host=host).raw_host.decode("ascii")
        return self._hosts.get(host.lower(), ())

    async def resolve(self, host: str, port: int) -> str:
        """The address of `addresses` to connect to: of two families the one that takes a connection first (RFC 8305).

        A site whose IPv6 does not answer is so reached by IPv4, as browsers reach it. What was found out holds a while.
        """
        found = await self.addresses(host, port)
        if len(found) == 1:
            return found[0]
        known = self._taken.get((host, port))
        if known is not None and known[0] in found and time.monotonic() < known[1]:
            return known[0]
        address = await _first_to_take(found, port) or found[0]
        self._taken[host, port] = address, time.monotonic() + TAKEN_FOR
        return address

    async def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """The permitted addresses of a host, the first of each family, in the order in which to try them.

        Raises AddressRefused where any address is private, and httpx.ConnectError where the name does not resolve.
        """
        found_at = list(self.led_to(host))
        if not found_at:
            try:
                found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
            except (socket.gaierror, UnicodeError) as error:
                raise httpx.ConnectError(f"name resolution failed: {error}") from error
            found_at = [str(entry[4][0]) for entry in found]
        if not self.permits(host, (ipaddress.ip_address(address.split("%")[0]) for address in found_at)):
            raise AddressRefused(REFUSAL)
        by_family = {ipaddress.ip_address(address.split("%")[0]).version: address for address in reversed(found_at)}
        return tuple(address for address in dict.fromkeys(found_at) if address in by_family.values())


class GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's transport under a policy: it connects to the address that was checked, under the name that was asked."""

    def __init__(self, policy: AddressPolicy, **options: Any) -> None:
        super().__init__(**options)
        self.policy = policy

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request; redirects come back as requests of their own and are checked again.

        The address that is connected to stands in the request's extensions as `connected`. The request itself keeps
        its name: from it httpx makes the answer's address and what a relative `Location` leads to.
        """
        host = request.url.host
        if not self.policy.permits_url(str(request.url)):
            raise AddressRefused(REFUSAL, request=request)
        if literal(host) is not None:
            request.extensions = {**request.extensions, "connected": host}
            return await super().handle_async_request(request)
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        address = await self.policy.resolve(host, port)
        request.extensions = {**request.extensions, "connected": address}
        pinned = httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return await super().handle_async_request(pinned)


async def _first_to_take(addresses: Iterable[str], port: int) -> str | None:
    """The first address that takes a connection, each later one being asked a little later; None where none does."""
    infos: list[AddrInfoType] = []
    for address in addresses:
        infos += socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    try:
        async with asyncio.timeout(SECONDS):
            taken = await start_connection(infos, happy_eyeballs_delay=STAGGER)
    except (OSError, TimeoutError):
        return None
    with taken:
        return str(taken.getpeername()[0])
