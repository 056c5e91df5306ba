"""The checks stream the pages a fixed number of times, whatever the site's size: nothing quadratic can hide."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from checks.runner import run
from crawler.facts import PageFact, PageKind
from tests.unit.checks.sites import column, item, page, site


def _passes(size: int) -> tuple[int, int]:
    """Streams opened and pages read by all checks of a site of so many articles."""
    articles = tuple(page(f"{n}.html", PageKind.ARTICLE, heading=f"信息{n}") for n in range(size))
    opened = read = 0

    def stream(*kinds: PageKind) -> Iterator[PageFact]:
        nonlocal opened, read
        opened += 1
        for article in articles:
            if not kinds or article.kind in kinds:
                read += 1
                yield article

    columns = tuple(column([item(None, f"信息{n}")], url=f"http://www.yunxi.gov.cn/{n}/") for n in range(20))
    run(replace(site(home=page(items=(item(date(2026, 11, 19)),)), columns=columns), pages=stream))
    return opened, read


def test_pages_are_read_in_one_pass_and_a_glance() -> None:
    opened, read = _passes(200)
    assert read <= 200 + opened
    assert _passes(400) == (opened, read + 200)
