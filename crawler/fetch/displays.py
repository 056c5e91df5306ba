"""The stage at a visit's end in which a few pages are measured in a browser: home page, a column, an article."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from crawler.clock import now
from crawler.facts import DisplayFact, PageFact, PageKind
from crawler.fetch.browser import Chromium
from crawler.fetch.display import display
from crawler.fetch.rendering import LONGEST_PAUSE


def chosen(home: PageFact | None, sample: tuple[PageFact, ...], most: int) -> tuple[str, ...]:
    """The addresses of the home page, the first sampled column and the first sampled article, at most `most`."""

    def each() -> Iterator[str]:
        if home is not None:
            yield home.url
        for kind in (PageKind.COLUMN, PageKind.ARTICLE):
            page = next((page for page in sample if page.kind is kind), None)
            if page is not None:
                yield page.url

    return tuple(dict.fromkeys(each()))[:most]


async def displays(
    pages: tuple[str, ...], renderer: Chromium, *, home: str, own_hosts: frozenset[str], interval: float
) -> tuple[DisplayFact, ...]:
    """Each page measured, one after the other at the site's pace; what a page asks for counts against that pace."""
    facts: list[DisplayFact] = []
    for url in pages:
        referer = "" if url == home else home
        shown = await renderer.run(
            lambda browser, manner, url=url, referer=referer: display(  # type: ignore[misc]  # defaults bind the page
                browser, manner, url, referer=referer, home=home, own_hosts=own_hosts
            )
        )
        if shown is None:
            facts.append(DisplayFact(url, now(), error="浏览器未能显示该页面"))
            await asyncio.sleep(min(interval, LONGEST_PAUSE))
            continue
        facts.append(shown.fact)
        await asyncio.sleep(min(interval * shown.requests, LONGEST_PAUSE))
    return tuple(facts)
