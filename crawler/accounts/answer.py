"""One bounded request: so many seconds, so many bytes, and every failure of the network as a SourceFailure."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

import httpx
from msgspec import Struct

from crawler.accounts.attempt import SourceFailure
from crawler.facts import AccountOutcome


class _NoQueries(logging.Filter):
    """Keeps access tokens, which WeChat and Weibo want in the address, out of httpx's own log lines."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                arg.copy_with(query=None) if isinstance(arg, httpx.URL) and "token" in str(arg.query) else arg
                for arg in record.args
            )
        return True


logging.getLogger("httpx").addFilter(_NoQueries())

MESSAGE = 400
"""Bytes of an error answer in which its sentence is looked for."""


class Limits(Struct, frozen=True):
    """Bounds of one request: `seconds` from start to last byte, `size` in bytes after decompression."""

    seconds: float = 30.0
    size: int = 8 * 1024 * 1024


DEFAULT_LIMITS = Limits()


class Answer(Struct, frozen=True):
    """An answer read to its end. `location` is where a redirect that was not followed leads."""

    status: int
    body: bytes
    content_type: str = ""
    location: str = ""

    @property
    def start(self) -> bytes:
        """The first characters in lower case; content types lie."""
        return self.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:256].lower()

    @property
    def is_html(self) -> bool:
        """A web page, told from a feed's XML."""
        return self.start.startswith(b"<") and (b"<!doctype html" in self.start or b"<html" in self.start)

    @property
    def message(self) -> str:
        """What an error answer says: the message of a JSON object, else its first characters where it is no page."""
        if self.start.startswith(b"<"):
            return ""
        try:
            told = json.loads(self.body)
        except (ValueError, RecursionError):
            return self.body[:MESSAGE].decode("utf-8", "replace")
        return told_message(told)


def told_message(told: object, depth: int = 3) -> str:
    """The sentence in an error object of any of the services: msg, message, detail, error, or an object in these."""
    if isinstance(told, str):
        return told
    if isinstance(told, dict) and depth:
        inner = (told_message(told.get(key), depth - 1) for key in ("msg", "message", "detail", "error"))
        return next(filter(None, inner), "")
    if isinstance(told, list) and depth:
        return next(filter(None, (told_message(each, depth - 1) for each in told)), "")
    return ""


async def get(
    client: httpx.AsyncClient,
    url: str,
    *,
    limits: Limits,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    follow_redirects: bool = False,
) -> Answer:
    """One GET. Raises SourceFailure with 网络失败 for whatever the network does; a reason never repeats the address."""
    return await _exchange(
        client,
        limits,
        lambda: client.build_request("GET", url, params=dict(params) if params else None, headers=dict(headers or {})),
        follow_redirects=follow_redirects,
    )


async def post(
    client: httpx.AsyncClient, url: str, told: object, *, limits: Limits, params: Mapping[str, str] | None = None
) -> Answer:
    """One POST of a JSON object; redirects are not followed. Raises as `get` does."""
    return await _exchange(
        client, limits, lambda: client.build_request("POST", url, json=told, params=dict(params) if params else None)
    )


async def _exchange(
    client: httpx.AsyncClient,
    limits: Limits,
    request: Callable[[], httpx.Request],
    follow_redirects: bool = False,
) -> Answer:
    try:
        async with asyncio.timeout(limits.seconds):
            response = await client.send(request(), stream=True, follow_redirects=follow_redirects)
            try:
                body = await _read(response, limits.size)
            finally:
                await response.aclose()
    except (TimeoutError, httpx.TimeoutException) as error:
        raise SourceFailure(AccountOutcome.NETWORK, "访问超时") from error
    except httpx.TooManyRedirects as error:
        raise SourceFailure(AccountOutcome.NETWORK, "循环跳转") from error
    except httpx.DecodingError as error:
        raise SourceFailure(AccountOutcome.NETWORK, "压缩内容无法解开") from error
    except (httpx.ReadError, httpx.RemoteProtocolError, httpx.WriteError) as error:
        raise SourceFailure(AccountOutcome.NETWORK, "连接中断") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            raise SourceFailure(AccountOutcome.NETWORK, "对方的证书不可信，未发出任何请求") from error
        raise SourceFailure(AccountOutcome.NETWORK, f"连接失败（{type(error).__name__}）") from error
    return Answer(
        status=response.status_code,
        body=body,
        content_type=response.headers.get("content-type", ""),
        location=response.headers.get("location", ""),
    )


async def _read(response: httpx.Response, size: int) -> bytes:
    chunks: list[bytes] = []
    length = 0
    async for chunk in response.aiter_bytes():
        length += len(chunk)
        if length > size:
            raise SourceFailure(AccountOutcome.CHANGED, f"返回内容超过 {size} 字节，未读")
        chunks.append(chunk)
    return b"".join(chunks)


def json_object(answer: Answer, *, page: AccountOutcome) -> dict[str, Any]:
    """The answer's JSON object. Raises SourceFailure: `page` where a web page came, else 内容为空 or 接口变更."""
    if not answer.body.strip():
        raise SourceFailure(AccountOutcome.EMPTY, "返回空内容")
    if answer.start.startswith(b"<"):
        raise SourceFailure(page, "应返回数据，返回的是网页")
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise SourceFailure(AccountOutcome.CHANGED, "返回内容不是有效的 JSON") from error
    if not isinstance(told, dict):
        raise SourceFailure(AccountOutcome.CHANGED, "返回的 JSON 不是对象")
    return told
