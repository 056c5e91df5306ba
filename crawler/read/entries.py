"""One entry of a list: its own link, its full title, its date, and whether it stands on top (置顶)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache

from msgspec import Struct

from crawler.read.dates import DateText, cell_date, find_date, is_only_date
from crawler.read.lexicon import any_of, any_pattern
from crawler.read.outline import Box, Outline, RawLink

_CUT = re.compile(r"(?:…|\.\.+|。。+|···)\s*\Z")
_STEM = re.compile(r"[\s…\.。·\[\]【】●•■▪▶>»\-]+")
_NO_TARGET = re.compile(r"\s*(?:#|javascript:|\Z)", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_DATE_PART = re.compile(r"[\[(（【\s]*\d{1,4}(?:\s*[-./年月日]\s*\d{0,2})*[\])）】\s]*\Z")
_BULLET = re.compile(r"\A[\s·•●■▪◆◇▶►»>\-–—*]+(?=\S)|\A\d{1,3}[、.．](?=\D)")
_LONGEST_CELL = 60
_SHORTEST_TITLE = 4
_NEAR_START = 8
_LISTS = frozenset(("ul", "ol", "dl"))


class Entry(Struct):
    """One entry of a list, with its link as written."""

    link: RawLink
    title: str
    date: DateText | None
    pinned: bool


def link_of(page: Outline, unit: Box | RawLink) -> RawLink | None:
    """The link that is the entry's own: the one with the longest words that leads somewhere."""
    if isinstance(unit, RawLink):
        return unit
    best: RawLink | None = None
    best_size = -1
    for link in own_links(page, unit):
        size = max(len(link.title), sum(len(page.texts[index]) for index in range(link.first, link.last)))
        if _NO_TARGET.match(link.href):
            size -= 1000
        if best is None or size > best_size:
            best, best_size = link, size
    return best


def own_links(page: Outline, unit: Box) -> list[RawLink]:
    """The links of an entry, without those of a list within it (相关解读) where its title stands in front of that."""
    links = [link for link in page.links[unit.links : unit.links_end] if link.tag == "a"]
    if len(links) < 2:
        return links
    own = [link for link in links if not _is_nested(link, unit)]
    if len(own) == len(links) or not own or own[0] is not links[0] or _NO_TARGET.match(own[0].href):
        return links
    words = sum(len(page.texts[index]) for index in range(own[0].first, own[0].last))
    return own if words >= _SHORTEST_TITLE * 2 else links


def _is_nested(link: RawLink, unit: Box) -> bool:
    """Whether a link stands in a list of its own within the entry."""
    box: Box | None = link.box
    while box is not None and box is not unit:
        if box.tag in _LISTS:
            return True
        box = box.parent
    return False


def pairs_of(page: Outline, unit: Box | RawLink, dated: Sequence[int]) -> list[tuple[RawLink, int, int]]:
    """The entries of a row that holds several, each with its texts (first, end); empty where it holds one.

    Two entries a table row: td > a, td, td > a, td. Every link must have a date of its own.
    """
    if isinstance(unit, RawLink) or len(dated) < 2:
        return []
    dated = [index for index in dated if page.owner[index] < 0 or is_only_date(page.texts[index])]
    links: dict[str, RawLink] = {}
    for link in page.links[unit.links : unit.links_end]:
        if link.tag == "a" and sum(len(page.texts[i]) for i in range(link.first, link.last)) >= _SHORTEST_TITLE:
            links.setdefault(link.href, link)
    if len(links) < 2 or len(links) != len(dated):
        return []
    found = list(links.values())
    if dated[0] < found[0].first:
        starts = list(dated)
        ends = [*dated[1:], unit.texts_end]
    else:
        starts = [link.first for link in found]
        ends = [*starts[1:], unit.texts_end]
    paired = list(zip(found, starts, ends, strict=True))
    # each link with exactly one date between its bounds
    if all(start <= link.first < end for link, start, end in paired) and all(
        bisect_left(dated, end) - bisect_left(dated, start) == 1 for _, start, end in paired
    ):
        return paired
    return []


def entry_of(
    page: Outline,
    link: RawLink,
    first: int,
    last: int,
    dated: set[int],
    unit: Box | RawLink,
    others: frozenset[int] = frozenset(),
) -> Entry:
    """The entry of a link whose words stand in the texts `first` to `last` (end exclusive).

    `others` are texts that tell another day than that of publication.
    """
    texts = page.texts
    words: list[int] = []
    cells: list[str] = []
    many = link.last - link.first > 1
    for index in range(link.first, link.last):
        piece = texts[index]
        if (index in dated and is_only_date(piece)) or (many and _DATE_PART.match(piece)):
            cells.append(piece)
        else:
            words.append(index)
    if cells and not words:  # a title that is nothing but a number or a date
        words, cells = list(range(link.first, link.last)), []
    around = [
        texts[index] for index in range(first, last) if not link.first <= index < link.last and index not in others
    ]
    label = ""
    for piece in around:
        if len(piece) <= _LONGEST_CELL and _DIGIT.search(piece):
            cells.append(label + piece)
            label = ""
        else:
            label = piece if _labels_something(piece) else ""
    text = _words(page, words, link.title)
    date = _date(cells)
    if date is None and len(words) > 1:
        date = cell_date(tuple(texts[index] for index in words))
    if date is None:
        text, date = _trailing_date(text)
    text, marked = _without_mark(text)
    pinned = marked or any(_pinned().search(piece) for piece in around) or _has_pin(page, unit)
    return Entry(link, title_of(text, link), date, pinned)


def title_of(text: str, link: RawLink) -> str:
    """The full title: the title attribute where the text is cut or missing."""
    given = " ".join(link.title.split())
    if not text:
        return given or link.alt.strip()
    bare = _BULLET.sub("", text)
    if given and given != text:
        cut = _CUT.search(text)
        stem = _STEM.sub("", _CUT.sub("", bare))
        if stem and (cut or len(given) > len(text)) and _STEM.sub("", given).startswith(stem):
            return given
        if bare != text and _STEM.sub("", given) == stem:
            return given
    return bare


def _words(page: Outline, words: list[int], given: str) -> str:
    """The words of a link as they read: one line; of several lines the heading, else the one that the link's title
    gives, else the first that is a title.
    """
    texts = page.texts
    if len(words) < 2:
        return texts[words[0]].strip() if words else ""
    lines: dict[int, list[int]] = {}
    for index in words:
        lines.setdefault(bisect_right(page.line_starts, index) - 1, []).append(index)
    if len(lines) > 1:
        heads = [number for number in lines if 0 <= number < len(page.lines) and page.lines[number].heading]
        chosen = heads or [
            number
            for number, indices in lines.items()
            if sum(len(texts[i]) for i in indices) >= _SHORTEST_TITLE and not _labels_something(texts[indices[0]])
        ]
        number = next((n for n in chosen if _gives(given, page, n)), chosen[0]) if chosen else next(iter(lines))
    else:
        number = next(iter(lines))
    pieces = [texts[index] for index in lines[number]]
    if len(pieces) == 1:
        return pieces[0].strip()
    whole = page.lines[number].text if 0 <= number < len(page.lines) else ""
    for glue in ("", " "):
        if glue.join(pieces) in whole:
            return glue.join(pieces).strip()
    return " ".join(pieces).strip()


def _gives(given: str, page: Outline, number: int) -> bool:
    """Whether a line's words are the ones that a link's title attribute begins with."""
    if not given or not 0 <= number < len(page.lines):
        return False
    stem = _STEM.sub("", page.lines[number].text)
    return len(stem) >= _SHORTEST_TITLE and _STEM.sub("", given).startswith(stem)


def _labels_something(text: str) -> bool:
    """A short piece that names what follows: 来源：, 时间：."""
    return len(text) <= _NEAR_START and text.endswith(("：", ":"))


def _date(cells: list[str]) -> DateText | None:
    """The date of an entry: a date that stands alone before one that is labelled as something else (成文日期)."""
    if not cells:
        return None
    if len(cells) > 1:
        other = any_of("phrases", "other_dates")
        own = tuple(cell for cell in cells if not other.search(cell))
        if own and len(own) < len(cells):
            found = cell_date(own)
            if found is not None:
                return found
    return cell_date(tuple(cells))


def is_other_date(text: str) -> bool:
    """A text whose date is labelled as another than that of publication."""
    return bool(any_of("phrases", "other_dates").search(text))


def _trailing_date(text: str) -> tuple[str, DateText | None]:
    """A title and the date that stands at its end behind a space or bracket: 关于…的通知 [2026-08-03]."""
    cut = max(text.rfind(mark) for mark in " \u3000[（(【")
    if cut > 0:
        tail = text[cut:]
        if is_only_date(tail):
            read = find_date(tail)
            if read is not None:
                return text[:cut].strip(), read
    return text, None


def _without_mark(text: str) -> tuple[str, bool]:
    """A title without the mark of a pinned entry at its beginning or end, and whether it bore one."""
    if "顶" not in text:
        return text, False
    found = _mark().search(text)
    if found is None:
        return text, False
    rest = (text[: found.start()] + text[found.end() :]).strip()
    return (rest, True) if rest else (text, False)


def _has_pin(page: Outline, unit: Box | RawLink) -> bool:
    """Whether an icon in the entry says that it is pinned."""
    if isinstance(unit, RawLink) or unit.links_end - unit.links < 2:
        return False
    return any(
        link.tag == "img" and (_pinned().search(link.alt) or any_pattern("phrases", "pinned_icons").search(link.href))
        for link in page.links[unit.links : unit.links_end]
    )


def _pinned() -> re.Pattern[str]:
    return any_of("phrases", "pinned")


@cache
def _mark() -> re.Pattern[str]:
    open_, shut = r"[\[【(（<〈]", r"[\]】)）>〉]"
    return re.compile(rf"\A{open_}?\s*置?顶\s*{shut}\s*|\A置顶[\s:：|]*|\s*{open_}\s*置?顶\s*{shut}\Z|\s置顶\Z")
