"""Links as facts: absolute, with the words a reader sees and the region they stand in.

A site repeats its navigation on every page, so a link that was made once is remembered by what it is written like.
"""

from __future__ import annotations

import re
from collections.abc import Set
from functools import cache

from crawler.facts import Link, Region, Resource
from crawler.read.lexicon import any_pattern, words
from crawler.read.outline import Box, Outline, RawLink
from crawler.read.urls import join, place_of, readable, resource_of

_IDLE = re.compile(
    r"\s*(?:#[#!]*|javascript:\s*(?:void\s*\(?\s*(?:0|null|this)?\s*\)?|undefined|return\s+false|\{\s*\}|//|#|;|''|\"\")?[\s;]*|)\s*\Z",
    re.IGNORECASE,
)
# A literal that goes on with a plus is a piece of an address, not one.
_OPENS = re.compile(
    r"(?:window\.open|open|location\.(?:replace|assign))\s*\(\s*(?:encodeURI\(\s*)?(['\"])(?P<called>[^'\"]+)\1(?!\s*\+)"
    r"|location(?:\.href)?\s*=\s*(['\"])(?P<set>[^'\"]+)\3(?!\s*\+)",
    re.IGNORECASE,
)
# A site's own function by a name that says so: what it does with a relative address is not to be known.
_CALLS = re.compile(
    r"\s*(?:javascript:)?\s*(?:return\s+)?(?:\w+\.)?(?:\w*(?:open|goto|jump|url|link|href|redirect|window)\w*|go|to)\s*"
    r"\(\s*(?:this\s*,\s*)?(['\"])(?P<called>https?://[^'\"]+|/[^'\"/][^'\"]*)\1\s*[,)]",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"['\"](https?://[^'\"]+)['\"]\s*\+", re.IGNORECASE)
_LOCAL_FILE = re.compile(r"\s*(?:https?:|file:|[a-z]:[\\/])", re.IGNORECASE)
_TEMPLATE = re.compile(r"\{\{|\$\{|<%|\{%|\[%|%>|\{:|\{\$|['\"]\s*\+|\+\s*['\"]")
_SCHEME = re.compile(r"\s*[a-z][a-z0-9+.\-]*:", re.IGNORECASE)
_REFRESH = re.compile(r"^\s*[\d.]*\s*[;,]?\s*url\s*=\s*['\"]?\s*([^'\"]+)", re.IGNORECASE)
_DECORATION = re.compile(r"[\s\[\]【】()（）<>《》›»>|+·:：.…]+")
_MOST_BELOW = 200
_MOST_REMEMBERED = 40_000

_NOTHING: frozenset[int] = frozenset()
_NOWHERE = (0, 0)
_Key = tuple[str, str, str, str, Region]


class LinkReader:
    """Makes the links of a site's pages and remembers them. One per site and run."""

    def __init__(self) -> None:
        self._memo: dict[_Key, tuple[Link | None, str]] = {}

    def links(
        self, page: Outline, url: str, charset: str, listed: set[int], body: tuple[int, int]
    ) -> tuple[list[Link], dict[str, Link]]:
        """The links of a page in page order, and by mark (badge, sitemap …) the first link that bears it.

        `listed` are the identities of the raw links that stand in a list, `body` bounds the links of the main text.
        """
        base = (join(url, page.base, charset) or url) if page.base else url
        origin, directory = place_of(base)
        if len(self._memo) > _MOST_REMEMBERED:
            self._memo.clear()
        place = (base, origin, directory)
        made: list[Link] = []
        marked: dict[str, Link] = {}
        start = 0
        for stop, fragment in page.fragments:
            self._add(made, marked, page, start, stop, place, charset, listed, body)
            start = stop
            if fragment.inner is not None:
                inner = fragment.inner
                self._add(
                    fragment.links, fragment.marked, inner, 0, len(inner.links), place, charset, _NOTHING, _NOWHERE
                )
                fragment.inner = None
            made.extend(fragment.links)
            for mark, link in fragment.marked.items():
                marked.setdefault(mark, link)
        self._add(made, marked, page, start, len(page.links), place, charset, listed, body)
        return made, marked

    def _add(
        self,
        made: list[Link],
        marked: dict[str, Link],
        page: Outline,
        start: int,
        stop: int,
        place: tuple[str, str, str],
        charset: str,
        listed: Set[int],
        body: tuple[int, int],
    ) -> None:
        """Makes the links `start` to `stop` of an outline and adds them to `made`."""
        for index in range(start, stop):
            raw = page.links[index]
            region = raw.zone.region
            if region is Region.OTHER:
                if id(raw) in listed:
                    region = Region.LIST
                elif body[0] <= index < body[1]:
                    region = Region.BODY
            link, mark = self._link(page, raw, place, charset, region)
            if link is not None:
                made.append(link)
                if mark:
                    marked.setdefault(mark, link)

    def _link(
        self, page: Outline, raw: RawLink, place: tuple[str, str, str], charset: str, region: Region
    ) -> tuple[Link | None, str]:
        """One link and the footer mark it bears, from memory where it was made before."""
        href, first = raw.href, raw.first
        count = raw.last - first
        text = page.texts[first] if count == 1 else " ".join(page.texts[first : raw.last]) if count else ""
        text = text or raw.title or raw.alt
        base, origin, directory = place
        if raw.idle:
            opened = self._idle(page, raw, base, charset, text, region)
            return opened, mark_of(opened) if opened is not None and opened.url else ""
        near = "" if href.startswith(("http:", "https:")) else origin if href.startswith("/") else directory
        key = (base if href.startswith("?") else near, href, text, raw.tag, region)
        made = self._memo.get(key)
        if made is None:
            link = self._made(raw.tag, href, base, charset, text, region)
            made = self._memo[key] = (link, mark_of(link) if link else "")
        return made

    def redirect(self, page: Outline, url: str, charset: str) -> Link | None:
        """Where a page without words of its own sends its reader: meta refresh or a script that sets the location."""
        found = _REFRESH.match(page.refresh)
        tag, href = "meta", found[1].strip() if found else ""
        if (
            not href
            and not page.fragments
            and page.plain + page.link_chars < 60
            and not any(raw.tag == "a" for raw in page.links)
        ):
            for script in page.scripts:
                opened = opened_by(script.text) if "location" in script.text else ""
                if opened:
                    tag, href = "script", opened
                    break
        target = join(url, href, charset) if href else ""
        return (
            Link(href, target, _name_of(target), tag, Region.OTHER, Resource.PAGE) if target and target != url else None
        )

    def _made(self, tag: str, href: str, base: str, charset: str, text: str, region: Region) -> Link | None:
        if href.lstrip().startswith("#") or _TEMPLATE.search(href):
            return None
        target = join(base, href, charset)
        if not target:
            leads_nowhere = tag == "a" and text and bool(_LOCAL_FILE.match(href))
            return Link(href, "", text, tag, region, Resource.PAGE) if leads_nowhere else None
        return Link(href, target, text or _name_of(target), tag, region, resource_of(target, tag))

    def _idle(self, page: Outline, raw: RawLink, base: str, charset: str, text: str, region: Region) -> Link | None:
        """A link whose address leads nowhere: what its script opens, a placeholder, or None where it has a use."""
        opened = opened_by(raw.onclick) or opened_by(raw.href) or raw.stands_for
        if opened:
            target = join(base, opened, charset)
            return (
                Link(raw.href, target, text or _name_of(target), raw.tag, region, resource_of(target, raw.tag))
                if target
                else None
            )
        if not _IDLE.match(raw.href):
            return None
        if raw.bound or raw.tag != "a" or not text or _is_tool(text) or _is_switch(raw):
            return None
        if _unfolds(page, raw):
            return None
        return Link(raw.href, "", text, raw.tag, region, Resource.PAGE)


def opened_by(script: str) -> str:
    """The address that a piece of script opens, where it stands there in full; "" where it does not."""
    if not script:
        return ""
    found = _OPENS.search(script)
    address = (found["called"] or found["set"]) if found else ""
    if not address:
        called = _CALLS.match(script)
        address = called["called"] if called else ""
    if not address:  # 我为政府网站找错 is opened with the page's own address behind it
        begun = _BEGINS.search(script)
        address = begun[1] if begun and any_pattern("marks", "error_report").search(begun[1]) else ""
    return "" if _TEMPLATE.search(address) or address.lower().startswith(("javascript:", "about:", "#")) else address


def mark_of(link: Link) -> str:
    """Which mark a link bears: badge, error_report, sitemap, filing; "" for none.

    A script or frame that writes the footer is footer_file by its name, footer_script by its place.
    """
    address, text = link.url, link.text
    if link.tag in ("script", "iframe"):
        for mark in ("badge", "error_report", "footer_file"):
            if any_pattern("marks", mark).search(address):
                return mark
        return "footer_script" if link.region is Region.FOOTER else ""
    shown = link.tag in ("a", "img", "area")
    if any_pattern("marks", "badge").search(address) or (shown and any_pattern("marks", "badge_text").search(text)):
        return "badge"
    if any_pattern("marks", "error_report").search(address) or (
        shown and any_pattern("marks", "error_report_text").search(text)
    ):
        return "error_report"
    if link.tag == "a" and any_pattern("marks", "sitemap").search(text):
        return "sitemap"
    return "filing" if link.tag == "a" and any_pattern("marks", "filing").search(address) else ""


def _name_of(target: str) -> str:
    return readable(target.partition("?")[0].rpartition("/")[2])


def _is_tool(text: str) -> bool:
    plain = _DECORATION.sub("", text).lower()
    return plain in _tools() or plain.isdigit() or len(plain) < 2


def _is_switch(raw: RawLink) -> bool:
    """Whether a script switches what the link's containers show: tabs, slides, pagers."""
    box: Box | None = raw.box
    for _ in range(4):
        if box is None:
            return False
        if box.hint.behaviour:
            return True
        box = box.parent
    return False


def _unfolds(page: Outline, raw: RawLink) -> bool:
    """Whether the link heads a menu: further links stand below it in its own entry."""
    box: Box | None = raw.box
    for _ in range(2):
        if box is None or box.links_end - box.links > _MOST_BELOW:
            return False
        if box.tag in ("li", "dl", "dt", "dd") or (
            box.tag == "div" and box.links_end - box.links > 1 and box is raw.box
        ):
            inner = page.links[box.links : box.links_end]
            if box.tag == "dt" and box.parent is not None:
                inner = page.links[box.parent.links : box.parent.links_end]
            others = [link for link in inner if link.tag == "a" and link is not raw and link.box is not raw.box]
            return bool(others) and all(link.first >= raw.last for link in others)
        box = box.parent
    return False


@cache
def _tools() -> frozenset[str]:
    return frozenset(word.lower() for word in words("phrases", "tools"))
