"""Elements that lead somewhere without being links: what a click, a choice or a picture opens, where the page says it.

The walk asks here only for the few elements that have such behaviour.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from selectolax.lexbor import LexborNode

from crawler.read.outline import RawLink
from crawler.read.zones import hint_of

Make = Callable[[str, str, Mapping[str, str | None]], RawLink]
"""Makes a raw link of a tag, an address and attributes, and places it where the walk stands."""

_LEADS = re.compile(r"open|location|href|url|jump|goto", re.IGNORECASE)
_ABSOLUTE = re.compile(r"\s*https?://[^\s'\"{}+<>]+\s*\Z", re.IGNORECASE)
_ADDRESS = re.compile(r"\s*(?:https?://|/(?!/))[^\s'\"{}+<>]*\Z", re.IGNORECASE)
_PAGE = re.compile(r"[^\s'\"{}+<>]+(?:/|\.(?:s?html?|aspx?|jsp|php|do))(?:\?[^\s'\"{}+<>]*)?\s*\Z", re.IGNORECASE)
_MOST_OPTIONS = 300
_LONGEST = 60


def is_bound(tag: str, attributes: Mapping[str, str | None]) -> bool:
    """Whether an element that leads nowhere by its address has behaviour of its own, as far as the page tells."""
    if "id" in attributes or "role" in attributes:
        return True
    names = attributes.get("class") or ""
    if names and hint_of(tag, names, "").behaviour:
        return True
    return any(name.startswith(("on", "data-", "@", "v-", "ng-", ":")) for name in attributes)


def stands_for(attributes: Mapping[str, str | None]) -> str:
    """The address that a link without one gives in `data-href`, `data-link` or `data-url`; "" where none is given.

    `data-url` often names what a script asks for data: only a page's address counts.
    """
    for name in ("data-href", "data-link", "data-url"):
        value = attributes.get(name) or ""
        if _ADDRESS.match(value) and (name != "data-url" or _PAGE.match(value)):
            return value.strip()
    return ""


def acting_links(make: Make, tag: str, node: LexborNode, attributes: Mapping[str, str | None]) -> None:
    """The link that an element is by its `onclick` or `data-href`: a row, a tile or a button."""
    script = attributes.get("onclick") or ""
    target = attributes.get("data-href") or ""
    if not (_LEADS.search(script) or _ADDRESS.match(target)):
        return
    words = attributes.get("title") or attributes.get("value") or node.text(deep=True, separator=" ", strip=True)
    raw = make(tag, "", {"onclick": script, "title": " ".join(words.split())[:_LONGEST]})
    raw.bound = True
    raw.stands_for = target.strip() if _ADDRESS.match(target) else ""


def choice_links(make: Make, node: LexborNode, attributes: Mapping[str, str | None]) -> None:
    """The addresses in a drop-down (友情链接): whole ones always, others where the choice opens what is chosen."""
    leads = bool(_LEADS.search(attributes.get("onchange") or ""))
    for option in node.css("option")[:_MOST_OPTIONS]:
        value = option.attributes.get("value") or ""
        if _ABSOLUTE.match(value) or (leads and (_ADDRESS.match(value) or _PAGE.match(value))):
            words = " ".join(option.text(deep=True, strip=True).split())[:_LONGEST]
            make("option", value.strip(), {"title": words})


def picture_links(make: Make, node: LexborNode) -> None:
    """The links in a drawing."""
    for anchor in node.css("a"):
        href = anchor.attributes.get("href") or anchor.attributes.get("xlink:href") or ""
        if href:
            words = " ".join(anchor.text(deep=True, separator=" ", strip=True).split())[:_LONGEST]
            make("a", href, {"title": words or None, "id": "svg"})
