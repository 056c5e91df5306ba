"""Bodies that are too much: without end, a hundred megabytes, small on the wire and huge behind it, or a byte a second."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from functools import cache, partial

import brotli
import zstandard

from crawler.facts import Outcome
from tests.integration.hostile.behaviour import Behaviour, told
from tests.integration.hostile.server import Exchange, Handler

_HTML = "Content-Type: text/html; charset=utf-8"
_CHUNK = b"<p>" + "内容".encode() * 5_000 + b"</p>\n"
GIGABYTE = 1 << 30


async def _for_ever(x: Exchange) -> None:
    await x.head("200 OK", _HTML)
    while True:
        await x.send(_CHUNK)


async def _chunks_for_ever(x: Exchange) -> None:
    await x.head("200 OK", _HTML, "Transfer-Encoding: chunked")
    while True:
        await x.send(f"{len(_CHUNK):x}\r\n".encode() + _CHUNK + b"\r\n")


async def _declared(x: Exchange) -> None:
    await x.head("200 OK", _HTML, f"Content-Length: {100 << 20}")
    for _ in range((100 << 20) // len(_CHUNK)):
        await x.send(_CHUNK)


async def _undeclared(x: Exchange) -> None:
    await x.head("200 OK", _HTML)
    for _ in range((100 << 20) // len(_CHUNK)):
        await x.send(_CHUNK)


@cache
def _packed(kind: str) -> bytes:
    """A gigabyte of zeros, packed piece by piece."""
    piece = bytes(1 << 20)
    if kind == "br":
        packer = brotli.Compressor(quality=5)
        return b"".join([*(packer.process(piece) for _ in range(1024)), packer.finish()])
    if kind == "zstd":
        zipper = zstandard.ZstdCompressor(level=3).compressobj()
        return b"".join([*(zipper.compress(piece) for _ in range(1024)), zipper.flush()])
    deflater = zlib.compressobj(6, wbits=15 if kind == "deflate" else 31)
    packed = b"".join([*(deflater.compress(piece) for _ in range(1024)), deflater.flush()])
    return gzip.compress(packed) if kind == "gzip, gzip" else packed


def _bomb(kind: str) -> Handler:
    async def answer(x: Exchange) -> None:
        await x.page(_packed(kind), "200 OK", _HTML, f"Content-Encoding: {kind}")

    return answer


async def _redirect_bomb(x: Exchange) -> None:
    """A bomb in the body of a redirect, which nobody needs to read."""
    await x.page(_packed("gzip"), "302 Found", "Location: /", _HTML, "Content-Encoding: gzip")


async def _slow_head(x: Exchange) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nServer: slow\r\n" + b"X-Slow: 1\r\n" * 10_000:
        await x.send(bytes([byte]))
        await asyncio.sleep(1)


async def _slow_body(x: Exchange) -> None:
    await x.head("200 OK", _HTML)
    await x.send(b"<html><body><h1>")
    while True:
        await x.send(b"a")
        await asyncio.sleep(1)


_LARGE = told(Outcome.TOO_LARGE, reason="大小上限")
_BOMBS = {
    "bomb-gzip": "gzip",
    "bomb-deflate": "deflate",
    "bomb-brotli": "br",
    "bomb-zstd": "zstd",
    "bomb-nested": "gzip, gzip",
}

BEHAVIOURS = (
    Behaviour("stream", "无尽的应答", ("/stream/",), {"/stream/": _for_ever}, {"/stream/": _LARGE}),
    Behaviour("stream-chunked", "无尽的分块应答", ("/stream-chunked/",), {"/stream-chunked/": _chunks_for_ever}, {"/stream-chunked/": _LARGE}),
    Behaviour("large-declared", "声明的 100 MB", ("/large-declared/",), {"/large-declared/": _declared}, {"/large-declared/": _LARGE}),
    Behaviour("large-undeclared", "未声明的 100 MB", ("/large-undeclared/",), {"/large-undeclared/": _undeclared}, {"/large-undeclared/": _LARGE}),
    *(
        Behaviour(name, f"解压炸弹 {kind}", (f"/{name}/",), {f"/{name}/": _bomb(kind)}, {f"/{name}/": told(Outcome.TOO_LARGE, Outcome.UNREAD)}, prepare=partial(_packed, kind))
        for name, kind in _BOMBS.items()
    ),
    Behaviour("bomb-redirect", "跳转中的解压炸弹", ("/bomb-redirect/",), {"/bomb-redirect/": _redirect_bomb}, {"/bomb-redirect/": told(Outcome.REDIRECTED, Outcome.TOO_LARGE)}, prepare=partial(_packed, "gzip")),
    Behaviour("slow-head", "应答头每秒一字节", ("/slow-head/",), {"/slow-head/": _slow_head}, {"/slow-head/": told(Outcome.TIMEOUT, reason="没有应答")}, accuses=("/slow-head/",)),
    Behaviour("slow-body", "正文每秒一字节", ("/slow-body/",), {"/slow-body/": _slow_body}, {"/slow-body/": told(Outcome.UNREAD, reason="秒内未能收完")}),
)  # fmt: skip
