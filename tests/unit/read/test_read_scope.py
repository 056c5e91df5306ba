"""Whose pages a host's are: a site's own hosts, and hosts that several sites call their own."""

from __future__ import annotations

from msgspec.structs import replace

from crawler.facts import Site
from crawler.read.scope import own_hosts_of, shared_hosts


def site(home: str, **more: object) -> Site:
    return replace(Site("a", home, home), **more)


def test_a_site_is_its_host_and_the_twin_of_it() -> None:
    assert own_hosts_of(site("http://www.yunxi.example/yi/")) == {"www.yunxi.example", "yunxi.example"}
    assert own_hosts_of(site("http://yunxi.example:8080/", aliases=("old.example",))) == {
        "yunxi.example:8080",
        "www.yunxi.example:8080",
        "old.example",
    }


def test_sites_that_share_a_host_are_told() -> None:
    portal, office = site("http://www.yunxi.example/"), site("https://yunxi.example/yi/")
    alone = site("http://www.yunxi.example:8080/")
    assert shared_hosts([portal, office, alone]) == {
        "www.yunxi.example": (portal, office),
        "yunxi.example": (portal, office),
    }
    taken_in = site("http://yi.example/")
    assert (
        shared_hosts([site("http://www.yunxi.example/", aliases=("yi.example",)), taken_in])["yi.example"][1]
        == taken_in
    )
    assert shared_hosts([portal, replace(office, status="merged"), alone]) == {}
