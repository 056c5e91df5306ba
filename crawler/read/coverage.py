"""How much of a site a run saw, counted over its own addresses by their last visit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from crawler.facts import Coverage, FetchOutcome, ListItem, Outcome
from crawler.read.urls import host_of

LONGEST_WINDOW = timedelta(days=800)
"""No check asks how a list was kept further back than this."""


def reaches_back(items: Sequence[ListItem], day: date) -> bool:
    """Whether a list that runs from new to old was read back past the longest window that ends on `day`."""
    days = [item.date.value for item in items if item.date and not item.pinned]
    return len(days) >= 2 and days[0] >= days[-1] and days[-1] < day - LONGEST_WINDOW


def coverage_of(visits: Iterable[FetchOutcome], own_hosts: frozenset[str], truncated_by: str = "") -> Coverage:
    """Distinct own addresses attempted, reached, blocked, failed; `truncated_by` says why the crawl stopped short."""
    last: dict[str, Outcome] = {}
    for visit in visits:
        if host_of(visit.requested_url) in own_hosts:
            last[visit.requested_url] = visit.outcome
    outcomes = [outcome for outcome in last.values() if outcome is not Outcome.NOT_VISITED]
    return Coverage(
        attempted=len(outcomes),
        reached=sum(outcome.is_seen or outcome is Outcome.EMPTY_SHELL for outcome in outcomes),
        blocked=sum(outcome in (Outcome.BLOCKED, Outcome.LOGIN_REQUIRED) for outcome in outcomes),
        failed=sum(outcome.is_failure for outcome in outcomes),
        truncated_by=truncated_by,
    )
