"""The one classifier: how a request ended, from a response or an exception. Precedence as outcomes.md draws it:

firewall ─► login ─► gone ─► server error ─► other refusal ─► redirected ─► ok
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.web._newclient import ResponseFailed, ResponseNeverReceived
from twisted.web.http import _DataLoss

from crawler.facts import Outcome
from crawler.fetch.policy import REFUSAL, AddressRefused
from crawler.read.lexicon import table
from crawler.read.urls import host_of


class Ending(NamedTuple):
    """An outcome class and the cause in words (Chinese where a person reads it)."""

    outcome: Outcome
    reason: str


class _Marks(NamedTuple):
    statuses: frozenset[int]
    headers: tuple[tuple[str, re.Pattern[str], str], ...]
    bodies: tuple[tuple[re.Pattern[bytes], str], ...]
    short: int
    login: re.Pattern[str]


@cache
def _marks() -> _Marks:
    raw = table("waf_marks")
    return _Marks(
        frozenset(raw["statuses"]),
        tuple((m["name"], re.compile(m["pattern"], re.IGNORECASE), m["product"]) for m in raw["headers"]),
        tuple((re.compile(b"|".join(_encodings(m["pattern"]))), m["product"]) for m in raw["bodies"]),
        raw["short_body_bytes"],
        re.compile(raw["login_paths"], re.IGNORECASE),
    )


def _encodings(pattern: str) -> Iterable[bytes]:
    """A text pattern in the two encodings that block pages come in, both in lower case as what they meet is."""
    return dict.fromkeys((pattern.encode("utf-8").lower(), pattern.encode("gb18030").lower()))


def of_response(
    *,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    requested: str,
    final: str,
    home: str,
    own_hosts: frozenset[str],
) -> Ending:
    """The ending of a request that was answered. `headers` have lower-case names; `home` is the site's home page."""
    firewall = _firewall(status, headers, body)
    if firewall:
        return Ending(Outcome.BLOCKED, firewall)
    if status == 401 or (final != requested and _marks().login.search(urlsplit(final).path)):
        return Ending(Outcome.LOGIN_REQUIRED, "需登录后访问")
    if status in (404, 410):
        return Ending(Outcome.GONE, f"返回 {status}")
    if status >= 500:
        return Ending(Outcome.SERVER_ERROR, f"返回 {status}")
    if status >= 400 or status < 200:
        return Ending(Outcome.CLIENT_ERROR, f"返回 {status}")
    if status in (204, 205, 304):  # nobody asked for an answer without content
        return Ending(Outcome.UNREAD, f"返回 {status}，没有内容")
    if 300 <= status < 400:  # followed wherever it led to an address that can be asked for
        return Ending(Outcome.UNREAD, f"返回 {status}，没有可以访问的去处")
    if final != requested:
        if host_of(final) not in own_hosts:
            return Ending(Outcome.REDIRECTED, f"跳转到站外 {final}")
        if final == home:
            return Ending(Outcome.REDIRECTED, "跳转到首页")
    return Ending(Outcome.OK, "")


def _firewall(status: int, headers: Mapping[str, str], body: bytes) -> str:
    marks = _marks()
    for name, pattern, product in marks.headers:
        value = headers.get(name)
        if value and pattern.search(value) and (status != 200 or len(body) < marks.short):
            return f"请求被对方防护拦截（{product}，返回 {status}）"
    if len(body) < marks.short:
        start = body[:8192].lower()
        for body_pattern, product in marks.bodies:
            if body_pattern.search(start):
                return f"请求被对方防护拦截（{product}，返回 {status}）"
    if status in marks.statuses:
        return f"请求被对方拒绝（返回 {status}）"
    return ""


def of_exception(error: BaseException) -> Ending:
    """The ending of a request that got no answer, or none that could be read, whether Scrapy or httpx sent it."""
    words = str(error)
    if isinstance(error, AddressRefused) or REFUSAL in words:
        return Ending(Outcome.NOT_VISITED, REFUSAL)
    if isinstance(error, (ResponseDataLossError, DownloadFailedError)) and error.__cause__ is not None:
        return _broken_off(error.__cause__, words)
    for kinds, outcome, reason in _EXCEPTIONS:
        if isinstance(error, kinds):
            return Ending(_tls_or(outcome, words), reason)
    if isinstance(error, IgnoreRequest):
        return _ignored(words)
    if isinstance(error, httpx.RemoteProtocolError):
        return _BROKEN if "disconnected without" in words else _SHORT if "closed connection" in words else _MALFORMED
    if isinstance(error, httpx.ConnectError):
        return _connect_error(words)
    if isinstance(error, (OSError, zlib.error)):  # what a decompressor says of bytes that are not what they claim
        return UNDECODABLE
    return Ending(Outcome.NOT_VISITED, f"本机未能完成访问：{type(error).__name__}")


UNDECODABLE = Ending(Outcome.UNREAD, "应答的压缩方式无法解读")
_BROKEN = Ending(Outcome.RESET, "连接中断")
_SHORT = Ending(Outcome.UNREAD, "应答不完整，与其声明的长度不符")
_MALFORMED = Ending(Outcome.UNREAD, "应答不符合 HTTP 规范，未能读取")

_EXCEPTIONS: tuple[tuple[tuple[type[BaseException], ...], Outcome, str], ...] = (
    ((CannotResolveHostError,), Outcome.DNS_FAILED, "域名无法解析"),
    ((DownloadConnectionRefusedError,), Outcome.REFUSED, "对方拒绝连接"),
    ((ResponseDataLossError,), Outcome.RESET, "应答不完整"),
    ((httpx.PoolTimeout,), Outcome.NOT_VISITED, "本机连接数已满，未能访问"),
    ((DownloadTimeoutError, httpx.TimeoutException), Outcome.TIMEOUT, "在规定时间内没有应答"),
    ((DownloadCancelledError,), Outcome.TOO_LARGE, "内容超过大小上限，未读取"),
    ((httpx.TooManyRedirects,), Outcome.REDIRECT_LOOP, "跳转次数过多"),
    ((DownloadFailedError, httpx.ReadError, httpx.WriteError), Outcome.RESET, "连接中断"),
)


def too_large(most: int) -> Ending:
    """The ending of an answer with more than `most` bytes."""
    return Ending(Outcome.TOO_LARGE, f"内容超过大小上限（{most // 1024} KB），未读取")


def too_slow(seconds: float, received: int | None = None) -> Ending:
    """The ending of an answer that began in time and did not end in time; `received` bytes where they are known."""
    told = "" if received is None else f"（已收到 {received} 字节）"
    return Ending(Outcome.UNREAD, f"{seconds:g} 秒内未能收完应答{told}")


def too_many(what: str) -> Ending:
    """The ending of a page with more elements (元素) or attributes (属性) than may be parsed."""
    return Ending(Outcome.TOO_LARGE, f"页面{what}数量超过上限，未读取")


def _broken_off(cause: BaseException, words: str) -> Ending:
    """An answer that began or ended wrongly, by the reasons that Twisted gives.

    A connection that was torn down, or closed before a first byte, is the other side's. One that was closed in an
    orderly way within an answer may have run into a bound of our own parser, and a browser shows what came: unread.
    """
    if isinstance(cause, ResponseNeverReceived) or not isinstance(cause, ResponseFailed):
        return Ending(_tls_or(Outcome.RESET, words), "连接中断")
    reasons = [reason.value for reason in cause.reasons]
    if any(isinstance(reason, ConnectionLost) for reason in reasons):
        return _BROKEN
    return _SHORT if all(isinstance(reason, (ConnectionDone, _DataLoss)) for reason in reasons) else _MALFORMED


def _ignored(words: str) -> Ending:
    """What Scrapy's own middlewares turned away."""
    if "max redirections" in words:
        return Ending(Outcome.REDIRECT_LOOP, "跳转次数过多")
    if "DOWNLOAD_MAXSIZE" in words:
        return Ending(Outcome.TOO_LARGE, "内容解压后超过大小上限，未读取")
    return Ending(Outcome.NOT_VISITED, words)


def _tls_or(outcome: Outcome, words: str) -> Outcome:
    if outcome is Outcome.RESET and re.search(r"SSL|TLS|certificate", words, re.IGNORECASE):
        return Outcome.TLS_FAILED
    return outcome


def _connect_error(words: str) -> Ending:
    if "name resolution" in words or "Name or service" in words or "nodename" in words:
        return Ending(Outcome.DNS_FAILED, "域名无法解析")
    if re.search(r"SSL|TLS|certificate", words, re.IGNORECASE):
        return Ending(Outcome.TLS_FAILED, "加密连接失败")
    if "refused" in words or "All connection attempts failed" in words:
        return Ending(Outcome.REFUSED, "对方拒绝连接")
    return Ending(Outcome.RESET, "连接失败")
