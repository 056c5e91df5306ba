"""Reads the few scripts of a site's own that its home page and samples load, for what they do to links."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

import httpx

from crawler.facts import Link, Outcome, PageFact, Resource, RunFacts
from crawler.facts.behaviour import ScriptFact
from crawler.fetch.limits import Limits
from crawler.fetch.received import Received, receive
from crawler.read.charset import decode
from crawler.read.looks import is_library, script_fact
from crawler.read.urls import host_of

MOST = 12
"""Scripts read of one site; what is beyond is told as unread."""
SCRIPT_BYTES = 512 * 1024


def scripts_of(pages: Iterable[PageFact], run: RunFacts) -> tuple[str, ...]:
    """The addresses of the scripts those pages load, public libraries aside, in the pages' order."""
    links: Iterable[Link] = (link for page in pages for link in run.links_of(page.url))
    wanted = (link.url for link in links if link.resource is Resource.SCRIPT and link.url and not is_library(link.url))
    return tuple(dict.fromkeys(wanted))


async def read_scripts(
    client: httpx.AsyncClient,
    urls: Iterable[str],
    *,
    own_hosts: frozenset[str],
    permits: Callable[[str], bool],
    limits: Limits,
    interval: float,
) -> tuple[ScriptFact, ...]:
    """What each script does, `interval` seconds between two requests. Never raises for what a server does.

    Only the site's own hosts are asked; a script of another host, one that robots.txt keeps from us, one that is too
    large or does not answer, and those beyond `MOST` are told as unread.
    """
    facts: list[ScriptFact] = []
    asked = 0
    for url in urls:
        if asked >= MOST or host_of(url) not in own_hosts or not permits(url):
            facts.append(script_fact(url, None))
            continue
        if asked:
            await asyncio.sleep(interval)
        asked += 1
        facts.append(script_fact(url, await _text(client, url, limits)))
    return tuple(facts)


async def _text(client: httpx.AsyncClient, url: str, limits: Limits) -> str | None:
    try:
        answer: Received = await receive(client, url, most=SCRIPT_BYTES, seconds=limits.timeout)
    except (httpx.HTTPError, httpx.InvalidURL):
        return None
    ending = answer.ending(home="", own_hosts=frozenset({host_of(answer.final)}))
    if ending.outcome in (Outcome.GONE, Outcome.SOFT_404):
        return ""  # a script that is not there does nothing
    return decode(answer.body, answer.content_type).text if ending.outcome.is_seen else None
