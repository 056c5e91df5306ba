"""A small HTTP server on loopback for the fake platforms: one reply a connection, misbehaving where it is told to."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from enum import StrEnum
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct, field

HEAD = 32 * 1024
"""Bytes of a request's head that are read."""


class Manner(StrEnum):
    """How a reply is given: whole, never (the connection stays open), or broken off half-way."""

    WHOLE = "whole"
    NEVER = "never"
    BROKEN = "broken"


class Request(Struct, frozen=True):
    """A request as it came in; header names are lower case, `body` is that of a POST."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Reply(Struct, frozen=True):
    """What goes out."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    manner: Manner = Manner.WHOLE


class PlatformServer:
    """Serves `respond` on a port of its own (0 takes a free one) until stopped. `requests` are all that came in."""

    def __init__(self, respond: Callable[[Request], Reply], host: str, port: int) -> None:
        self._respond, self._host, self._port = respond, host, port
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self.requests: list[Request] = []

    @property
    def url(self) -> str:
        """The address, known once the server has started."""
        if self._server is None:
            raise RuntimeError("the server has not been started")
        return f"http://{self._host}:{self._server.sockets[0].getsockname()[1]}"

    async def start(self) -> None:
        """Listens."""
        self._server = await asyncio.start_server(self._accept, self._host, self._port, limit=HEAD)

    async def stop(self) -> None:
        """Stops listening and cuts what is still open."""
        if self._server is None:
            return
        self._server.close()
        for task in tuple(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._converse(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass  # the visitor left or the server is stopped
        finally:
            self._open.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        target = urlsplit(head[0].split(" ")[1])
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        body = await reader.readexactly(min(int(headers.get("content-length", "0")), HEAD))
        request = Request(target.path, dict(parse_qsl(target.query, keep_blank_values=True)), headers, body)
        self.requests.append(request)
        reply = self._respond(request)
        if reply.manner is Manner.NEVER:
            await reader.read()  # until the visitor gives up
            return
        lines = [
            f"HTTP/1.1 {reply.status} Reply",
            f"Content-Type: {reply.content_type}",
            f"Content-Length: {len(reply.body)}",
            "Connection: close",
            *(f"{name}: {value}" for name, value in reply.headers),
        ]
        body = reply.body[: len(reply.body) // 2] if reply.manner is Manner.BROKEN else reply.body
        writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        await writer.drain()
