"""Which builder's system a site runs on, as its home page shows: a fault of the system is one of all its sites."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from crawler.facts import Link, PageFact
from crawler.read.lexicon import table


def platform_of(home: PageFact, links: Iterable[Link]) -> str:
    """The system's name; "" where nothing on the home page tells it."""
    generator = home.label("generator") or ""
    addresses = [link.url for link in links if link.url]
    for name, label, pattern, least in _platforms():
        if generator and label.search(generator):
            return name
        if sum(pattern.search(address) is not None for address in addresses) >= least:
            return name
    return ""


@cache
def _platforms() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str], int], ...]:
    rows = table("platforms")["platforms"]
    return tuple(
        (
            row["name"],
            re.compile(row["generator"], re.IGNORECASE),
            re.compile(row["pattern"], re.IGNORECASE),
            int(row["least"]),
        )
        for row in rows
    )
