"""What a page leaves to scripts and frames: where its list or text may be that the bytes do not show."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.facts import Link, Region, Resource
from crawler.read.lexicon import any_of, any_pattern
from crawler.read.outline import Outline
from crawler.read.urls import host_of
from crawler.read.zones import Zone

REQUESTED = "request"
"""In place of an element's name: what a script asks for its data, which no reader opens."""

_SHELL_TEXT = 60
_GOVERNMENT = ".gov.cn"


def is_shell(page: Outline) -> bool:
    """The page is next to nothing without its scripts: hardly any words, no links to follow."""
    if (
        any(fragment.lines for _, fragment in page.fragments)
        or page.plain + page.link_chars >= _SHELL_TEXT
        or any(raw.tag == "a" for raw in page.links)
    ):
        return False
    return bool(page.scripts) or any(raw.tag == "script" for raw in page.links)


def is_scripted(page: Outline, html: str, own_scripts: int) -> bool:
    """A list or text that is not there may be filled in by a script. Call it only for pages that lack both.

    `own_scripts` counts script files of the site that are no common library: they may fill a container by its id.
    """
    if any_of("scripts", "templates").search(html):
        return True
    fills = [script for script in page.scripts if any_pattern("scripts", "requests").search(script.text)]
    if any(script.zone is Zone.MAIN for script in fills):
        return True
    named = {
        name
        for classes, identity, zone in page.hollow
        if zone == Zone.MAIN.value
        for name in (*classes.split(), identity)
        if len(name) > 1
    }
    if any(
        name in script.text for script in page.scripts for name in named if len(name) > 2 and len(script.text) < 200_000
    ):
        return True
    fillable = any(
        zone == Zone.MAIN.value and any_pattern("scripts", "containers").search(identity)
        for _, identity, zone in page.hollow
    )
    return fillable and (bool(fills) or own_scripts > 0)


def embedded(links: list[Link], own_hosts: frozenset[str]) -> list[str]:
    """Frames in the page's main part that may hold its list: of the site's own hosts or another government host."""
    return [
        link.url
        for link in links
        if link.resource is Resource.FRAME
        and link.region in (Region.OTHER, Region.BODY, Region.LIST)
        and (host_of(link.url) in own_hosts or host_of(link.url).partition(":")[0].endswith(_GOVERNMENT))
        and not any_pattern("scripts", "widgets").search(link.url)
    ]


def requested(addresses: Iterable[str], own_hosts: frozenset[str]) -> list[Link]:
    """The data requests of a script that go to the site itself, as links for us to follow."""
    return [
        Link(address, address, "列表数据", REQUESTED, Region.OTHER, Resource.PAGE)
        for address in addresses
        if host_of(address) in own_hosts
    ]


def own_scripts(links: list[Link], own_hosts: frozenset[str]) -> int:
    """How many script files of the site's own hosts are no common library."""
    return sum(
        link.resource is Resource.SCRIPT
        and host_of(link.url) in own_hosts
        and not any_pattern("scripts", "libraries").search(link.url)
        for link in links
    )
