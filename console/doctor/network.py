"""Our own network: names, canaries, and the clock, which is held against what the canaries say the time is."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from importlib.resources import files
from statistics import median

import httpx
import yaml

from console.doctor.symptom import Symptom, limits
from console.settings import Settings
from crawler.fetch.network import Canaries
from crawler.fetch.policy import AddressPolicy, GuardedTransport


def look(configured: Settings) -> Iterator[Symptom]:
    """Every look of this family."""
    yield _dns()
    addresses = configured.canaries
    if not addresses:
        text = files("crawler").joinpath("data/canaries.yaml").read_text("utf-8")
        addresses = tuple(yaml.safe_load(text)["canaries"])
    up, offsets = asyncio.run(_ask(addresses))
    yield Symptom("本机网络", up, "探测点有应答" if up else "探测点全部没有应答，此时不会把任何网站判为无法访问")
    yield clock(offsets)


def clock(offsets: Sequence[float]) -> Symptom:
    """What the canaries say of our clock: how many seconds it is behind each of them."""
    if not offsets:
        return Symptom("时钟", None, "探测点没有给出时间，无法核对")
    off = median(offsets)
    if abs(off) <= limits().clock_seconds:
        return Symptom("时钟", True, f"与 {len(offsets)} 个探测点相差 {abs(off):.0f} 秒")
    words = f"比探测点{'慢' if off > 0 else '快'} {abs(off):.0f} 秒，证据和期限中的时间会不准，请启用时间同步"
    return Symptom("时钟", False, words)


def _dns() -> Symptom:
    try:
        socket.getaddrinfo("www.gov.cn", 443)
    except OSError:
        return Symptom("域名解析", False, "www.gov.cn 无法解析，请检查本机的域名服务器")
    return Symptom("域名解析", True, "www.gov.cn 可以解析")


async def _ask(addresses: Sequence[str]) -> tuple[bool | None, list[float]]:
    transport = GuardedTransport(AddressPolicy(allow_private=True), verify=False)
    async with httpx.AsyncClient(transport=transport, trust_env=False, timeout=10) as client:
        up = await Canaries(client, addresses).is_up()
        offsets = await asyncio.gather(*(_offset(client, address) for address in addresses)) if up else []
    return up, [offset for offset in offsets if offset is not None]


async def _offset(client: httpx.AsyncClient, address: str) -> float | None:
    """How many seconds our clock is behind what an answer says; None where it does not say.

    A store on the way may answer with an old date and tells by `Age` how old. Half a second is what whole seconds
    lose on the average.
    """
    before = time.time()
    try:
        answer = await client.head(address)
        told = parsedate_to_datetime(answer.headers["date"])
        age = int(answer.headers.get("age", "0"))
    except (httpx.HTTPError, KeyError, ValueError, TypeError):
        return None
    if told.tzinfo is None:
        return None
    ours = (before + time.time()) / 2
    return (told - datetime.fromtimestamp(ours, told.tzinfo)).total_seconds() + age + 0.5
