"""From Scrapy's responses and failures to visits, in the crawler's own vocabulary."""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.clock import now
from crawler.facts import FetchOutcome, Outcome, Resource
from crawler.fetch.outcome import UNDECODABLE, Ending, of_exception, of_response, too_slow
from crawler.read.urls import normalise

PAGE_RESOURCES = frozenset({Resource.PAGE, Resource.FRAME})
UNANSWERED = frozenset({Outcome.DNS_FAILED, Outcome.TLS_FAILED, Outcome.REFUSED, Outcome.TIMEOUT, Outcome.RESET})
"""What our own network's failing would look like, too."""
_TAIL = 1024


def ending_of(response: Response, address: str, final: str, home: str, own_hosts: frozenset[str]) -> Ending:
    """How an answered request ended; `final` is the address where its redirects led.

    A body that came short of its declared length is taken where the page is there to its end; else it is looked at
    again, and that look tells whether the connection broke.
    """
    ending = of_response(
        status=response.status,
        headers={
            key.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
            for key, values in response.headers.items()
        },
        body=response.body,
        requested=address,
        final=final,
        home=home,
        own_hosts=own_hosts,
    )
    if not ending.outcome.is_seen:
        return ending
    if header_of(response, b"Content-Encoding").lower() not in ("", "identity") and response.body:
        return UNDECODABLE
    if "dataloss" in response.flags and b"</html" not in response.body[-_TAIL:].lower():
        return Ending(Outcome.RESET, "应答不完整")
    return ending


def visit_of(response: Response, ending: Ending, address: str, final: str, attempt: int) -> FetchOutcome:
    """The visit that a response was."""
    request = response.request
    return FetchOutcome(
        requested_url=address,
        final_url=final,
        at=now(),
        outcome=ending.outcome,
        status=response.status,
        reason=ending.reason,
        attempt=attempt,
        method=request.method if request is not None else "GET",
        elapsed_ms=int(response.meta.get("download_latency", 0.0) * 1000),
        content_type=header_of(response, b"Content-Type"),
        redirects=tuple(response.meta.get("redirect_urls", ())),
        resource=response.meta.get("resource", Resource.PAGE),
    )


def visit_of_failure(failure: Failure, attempt: int) -> FetchOutcome:
    """The visit that got no answer."""
    request = request_of(failure)
    ending = of_exception(failure.value or RuntimeError("no cause given"))
    if ending.outcome is Outcome.TIMEOUT and request.meta.get("answered") == request.url:
        ending = too_slow(float(request.meta.get("download_timeout", 0.0)))
    address: str = request.meta["address"]
    return FetchOutcome(
        requested_url=address,
        final_url=normalise(request.url) or address,
        at=now(),
        outcome=ending.outcome,
        reason=ending.reason,
        attempt=attempt,
        method=request.method,
        redirects=tuple(request.meta.get("redirect_urls", ())),
        resource=request.meta.get("resource", Resource.PAGE),
    )


def not_visited(url: str, resource: Resource, reason: str) -> FetchOutcome:
    """An address that we left alone, and why."""
    return FetchOutcome(url, url, now(), Outcome.NOT_VISITED, reason=reason, resource=resource)


def request_of(failure: Failure) -> Request:
    """The request that failed."""
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it on every download failure
    return request


def header_of(response: Response, name: bytes) -> str:
    """One header's value; "" where it is absent."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else ""


def is_html(response: Response) -> bool:
    """Whether the body is a page: by its type, or by its looks where no type is given."""
    kind = header_of(response, b"Content-Type").lower()
    if "html" in kind or "xml" in kind:
        return True
    return not kind and b"<" in response.body[:512]


def is_data(response: Response) -> bool:
    """Whether the body is the data of a script's request, as far as its type and beginning tell."""
    kind = header_of(response, b"Content-Type").lower()
    return ("json" in kind or "javascript" in kind or "text/plain" in kind) and b"{" in response.body[:100]
