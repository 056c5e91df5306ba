"""What a plain request brings back, within bounds: so many seconds in all, so many bytes after decompression.

httpx bounds silence only, decompresses without limit and reads the bodies of redirects whole; a hostile or broken
server can hold such a client for ever, or fill its memory. Whatever asks by httpx asks through `receive`.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Mapping
from typing import Protocol

import httpx
from msgspec import Struct

from crawler.facts import Exchange, Header, Hop
from crawler.fetch.exchange import HOPS, client_headers_of, client_hop, exchange_of_client
from crawler.fetch.limits import REDIRECTS
from crawler.fetch.outcome import UNDECODABLE, Ending, of_response, too_large, too_slow
from crawler.read.urls import normalise

ACCEPTED = "gzip, deflate"
"""The encodings that are asked for: those that zlib decodes piece by piece under a bound."""


class Received(Struct, frozen=True):
    """An answer. `cut` says why its body is not whole (None where it is, or where only its head was wanted);
    `redirects` are the addresses on the way, `final` is where they led, `exchange` is the rest of the wire.
    """

    requested: str
    final: str
    status: int
    headers: httpx.Headers
    body: bytes
    redirects: tuple[str, ...] = ()
    cut: Ending | None = None
    exchange: Exchange = Exchange()

    def ending(self, *, home: str, own_hosts: frozenset[str]) -> Ending:
        """How the request ended; a body that we did not read to its end is neither seen nor held against anyone."""
        ending = of_response(
            status=self.status,
            headers=self.headers,
            body=self.body,
            requested=self.requested,
            final=self.final,
            home=home,
            own_hosts=own_hosts,
        )
        return self.cut if self.cut is not None and ending.outcome.is_seen else ending

    @property
    def kept_headers(self) -> tuple[Header, ...]:
        """The headers as they are kept beside the body."""
        return client_headers_of(self.headers, is_decoded=self.cut is not UNDECODABLE)

    @property
    def content_type(self) -> str:
        """The declared type, "" where none is."""
        return str(self.headers.get("content-type", ""))

    @property
    def text(self) -> str:
        """The body as UTF-8; what is none is replaced."""
        return self.body.decode("utf-8-sig", "replace")


async def receive(
    client: httpx.AsyncClient,
    url: str,
    *,
    most: int,
    seconds: float,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    data: Mapping[str, str] | None = None,
    whole: bool = True,
) -> Received:
    """One request with its redirects: `seconds` for all of it, at most `most` bytes of decoded body.

    With `whole` False the first `most` bytes are all that is wanted. Raises httpx.HTTPError and httpx.InvalidURL; a
    time that runs out before the last hop answers is httpx.ReadTimeout.
    """
    request = client.build_request(method, url, headers={"Accept-Encoding": ACCEPTED, **(headers or {})}, data=data)
    hops: list[Hop] = []
    answer: httpx.Response | None = None
    body = bytearray()
    cut: Ending | None = None
    try:
        async with asyncio.timeout(seconds):
            while True:
                response = await client.send(request, stream=True, follow_redirects=False)
                if response.next_request is None:
                    answer = response
                    break
                await response.aclose()
                hops.append(client_hop(response))
                request = response.next_request
                request.extensions = {**request.extensions, HOPS: hops}
                if len(hops) > REDIRECTS:
                    raise httpx.TooManyRedirects("too many redirects", request=request)
            if method != "HEAD":
                cut = await _fill(body, answer, most, whole=whole)
    except (TimeoutError, httpx.ReadTimeout):
        if answer is None:
            raise httpx.ReadTimeout(f"no answer within {seconds} seconds", request=request) from None
        cut = too_slow(seconds, len(body))
    finally:
        if answer is not None:
            await answer.aclose()
    final = normalise(str(answer.url)) or url
    redirects = tuple(hop.url for hop in hops)
    is_cut = method != "HEAD" and (cut is not None or len(body) >= most)
    exchange = exchange_of_client(answer, hops, is_decoded=cut is not UNDECODABLE, is_cut=is_cut)
    return Received(url, final, answer.status_code, answer.headers, bytes(body), redirects, cut, exchange)


async def _fill(body: bytearray, response: httpx.Response, most: int, *, whole: bool) -> Ending | None:
    """Reads into `body`; why it stopped short, None where it did not."""
    declared = response.headers.get("content-length", "")
    if whole and declared.isdigit() and int(declared) > most:
        return too_large(most)
    decoder = _decoder_of(response.headers.get("content-encoding", ""))
    if decoder is None:
        return UNDECODABLE
    try:
        async for piece in _raw(response):
            body += decoder.decode(piece, most + 1 - len(body))
            if len(body) > most:
                del body[most:]
                return too_large(most) if whole else None
    except zlib.error:
        return UNDECODABLE
    return None


async def _raw(response: httpx.Response) -> AsyncIterator[bytes]:
    async for piece in response.aiter_raw(65_536):
        yield piece


class _Decoder(Protocol):
    def decode(self, data: bytes, most: int) -> bytes:
        """At most `most` further bytes."""


class _Plain:
    def decode(self, data: bytes, most: int) -> bytes:
        """The bytes as they are."""
        return data[:most]


class _Inflated:
    """gzip, zlib, and the bare deflate that some servers send under the name of deflate."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._state = zlib.decompressobj(wbits=47)
        self._begun = False

    def decode(self, data: bytes, most: int) -> bytes:
        """The next bytes; what a bound leaves over is never asked for. Raises zlib.error."""
        try:
            out = self._state.decompress(data, max(most, 1))
        except zlib.error:
            if self._begun or self._gzip:
                raise
            self._state = zlib.decompressobj(wbits=-15)
            out = self._state.decompress(data, max(most, 1))
        self._begun = True
        return out


def _decoder_of(encoding: str) -> _Decoder | None:
    """None for an encoding that nobody asked for, or for several on top of each other."""
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return _Plain()
    return _Inflated(gzip=name != "deflate") if name in ("gzip", "x-gzip", "deflate") else None
