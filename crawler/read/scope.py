"""Which hosts are a site's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crawler.facts import Site
from crawler.read.urls import host_of, normalise


def own_hosts_of(site: Site) -> frozenset[str]:
    """The hosts whose pages are the site's own: its home, the home's `www` twin, and registered aliases."""
    home = host_of(normalise(site.home_url))
    twin = home.removeprefix("www.") if home.startswith("www.") else f"www.{home}"
    return frozenset({home, twin, *(alias.lower() for alias in site.aliases)})


def shared_hosts(sites: Iterable[Site]) -> Mapping[str, tuple[Site, ...]]:
    """The home hosts of running sites that are another running site's own too, with all whose own they are.

    Each would be inspected as the whole host, and the pages of one charged to the others as well.
    """
    running = [site for site in sites if site.status == "running"]
    owners: dict[str, list[Site]] = {}
    for site in running:
        for host in own_hosts_of(site):
            owners.setdefault(host, []).append(site)
    homes = dict.fromkeys(host_of(normalise(site.home_url)) for site in running)
    return {host: tuple(owners[host]) for host in homes if len(owners[host]) > 1}
