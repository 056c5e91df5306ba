"""What went over the wire beside an answer's headers and body, from Scrapy's objects and from httpx's.

Scrapy follows redirects by itself and forgets what it was answered on the way, and it takes a body's encoding off:
`ReceivedMiddleware` notes both where they pass. Headers are told as the client held them: their names are written
in Scrapy's spelling, and `Host`, which Twisted adds as it sends, is added here from the address.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
from msgspec.structs import replace
from scrapy import Request
from scrapy.http import Headers, Response
from scrapy.resolver import dnscache
from twisted.python.failure import Failure

from crawler.clock import now
from crawler.facts import Exchange, Header, Hop
from crawler.fetch.policy import literal

HOPS = "hops"
"""The extension of a request by httpx that holds the hops before it."""
LONGEST_WORDS = 500
"""Characters of an exception's text that are kept."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_DEFAULT_PORTS = {"http": 80, "https": 443}


class _Received(NamedTuple):
    """One answer as it came from the wire. It holds no response and no request, which would make a cycle of them."""

    url: str
    at: datetime
    status: int
    method: str
    sent: Headers
    headers: Headers
    address: str
    encoding: str
    length: int


class ReceivedMiddleware:
    """Notes every answer before redirects are followed and bodies are decoded: the middleware nearest to the wire."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Lets the answer pass."""
        # A redirect's request inherits the meta of the one before it, and so the whole chain is in one list.
        request.meta.setdefault("received", []).append(
            _Received(
                url=response.url,
                at=now(),
                status=response.status,
                method=request.method,
                sent=request.headers,
                headers=response.headers,
                address=str(response.ip_address or ""),
                encoding=b", ".join(response.headers.getlist("Content-Encoding")).decode("latin-1"),
                length=len(response.body),
            )
        )
        return response


def headers_of(response: Response) -> tuple[Header, ...]:
    """A response's headers as they are kept, each line of a repeated one by itself."""
    return _lines(response.headers)


def exchange_of(response: Response, *, kept: int | None = None) -> Exchange:
    """How a response of Scrapy's came about. `kept` is how many bytes of its body are kept, all where left out."""
    request = response.request
    if request is None:
        return Exchange(url=response.url)
    received: list[_Received] = request.meta.get("received", [])
    last = received[-1] if received else None
    stopped = "download_stopped" in response.flags
    cut = kept is not None and kept < len(response.body)
    return Exchange(
        url=response.url,
        method=request.method,
        sent=_sent(request.url, request.headers),
        sent_body=request.body.decode("utf-8", "replace"),
        address=str(response.ip_address or (last.address if last else "")),
        protocol=response.protocol or "",
        hops=_hops(received[:-1]),
        encoding=last.encoding if last else "",
        length=last.length if last and not stopped else None,
        is_cut=cut or (stopped and request.method != "HEAD"),
    )


def exchange_of_failure(failure: Failure) -> Exchange:
    """What is known of a request of Scrapy's that got no answer. The chain that led to it is told."""
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it on every download failure
    error = failure.value
    return Exchange(
        url=request.url,
        method=request.method,
        sent=_sent(request.url, request.headers),
        sent_body=request.body.decode("utf-8", "replace"),
        address=_resolved(request.url),
        hops=_hops(request.meta.get("received", [])),
        error=type(error).__name__,
        words=_words(error),
    )


def exchange_of_client(
    answer: httpx.Response, hops: Sequence[Hop], *, is_decoded: bool = True, is_cut: bool = False
) -> Exchange:
    """The same of an answer to httpx and the hops before it; `is_decoded` says that its encoding was taken off."""
    request = answer.request
    length = answer.headers.get("content-length", "")
    return Exchange(
        url=str(answer.url),
        method=request.method,
        sent=_client_lines(request.headers),
        sent_body=_client_body(request),
        address=_connected(request),
        protocol=answer.http_version,
        hops=tuple(hops),
        encoding=answer.headers.get("content-encoding", "") if is_decoded else "",
        length=int(length) if length.isascii() and length.isdigit() else None,
        is_cut=is_cut,
    )


def exchange_of_client_failure(error: httpx.HTTPError | httpx.InvalidURL, url: str, *, note: str = "") -> Exchange:
    """What is known of a request by httpx for `url` that got no answer; `receive` leaves the hops with the request."""
    told = Exchange(url=url, error=type(error).__name__, words=_words(error), note=note)
    try:
        request = error.request if isinstance(error, httpx.HTTPError) else None
    except RuntimeError:  # httpx knows no request where the address itself was refused
        request = None
    if request is None:
        return told
    return replace(
        told,
        url=str(request.url),
        method=request.method,
        sent=_client_lines(request.headers),
        sent_body=_client_body(request),
        address=_connected(request),
        hops=tuple(request.extensions.get(HOPS, ())),
    )


def client_headers_of(headers: httpx.Headers, *, is_decoded: bool = True) -> tuple[Header, ...]:
    """Headers of an answer to httpx as they are kept: without a Content-Encoding that was taken off the body,

    as Scrapy leaves it out; it stands in the exchange.
    """
    lines = _client_lines(headers)
    return tuple(line for line in lines if line[0].lower() != "content-encoding") if is_decoded else lines


def client_hop(answer: httpx.Response) -> Hop:
    """A redirect that httpx was just answered."""
    sent = answer.request
    return Hop(
        url=str(answer.url),
        at=now(),
        status=answer.status_code,
        location=answer.headers.get("location", ""),
        method=sent.method,
        sent=_client_lines(sent.headers),
        headers=_client_lines(answer.headers),
        address=_connected(sent),
    )


def _words(error: object) -> str:
    return str(error).encode("utf-8", "replace").decode()[:LONGEST_WORDS]


def _client_lines(headers: httpx.Headers) -> tuple[Header, ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw)


def _client_body(request: httpx.Request) -> str:
    try:
        return request.content.decode("utf-8", "replace")
    except httpx.RequestNotRead:  # a redirect's request, which bears no body
        return ""


def _connected(request: httpx.Request) -> str:
    return str(request.extensions.get("connected", ""))


def _hops(received: list[_Received]) -> tuple[Hop, ...]:
    return tuple(
        Hop(
            url=hop.url,
            at=hop.at,
            status=hop.status,
            location=_location(hop),
            method=hop.method,
            sent=_sent(hop.url, hop.sent),
            headers=_lines(hop.headers),
            address=hop.address,
        )
        for hop in received
    )


def _location(hop: _Received) -> str:
    value = hop.headers.get("Location") if hop.status in _REDIRECTS else None
    return value.decode("latin-1") if value else ""


def _sent(url: str, headers: Headers) -> tuple[Header, ...]:
    if "Host" in headers:
        return _lines(headers)
    return (("Host", _host_header(url)), *_lines(headers))


def _host_header(url: str) -> str:
    scheme, _, rest = url.partition("://")
    host = rest.partition("/")[0].partition("?")[0].rpartition("@")[2]
    return host.removesuffix(f":{_DEFAULT_PORTS.get(scheme, 0)}")


def _lines(headers: Headers) -> tuple[Header, ...]:
    # dict's own items: those of Headers look every name up once more, and this is done for every page
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, values in dict.items(headers) for value in values
    )


def _resolved(url: str) -> str:
    """The address of a request that failed: the one that its host spells out or that its name resolved to."""
    host = urlsplit(url).hostname or ""
    if literal(host) is not None:
        return host
    answer = dnscache.get(host)
    return str(answer) if answer else ""
