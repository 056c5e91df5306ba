"""Looks again: which addresses did not end well, how often each was looked at, and where it was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crawler.facts import FetchOutcome, Outcome
from crawler.fetch.log import Place


def wants_another_look(visit: FetchOutcome) -> bool:
    """Failures before they accuse anyone, and refusals that may have been momentary."""
    return visit.outcome.is_failure or (visit.outcome is Outcome.BLOCKED and visit.status in (429, 503))


class Looks:
    """The addresses of one crawl that are under suspicion. What ends well at its first look never comes here."""

    def __init__(self, visits: Mapping[str, tuple[FetchOutcome, ...]], places: Mapping[str, Place]) -> None:
        self._visits = {url: list(visits[url]) for url in places}
        self._places = dict(places)

    def attempt(self, url: str) -> int:
        """The number of the next look at an address, from 1."""
        return len(self._visits.get(url, ())) + 1

    def note(self, visit: FetchOutcome, place: Place) -> None:
        """Takes in a visit; the first place an address was found at stays."""
        url = visit.requested_url
        if url in self._visits or wants_another_look(visit):
            self._visits.setdefault(url, []).append(visit)
            self._places.setdefault(url, place)

    def due(self, look: int) -> Iterator[tuple[str, Place]]:
        """The addresses that need their `look`-th look: the last one failed, and not twice in a row alike."""
        for url, visits in list(self._visits.items()):
            alike = len(visits) > 1 and visits[-1].outcome is visits[-2].outcome
            if len(visits) < look and not alike and wants_another_look(visits[-1]):
                yield url, self._places[url]
