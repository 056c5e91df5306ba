"""Which hosts are a site's own."""

from __future__ import annotations

from crawler.facts import Site
from crawler.read.urls import host_of, normalise


def own_hosts_of(site: Site) -> frozenset[str]:
    """The hosts whose pages are the site's own: its home, the home's `www` twin, and registered aliases."""
    home = host_of(normalise(site.home_url))
    twin = home.removeprefix("www.") if home.startswith("www.") else f"www.{home}"
    return frozenset({home, twin, *(alias.lower() for alias in site.aliases)})
