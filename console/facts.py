"""`xuncha facts`: what the crawler sees in a page, one JSON object a page, for settling a dispute and for measuring."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import msgspec
from msgspec.structs import replace

from console.errors import BadUsage
from console.settings import settings
from crawler.clock import now
from crawler.facts import Outcome, PageFact, PublishedDate
from crawler.fetch.browser import Chromium
from crawler.fetch.limits import Limits
from crawler.fetch.outcome import of_exception, of_response
from crawler.fetch.policy import AddressPolicy, GuardedTransport
from crawler.fetch.rendering import is_of_the_page, leaves_open, read_shown, unshown
from crawler.read.page import PageReader
from crawler.read.urls import host_of, normalise

_SAVED_FROM = re.compile(rb"saved from url=\(\d{4}\)(http\S+)")
_HEAD = 2048


def show_facts(
    sources: Sequence[str], *, base: str, as_of: datetime | None, rendering: bool, allow_private: bool, compact: bool
) -> int:
    """Prints one object a source; 3 where some could not be read, 4 where none could.

    An address whose page scripts fill is shown to a browser, where there is one and `rendering` is wanted.
    """
    moment = as_of or now()

    async def tell() -> int:
        failed = 0
        async for described in _described(sources, base, moment, rendering=rendering, allow_private=allow_private):
            failed += "error" in described
            text = msgspec.json.encode(described)
            sys.stdout.buffer.write((text if compact else msgspec.json.format(text, indent=2)) + b"\n")
            sys.stdout.buffer.flush()
        return failed

    failed = asyncio.run(tell())
    return 0 if not failed else 4 if failed == len(sources) else 3


async def _described(
    sources: Sequence[str], base: str, as_of: datetime, *, rendering: bool, allow_private: bool
) -> AsyncIterator[dict[str, object]]:
    limits = Limits(contact=settings().contact)
    policy = AddressPolicy(allow_private=allow_private)
    transport = GuardedTransport(policy, http2=True, verify=False)
    headers = {"User-Agent": limits.user_agent}
    async with (
        httpx.AsyncClient(transport=transport, headers=headers, timeout=limits.timeout, trust_env=False) as client,
        Chromium(policy, limits.user_agent) as browser,
    ):
        for source in sources:
            if "://" in source:
                yield await _of_url(client, browser if rendering else None, source, base, as_of)
            else:
                yield _of_file(Path(source), base, as_of)


async def _of_url(
    client: httpx.AsyncClient, browser: Chromium | None, source: str, base: str, as_of: datetime
) -> dict[str, object]:
    url = normalise(source)
    if not url:
        raise BadUsage(f"不是有效的网址：{source}")
    try:
        response = await client.get(url, follow_redirects=True)
    except httpx.HTTPError as error:
        ending = of_exception(error)
        return {"source_given": source, "url": url, "outcome": ending.outcome, "error": ending.reason}
    final = normalise(str(response.url))
    ending = of_response(
        status=response.status_code,
        headers=response.headers,
        body=response.content,
        requested=url,
        final=final,
        home="",
        own_hosts=frozenset({host_of(url), host_of(final)}),
    )
    kind = response.headers.get("content-type", "")
    reader = _reader(base or final, as_of)
    fact = _read(reader, response.content, base or final, kind, status=response.status_code)
    if browser is not None and ending.outcome.is_seen and leaves_open(fact):
        sight = await browser.see(final, inlined=lambda frame: is_of_the_page(frame, reader.own_hosts))
        shown = read_shown(reader, fact, sight, reader.home_url) if sight is not None else None
        fact = shown or unshown(fact)
    if ending.outcome is not Outcome.OK:
        fact = replace(fact, outcome=ending.outcome)
    return {"source_given": source, **describe(fact), "reason": ending.reason}


def _of_file(path: Path, base: str, as_of: datetime) -> dict[str, object]:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise BadUsage(f"无法读取文件 {path}：{error.strerror}") from error
    url = base or _saved_from(body) or "http://localhost/page.html"
    fact = _read(_reader(url, as_of), body, url, "", status=200)
    return {"source_given": str(path), **describe(fact)}


def _saved_from(body: bytes) -> str:
    """The address that a browser wrote into a page it saved (saved from url=(0042)http://…); "" where it did not."""
    found = _SAVED_FROM.search(body, 0, _HEAD)
    return normalise(found[1].decode("utf-8", errors="replace")) if found else ""


def _reader(url: str, as_of: datetime) -> PageReader:
    """A reader for one page alone; the site's root counts as its home page, and what looks like one."""
    parts = urlsplit(url)
    return PageReader(f"{parts.scheme}://{parts.netloc}/", frozenset({host_of(url)}), as_of, home_known=False)


def _read(reader: PageReader, body: bytes, url: str, content_type: str, *, status: int) -> PageFact:
    """Reads one page as the crawl would."""
    return reader.read(body, url, fetched_at=now(), status=status, content_type=content_type).fact


def describe(fact: PageFact) -> dict[str, object]:
    """The object of the interface: outcome, charset declared and used, kind, title, published, labels, items, links…"""
    return {
        "url": fact.url,
        "outcome": fact.outcome,
        "status": fact.status,
        "charset": {"declared": fact.charset_declared, "used": fact.charset_used},
        "kind": fact.kind,
        "title": fact.heading or fact.title,
        "page_title": fact.title,
        "published": _date(fact.published),
        "dates": [_date(found) for found in fact.dates],
        "source": fact.source,
        "labels": dict(reversed(fact.labels)),
        "breadcrumb": [crumb.name for crumb in fact.breadcrumb],
        "items": [
            {
                "title": item.title,
                "url": item.url,
                "date": item.date.value.isoformat() if item.date else None,
                "pinned": item.pinned,
            }
            for item in fact.items
        ],
        "next_pages": fact.next_pages,
        "unfollowed": fact.unfollowed,
        "links": [msgspec.to_builtins(link) for link in fact.links],
        "marks": msgspec.to_builtins(fact.marks),
        "search_forms": msgspec.to_builtins(fact.search_forms),
        "notice": fact.notice,
        "missing": fact.missing,
        "scripted": fact.scripted,
        "rendered": fact.rendered,
        "embedded": fact.embedded,
        "text_length": fact.text_length,
        "body_length": fact.body_length,
    }


def _date(found: PublishedDate | None) -> dict[str, object] | None:
    if found is None:
        return None
    value = f"{found.value.isoformat()} {found.clock}".strip()
    return {"value": value, "source": found.source, "quote": found.quote}
