"""Spaced visits of a home page in one run: the one-shot form of availability (国办秘函〔2019〕19号 wants a week).

A failed sample is repeated after a while, and the canaries are asked in the same minute.
"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

import httpx

from crawler.facts import BEIJING, Outcome, ProbeFact
from crawler.fetch.network import Canaries
from crawler.fetch.outcome import Ending, of_exception, of_response
from crawler.read.urls import host_of, normalise

OPENING_SECONDS = 15
"""A visit counts as opened within this time (国办秘函〔2019〕19号, 站点无法访问)."""


async def probe(client: httpx.AsyncClient, canaries: Canaries, url: str) -> ProbeFact:
    """One visit of the home page by a plain GET; `elapsed_ms` runs to the end of the answer."""
    at, started = datetime.now(BEIJING), time.monotonic()
    try:
        response = await client.get(url, follow_redirects=True, timeout=OPENING_SECONDS)
        final = normalise(str(response.url))
        ending = of_response(
            status=response.status_code,
            headers=response.headers,
            body=response.content,
            requested=url,
            final=final,
            home=final,
            own_hosts=frozenset({host_of(final)}),
        )
    except httpx.HTTPError as error:
        ending = of_exception(error)
    elapsed = int((time.monotonic() - started) * 1000)
    if ending.outcome.is_seen and elapsed > OPENING_SECONDS * 1000:
        ending = Ending(Outcome.TIMEOUT, f"{OPENING_SECONDS} 秒内未打开")
    up = await canaries.is_up() if ending.outcome.is_failure else None
    outcome = Outcome.OWN_NETWORK if up is False else ending.outcome
    return ProbeFact(url=url, at=at, outcome=outcome, elapsed_ms=elapsed, canaries_ok=up)


async def probe_until_open(
    client: httpx.AsyncClient, canaries: Canaries, url: str, *, times: int, gap: float
) -> tuple[ProbeFact, ...]:
    """Visits until one succeeds, at most `times`, `gap` seconds apart; the twins of a silent address are tried too."""
    facts = [await probe(client, canaries, url)]
    while len(facts) < times and facts[-1].outcome.is_failure:
        await asyncio.sleep(gap)
        facts.append(await probe(client, canaries, url))
    if all(fact.outcome.is_failure for fact in facts):
        for twin in _twins(url):
            fact = await probe(client, canaries, twin)
            if fact.outcome.is_seen:
                facts.append(fact)
                break
    return tuple(facts)


def _twins(url: str) -> tuple[str, ...]:
    """The same page by the other scheme and with or without `www`: a site is not down while one of them answers."""
    parts = urlsplit(url)
    if parts.port is not None or parts.hostname is None or parts.hostname.replace(".", "").isdigit():
        return ()
    other_scheme = "https" if parts.scheme == "http" else "http"
    other_host = parts.hostname.removeprefix("www.") if parts.hostname.startswith("www.") else f"www.{parts.hostname}"
    return (
        urlunsplit(parts._replace(scheme=other_scheme)),
        urlunsplit(parts._replace(netloc=other_host)),
        urlunsplit(parts._replace(scheme=other_scheme, netloc=other_host)),
    )
