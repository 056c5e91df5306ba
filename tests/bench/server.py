"""Serves a generated site from memory in a process of its own, so that its CPU is nobody's."""

from __future__ import annotations

import asyncio
import multiprocessing
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from urllib.parse import unquote

from tests.bench.site import Resource, generated

_REASONS = {200: "OK", 404: "Not Found", 500: "Internal Server Error"}
_MISSING = Resource(404, "text/html", b"<html><title>404</title><body>404</body></html>")


class _Connection(asyncio.Protocol):
    answers: dict[str, bytes]
    tags: dict[str, bytes]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            request, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
            method, target, _ = request.split(b" ", 2)
            path = unquote(target.decode("latin-1").split("?")[0])
            answer = self.answers.get(path) or _answer(_MISSING)
            tag = self.tags.get(path)
            if tag and b"If-None-Match: " + tag in request:
                answer = b"HTTP/1.1 304 Not Modified\r\nETag: " + tag + b"\r\n\r\n"
            if method == b"HEAD":
                answer = answer[: answer.index(b"\r\n\r\n") + 4]
            assert isinstance(self.transport, asyncio.WriteTransport)
            self.transport.write(answer)


def _answer(resource: Resource, tag: bytes = b"") -> bytes:
    head = (
        f"HTTP/1.1 {resource.status} {_REASONS[resource.status]}\r\nContent-Type: {resource.content_type}\r\n"
        f"Content-Length: {len(resource.body)}\r\n"
    )
    return head.encode() + (b"ETag: " + tag + b"\r\n" if tag else b"") + b"\r\n" + resource.body


def _serve(pages: int, tagged: bool, ready: Connection) -> None:
    async def run() -> None:
        resources = generated(pages).resources
        tags = {path: f'"{zlib.crc32(resource.body):x}"'.encode() for path, resource in resources.items() if tagged}
        answers = {path: _answer(resource, tags.get(path, b"")) for path, resource in resources.items()}
        factory = type("Connection", (_Connection,), {"answers": answers, "tags": tags})
        server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def serving(pages: int, *, tagged: bool = False) -> Iterator[str]:
    """The home address of a generated site that is being served; `tagged` answers bear an ETag and honour it."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(pages, tagged, theirs), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}/"
    finally:
        process.terminate()
        process.join()
