"""Addresses that did not end well and links that lead nowhere, each with every page that bears it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from crawler.facts import FetchOutcome, Link, LinkFact, Outcome, Parent, Resource, RunFacts
from crawler.read.pagination import COMPUTED
from crawler.read.scripted import REQUESTED
from crawler.read.urls import host_of


class Links(Struct, frozen=True):
    """What one pass over the links of a run gives; `frames` are the addresses that stand in frames."""

    failures: tuple[LinkFact, ...]
    placeholders: tuple[LinkFact, ...]
    frames: frozenset[str]


def link_facts(run: RunFacts, own_hosts: Collection[str]) -> Links:
    """The failures and the placeholders of a run, and its frames.

    An address has failed where its last visit ended in a failure class; what was blocked, refused to us or never
    visited has not. Only the visits of failed addresses are held in memory.
    """
    failed = _failed(run.visits())
    visits = run.visits_to(failed)
    numbers: dict[str, list[int]] = defaultdict(list)
    idle: dict[tuple[str, str], list[int]] = defaultdict(list)
    links: dict[int, Link] = {}
    computed: set[str] = set()
    frames: set[str] = set()
    for number, link in run.links():
        if link.resource is Resource.FRAME and link.url:
            frames.add(link.url)
        if link.tag in (COMPUTED, REQUESTED):
            # no reader sees this address: where it fails, our reckoning may be at fault
            computed.add(link.url)
            continue
        if not link.url:
            idle[link.href, link.text].append(number)
        elif link.url in failed:
            numbers[link.url].append(number)
        else:
            continue
        links[number] = link
    bearers = run.parents(links)
    failures = tuple(
        LinkFact(
            url=url,
            resource=_resource(links, numbers[url], visits[url]),
            internal=host_of(url) in own_hosts,
            visits=visits[url],
            parents=_parents(links, bearers, numbers[url]),
        )
        for url in sorted(failed)
        if url in numbers or url not in computed
    )
    placeholders = tuple(
        LinkFact(
            url="",
            resource=Resource.PAGE,
            internal=True,
            visits=(),
            parents=_parents(links, bearers, found),
            href=href,
        )
        for (href, _), found in sorted(idle.items())
    )
    return Links(failures, placeholders, frozenset(frames))


def _failed(visits: Iterable[FetchOutcome]) -> dict[str, None]:
    """Addresses whose last visit failed, in order of their first failure."""
    failed: dict[str, None] = {}
    for visit in visits:
        if visit.outcome.is_failure:
            failed[visit.requested_url] = None
        elif visit.outcome is not Outcome.NOT_VISITED:
            failed.pop(visit.requested_url, None)
    return failed


def _resource(links: dict[int, Link], numbers: list[int], visits: Sequence[FetchOutcome]) -> Resource:
    return links[numbers[0]].resource if numbers else visits[-1].resource


def _parents(
    links: Mapping[int, Link], bearers: Mapping[int, tuple[str, ...]], numbers: Iterable[int]
) -> tuple[Parent, ...]:
    found: dict[Parent, None] = {}
    for number in numbers:
        link = links[number]
        for page in bearers.get(number, ()):
            found[Parent(page, link.text, link.region, link.tag)] = None
    # by address, so that what a finding names first does not hang on the order of the crawl
    return tuple(sorted(found, key=lambda parent: (parent.url, parent.text, parent.region, parent.tag)))
