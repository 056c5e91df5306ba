"""Private addresses in every spelling, and the transport that connects only to what was checked."""

import asyncio
import ipaddress

import httpx
import pytest

from crawler.fetch.policy import AddressPolicy, AddressRefused, GuardedTransport, is_public, literal

PRIVATE = [
    "127.0.0.1", "127.0.0.11", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "192.0.0.8", "192.88.99.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "114.114.114.114", "2400:3200::1", "::ffff:8.8.8.8"]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_no_public_hosts(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::1]", "127.0.0.1"])
def test_every_spelling_of_loopback_is_seen_through(host: str) -> None:
    address = literal(host)
    assert address is not None
    assert not is_public(address)


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://2130706433/", "http://[::1]:8080/x", "http://localhost/"])
def test_policy_refuses_private_urls_and_remembers_them(url: str) -> None:
    assert not AddressPolicy(allow_private=False).permits_url(url)
    assert AddressPolicy(allow_private=True).permits_url(url)


def test_names_are_left_to_resolution() -> None:
    assert AddressPolicy(allow_private=False).permits_url("http://www.example.gov.cn/")


def test_a_name_is_judged_by_what_it_resolves_to() -> None:
    """The hosts file gives a name for loopback on every machine; `resolve` does not know the name, only the answer."""

    async def resolve() -> str:
        return await AddressPolicy(allow_private=False).resolve("localhost", 80)

    with pytest.raises(AddressRefused):
        asyncio.run(resolve())


def test_transport_refuses_before_it_connects() -> None:
    async def ask() -> None:
        transport = GuardedTransport(AddressPolicy(allow_private=False))
        async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
            await client.get("http://127.0.0.1:9/")

    with pytest.raises(AddressRefused):
        asyncio.run(ask())


def test_resolution_refuses_when_any_address_is_private() -> None:
    async def resolve(policy: AddressPolicy) -> str:
        return await policy.resolve("127.0.0.1", 80)

    with pytest.raises(AddressRefused):
        asyncio.run(resolve(AddressPolicy(allow_private=False)))
    assert asyncio.run(resolve(AddressPolicy(allow_private=True))) == "127.0.0.1"


def test_a_name_that_is_led_to_addresses_is_asked_of_nobody_and_judged_like_any_other() -> None:
    led = {"www.yunxi.example": ("127.0.0.5", "::1"), "xn--fiqs8s.example": ("8.8.8.8",)}

    async def resolve(host: str, *, allow_private: bool) -> str:
        return await AddressPolicy(allow_private=allow_private, hosts=led).resolve(host, 80)

    assert asyncio.run(resolve("WWW.yunxi.example", allow_private=True)) == "127.0.0.5"
    assert asyncio.run(resolve("中国.example", allow_private=False)) == "8.8.8.8"
    with pytest.raises(AddressRefused):
        asyncio.run(resolve("www.yunxi.example", allow_private=False))
