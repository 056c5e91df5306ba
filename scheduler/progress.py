"""What a stopped run left to do, read back from the store."""

from __future__ import annotations

from collections.abc import Mapping

from crawler.facts import FetchOutcome, Link, Resource, RunFacts
from crawler.fetch.log import Place, Progress
from crawler.fetch.looks import wants_another_look
from crawler.read.urls import host_of

_PAGES = frozenset({Resource.PAGE, Resource.FRAME})


def progress_of(run: RunFacts, home: str, own_hosts: frozenset[str]) -> Progress:
    """The visits, links and pages of a run, and a place for every address that is not settled.

    An own page that was received but not recorded (it waited for a browser) is to be visited again; an address that
    failed keeps its looks and waits for the next.
    """
    visits: dict[str, list[FetchOutcome]] = {}
    for visit in run.visits():
        visits.setdefault(visit.requested_url, []).append(visit)
    depths = {page.url: page.depth for page in run.pages()}
    links: dict[Link, int] = {}
    open_links: dict[str, tuple[int, Link]] = {}
    for number, link in run.links():
        links[link] = number
        if link.url and not _is_settled(link.url, visits, depths, own_hosts):
            open_links.setdefault(link.url, (number, link))
    parents = run.parents([number for number, _ in open_links.values()])
    places = {
        url: _place(link, parents.get(number, ()), depths)
        for url, (number, link) in open_links.items()
        if parents.get(number)
    }
    if home in visits and not _is_settled(home, visits, depths, own_hosts):
        places[home] = Place(0, Resource.PAGE, "")
    failed = {url for url in places if url in visits and wants_another_look(visits[url][-1])}
    return Progress(
        visits={url: tuple(kept) for url, kept in visits.items()},
        links=links,
        pages=frozenset(depths),
        to_visit={url: place for url, place in places.items() if url not in failed},
        to_confirm={url: place for url, place in places.items() if url in failed},
    )


def _is_settled(
    url: str, visits: Mapping[str, list[FetchOutcome]], depths: Mapping[str, int], own_hosts: frozenset[str]
) -> bool:
    if url in depths:
        return True
    looks = visits.get(url)
    if not looks:
        return False
    last = looks[-1]
    if wants_another_look(last):
        return False
    was_received = last.outcome.is_seen and last.resource in _PAGES and "html" in last.content_type
    return not (was_received and host_of(last.final_url) in own_hosts and last.final_url not in depths)


def _place(link: Link, named_by: tuple[str, ...], depths: Mapping[str, int]) -> Place:
    nearest = min(named_by, key=lambda page: (depths.get(page, 0), page))
    return Place(depths.get(nearest, 0) + 1, link.resource, nearest)
