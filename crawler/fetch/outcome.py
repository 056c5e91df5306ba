"""The one classifier: how a request ended, from a response or an exception. Precedence as outcomes.md draws it:

firewall ─► login ─► gone ─► server error ─► other refusal ─► redirected ─► ok
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import yaml
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from crawler.facts import Outcome
from crawler.fetch.policy import REFUSAL, AddressRefused
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
    raw = yaml.safe_load(files("crawler").joinpath("data/waf_marks.yaml").read_text("utf-8"))
    return _Marks(
        frozenset(raw["statuses"]),
        tuple((m["name"], re.compile(m["pattern"], re.IGNORECASE), m["product"]) for m in raw["headers"]),
        tuple((re.compile(b"|".join(_encodings(m["pattern"])), re.IGNORECASE), m["product"]) for m in raw["bodies"]),
        raw["short_body_bytes"],
        re.compile(raw["login_paths"], re.IGNORECASE),
    )


def _encodings(pattern: str) -> Iterable[bytes]:
    """A text pattern in the two encodings that block pages come in."""
    return dict.fromkeys((pattern.encode("utf-8"), pattern.encode("gb18030")))


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
        for body_pattern, product in marks.bodies:
            if body_pattern.search(body, 0, 8192):
                return f"请求被对方防护拦截（{product}，返回 {status}）"
    if status in marks.statuses:
        return f"请求被对方拒绝（返回 {status}）"
    return ""


def of_exception(error: BaseException) -> Ending:
    """The ending of a request that got no answer, whether Scrapy or httpx sent it."""
    words = str(error)
    if isinstance(error, AddressRefused) or REFUSAL in words:
        return Ending(Outcome.NOT_VISITED, REFUSAL)
    for kinds, outcome, reason in _EXCEPTIONS:
        if isinstance(error, kinds):
            return Ending(_tls_or(outcome, words), reason)
    if isinstance(error, IgnoreRequest):
        loop = "max redirections" in words
        return Ending(Outcome.REDIRECT_LOOP if loop else Outcome.NOT_VISITED, "跳转次数过多" if loop else words)
    if isinstance(error, httpx.ConnectError):
        return _connect_error(words)
    return Ending(Outcome.NOT_VISITED, f"本机未能完成访问：{type(error).__name__}")


_EXCEPTIONS: tuple[tuple[tuple[type[BaseException], ...], Outcome, str], ...] = (
    ((CannotResolveHostError,), Outcome.DNS_FAILED, "域名无法解析"),
    ((DownloadConnectionRefusedError,), Outcome.REFUSED, "对方拒绝连接"),
    ((DownloadTimeoutError, httpx.TimeoutException), Outcome.TIMEOUT, "在规定时间内没有应答"),
    ((DownloadCancelledError,), Outcome.TOO_LARGE, "内容超过大小上限"),
    ((ResponseDataLossError, httpx.RemoteProtocolError), Outcome.RESET, "应答不完整"),
    ((httpx.TooManyRedirects,), Outcome.REDIRECT_LOOP, "跳转次数过多"),
    ((DownloadFailedError, httpx.ReadError, httpx.WriteError), Outcome.RESET, "连接中断"),
)


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
