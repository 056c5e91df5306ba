"""Tries a site's own search with titles that the site itself has published."""

from __future__ import annotations

import asyncio
import hashlib
import heapq
import re
from collections.abc import Iterable
from urllib.parse import urlencode

import httpx
from msgspec.structs import replace

from crawler.clock import now
from crawler.facts import Outcome, PageFact, SearchForm, SearchTrial
from crawler.fetch.exchange import exchange_of_client_failure
from crawler.fetch.limits import Limits
from crawler.fetch.log import RunLog
from crawler.fetch.outcome import of_exception
from crawler.fetch.received import Received, receive
from crawler.read.complexity import too_complex
from crawler.read.page import PageReader
from crawler.read.urls import host_of

LONGEST_QUERY = 30
"""Characters of a title that are typed in, as a person would."""


def sampled(articles: Iterable[PageFact], count: int) -> list[PageFact]:
    """Articles with a heading, chosen by the hash of their address: the same ones whatever the order of the crawl."""
    titled = (page for page in articles if len(page.heading) >= 6)
    return heapq.nsmallest(count, titled, key=lambda page: hashlib.sha256(page.url.encode()).digest())


async def try_search(
    client: httpx.AsyncClient,
    reader: PageReader,
    form: SearchForm,
    articles: Iterable[PageFact],
    *,
    limits: Limits,
    interval: float,
    log: RunLog | None = None,
) -> tuple[SearchTrial, ...]:
    """Looks up published titles, `interval` seconds apart, each within the limits of a page.

    The log keeps what was asked and answered.
    """
    trials = []
    for article in await asyncio.to_thread(sampled, articles, limits.search_titles):
        trials.append(await _look_up(client, reader, form, article, limits, log))
        await asyncio.sleep(interval)
    return tuple(trials)


async def _look_up(
    client: httpx.AsyncClient,
    reader: PageReader,
    form: SearchForm,
    article: PageFact,
    limits: Limits,
    log: RunLog | None,
) -> SearchTrial:
    words = article.heading[:LONGEST_QUERY]
    fields = {**dict(form.fixed), form.field: words}
    url = (
        form.action
        if form.method == "post"
        else f"{form.action}{'&' if '?' in form.action else '?'}{urlencode(fields)}"
    )
    posts = form.method == "post"
    at, note = now(), f"在本站搜索中输入：{words}"
    try:
        answer = await receive(
            client,
            url,
            most=limits.page_bytes,
            seconds=limits.timeout,
            method="POST" if posts else "GET",
            data=fields if posts else None,
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        if log is not None:
            wire = exchange_of_client_failure(error, url, note=note)
            log.capture(url, 1, at, None, (), b"", kind="failure", exchange=wire)
        return SearchTrial(article.heading, article.url, url, of_exception(error).outcome, found=False)
    if log is not None:
        wire = replace(answer.exchange, note=note)
        log.capture(url, 1, at, answer.status, answer.kept_headers, answer.body, exchange=wire)
    outcome = answer.ending(home="", own_hosts=frozenset({host_of(answer.final)})).outcome
    if outcome is Outcome.OK and too_complex(answer.body, limits.page_tags):
        outcome = Outcome.TOO_LARGE
    return _read(reader, article, url, outcome, answer)


def _read(reader: PageReader, article: PageFact, url: str, outcome: Outcome, answer: Received) -> SearchTrial:
    if outcome is not Outcome.OK:
        return SearchTrial(article.heading, article.url, url, outcome, found=False)
    reading = reader.read(answer.body, answer.final, fetched_at=now(), content_type=answer.content_type)
    title = _squeezed(article.heading)
    # A page that only repeats the query has found nothing: the title must stand in a link.
    found = any(link.url == article.url or title in _squeezed(link.text) for link in reading.fact.links)
    return SearchTrial(article.heading, article.url, url, Outcome.OK, found=found, scripted=reading.fact.scripted)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
