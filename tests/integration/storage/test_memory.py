"""A long run is streamed in as little memory as a short one."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator

from crawler.facts import PageKind
from storage.run_view import RunView
from storage.store import Store
from tests.integration.storage.samples import append_pages, opened_run

PAGES = 5_000


def _peak(stream: Callable[[], Iterator[object]]) -> tuple[int, int]:
    """How many things a stream gives, and the most memory in bytes that this took."""
    next(stream())  # statements are compiled once; that is not the stream's memory
    tracemalloc.start()
    try:
        count = sum(1 for _ in stream())
        return count, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_streaming_takes_flat_memory(store: Store) -> None:
    short, long = opened_run(store), store.runs.open("q3", store.runs.get(1).target, {}, store.runs.get(1).started)
    append_pages(store, short, 0, 500)
    for first in range(0, PAGES, 500):
        append_pages(store, long, first, first + 500)
    few, many = store.runs.view(short), store.runs.view(long)
    streams: list[tuple[Callable[[RunView], Iterator[object]], int]] = [
        (lambda view: view.pages(), 1),
        (lambda view: view.pages(PageKind.ARTICLE), 1),
        (lambda view: view.visits(), 1),
        (lambda view: view.links(), 4),
    ]
    for stream, each in streams:
        count_few, peak_few = _peak(lambda stream=stream: stream(few))  # type: ignore[misc]  # the default binds the loop's stream
        count_many, peak_many = _peak(lambda stream=stream: stream(many))  # type: ignore[misc]
        assert (count_few, count_many) == (500 * each, PAGES * each)
        assert peak_many < peak_few * 1.5 + 64_000
