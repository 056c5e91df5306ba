"""A raw-socket HTTP server on loopback: healthy pages, and one behaviour at a time beside them. It counts what is asked."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl

import psutil
from msgspec import Struct, field

from tests.integration.hostile.healthy import PAGES, home

HOST = "127.0.0.1"


class Exchange(Struct):
    """One request, and the socket to answer it on. A handler may write whatever bytes it likes."""

    method: str
    target: str
    headers: Mapping[str, str]
    writer: asyncio.StreamWriter
    server: HostileServer

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.target.partition("?")[2], keep_blank_values=True))

    async def send(self, data: bytes) -> None:
        """Bytes as they are; returns when the other side has taken them."""
        self.writer.write(data)
        await self.writer.drain()

    async def head(self, status: str = "200 OK", *headers: str) -> None:
        """A head without a length: what follows ends with the connection."""
        await self.send("\r\n".join((f"HTTP/1.1 {status}", *headers, "Connection: close", "", "")).encode("latin-1"))

    async def page(self, html: str | bytes, status: str = "200 OK", *headers: str) -> None:
        """A well-formed answer."""
        body = html.encode() if isinstance(html, str) else html
        kind = (
            ()
            if any(one.lower().startswith("content-type") for one in headers)
            else ("Content-Type: text/html; charset=utf-8",)
        )
        await self.head(status, *kind, *headers, f"Content-Length: {len(body)}")
        if self.method != "HEAD":
            await self.send(body)

    def reset(self) -> None:
        """Ends the connection by RST."""
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    def visitor(self) -> psutil.Process:
        """The process that asks: both its ends of the connection, for a port alone may be another's too."""
        wanted = (self.writer.get_extra_info("peername")[1], self.server.port)
        every = (one for one in psutil.net_connections("tcp4") if one.pid and one.laddr and one.raddr)
        return psutil.Process(next(one.pid for one in every if (one.laddr.port, one.raddr.port) == wanted))


Handler = Callable[[Exchange], Awaitable[None]]


class Scene(Struct, frozen=True):
    """What the server plays: links on the home page, and handlers by the beginning of a path ("/" for every page)."""

    links: tuple[tuple[str, str], ...] = ()
    routes: Mapping[str, Handler] = field(default_factory=dict)


class HostileServer:
    """Serves one scene after the other on one port, in a thread of its own. `asked` counts requests by path."""

    def __init__(self) -> None:
        self.scene = Scene()
        self.asked: Counter[str] = Counter()
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def home_url(self) -> str:
        return f"http://{HOST}:{self.port}/"

    def __enter__(self) -> HostileServer:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()
        self._loop.close()

    def play(self, scene: Scene) -> None:
        """Changes the scene and counts anew."""
        self.scene, self.asked = scene, Counter()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._main())

    async def _main(self) -> None:
        self._end = asyncio.Event()
        self._open: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._accepted, "0.0.0.0", 0)  # the whole of 127/8 answers
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._end.wait()
        server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._open.add(task)
        try:
            await self._answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            if task is not None:
                self._open.discard(task)
            with contextlib.suppress(ConnectionError, RuntimeError):
                writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lines = head.split("\r\n")
        method, target, _ = lines[0].split(" ", 2)
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:]) if name
        }
        exchange = Exchange(method, target, headers, writer, self)
        self.asked[exchange.path] += 1
        routes = self.scene.routes
        best = max((prefix for prefix in routes if exchange.path.startswith(prefix)), key=len, default="")
        if best:
            await routes[best](exchange)
        else:
            await serve_healthy(exchange)


async def serve_healthy(exchange: Exchange) -> None:
    """The page of a well-kept site, or its 404."""
    if exchange.path == "/":
        await exchange.page(home(exchange.server.scene.links))
    elif exchange.path == "/robots.txt":
        await exchange.page("User-agent: *\nDisallow: /admin/\n", "200 OK", "Content-Type: text/plain")
    elif exchange.path in PAGES:
        await exchange.page(PAGES[exchange.path])
    else:
        await exchange.page("<html><body>404</body></html>", "404 Not Found")
