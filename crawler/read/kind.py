"""What a page is to its reader, from its labels first, then from what it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.facts import PageKind

_INDEX = re.compile(
    r"(?:/|/(?:index|default|list|lists|more|column|col|channel|lm|xxgk_lists?|newslist)[\w\-]*\.(?:s?html?|aspx?|jsp|php|do))\Z",
    re.IGNORECASE,
)
_ROOT = re.compile(r"/(?:(?:index|default|main|home)\.(?:s?html?|aspx?|jsp|php|do))?\Z", re.IGNORECASE)
_HOME_WORDS = frozenset(("首页", "网站首页", "门户首页", "主页"))
_ARTICLE_TEXT = 60
_DOCUMENT_TEXT = 120
_PROSE = 200


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a kind.

    `listed` and `dated` count the entries of the main list, `body` the characters of the main text, `prose` those of
    long lines outside that list.
    """

    article_title: str
    publication_label: bool
    column_name: str
    listed: int
    dated: int
    is_list: bool
    body: int
    body_named: bool
    prose: int
    has_date: bool
    has_strong_date: bool
    has_heading: bool
    paged: bool


def is_home(url: str, home_url: str, homes: frozenset[str] | set[str]) -> bool:
    """The address is the home page's, or an index file beside a home page at the root."""
    if url == home_url or url in homes:
        return True
    return _root(url) == _root(home_url) != ""


def is_index(url: str) -> bool:
    """The address looks like a directory's index."""
    return bool(_INDEX.search(url.partition("?")[0]))


def kind_of(url: str, signs: Signs) -> PageKind:
    """The kind of a page that is not known to be the home page."""
    if signs.column_name in _HOME_WORDS and not signs.article_title:
        return PageKind.HOME
    if signs.article_title or signs.publication_label:
        is_column = (
            signs.dated >= 4 and (signs.article_title in ("", signs.column_name)) and signs.body < _ARTICLE_TEXT * 4
        )
        return PageKind.COLUMN if is_column else PageKind.ARTICLE
    index = is_index(url)
    anchored = index or bool(signs.column_name) or signs.paged
    listed = signs.is_list and (signs.dated >= 2 or signs.listed >= 3 or (anchored and signs.listed >= 1))
    if signs.body_named and signs.body >= _ARTICLE_TEXT and signs.dated < 5:
        return PageKind.ARTICLE if signs.has_date else PageKind.DOCUMENT
    if listed and (signs.dated >= 8 or signs.prose < _PROSE or (signs.paged and signs.dated >= 3)):
        return PageKind.COLUMN
    dated = signs.has_strong_date or (signs.has_date and signs.has_heading)
    if dated and signs.body >= _ARTICLE_TEXT and not (index and listed):
        return PageKind.ARTICLE
    if signs.body >= _DOCUMENT_TEXT:
        return PageKind.DOCUMENT
    if anchored or listed:
        return PageKind.COLUMN
    return PageKind.ARTICLE if dated else PageKind.OTHER


def _root(url: str) -> str:
    """The address without an index file where it is the root of its host; "" where it is not."""
    address, _, query = url.partition("?")
    parts = address.split("/", 3)
    if query or len(parts) < 4 or not _ROOT.match(f"/{parts[3]}"):
        return ""
    return "/".join(parts[:3])
