"""How the visits of one crawl ended: each is recorded with what proves it, counted, and remembered for another look."""

from __future__ import annotations

from msgspec.structs import replace
from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.facts import FetchOutcome, Outcome, Resource
from crawler.fetch.exchange import exchange_of, exchange_of_failure, headers_of
from crawler.fetch.log import Place, RunLog
from crawler.fetch.looks import Looks
from crawler.fetch.outcome import Ending
from crawler.fetch.visits import PAGE_RESOURCES, UNANSWERED, not_visited, request_of, visit_of, visit_of_failure

KEPT_OF_A_FAILURE = 65_536
"""Bytes of an answer's body that are kept where it ended badly."""
MOST_BLOCKED = 20
"""So many visits that a firewall turned away, if they are more than half of all, are a site that shuts us out."""


class Tally:
    """`counts` by outcome; `silent` so many requests in a row got no answer; `looks` are the addresses in doubt."""

    def __init__(self, log: RunLog, looks: Looks) -> None:
        self._log, self.looks = log, looks
        self.counts: dict[Outcome, int] = {}
        self.silent = 0

    @property
    def is_shut_out(self) -> bool:
        """The site's firewall turns us away, so that what is not seen tells nothing."""
        blocked = self.counts.get(Outcome.BLOCKED, 0)
        return blocked >= MOST_BLOCKED and blocked * 2 > sum(self.counts.values())

    def answered(self, response: Response, ending: Ending, final: str) -> FetchOutcome:
        """An answer to a request for `meta["address"]` that came from `final`."""
        address: str = response.meta["address"]
        visit = visit_of(response, ending, address, final, self.looks.attempt(address))
        seen = ending.outcome.is_seen
        if visit.resource in PAGE_RESOURCES or not seen:
            body = response.body if seen else response.body[:KEPT_OF_A_FAILURE]
            self._log.capture(
                final if seen else address,
                visit.attempt,
                visit.at,
                response.status,
                headers_of(response),
                body,
                exchange=exchange_of(response, kept=len(body)),
            )
        self.silent = 0
        self._note(visit, response.request)
        return visit

    def failed(self, failure: Failure) -> None:
        """A request without an answer."""
        request = request_of(failure)
        visit = visit_of_failure(failure, self.looks.attempt(request.meta["address"]))
        self.silent += visit.outcome in UNANSWERED
        exchange = exchange_of_failure(failure)
        self._log.capture(
            visit.requested_url, visit.attempt, visit.at, None, (), b"", kind="failure", exchange=exchange
        )
        self._note(visit, request)

    def unchanged(self, visit: FetchOutcome) -> None:
        """An address that is as it was at the last visit of the site."""
        self.silent = 0
        self._note(replace(visit, attempt=self.looks.attempt(visit.requested_url)), None)

    def left_alone(self, url: str, resource: Resource, why: str) -> None:
        """An address that is not asked for."""
        self._note(not_visited(url, resource, why), None)

    def _note(self, visit: FetchOutcome, request: Request | None) -> None:
        self._log.visit(visit)
        self.counts[visit.outcome] = self.counts.get(visit.outcome, 0) + 1
        if request is not None:
            referer = (request.headers.get("Referer") or b"").decode("latin-1")
            self.looks.note(visit, Place(request.meta.get("depth", 0), visit.resource, referer))
