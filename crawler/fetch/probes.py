"""Spaced visits of a home page in one run: the one-shot form of availability (国办秘函〔2019〕19号 wants a week).

A failed sample is repeated after a while, and the canaries are asked in the same minute.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

import httpx
from msgspec.structs import replace

from crawler.clock import now
from crawler.facts import Outcome, ProbeFact
from crawler.fetch.exchange import exchange_of_client_failure
from crawler.fetch.log import RunLog
from crawler.fetch.network import Canaries
from crawler.fetch.outcome import Ending, of_exception
from crawler.fetch.received import Received, receive
from crawler.read.urls import host_of

OPENING_SECONDS = 15
"""A visit counts as opened within this time (国办秘函〔2019〕19号, 站点无法访问)."""
KEPT_BYTES = 65_536
"""Bytes of a failed answer's body that are kept."""
_CANARY_WORDS = {True: "同时访问的对照网址可以打开", False: "同时访问的对照网址均未打开", None: "未配置对照网址"}


async def probe(
    client: httpx.AsyncClient,
    canaries: Canaries,
    url: str,
    *,
    most: int,
    log: RunLog | None = None,
    attempt: int = 1,
    now: Callable[[], datetime] = now,
) -> ProbeFact:
    """One visit of the home page by a plain GET; `elapsed_ms` runs to the end of the answer; `most` bytes are read.

    `now` dates it. What proves a visit that failed goes to the log, under the number `attempt`, with what the canaries
    answered.
    """
    at, started = now(), time.monotonic()
    brought: Received | httpx.HTTPError | httpx.InvalidURL
    try:
        brought = answer = await receive(client, url, most=most, seconds=OPENING_SECONDS)
        ending = answer.ending(home=answer.final, own_hosts=frozenset({host_of(answer.final)}))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        brought, ending = error, of_exception(error)
    elapsed = int((time.monotonic() - started) * 1000)
    if (ending.outcome.is_seen or ending.outcome is Outcome.UNREAD) and elapsed >= OPENING_SECONDS * 1000:
        ending = Ending(Outcome.TIMEOUT, f"{OPENING_SECONDS} 秒内未打开")
    up = await canaries.is_up() if ending.outcome.is_failure else None
    if log is not None and not ending.outcome.is_seen:
        beside = f"；{_CANARY_WORDS[up]}" if ending.outcome.is_failure else ""
        _keep(log, url, attempt, at, brought, f"首页可用性访问：{ending.outcome.label}{beside}")
    outcome = Outcome.OWN_NETWORK if up is False else ending.outcome
    reason = "" if ending.outcome.is_seen else ending.reason
    return ProbeFact(url=url, at=at, outcome=outcome, elapsed_ms=elapsed, canaries_ok=up, reason=reason)


def _keep(
    log: RunLog,
    url: str,
    attempt: int,
    at: datetime,
    brought: Received | httpx.HTTPError | httpx.InvalidURL,
    note: str,
) -> None:
    if isinstance(brought, Received):
        body = brought.body[:KEPT_BYTES]
        wire = replace(brought.exchange, is_cut=brought.exchange.is_cut or len(body) < len(brought.body), note=note)
        log.capture(url, attempt, at, brought.status, brought.kept_headers, body, exchange=wire)
    else:
        exchange = exchange_of_client_failure(brought, url, note=note)
        log.capture(url, attempt, at, None, (), b"", kind="failure", exchange=exchange)


async def probe_until_open(
    client: httpx.AsyncClient,
    canaries: Canaries,
    url: str,
    *,
    times: int,
    gap: float,
    most: int,
    log: RunLog | None = None,
) -> tuple[ProbeFact, ...]:
    """Visits until one succeeds, at most `times`, `gap` seconds apart; the twins of a silent address are tried too."""
    facts = [await probe(client, canaries, url, most=most, log=log)]
    while len(facts) < times and facts[-1].outcome.is_failure:
        await asyncio.sleep(gap)
        facts.append(await probe(client, canaries, url, most=most, log=log, attempt=len(facts) + 1))
    if all(fact.outcome.is_failure for fact in facts):
        for twin in _twins(url):
            fact = await probe(client, canaries, twin, most=most)
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
