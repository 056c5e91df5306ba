"""Bytes on the wire that are no proper HTTP, lengths that are not true, and connections that break."""

from __future__ import annotations

import asyncio
import random
import socket

from crawler.facts import Outcome
from tests.integration.hostile.behaviour import Behaviour, told
from tests.integration.hostile.server import Exchange, Handler

_HTML = "Content-Type: text/html; charset=utf-8"
_PAGE = (
    "<html><head><title>服务指南</title></head><body><h1>服务指南</h1><p>"
    + "办理流程与所需材料。" * 30
    + "</p></body></html>"
).encode()
_NOISE = random.Random(7).randbytes(40_000)


def _raw(data: bytes) -> Handler:
    async def answer(x: Exchange) -> None:
        await x.send(data)

    return answer


def _body(body: bytes, kind: str = _HTML) -> Handler:
    async def answer(x: Exchange) -> None:
        await x.page(body, "200 OK", kind)

    return answer


def _length(declared: int, body: bytes) -> Handler:
    async def answer(x: Exchange) -> None:
        await x.head("200 OK", _HTML, f"Content-Length: {declared}")
        await x.send(body)

    return answer


async def reset_midway(x: Exchange) -> None:
    """A reset hard on the heels of the beginning of a page."""
    await x.head("200 OK", _HTML, f"Content-Length: {len(_PAGE) * 9}")
    await x.send(_PAGE[:200])
    x.reset()


async def _reset_later(x: Exchange) -> None:
    """The reset comes alone, when all that was sent has been read."""
    await x.head("200 OK", _HTML, f"Content-Length: {len(_PAGE) * 9}")
    await x.send(_PAGE[:200])
    await asyncio.sleep(0.3)
    x.reset()


async def _reset_unanswered(x: Exchange) -> None:
    await asyncio.sleep(0.3)
    x.reset()


async def _endless_headers(x: Exchange) -> None:
    await x.send(b"HTTP/1.1 200 OK\r\n")
    line = b"X-Filler: " + b"f" * 8_000 + b"\r\n"
    while True:
        await x.send(line)


async def _informing(x: Exchange) -> None:
    while True:
        await x.send(b"HTTP/1.1 102 Processing\r\n\r\n" * 500)


_closed = socket.socket()
_closed.bind(("127.0.0.1", 0))
CLOSED = _closed.getsockname()[1]
"""A port that is taken and refuses, because nobody listens on it."""

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
_LENGTH = f"Content-Length: {len(_PAGE)}\r\nConnection: close\r\n".encode()
_OK = told(Outcome.OK)
_UNREAD = told(Outcome.UNREAD, reason="应答")
_NONE = told(Outcome.UNREAD, reason="没有内容")


def _one(name: str, title: str, answer: Handler, expected: object, *, accused: bool = False) -> Behaviour:
    assert isinstance(expected, type(_OK))
    path = f"/{name}/"
    return Behaviour(name, title, (path,), {path: answer}, {path: expected}, accuses=(path,) if accused else ())


BEHAVIOURS = (
    _one("length-long", "长度多报而页面完整", _length(len(_PAGE) + 500, _PAGE), _OK),
    _one("length-cut", "长度多报而页面不完整", _length(len(_PAGE) + 500, _PAGE[:-40]), told(Outcome.UNREAD, reason="与其声明的长度不符")),
    _one("length-short", "长度少报", _length(len(_PAGE) // 2, _PAGE), _OK),
    _one("length-twice", "长度矛盾", _raw(_HEAD + b"Content-Length: 10\r\nContent-Length: 999\r\n\r\n" + _PAGE), _UNREAD),
    _one("length-words", "长度不是数字", _raw(_HEAD + b"Content-Length: many\r\n\r\n" + _PAGE), _UNREAD),
    _one("binary", "二进制冒充网页", _body(_NOISE), _OK),
    _one("broken-utf8", "残缺的 UTF-8", _body(_PAGE[:120] + b"\xe4\xb8" + _PAGE[120:] + b"\xff\xfe\x80"), _OK),
    _one("nuls", "空字节", _body(b"\0".join(_PAGE[i : i + 40] for i in range(0, len(_PAGE), 40)) + bytes(50_000)), _OK),
    _one("chunks-broken", "分块错误", _raw(_HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + _PAGE + b"\r\n0\r\n\r\n"), _UNREAD),
    _one("chunks-cut", "分块未结束", _raw(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n64\r\n" + _PAGE[:100] + b"\r\n"), _UNREAD),
    _one("coding-unknown", "未知的传输编码", _raw(_HEAD + b"Transfer-Encoding: rot13\r\n\r\n" + _PAGE), _UNREAD),
    _one("header-lines", "无冒号的头部行", _raw(_HEAD + b"this is no header\r\n" + _LENGTH + b"\r\n" + _PAGE), _OK),
    _one("header-bytes", "头部名称中的乱字节", _raw(_HEAD + b"X-\xff\x00: \x80\r\n" + _LENGTH + b"\r\n" + _PAGE), _UNREAD),
    _one("header-long", "很长的一行头部", _raw(_HEAD + b"X-Long: " + b"h" * 100_000 + b"\r\n" + _LENGTH + b"\r\n" + _PAGE), _OK),
    _one("header-huge", "巨大的头部", _raw(_HEAD + b"X-Huge: " + b"h" * 300_000 + b"\r\n" + _LENGTH + b"\r\n" + _PAGE), _UNREAD),
    _one("headers-endless", "无尽的头部", _endless_headers, _UNREAD),
    _one("status-garbage", "乱码状态行", _raw(b"\x00\xff\xfe garbage \x80\r\n\r\n" + _PAGE), _UNREAD),
    _one("status-bare", "无状态说明", _raw(b"HTTP/1.1 200\r\n" + _HEAD[17:] + _LENGTH + b"\r\n" + _PAGE), _OK),
    _one("http09", "HTTP/0.9", _raw(_PAGE), _UNREAD),
    _one("informing", "无尽的 1xx", _informing, _UNREAD),
    _one("no-content", "未经请求的 204", _raw(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"), _NONE),
    _one("not-modified", "未经请求的 304", _raw(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"), _NONE),
    _one("reset", "传输中连接重置", reset_midway, told(Outcome.RESET), accused=True),
    _one("reset-later", "收到一部分后连接重置", _reset_later, told(Outcome.RESET, reason="连接中断"), accused=True),
    _one("reset-unanswered", "未应答即重置", _reset_unanswered, told(Outcome.RESET, reason="连接中断"), accused=True),
    _one("silence", "接通后即断开", _raw(b""), told(Outcome.RESET, reason="连接中断"), accused=True),
    Behaviour("refused", "拒绝连接", (f"http://127.0.0.1:{CLOSED}/x",), {}, {f"http://127.0.0.1:{CLOSED}/x": told(Outcome.REFUSED)}, accuses=(f"http://127.0.0.1:{CLOSED}/x",)),
)  # fmt: skip
