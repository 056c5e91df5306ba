"""The city's web server: one asyncio protocol for all its hosts, sending bytes that are ready.

A host is known by the name that is asked for, else by the address that was called.

HTTP/1.1 with keep-alive, GET and HEAD, Content-Length, ETag and Last-Modified with 304, gzip where it is asked for.
"""

from __future__ import annotations

import asyncio
import gzip
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from demo.answers import HTML, Answer, Behaviour

SLOW_SECONDS = 2.0
"""How long a slow page takes."""
_LONGEST_HEAD = 65_536
_TEXTUAL = ("text/", "application/javascript", "application/json", "image/svg")

Fallback = Callable[[str, str], Answer | None]
"""Answers what is not ready, from path and raw query: a search, or the site's way of saying "not there"."""


class Host:
    """One host: its ready answers and its fallback. `requests` counts every request by path and query.

    `pause` is how many seconds each of its pages takes.
    """

    def __init__(
        self, ready: Mapping[str, Answer], fallback: Fallback, *, ignored_field: str = "", pause: float = 0.0
    ) -> None:
        self.ready = dict(ready)
        self.fallback = fallback
        self.pause = pause
        self.ignored_field = ignored_field
        self.requests: Counter[str] = Counter()
        self._sent: dict[tuple[str, bool], tuple[bytes, bytes]] = {}

    def find(self, target: str) -> tuple[str, Answer]:
        """The key and the answer of a request target, percent-decoded as UTF-8 or else as GBK."""
        path, mark, query = target.partition("?")
        if self.ignored_field:
            query = "&".join(part for part in query.split("&") if not part.startswith(f"{self.ignored_field}="))
        key = decoded(path + (mark + query if query else ""))
        answer = self.ready.get(key)
        if answer is None:
            answer = self.fallback(decoded(path), query) or Answer(404, b"", HTML)
        return key, answer

    def wire(self, key: str, answer: Answer, packed: bool) -> tuple[bytes, bytes]:
        """The head and the body of an answer as they are sent; ready ones are put together once."""
        known = self._sent.get((key, packed))
        if known is not None and self.ready.get(key) is answer:
            return known
        made = _wire(answer, packed)
        if self.ready.get(key) is answer:
            self._sent[key, packed] = made
        return made


def decoded(text: str) -> str:
    """A percent-encoded path or query as text."""
    if "%" not in text:
        return text
    raw = unquote_to_bytes(text)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("gbk", "replace")


def _wire(answer: Answer, packed: bool) -> tuple[bytes, bytes]:
    body = gzip.compress(answer.body, 5, mtime=0) if packed else answer.body
    lines = [
        f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
        "Server: demo",
        f"Content-Type: {answer.content_type}",
        f"Content-Length: {len(body)}",
    ]
    if answer.status == 200:
        stamp = format_datetime(answer.modified.astimezone(UTC), usegmt=True)
        lines += [f"ETag: {answer.etag}", f"Last-Modified: {stamp}", "Vary: Accept-Encoding"]
    if packed:
        lines.append("Content-Encoding: gzip")
    lines += [f"{name}: {value}" for name, value in answer.headers]
    return ("\r\n".join(lines) + "\r\n").encode("latin-1"), body


class Connection(asyncio.Protocol):
    """One connection, kept in `opened` while it lasts. Requests are answered in order; bodies are read past."""

    def __init__(self, hosts: Mapping[str, Host], opened: set[asyncio.Transport]) -> None:
        self.hosts = hosts
        self.opened = opened
        self.waiting = b""
        self.busy = False
        self.timer: asyncio.TimerHandle | None = None
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Learns which address was called."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a TCP transport is needed")
        self.transport = transport
        self.opened.add(transport)
        self.host = self.hosts[transport.get_extra_info("sockname")[0]]

    def connection_lost(self, exc: Exception | None) -> None:
        """Forgets an answer that was still to come."""
        self.opened.discard(self.transport)
        if self.timer:
            self.timer.cancel()

    def data_received(self, data: bytes) -> None:
        """Answers as soon as a request's head is whole."""
        self.waiting += data
        if not self.busy:
            self._next()

    def _next(self) -> None:
        while not self.busy and not self.transport.is_closing():
            head, end, rest = self.waiting.partition(b"\r\n\r\n")
            if not end:
                if len(self.waiting) > _LONGEST_HEAD:
                    self.transport.close()
                return
            lines = head.decode("latin-1").split("\r\n")
            fields = {
                name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
            }
            length = fields.get("content-length", "0")
            if not length.isdigit():
                self.transport.close()
                return
            if len(rest) < int(length):
                return
            self.waiting = rest[int(length) :]
            self._answer(lines[0], fields)

    def _answer(self, line: str, fields: Mapping[str, str]) -> None:
        method, _, target = line.partition(" ")
        target, _, version = target.rpartition(" ")
        if target.startswith("http://"):
            target = "/" + target.removeprefix("http://").partition("/")[2]
        self.host = self.hosts.get(fields.get("host", "").rpartition(":")[0], self.host)
        target = target.encode("latin-1").decode("utf-8", "replace")
        keep = fields.get("connection", "").lower() != "close" and version != "HTTP/1.0"
        key, answer = self.host.find(target)
        self.host.requests[key] += 1
        answer = _behave(method, answer, self.host.requests[key])
        packed = (
            "gzip" in fields.get("accept-encoding", "")
            and len(answer.body) > 500
            and answer.content_type.startswith(_TEXTUAL)
        )
        head, body = self.host.wire(key, answer, packed)
        if answer.status == 200 and _unchanged(answer, fields):
            head, body = f"HTTP/1.1 304 Not Modified\r\nServer: demo\r\nETag: {answer.etag}\r\n".encode(), b""
        sent = (
            head
            + (b"Connection: keep-alive\r\n\r\n" if keep else b"Connection: close\r\n\r\n")
            + (b"" if method == "HEAD" else body)
        )
        is_page = answer.status == 200 and answer.content_type.startswith("text/html")
        pause = SLOW_SECONDS if answer.behaviour is Behaviour.SLOW else self.host.pause if is_page else 0.0
        if pause:
            self.busy = True
            self.timer = asyncio.get_running_loop().call_later(pause, self._send_late, sent, keep)
        else:
            self._send(sent, keep)

    def _send(self, sent: bytes, keep: bool) -> None:
        self.transport.write(sent)
        if not keep:
            self.transport.close()

    def _send_late(self, sent: bytes, keep: bool) -> None:
        self.busy = False
        self.timer = None
        self._send(sent, keep)
        self._next()


def _behave(method: str, answer: Answer, visit: int) -> Answer:
    """What is sent instead of the answer for this request, if anything."""
    if method not in ("GET", "HEAD"):
        return Answer(405, b"", HTML, (("Allow", "GET, HEAD"),))
    if method == "HEAD" and answer.behaviour is Behaviour.HEAD_403:
        return Answer(403, b"", HTML)
    if method == "HEAD" and answer.behaviour is Behaviour.HEAD_405:
        return Answer(405, b"", HTML, (("Allow", "GET"),))
    if visit == 1 and answer.behaviour is Behaviour.FLAKY:
        return Answer(503, b"Service Unavailable", HTML)
    if visit == 1 and answer.behaviour is Behaviour.BUSY:
        return Answer(429, b"Too Many Requests", HTML, (("Retry-After", "1"),))
    return answer


def _unchanged(answer: Answer, fields: Mapping[str, str]) -> bool:
    if "if-none-match" in fields:
        return answer.etag in fields["if-none-match"]
    if "if-modified-since" in fields:
        try:
            since = parsedate_to_datetime(fields["if-modified-since"])
        except ValueError:
            return False
        return answer.modified.replace(microsecond=0) <= (since if since.tzinfo else since.replace(tzinfo=UTC))
    return False
