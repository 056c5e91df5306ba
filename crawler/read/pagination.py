"""Further pages of a list: links a reader follows, and what the builders' paging scripts would write."""

from __future__ import annotations

import re

from crawler.read.lexicon import any_pattern
from crawler.read.outline import Box, Outline, RawLink
from crawler.read.urls import extension_of, join
from crawler.read.zones import Zone

_TRS = re.compile(
    r"createPage(?:HTML|Html)?\w*\(\s*(?:['\"][^'\"]*['\"]\s*,\s*)?(\d+)\s*,\s*(\d+)\s*,\s*['\"]([\w\-./]+)['\"]\s*,\s*['\"](\w+)['\"]"
)
_NUMBER = re.compile(r"\s*\[?\s*\d{1,4}\s*\]?\s*\Z")
_IDLE = re.compile(r"\s*(?:#|javascript:|\Z)", re.IGNORECASE)
_MOST = 300
_MOST_BESIDE = 40
_LONGEST_WORD = 12
_BEGINNINGS = frozenset("下后後>›»nN[0123456789")


def next_pages(page: Outline, url: str, charset: str) -> tuple[str, ...]:
    """Addresses of further pages of this list in order, without this page and without doubles."""
    found: list[str] = []
    for raw in page.links:
        if raw.tag != "a" or raw.zone is Zone.FOOTER or _IDLE.match(raw.href):
            continue
        text = "".join(page.texts[raw.first : raw.last]) or raw.title
        if len(text) > 12:
            continue
        if any_pattern("phrases", "next").search(text.strip().lower()) or (
            _NUMBER.match(text) and _is_pager(page, raw)
        ):
            found.append(join(url, raw.href, charset))
    for script in page.scripts:
        if "createPage" in script.text:
            found.extend(_trs_pages(script.text, url))
    here = {url, _first_name(url)}
    return tuple(address for address in dict.fromkeys(found) if address and address not in here)[:_MOST]


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


def _trs_pages(script: str, url: str) -> list[str]:
    """createPageHTML(5, 0, "index", "html") writes index_1.html to index_4.html."""
    found = _TRS.search(script)
    if not found:
        return []
    total, current, name, ending = int(found[1]), int(found[2]), found[3], found[4]
    return [join(url, f"{name}_{number}.{ending}") for number in range(current + 1, min(total, current + _MOST))]


def _first_name(url: str) -> str:
    """The address of a directory for its index page, so that page 2 does not send us back to page 1 as a new page."""
    if extension_of(url) in ("html", "htm", "shtml") and url.rpartition("/")[2].startswith("index."):
        return url.rpartition("/")[0] + "/"
    return url
