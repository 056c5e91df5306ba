"""What a stopped run left to do, read back from the store."""

from __future__ import annotations

from crawler.facts import FetchOutcome, Link, RunFacts
from crawler.fetch.log import Place, Progress
from crawler.read.urls import host_of


def progress_of(run: RunFacts, own_hosts: frozenset[str]) -> Progress:
    """The visits, links and pages of a run, and a place for every own address that is unvisited or did not end well."""
    visits: dict[str, list[FetchOutcome]] = {}
    for visit in run.visits():
        visits.setdefault(visit.requested_url, []).append(visit)
    links: dict[Link, int] = {}
    wanted: dict[str, tuple[int, Link]] = {}
    depths = {page.url: page.depth for page in run.pages()}
    for number, link in run.links():
        links[link] = number
        done = visits.get(link.url)
        finished = link.url in depths or (done is not None and not done[-1].outcome.is_failure)
        if link.url and not finished and host_of(link.url) in own_hosts:
            wanted.setdefault(link.url, (number, link))
    parents = run.parents([number for number, _ in wanted.values()])
    places = {}
    for url, (number, link) in wanted.items():
        named_by = parents.get(number, ())
        if named_by:
            nearest = min(named_by, key=lambda page: (depths.get(page, 0), page))
            places[url] = Place(depths.get(nearest, 0) + 1, link.resource, nearest)
    return Progress(
        visits={url: tuple(kept) for url, kept in visits.items()},
        links=links,
        pages=frozenset(depths),
        places=places,
    )
