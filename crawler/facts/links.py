"""Addresses that did not end well, with every page that names them."""

from __future__ import annotations

from msgspec import Struct

from crawler.facts.pages import Region
from crawler.facts.visits import FetchOutcome, Resource


class Parent(Struct, frozen=True):
    """A page on which a link stands, with its words and place."""

    url: str
    text: str
    region: Region
    tag: str = "a"


class LinkFact(Struct, frozen=True):
    """One address that did not end well, or a link that leads nowhere (`url` is ""), with every parent page.

    `visits` are all visits of this run in order; `href` is the link as written, for links that lead nowhere.
    """

    url: str
    resource: Resource
    internal: bool
    visits: tuple[FetchOutcome, ...]
    parents: tuple[Parent, ...]
    href: str = ""
