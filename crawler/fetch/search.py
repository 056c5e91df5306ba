"""Tries a site's own search with titles that the site itself has published."""

from __future__ import annotations

import asyncio
import hashlib
import heapq
import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode

import httpx

from crawler.facts import BEIJING, Outcome, PageFact, SearchForm, SearchTrial
from crawler.fetch.outcome import Ending, of_exception, of_response
from crawler.read.page import PageReader
from crawler.read.urls import host_of, normalise

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
    count: int,
    interval: float,
) -> tuple[SearchTrial, ...]:
    """Looks up `count` published titles, `interval` seconds apart."""
    trials = []
    for article in await asyncio.to_thread(sampled, articles, count):
        trials.append(await _look_up(client, reader, form, article))
        await asyncio.sleep(interval)
    return tuple(trials)


async def _look_up(client: httpx.AsyncClient, reader: PageReader, form: SearchForm, article: PageFact) -> SearchTrial:
    words = article.heading[:LONGEST_QUERY]
    fields = {**dict(form.fixed), form.field: words}
    url = (
        form.action
        if form.method == "post"
        else f"{form.action}{'&' if '?' in form.action else '?'}{urlencode(fields)}"
    )
    try:
        if form.method == "post":
            response = await client.post(url, data=fields, follow_redirects=True)
        else:
            response = await client.get(url, follow_redirects=True)
        ending = of_response(
            status=response.status_code,
            headers=response.headers,
            body=response.content,
            requested=url,
            final=url,
            home="",
            own_hosts=frozenset({host_of(url)}),
        )
    except httpx.HTTPError as error:
        ending = of_exception(error)
        return SearchTrial(article.heading, article.url, url, ending.outcome, found=False)
    return _read(reader, article, url, ending, response)


def _read(reader: PageReader, article: PageFact, url: str, ending: Ending, response: httpx.Response) -> SearchTrial:
    if ending.outcome is not Outcome.OK:
        return SearchTrial(article.heading, article.url, url, ending.outcome, found=False)
    kind = response.headers.get("content-type", "")
    reading = reader.read(
        response.content, normalise(str(response.url)), fetched_at=datetime.now(BEIJING), content_type=kind
    )
    title = _squeezed(article.heading)
    # A page that only repeats the query has found nothing: the title must stand in a link.
    found = any(link.url == article.url or title in _squeezed(link.text) for link in reading.fact.links)
    return SearchTrial(article.heading, article.url, url, Outcome.OK, found=found, scripted=reading.fact.scripted)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
