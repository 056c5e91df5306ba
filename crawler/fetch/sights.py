"""A browser's look at an address before it is called dead: whether a visitor sees the page after all.

A success ends the accusation. The same failure is one more look. A refusal, another failure or a fault of our browser
changes nothing (outcomes.md §13, retry 1: HEAD, GET, GET as a visitor, then a browser once).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from msgspec import Struct

from crawler.clock import now
from crawler.facts import FetchOutcome, LinkFact, Outcome, Region, RunFacts
from crawler.fetch.companions import Renderer
from crawler.fetch.limits import PAGE_TAGS
from crawler.fetch.log import RunLog
from crawler.fetch.outcome import Ending, of_response
from crawler.fetch.soft404 import SoftNotFound
from crawler.fetch.tab import Sight
from crawler.read.complexity import too_complex
from crawler.read.failures import link_facts
from crawler.read.page import PageReader

METHOD = "BROWSER"
"""The method of a visit that was a browser's look."""
_PROMINENT = frozenset({Region.NAVIGATION, Region.BREADCRUMB})


class Accused(Struct, frozen=True):
    """An address that two looks or more have found to fail alike, and the page that names it."""

    url: str
    referer: str
    visits: tuple[FetchOutcome, ...]


def accused(run: RunFacts, home: str, own_hosts: frozenset[str], most: int) -> tuple[Accused, ...]:
    """The dead addresses that matter most: on the home page, in navigation, borne by many pages."""
    standing = [link for link in link_facts(run, own_hosts).failures if link.parents and _is_settled(link)]
    standing.sort(key=lambda link: (*_importance(link, home), link.url))
    return tuple(Accused(link.url, _referer(link, home), link.visits) for link in standing[:most])


async def look_again(
    dead: tuple[Accused, ...],
    renderer: Renderer,
    reader: PageReader,
    soft: SoftNotFound,
    log: RunLog,
    home: str,
    *,
    interval: float,
) -> int:
    """Looks at each address once by a browser and records what settles something; how many were seen after all."""
    opened = 0
    for one in dead:
        at, started = now(), time.monotonic()
        sight = await renderer.see(one.url, referer=one.referer)
        if sight is not None:
            ending = ending_of_sight(sight, one.url, reader, soft, home)
            visit = _visit(one, sight, ending, at, int((time.monotonic() - started) * 1000))
            if ending.outcome.is_seen or ending.outcome is one.visits[-1].outcome:
                log.visit(visit)
                log.capture(
                    one.url, visit.attempt, at, sight.status, tuple(sight.headers.items()), sight.html, kind="rendered"
                )
            opened += ending.outcome.is_seen
        await asyncio.sleep(interval)
    return opened


def ending_of_sight(sight: Sight, url: str, reader: PageReader, soft: SoftNotFound, home: str) -> Ending:
    """How a browser's look ended. A page that shows nothing, or that leads home instead, is not the one asked for."""
    ending = of_response(
        status=sight.status or 0,
        headers=sight.headers,
        body=sight.html,
        requested=url,
        final=sight.url,
        home=home,
        own_hosts=frozenset({*reader.own_hosts, urlsplit(sight.url).netloc}),
    )
    if not ending.outcome.is_seen:
        return ending
    if sight.url != url and urlsplit(sight.url).path in ("", "/"):
        return Ending(Outcome.NOT_VISITED, "浏览器被带往首页")
    if not sight.html:
        return ending  # a file was handed out
    if too_complex(sight.html, PAGE_TAGS):
        return Ending(Outcome.NOT_VISITED, "浏览器中的页面过于庞大")
    reading = reader.read(
        sight.html, sight.url, fetched_at=now(), content_type="text/html; charset=utf-8", rendered=True
    )
    if not reading.text.strip() and not reading.fact.links:
        return Ending(Outcome.NOT_VISITED, "浏览器中页面没有内容")
    sign = soft.sign(url, sight.url, home, reading)
    if sign:
        return Ending(Outcome.SOFT_404, sign)
    if reading.fact.missing:
        return Ending(Outcome.NOT_VISITED, f"浏览器中页面提示“{reading.fact.missing}”")
    return ending


def _visit(one: Accused, sight: Sight, ending: Ending, at: datetime, elapsed_ms: int) -> FetchOutcome:
    last = one.visits[-1]
    return FetchOutcome(
        requested_url=one.url,
        final_url=sight.url,
        at=at,
        outcome=ending.outcome,
        status=sight.status,
        reason=ending.reason,
        attempt=last.attempt + 1,
        method=METHOD,
        elapsed_ms=elapsed_ms,
        content_type=sight.content_type,
        resource=last.resource,
    )


def _is_settled(link: LinkFact) -> bool:
    """Whether the address would be called dead as it stands, and no browser has looked at it."""
    visits = link.visits
    return (
        len(visits) > 1
        and len({visit.outcome for visit in visits}) == 1
        and visits[-1].outcome.is_failure
        and not any(visit.method == METHOD for visit in visits)
    )


def _importance(link: LinkFact, home: str) -> Iterator[int]:
    yield not any(parent.url == home for parent in link.parents)
    yield not any(parent.region in _PROMINENT for parent in link.parents)
    yield -len(link.parents)


def _referer(link: LinkFact, home: str) -> str:
    return home if any(parent.url == home for parent in link.parents) else link.parents[0].url
