"""Scrapy's HTTP handler with a bound on the head of an answer: status line, headers, and any number of 1xx before them.

Twisted bounds one line (16 kB, where browsers take more) and not their number: a server that sends headers without
end would fill the worker's memory until the request's time is over.
"""

from __future__ import annotations

from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS

HEAD_BYTES = 256 * 1024
"""The bound that Chromium has for the head of an answer (net/http/http_stream_parser.h, kMaxHeaderBufSize)."""


class HeadTooLarge(Exception):
    """An answer whose head goes beyond the bound."""


class _Parser(_LenientHTTPClientParser):
    MAX_LENGTH = HEAD_BYTES


class _Protocol(_LenientHTTP11ClientProtocol):
    _head = 0

    def request(self, request: Any) -> Any:
        """Counts anew for each request on the connection."""
        self._head = 0
        answer = super().request(request)
        self._parser.__class__ = _Parser
        return answer

    def dataReceived(self, data: bytes) -> None:
        """Hands the bytes on, and gives up where the head does not end."""
        if self._parser is not None and self._parser.state in (STATUS, HEADER):
            self._head += len(data)
            if self._head > HEAD_BYTES:
                reason = HeadTooLarge(f"more than {HEAD_BYTES} bytes")
                self._giveUp(Failure(reason))  # type: ignore[no-untyped-call]  # Twisted is untyped
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]  # Twisted is untyped


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _Protocol:
        """A protocol for one connection of the pool."""
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]  # Twisted is untyped


class BoundedHeadHandler(HTTP11DownloadHandler):
    """Downloads over HTTP/1.1 with bounded heads."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory
