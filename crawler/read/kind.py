"""What a page is to its reader, from its labels first, then from what it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from crawler.facts import DateSource, PageKind, PublishedDate
from crawler.read.body import Body, prose_of
from crawler.read.items import Group, is_beside, is_list
from crawler.read.lexicon import any_pattern
from crawler.read.outline import Outline
from crawler.read.zones import Zone

_STRONG = (DateSource.LABEL, DateSource.LABELLED_TEXT, DateSource.STRUCTURED)

_INDEX = re.compile(
    r"(?:/|/(?:index|default|list|lists|more|column|col|channel|lm|xxgk_lists?|newslist)[\w\-]*\.(?:s?html?|aspx?|jsp|php|do))\Z",
    re.IGNORECASE,
)
_ROOT = re.compile(r"/(?:(?:index|default|main|home)\.(?:s?html?|aspx?|jsp|php|do))?\Z", re.IGNORECASE)
_HOME_WORDS = frozenset(("首页", "网站首页", "门户首页", "主页"))
_PARTS = re.compile(r"\s*[-_|—–－]+\s*")
_SITE_TITLE = re.compile(r"[^\s|_\-—–>》：:,，]{2,24}?(?:网|网站|门户|门户网站|人民政府|政府网|首页|主页|\.cn)\Z")
_ARTICLE_TEXT = 60
_DOCUMENT_TEXT = 120
_PROSE = 200
_LONG_PROSE = 400
_LONG_HEADING = 10
_LABEL = 4
_LONGEST_BYLINE = 80
_FEWEST_BLOCKS = 4
_FEWEST_IN_BLOCK = 3


class Signs(Struct, frozen=True):
    """What speaks for a kind.

    `listed` and `dated` count the entries of the main list, `words` the characters of their titles; `beside` says that
    the list is headed as one beside the matter (相关信息). `body` counts the characters of the main text, `prose` those
    of long lines outside the list, `rest` those of all lines outside it. `titled` says that the heading is a title:
    long, and what the page's title begins with; `has_strong_date` that a publication date is told outside the list;
    `has_byline` that a text without a date names its source or writer, as news does.
    """

    article_title: str
    publication_label: bool
    column_name: str
    listed: int
    dated: int
    words: int
    is_list: bool
    beside: bool
    body: int
    body_named: bool
    list_in_body: bool
    prose: int
    rest: int
    has_date: bool
    has_strong_date: bool
    has_heading: bool
    titled: bool
    has_byline: bool
    paged: bool


def signs_of(
    page: Outline,
    chosen: list[Group],
    body: Body,
    heading: str,
    dates: tuple[PublishedDate, ...],
    published: PublishedDate | None,
    labels: Mapping[str, str],
    *,
    paged: bool,
) -> Signs:
    """The signs of a page. `labels` are its labels by lower-case name, `chosen` the parts of its main list."""
    entries = [entry for group in chosen for entry in group.entries]
    listing = is_list(chosen)
    spans = [(group.box.texts, group.box.texts_end) for group in chosen if listing]
    prose, rest = prose_of(page, spans)
    strong = published is not None and published.source in _STRONG
    if strong and published is not None and published.source is DateSource.LABELLED_TEXT and spans:
        strong = _is_outside(page, published.quote, spans)
    return Signs(
        article_title=labels.get("articletitle", ""),
        publication_label=any(found.source is DateSource.LABEL for found in dates),
        column_name=labels.get("columnname", ""),
        listed=len(entries),
        dated=sum(entry.date is not None for entry in entries),
        words=sum(len(entry.title) for entry in entries),
        is_list=listing,
        beside=bool(chosen) and is_beside(page, chosen[0].box),
        body=body.length,
        body_named=body.named,
        list_in_body=any(body.first <= first and last <= body.last for first, last in spans),
        prose=prose,
        rest=rest,
        has_date=published is not None,
        has_strong_date=strong,
        has_heading=bool(heading),
        titled=len(heading) >= _LONG_HEADING and "".join(page.title.split()).startswith("".join(heading.split())[:20]),
        has_byline=published is None and body.length >= _DOCUMENT_TEXT and _has_byline(page, labels),
        paged=paged,
    )


def _has_byline(page: Outline, labels: Mapping[str, str]) -> bool:
    """Whether the page calls itself an article, or a line of its main part names its source or writer."""
    if labels.get("contentsource") or ("og:type", "article") in page.properties:
        return True
    return any(
        line.zone is Zone.MAIN
        and len(line.text) <= _LONGEST_BYLINE
        and any_pattern("phrases", "byline").search(line.text)
        for line in page.lines
    )


def _is_outside(page: Outline, quote: str, spans: list[tuple[int, int]]) -> bool:
    """Whether the words of a date stand on a line outside the page's list: 发布时间：… may stand at each entry too."""
    return any(
        quote in line.text for line in page.lines if not any(first <= line.first < last for first, last in spans)
    )


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
    if signs.body_named and signs.body >= _ARTICLE_TEXT and (signs.dated < 5 or not signs.list_in_body):
        return PageKind.ARTICLE if signs.has_date or signs.has_byline else PageKind.DOCUMENT
    if listed and _is_about_its_list(signs, index=index):
        return PageKind.COLUMN
    dated = signs.has_strong_date or (signs.has_date and signs.has_heading)
    if dated and signs.body >= _ARTICLE_TEXT and not (index and listed):
        return PageKind.ARTICLE
    if signs.body >= _DOCUMENT_TEXT:
        return PageKind.ARTICLE if signs.has_byline else PageKind.DOCUMENT
    if anchored and not listed and not signs.paged and signs.prose >= _ARTICLE_TEXT and signs.body >= _ARTICLE_TEXT:
        return PageKind.DOCUMENT  # a person of 领导之窗, an address: little text, and nothing that it would introduce
    if anchored or listed:
        return PageKind.COLUMN
    return PageKind.ARTICLE if dated else PageKind.OTHER


def _is_about_its_list(signs: Signs, *, index: bool) -> bool:
    """Whether the list is what the page is for, and not what stands around or below a text."""
    if signs.has_strong_date and not index:
        if signs.titled and not signs.paged:
            return False
        if signs.rest >= _PROSE and signs.rest > signs.words:
            return False
    if signs.beside and signs.prose >= _ARTICLE_TEXT * 2:
        return False
    if signs.prose >= _LONG_PROSE and signs.prose > signs.words:
        return False
    return (
        signs.dated >= 8
        or signs.prose < _PROSE
        or (signs.paged and signs.dated >= 3)
        or (signs.paged and bool(signs.column_name) and signs.dated >= 1)
    )


def looks_like_home(page: Outline, found: list[Group], signs: Signs, site_name: str) -> bool:
    """Whether a page of unknown address is a site's home page: named as the site, many blocks, no 当前位置."""
    if signs.article_title or signs.publication_label or (signs.paged and signs.dated >= _FEWEST_BLOCKS * 2):
        return False
    title = page.title.strip()
    if not title or (signs.column_name and signs.column_name not in (title, site_name)):
        return False
    named = title == site_name or _PARTS.split(title)[0] in _HOME_WORDS
    if not named and not all(_SITE_TITLE.match(part) for part in _PARTS.split(title) if part):
        return False
    if any(line.zone is Zone.BREADCRUMB for line in page.lines):
        return False
    return sum(len(group.entries) >= _FEWEST_IN_BLOCK for group in found) >= _FEWEST_BLOCKS


def _root(url: str) -> str:
    """The address without an index file where it is the root of its host; "" where it is not."""
    address, _, query = url.partition("?")
    parts = address.split("/", 3)
    if query or len(parts) < 4 or not _ROOT.match(f"/{parts[3]}"):
        return ""
    return "/".join(parts[:3])
