"""A sample of how long a site's pages took to answer, taken from its visits as they pass."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Iterator

from crawler.facts import FetchOutcome, Outcome, PageTiming, Resource
from crawler.read.urls import host_of

_SAMPLED = 30


class Timings:
    """First looks at own pages that came at once: no redirect, no second look, nothing that was asked for less.

    The sample does not hang on the order of the crawl: it is drawn by a hash of the address.
    """

    def __init__(self, own_hosts: frozenset[str]) -> None:
        self._own = own_hosts
        self._drawn: list[tuple[int, str, int]] = []

    def noting(self, visits: Iterable[FetchOutcome]) -> Iterator[FetchOutcome]:
        """The same visits, noted as they pass."""
        for visit in visits:
            if (
                visit.outcome is Outcome.OK
                and visit.attempt == 1
                and visit.method == "GET"
                and visit.resource is Resource.PAGE
                and not visit.redirects
                and not visit.reason  # what a server only called unchanged was not loaded
                and host_of(visit.requested_url) in self._own
            ):
                self._offer(visit)
            yield visit

    def sample(self) -> tuple[PageTiming, ...]:
        """The sampled pages by address."""
        return tuple(sorted((PageTiming(url, ms) for _, url, ms in self._drawn), key=lambda timing: timing.url))

    def _offer(self, visit: FetchOutcome) -> None:
        url = visit.requested_url
        rank = -int.from_bytes(hashlib.blake2b(url.encode(), digest_size=8).digest(), "big")
        if len(self._drawn) < _SAMPLED:
            heapq.heappush(self._drawn, (rank, url, visit.elapsed_ms))
        elif rank > self._drawn[0][0]:
            heapq.heapreplace(self._drawn, (rank, url, visit.elapsed_ms))
