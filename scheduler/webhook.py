"""A webhook as a channel: JSON by POST, in a shape of our own or as the group robots of WeCom and DingTalk take it.

A robot's address holds its key, and so is a secret as a whole: it stands in no log, reason or database.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import time
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx
import msgspec

from crawler.accounts.settings import is_loopback
from reports.records import encode
from scheduler.connecting import trusting, why
from scheduler.posting import WEBHOOK, Delivery, Message, limits, shortened, without
from storage.postings import Sent

Shape = Literal["json", "wecom", "dingtalk"]
MARK = "【巡查】"
"""Every text begins so: a DingTalk robot may be told to take only texts with a keyword."""
KEY_CHARACTERS = 8
"""A part of an address that is so long may be its key."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that takes messages. `secret` signs them for DingTalk (加签).

    `roots` is a file of certificates that the office trusts beside Mozilla's. Raises ValueError for an address that is
    neither https nor this machine's own.
    """

    url: str = field(repr=False)
    shape: Shape = "json"
    secret: str = field(default="", repr=False)
    roots: str = ""
    step_seconds: float = field(default_factory=lambda: limits().webhook_seconds)
    total_seconds: float = field(default_factory=lambda: limits().total_seconds)

    def __post_init__(self) -> None:
        if not _is_safe(self.url):
            raise ValueError("XUNCHA_WEBHOOK_URL 应为 https:// 开头的网址")

    @property
    def name(self) -> str:
        """The channel's name."""
        return WEBHOOK

    @property
    def host(self) -> str:
        """Whom we speak to, as it may be told."""
        return httpx.URL(self.url).host

    def deliver(self, message: Message) -> Delivery:
        """Posts a message. Only a 2xx answer counts, and of a robot only errcode 0."""
        return asyncio.run(self._deliver(message))

    def reach(self) -> str:
        """Connects and agrees on TLS; asks for nothing."""
        return asyncio.run(self._knock())

    async def _deliver(self, message: Message) -> Delivery:
        request = httpx.Request(
            "POST",
            self._address(),
            content=encode(self._body(message)),
            headers={"Content-Type": "application/json; charset=utf-8", "User-Agent": "xuncha"},
            extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), self.step_seconds)},
        )
        try:
            # The transport itself, for a client would write the whole address into the log.
            async with (
                asyncio.timeout(self.total_seconds),
                httpx.AsyncHTTPTransport(verify=trusting(self.roots), trust_env=False) as transport,
            ):
                answer = await transport.handle_async_request(request)
                body = b""
                async for chunk in answer.aiter_raw():
                    body += chunk
                    if len(body) > limits().answer_bytes:
                        break
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return Delivery(Sent.FAILED, self._words(error))
        except (httpx.HTTPError, TimeoutError) as error:
            return Delivery(Sent.UNSURE, self._words(error))
        return self._told(answer.status_code, body)

    def _told(self, status: int, body: bytes) -> Delivery:
        if not 200 <= status < 300:
            return Delivery(Sent.FAILED, f"{self.host} 返回 {status}")
        if self.shape == "json":
            return Delivery(Sent.SENT)
        try:
            answer = msgspec.json.decode(body, type=dict[str, Any])
        except msgspec.DecodeError:
            return Delivery(Sent.UNSURE, f"{self.host} 的应答不是 JSON")
        if answer.get("errcode") == 0:
            return Delivery(Sent.SENT)
        told = f"errcode {answer.get('errcode')} {answer.get('errmsg', '')}"
        return Delivery(Sent.FAILED, f"{self.host} 拒收：{self._hidden(told)}")

    async def _knock(self) -> str:
        url = httpx.URL(self.url)
        context = trusting(self.roots) if url.scheme == "https" else None
        port = url.port or (443 if context else 80)
        try:
            async with asyncio.timeout(self.step_seconds):
                _, writer = await asyncio.open_connection(url.host, port, ssl=context)
                writer.close()
        except (OSError, TimeoutError) as error:
            return self._words(error)
        return ""

    def _body(self, message: Message) -> dict[str, object]:
        if self.shape == "json":
            return {
                "kind": message.kind,
                "key": message.key,
                "title": message.title,
                "text": message.text,
                "data": message.data,
            }
        most = limits().wecom_bytes if self.shape == "wecom" else limits().dingtalk_bytes
        text = shortened(f"{MARK}{message.title}\n{message.summary}", most)
        return {"msgtype": "text", "text": {"content": text}}

    def _address(self) -> httpx.URL:
        url = httpx.URL(self.url)
        if self.shape != "dingtalk" or not self.secret:
            return url
        stamp = str(round(time.time() * 1000))
        digest = hmac.new(self.secret.encode(), f"{stamp}\n{self.secret}".encode(), hashlib.sha256).digest()
        return url.copy_merge_params({"timestamp": stamp, "sign": base64.b64encode(digest).decode()})

    def _words(self, error: Exception) -> str:
        told = "超时没有应答" if isinstance(error, TimeoutError | httpx.TimeoutException) else why(error)
        return f"{self.host}：{self._hidden(told)}"

    def _hidden(self, told: str) -> str:
        """What was said without the secrets: the address, and what in it may be the key alone."""
        url = httpx.URL(self.url)
        keys = (part for part in (*url.params.values(), *url.path.split("/")) if len(part) >= KEY_CHARACTERS)
        return without((self.url, self.secret, *keys), told)


def _is_safe(address: str) -> bool:
    try:
        url = httpx.URL(address)
        return bool(url.host) and (url.scheme == "https" or (url.scheme == "http" and is_loopback(address)))
    except (httpx.InvalidURL, ValueError):
        return False
