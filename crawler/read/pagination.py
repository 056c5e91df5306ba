"""Further pages of a list: links a reader follows, and what the builders' paging scripts would write.

Some pagers turn the page by a request that no address stands for (ASP.NET __doPostBack, a form that is sent). Such a
list goes on where we cannot follow, and says so.
"""

from __future__ import annotations

import re

from msgspec import Struct

from crawler.read.lexicon import any_pattern
from crawler.read.links import opened_by
from crawler.read.outline import Box, Outline, RawLink
from crawler.read.pagination_scripts import computed_pages, drawn_count, printed_count, sent_to
from crawler.read.urls import extension_of, join
from crawler.read.zones import Zone

COMPUTED = "pager"
"""In place of an element's name: a link to the next page that no element bears, for a script would write it."""

_NUMBER = re.compile(r"\s*\[?\s*\d{1,4}\s*\]?\s*\Z")
_IDLE = re.compile(r"\s*(?:#|javascript:|\Z)", re.IGNORECASE)
_MOST = 300
_MOST_BESIDE = 40
_LONGEST_WORD = 12
_BEGINNINGS = frozenset("下后後>›»nN[0123456789")
_QUOTE = 60


class Paging(Struct, frozen=True):
    """How a list goes on. `pages` are further addresses in order; those of them that only a script writes are
    `computed`. `turned` is the script of a pager that turns the page without an address; `is_told` says that the pager
    is read, so that there is nothing left to look for.
    """

    pages: tuple[str, ...] = ()
    computed: frozenset[str] = frozenset()
    turned: str = ""
    is_told: bool = False


def paging_of(page: Outline, url: str, charset: str) -> Paging:
    """The further pages of this list, without this page and without doubles."""
    linked: list[str] = []
    borne: set[str] = set()
    turned = ""
    addressed = False
    for raw in page.links:
        if raw.tag != "a" or raw.zone is Zone.FOOTER or raw.last - raw.first > 3:
            continue
        text = "".join(page.texts[raw.first : raw.last]) or raw.title
        if not text or len(text) > _LONGEST_WORD or text.lstrip()[:1] not in _BEGINNINGS:
            continue
        is_next = bool(any_pattern("phrases", "next").search(text.strip().lower()))
        if not is_next and not _NUMBER.match(text):
            continue
        href = raw.href
        own = True
        if _IDLE.match(href):
            script = raw.onclick or href
            href = opened_by(script)
            own = bool(href)
            href = href or sent_to(script, [one.text for one in page.scripts])
            if not href and not turned and any_pattern("vendors", "turns").search(script):
                turned = script.strip().removeprefix("javascript:")[:_QUOTE]
        if href and (is_next or _is_pager(page, raw)):
            addressed = True
            linked.append(join(url, href, charset))
            if own:
                borne.add(linked[-1])
    written = computed_pages([script.text for script in page.scripts], url)
    here = {url, _first_name(url)}
    pages = tuple(address for address in dict.fromkeys(linked or written or ()) if address and address not in here)[
        :_MOST
    ]
    return Paging(
        pages=pages,
        computed=frozenset(address for address in pages if address not in borne),
        turned=turned,
        is_told=addressed or written is not None,
    )


def unfollowed_of(page: Outline, paging: Paging) -> str:
    """The words of a pager whose further pages no address leads to; "" where there is none.

    A pager may be a script's call, words that count more pages than this one, or a script that draws it.
    """
    if paging.is_told or paging.turned:
        return "" if paging.is_told else paging.turned
    for line in page.lines:
        if "页" in line.text and line.zone is not Zone.FOOTER and len(line.text) <= _MOST_BESIDE * 2:
            count = printed_count(line.text)
            if count > 1:
                return line.text[:_QUOTE]
    for script in page.scripts:
        if script.zone is Zone.MAIN and drawn_count(script.text) > 1:
            return f"共{drawn_count(script.text)}页"
    return ""


def _is_pager(page: Outline, raw: RawLink) -> bool:
    """Whether a bare number stands among others of its kind or beside 下一页."""
    box: Box | None = raw.box
    for _ in range(3):
        if box is None:
            return False
        if box.links_end - box.links > _MOST_BESIDE:
            return False
        links = [link for link in page.links[box.links : box.links_end] if link.tag == "a"]
        words = ["".join(page.texts[link.first : link.last]) for link in links]
        if any(any_pattern("phrases", "next").search(word.strip().lower()) for word in words):
            return True
        if len(links) >= 2 and all(_NUMBER.match(word) for word in words) and "pag" in box.names.lower():
            return True
        box = box.parent
    return False


def _first_name(url: str) -> str:
    """The address of a directory for its index page, so that page 2 does not send us back to page 1 as a new page."""
    if extension_of(url) in ("html", "htm", "shtml") and url.rpartition("/")[2].startswith("index."):
        return url.rpartition("/")[0] + "/"
    return url
