"""The browser's only way out: a small forward proxy on loopback that keeps the address policy for every connection.

A browser follows redirects, opens web sockets and resolves names where nothing of ours can look. All of it comes
through here, and what was checked is what is connected to. One request a connection; nothing is cached or changed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from urllib.parse import urlsplit

import httpx

from crawler.fetch.policy import AddressPolicy, AddressRefused, literal

logger = logging.getLogger(__name__)

_HEAD_BYTES = 64 * 1024
_CHUNK = 64 * 1024
_PATIENCE = 30.0
"""Seconds that a connection may take to open, or stay silent."""
_MOST_BYTES = 64 * 1024 * 1024
"""Bytes of one answer; no page of a government site needs more, and an endless one must end."""
_OURS = re.compile(rb"\r\n(?:proxy-[\w-]+|connection|keep-alive|upgrade):[^\r\n]*", re.IGNORECASE)
_LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r\n]*chunked", re.IGNORECASE)
_HEAD_END = b"\r\n\r\n"
_OPEN = b"HTTP/1.1 200 Open\r\n\r\n"


class Gateway:
    """Listens on a free port of loopback while it is entered; `address` is what a browser takes as its proxy.

    Where a host is turned away (`refused` holds it) or gives no connection, the browser's connection is closed without
    a word: a status of ours would look like an answer of the host.
    """

    def __init__(self, policy: AddressPolicy) -> None:
        self._policy = policy
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.refused: set[str] = set()

    @property
    def address(self) -> str:
        """`http://127.0.0.1:PORT`; RuntimeError while it is not entered."""
        if self._server is None:
            raise RuntimeError("the gateway is not open")
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> Gateway:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", 0, limit=_HEAD_BYTES)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            await self._serve(reader, writer)
        except (
            OSError,
            httpx.ConnectError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
            ValueError,
        ) as error:
            logger.debug("a connection of the browser ended: %s", error)
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(reader.readuntil(_HEAD_END), _PATIENCE)
        method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        tunnel = method == "CONNECT"
        parts = urlsplit(f"//{target}" if tunnel else target)
        host, port = parts.hostname or "", parts.port or (443 if tunnel else 80)
        if not host or (not tunnel and parts.scheme != "http"):
            return
        try:
            up_reader, up_writer = await self._connected(host, port)
        except AddressRefused:
            self.refused.add(host)
            return
        try:
            if tunnel:
                writer.write(_OPEN)
                await asyncio.gather(_poured(reader, up_writer), _poured(up_reader, writer))
            else:
                path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
                up_writer.write(_rewritten(head, f"{method} {path} HTTP/1.1"))
                await _pass_body(head, reader, up_writer)
                await _answer(up_reader, writer)
        finally:
            up_writer.close()

    async def _connected(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to the address that was checked. Raises AddressRefused, httpx.ConnectError, OSError."""
        address = literal(host)
        if address is not None:
            if not self._policy.permits(host, (address,)):
                raise AddressRefused(host)
            place = str(address)
        else:
            place = await asyncio.wait_for(self._policy.resolve(host, port), _PATIENCE)
        return await asyncio.wait_for(asyncio.open_connection(place, port, limit=_HEAD_BYTES), _PATIENCE)


def _rewritten(head: bytes, first: str) -> bytes:
    """A request's head for the server itself: its own path, no word to a proxy, and an end after one answer."""
    fields = _OURS.sub(b"", head[head.index(b"\r\n") : -len(_HEAD_END)])
    return first.encode("latin-1") + fields + b"\r\nConnection: close" + _HEAD_END


async def _pass_body(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Passes a request's body on; a browser always gives its length."""
    length = _LENGTH.search(head)
    left = min(int(length[1]), _MOST_BYTES) if length else 0
    while left:
        piece = await asyncio.wait_for(reader.read(min(left, _CHUNK)), _PATIENCE)
        if not piece:
            return
        left -= len(piece)
        writer.write(piece)
        await writer.drain()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Passes an answer on and has it end the connection, so that each request is looked at anew."""
    head = await asyncio.wait_for(reader.readuntil(_HEAD_END), _PATIENCE)
    while head.startswith(b"HTTP/1.1 1"):  # 100 Continue and the like come before the answer
        head = await asyncio.wait_for(reader.readuntil(_HEAD_END), _PATIENCE)
    fields = _OURS.sub(b"", head[: -len(_HEAD_END)])
    writer.write(fields + b"\r\nConnection: close" + _HEAD_END)
    length = _LENGTH.search(head)
    if length is not None and _CHUNKED.search(head) is None:
        await _poured(reader, writer, int(length[1]))
    else:
        await _poured(reader, writer)


async def _poured(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, most: int = _MOST_BYTES) -> None:
    """Passes bytes on until there are no more, `most` are reached or nobody has spoken for a while."""
    left = min(most, _MOST_BYTES)
    with contextlib.suppress(TimeoutError, ConnectionError):
        while left > 0 and (piece := await asyncio.wait_for(reader.read(_CHUNK), _PATIENCE)):
            left -= len(piece)
            writer.write(piece)
            await writer.drain()
    if writer.can_write_eof() and not writer.is_closing():
        with contextlib.suppress(OSError, RuntimeError):
            writer.write_eof()
