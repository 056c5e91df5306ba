"""Which part of a page a container is, told from its element, class and id; remembered per class name."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache, lru_cache
from typing import NamedTuple

from crawler.facts import Region
from crawler.read.lexicon import any_pattern, table


class Zone(Enum):
    """A part of a page. MAIN is what is left when the frame of the site is taken away."""

    MAIN = "main"
    HEADER = "header"
    NAVIGATION = "navigation"
    BREADCRUMB = "breadcrumb"
    SIDE = "side"
    FOOTER = "footer"

    @property
    def region(self) -> Region:
        """The region of a link that stands here and in no list or text."""
        return _REGIONS.get(self, Region.OTHER)


_REGIONS = {
    Zone.NAVIGATION: Region.NAVIGATION,
    Zone.BREADCRUMB: Region.BREADCRUMB,
    Zone.FOOTER: Region.FOOTER,
}
_ORDER = (Zone.FOOTER, Zone.BREADCRUMB, Zone.NAVIGATION, Zone.SIDE, Zone.HEADER)
_FINAL = (Zone.FOOTER, Zone.BREADCRUMB)


class Hint(NamedTuple):
    """What a container's names say: its zone if any, whether scripts switch its entries, whether it holds a text."""

    zone: Zone | None
    behaviour: bool
    body: bool


NO_HINT = Hint(None, behaviour=False, body=False)


def zone_under(outer: Zone, hint: Zone | None) -> Zone:
    """The zone of a container that stands in `outer` and hints at `hint`."""
    if hint is None or outer in _FINAL or hint is outer:
        return outer
    if outer is Zone.NAVIGATION and hint is not Zone.BREADCRUMB:
        return outer
    return hint


@lru_cache(maxsize=8192)
def hint_of(tag: str, classes: str, identity: str) -> Hint:
    """What the names of one container say. `classes` and `identity` are the attributes as written."""
    names = [name for name in (*classes.lower().split(), identity.lower()) if name]
    zone = _tags().get(tag)
    if zone is None and tag not in ("html", "body", "form") and names:
        zone = _zone_of(names)
    behaviour = any(_full("behaviour").match(name) for name in names)
    body = any(_full("body").match(name) for name in names)
    return Hint(None if body else zone, behaviour, body)


def _zone_of(names: list[str]) -> Zone | None:
    never, within, pager = _full("never"), _full("within"), _full("pager")
    for zone in _ORDER:
        pattern = _full(zone.value)
        for name in names:
            if not pattern.match(name) or (zone not in _FINAL and never.match(name)):
                continue
            if zone is Zone.NAVIGATION and pager.match(name):
                continue
            if zone not in (Zone.HEADER, Zone.SIDE) or not within.match(name):
                return zone
    return None


@cache
def _tags() -> dict[str, Zone]:
    return {tag: Zone(zone) for tag, zone in table("zones")["tags"].items()}


@cache
def _full(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{any_pattern('zones', key).pattern})\Z")
