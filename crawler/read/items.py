"""Lists: which containers hold entries of one kind, and which of them is the page's own list.

An entry is the smallest container with a link of its own; its date stands in it, beside it or inside the link:

    ul > li > a + span             the common case
    tbody > tr > td > a, td        tables of documents
    div > a, span, br, a, span …   old pages: the text after a link belongs to it
    dl > dt + dd, dt + dd …        the date may come first
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crawler.read.dates import DateText, cell_date, find_date, is_only_date
from crawler.read.lexicon import any_of
from crawler.read.outline import Box, Outline, RawLink
from crawler.read.zones import Zone

_HOLDERS = frozenset(
    [
        "div",
        "ul",
        "ol",
        "dl",
        "tbody",
        "table",
        "td",
        "section",
        "article",
        "main",
        "form",
        "center",
        "body",
        "nav",
        "aside",
        "fieldset",
        "li",
    ]
)
_SELF_EVIDENT = frozenset(("ul", "ol", "tbody", "dl"))
_FRAME = (Zone.FOOTER, Zone.BREADCRUMB, Zone.NAVIGATION)
_BESIDE = (Zone.SIDE, Zone.HEADER)
_CUT = re.compile(r"(?:…|\.\.+|。。+|···)\s*\Z")
_STEM = re.compile(r"[\s…\.。·\[\]【】●•■▪▶>»\-]+")
_NO_TARGET = re.compile(r"\s*(?:#|javascript:|\Z)", re.IGNORECASE)
_MOST_LINKS = 4
_MOST_RAW_LINKS = 30
_LONGEST_CELL = 60
_DIGIT = re.compile(r"\d")
_LONG_TITLE = 8


@dataclass(slots=True)
class Entry:
    """One entry of a list, with its link as written."""

    link: RawLink
    title: str
    date: DateText | None
    pinned: bool


@dataclass(slots=True)
class Group:
    """The entries that one container holds."""

    box: Box
    entries: list[Entry]
    unit: str

    @property
    def dated(self) -> int:
        """How many entries bear a date."""
        return sum(entry.date is not None for entry in self.entries)


def groups(page: Outline) -> list[Group]:
    """Every list of the page in document order, navigation and footer left out."""
    found: dict[int, Group] = {}
    for box in page.boxes:
        kids = box.kids
        for kid in kids:
            if isinstance(kid, Box) and kid.grouped:
                box.grouped = True
                break
        if box.tag not in _HOLDERS or box.zone in _FRAME or not kids:
            continue
        units, tag = _units(page, box)
        if not units:
            continue
        for unit in units:
            if isinstance(unit, Box) and unit.grouped:
                _drop_inner(found, unit)
        found[id(box)] = Group(box, _entries(page, box, units), tag)
        box.grouped = True
    return sorted(found.values(), key=lambda group: group.box.links)


def main_list(page: Outline, found: list[Group]) -> list[Group]:
    """The group that is the page's own list with its continuation in sibling containers; empty where there is none."""
    best: Group | None = None
    best_score = 0.0
    for group in found:
        if group.box.zone in _BESIDE and not group.dated:
            continue
        score = _score(page, group)
        if score > best_score:
            best, best_score = group, score
    if best is None:
        return []
    return [group for group in found if group is best or _continues(group, best)]


def is_list(chosen: Iterable[Group]) -> bool:
    """Whether the chosen groups are a list of items, and not a mere handful of links with short names."""
    entries = [entry for group in chosen for entry in group.entries]
    if not entries:
        return False
    if any(entry.date for entry in entries):
        return True
    return sum(len(entry.title) >= _LONG_TITLE for entry in entries) * 2 >= len(entries)


def _units(page: Outline, box: Box) -> tuple[list[Box | RawLink], str]:
    """The kids of a container that are entries, all of one element, and that element's name."""
    if len(box.kids) == 1 and box.tag not in _SELF_EVIDENT:
        return [], ""
    alike: dict[str, list[Box | RawLink]] = {}
    for kid in box.kids:
        if kid.zone in _FRAME:
            continue
        if isinstance(kid, RawLink):
            if not kid.inner and box.tag != "li":
                alike.setdefault("a", []).append(kid)
        elif _is_unit(page, kid):
            alike.setdefault(kid.tag, []).append(kid)
    if not alike:
        return [], ""
    tag = max(alike, key=lambda name: len(alike[name]))
    units = alike[tag]
    if tag == "dt" and "dd" in alike and len(alike["dd"]) > len(units):
        tag, units = "dd", alike["dd"]
    if len(units) >= 2:
        if tag == "td" or (tag in ("h1", "h2", "h3", "h4") and len(alike) > 1):
            return [], ""
        targets = {href for unit in units for href in _targets(page, unit)}
        return (units, tag) if len(targets) >= 2 else ([], "")
    only = units[0]
    if box.tag in _SELF_EVIDENT and isinstance(only, Box) and only.tag in ("li", "tr", "dt", "dd"):
        return (units, tag) if _has_date(page, only) else ([], "")
    return [], ""


def _is_unit(page: Outline, kid: Box) -> bool:
    dates = kid.dates_end - kid.dates
    if kid.links_end - kid.links > _MOST_RAW_LINKS:
        return False
    if kid.grouped and dates != 1:
        return False
    targets = _targets(page, kid)
    return 1 <= len(targets) <= _MOST_LINKS


def _targets(page: Outline, unit: Box | RawLink) -> set[str]:
    if isinstance(unit, RawLink):
        return {unit.href}
    return {link.href for link in page.links[unit.links : unit.links_end] if link.tag == "a"}


def _has_date(page: Outline, unit: Box) -> bool:
    return unit.dates_end > unit.dates


def _drop_inner(found: dict[int, Group], unit: Box) -> None:
    """Takes out the groups within an entry; boxes close from within, so they are among the last that were found."""
    inner: list[int] = []
    for key in reversed(found):
        box = found[key].box
        if box.links_end <= unit.links:
            break
        if _is_within(box, unit):
            inner.append(key)
    for key in inner:
        del found[key]


def _is_within(inner: Box, outer: Box) -> bool:
    return outer.links <= inner.links and inner.links_end <= outer.links_end and outer.texts <= inner.texts


def _entries(page: Outline, box: Box, units: list[Box | RawLink]) -> list[Entry]:
    starts = [unit.first if isinstance(unit, RawLink) else unit.texts for unit in units]
    ends = [unit.last if isinstance(unit, RawLink) else unit.texts_end for unit in units]
    dated = page.dated
    before = _count(dated, box.texts, starts[0])
    leading = before == 1 and (
        len(units) < 2 or _count(dated, box.texts, ends[-1]) >= _count(dated, box.texts, box.texts_end)
    )
    known = set(dated[bisect_left(dated, box.texts) : bisect_left(dated, box.texts_end)])
    entries: list[Entry] = []
    for position, unit in enumerate(units):
        first, last = starts[position], ends[position]
        if isinstance(unit, RawLink) or not _count(dated, first, last):
            if leading:
                first = ends[position - 1] if position else box.texts
            else:
                last = starts[position + 1] if position + 1 < len(units) else min(box.texts_end, last + 4)
        link = _link_of(page, unit)
        if link is not None:
            entries.append(_entry(page, link, first, last, known))
    return entries


def _count(dated: list[int], first: int, last: int) -> int:
    return bisect_left(dated, last) - bisect_left(dated, first)


def _link_of(page: Outline, unit: Box | RawLink) -> RawLink | None:
    """The link that is the entry's own: the one with the longest words that leads somewhere."""
    if isinstance(unit, RawLink):
        return unit
    best: RawLink | None = None
    best_size = -1
    for link in page.links[unit.links : unit.links_end]:
        if link.tag != "a":
            continue
        size = max(len(link.title), sum(len(page.texts[index]) for index in range(link.first, link.last)))
        if _NO_TARGET.match(link.href):
            size -= 1000
        if best is None or size > best_size:
            best, best_size = link, size
    return best


def _entry(page: Outline, link: RawLink, first: int, last: int, dated: set[int]) -> Entry:
    texts = page.texts
    words: list[str] = []
    cells: list[str] = []
    for index in range(link.first, link.last):
        piece = texts[index]
        if index in dated and is_only_date(piece):
            cells.append(piece)
        else:
            words.append(piece)
    around = [texts[index] for index in range(first, last) if not link.first <= index < link.last]
    cells.extend(piece for piece in around if len(piece) <= _LONGEST_CELL and _DIGIT.search(piece))
    text = "".join(words).strip() if len(words) < 2 else " ".join(words).strip()
    date = cell_date(tuple(cells)) if cells else None
    if date is None and len(words) > 1:
        date = cell_date(tuple(words))
    if date is None:
        text, date = _trailing_date(text)
    pinned = any(_pinned().search(piece) for piece in around) or bool(_pinned().match(text))
    return Entry(link, _title(text, link), date, pinned)


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


def _title(text: str, link: RawLink) -> str:
    """The full title: the title attribute where the text is cut or missing."""
    given = " ".join(link.title.split())
    if not text:
        return given or link.alt.strip()
    if given and len(given) > len(text):
        stem = _STEM.sub("", _CUT.sub("", text))
        if stem and _STEM.sub("", given).startswith(stem):
            return given
    return text


def _pinned() -> re.Pattern[str]:
    return any_of("phrases", "pinned")


def _score(page: Outline, group: Group) -> float:
    """How much a group looks like what the page is for."""
    score = 0.0
    for entry in group.entries:
        score += (6.0 if entry.date else 0.0) + (1.0 if len(entry.title) >= _LONG_TITLE else 0.1)
    if group.box.zone in (Zone.SIDE, Zone.HEADER) or _is_beside(page, group.box):
        score *= 0.1
    return score


def _is_beside(page: Outline, box: Box) -> bool:
    """Whether the words in front of a list call it something beside the matter: 相关信息, 热点, 友情链接."""
    place = bisect_left(page.line_starts, box.texts)
    heads = page.lines[max(0, place - 1) : place]
    return any(len(line.text) <= 16 and any_of("phrases", "beside").search(line.text) for line in heads)


def _continues(group: Group, best: Group) -> bool:
    """Whether a group is a further part of the same list: same parent, same make."""
    one, other = group.box, best.box
    return (
        one.parent is other.parent
        and one.tag == other.tag
        and group.unit == best.unit
        and (one.names == other.names or not one.names or not other.names)
        and (group.dated > 0) == (best.dated > 0)
        and (group.dated > 0 or is_list((group,)))
    )


def entries_of(chosen: Iterable[Group]) -> Iterator[Entry]:
    """The entries of several groups in order."""
    for group in chosen:
        yield from group.entries
