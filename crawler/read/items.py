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
from functools import lru_cache

from msgspec import Struct

from crawler.read.entries import Entry, entry_of, is_other_date, link_of, own_links, pairs_of
from crawler.read.lexicon import any_of
from crawler.read.outline import Box, Outline, RawLink
from crawler.read.zones import Zone

_HOLDERS = frozenset(
    ("div", "ul", "ol", "dl", "tbody", "table", "td", "section", "article", "main", "form", "center", "body", "nav",
     "aside", "fieldset", "li")
)  # fmt: skip
_SELF_EVIDENT = frozenset(("ul", "ol", "tbody", "dl"))
_FRAME = (Zone.FOOTER, Zone.BREADCRUMB, Zone.NAVIGATION)
_BESIDE = (Zone.SIDE, Zone.HEADER)
_MOST_LINKS = 4
_MOST_STEPS = 4
_MOST_DATES = 3
_LONGEST_BESIDE = 6
_MOST_WORDS = 150
_FEWEST_BESIDE = 3
_LONGEST_DATE = 11
_NAMED = frozenset(("div", "section", "article"))
_VARIES = re.compile(
    r"\d+|(?:\A|[-_])(?:odd|even|first|last|cur|current|on|active|show|hide|hidden|no|mr|nomargin|clearfix|clear|fl|fr)\Z"
)
_PAGER = re.compile(r"\W*(?:[首尾末上下]\s*一?\s*页|第一页|最后一页)\W*\Z")
_NEIGHBOUR = re.compile(r"\W*[上下前后]\s*一\s*[篇条则个]\s*(?:文章|新闻|信息)?\s*(?:[:：]|\W*\Z)")
_TOOL = re.compile(
    r"\s*javascript:\s*(?:(?:window|self|top)\.)?(?:print|close|history|external|\w*(?:zoom|font)\w*)\b",
    re.IGNORECASE,
)
"""What the tools of an article do (打印, 关闭, 字体), whose line bears a date too."""
_MOST_RAW_LINKS = 30
_LONGEST_NUMBER = 3
_MOST_COLUMNS = 10
_LONGEST_HEAD = 8
_DATE_HEAD = re.compile(r"(?:日\s*期|时\s*间)\W*\Z")
_LONG_TITLE = 8


class Group(Struct):
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
        if (group.box.zone in _BESIDE and group.dated < _FEWEST_BESIDE) or _is_text(group):
            continue
        score = _score(page, group)
        if score > best_score:
            best, best_score = group, score
    if best is None:
        return []
    return [group for group in found if group is best or _continues(page, group, best)]


def _is_text(group: Group) -> bool:
    """Whether the entries are paragraphs or sections of a text that happen to bear links."""
    count = len(group.entries)
    return group.dated * 2 < count and group.box.plain_end - group.box.plain > _MOST_WORDS * count


def is_list(chosen: Iterable[Group]) -> bool:
    """Whether the chosen groups are a list of items, and not a mere handful of links with short names."""
    entries = [entry for group in chosen for entry in group.entries if entry.title]
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
        if kid.zone in _FRAME or (kid.zone is not box.zone and kid.zone in _BESIDE):
            continue
        if isinstance(kid, RawLink):
            if not kid.inner and box.tag != "li":
                alike.setdefault("a", []).append(kid)
        elif _is_unit(page, kid):
            alike.setdefault(kid.tag, []).append(kid)
    if not alike:
        return [], ""
    tag = max(alike, key=lambda name: len(alike[name]))
    units = alike[tag] if tag not in _NAMED else _of_one_make(alike[tag])
    if not units:
        return [], ""
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


def _of_one_make(units: list[Box | RawLink]) -> list[Box | RawLink]:
    """Those of several containers that are entries of one list: all where each has a date, else those of one name.

    The parts of a page's frame (top, header, banner) are containers side by side too.
    """
    boxes = [unit for unit in units if isinstance(unit, Box)]
    by_make: dict[str, list[Box | RawLink]] = {}
    for unit in boxes:
        by_make.setdefault(_make_of(unit.names), []).append(unit)
    if len(by_make) == 1 or all(unit.dates_end > unit.dates for unit in boxes):
        return units
    most = max(by_make.values(), key=len)
    return most if len(most) > 1 else []


@lru_cache(maxsize=4096)
def _make_of(names: str) -> str:
    """A class attribute without what tells one entry from the next: numbers, odd and even, first and last."""
    return " ".join(sorted({plain for name in names.lower().split() if (plain := _VARIES.sub("", name))}))


def _is_unit(page: Outline, kid: Box) -> bool:
    dates = kid.dates_end - kid.dates
    if kid.links_end - kid.links > _MOST_RAW_LINKS:
        return False
    targets = _targets(page, kid)
    if len(targets) > _MOST_LINKS and dates == 1:
        targets = {link.href for link in own_links(page, kid)}
    if not 1 <= len(targets) <= _MOST_LINKS:
        return False
    return (
        not kid.grouped
        or dates == 1
        or (_has_one_title(page, kid) if not dates else _bears_short_links(page, kid, dates))
    )


def _bears_short_links(page: Outline, kid: Box, dates: int) -> bool:
    """Whether a row of few dates (成文日期, 发布日期) has its title first and short links beside it (解读, 图解)."""
    if kid.tag not in ("tr", "li") or dates > _MOST_DATES:
        return False
    first, *others = [
        (link.href, sum(len(page.texts[index]) for index in range(link.first, link.last)))
        for link in page.links[kid.links : kid.links_end]
        if link.tag == "a"
    ]
    return first[1] >= _LONG_TITLE and all(size <= _LONGEST_BESIDE or href == first[0] for href, size in others)


def _has_one_title(page: Outline, kid: Box) -> bool:
    """Whether one address alone bears a title, beside short links such as a source or the count of comments."""
    titles = {
        link.href
        for link in page.links[kid.links : kid.links_end]
        if link.tag == "a" and sum(len(page.texts[index]) for index in range(link.first, link.last)) >= _LONG_TITLE + 2
    }
    return len(titles) == 1


def _targets(page: Outline, unit: Box | RawLink) -> set[str]:
    if isinstance(unit, RawLink):
        return {unit.href}
    return {
        link.href
        for link in page.links[unit.links : unit.links_end]
        if link.tag == "a" and not (link.idle and _TOOL.match(link.href))
    }


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
        len(units) < 2 or (_count(dated, starts[0], ends[-1]) > 0 and _count(dated, ends[-1], box.texts_end) == 0)
    )
    known = set(dated[bisect_left(dated, box.texts) : bisect_left(dated, box.texts_end)])
    heads = _date_heads(page, box, starts[0])
    entries: list[Entry] = []
    for position, unit in enumerate(units):
        first, last = starts[position], ends[position]
        own = dated[bisect_left(dated, first) : bisect_left(dated, last)]
        pairs = pairs_of(page, unit, own) if len(own) > 1 else []
        others = _other_columns(heads, own)
        if pairs:
            entries.extend(entry_of(page, link, start, end, known, link) for link, start, end in pairs)
            continue
        if isinstance(unit, RawLink) or not own or all(_is_another(page.texts[index]) for index in own):
            if leading:
                first = ends[position - 1] if position else box.texts
            else:
                last = starts[position + 1] if position + 1 < len(units) else min(box.texts_end, last + 4)
        link = link_of(page, unit)
        if link is not None and not _turns(page, link):
            entries.append(entry_of(page, link, first, last, known, unit, others))
    return entries


def _date_heads(page: Outline, box: Box, first: int) -> list[str]:
    """The words over the columns of a table that hold dates, in order: 成文日期, 发布日期."""
    if box.tag not in ("tbody", "table"):
        return []
    above = page.texts[max(0, min(box.texts, first) - _MOST_COLUMNS) : first]
    return [text for text in above if len(text) <= _LONGEST_HEAD and _DATE_HEAD.search(text)]


def _other_columns(heads: list[str], own: list[int]) -> frozenset[int]:
    """The dates of a row that stand under another head than that of publication."""
    if len(own) < 2 or len(heads) != len(own):
        return frozenset()
    named = any_of("phrases", "published_heads")
    kept = [index for index, head in zip(own, heads, strict=True) if named.search(head)] or [
        index for index, head in zip(own, heads, strict=True) if not is_other_date(head)
    ]
    return frozenset(own) - {kept[0]} if kept else frozenset()


def _turns(page: Outline, link: RawLink) -> bool:
    """Whether a link turns pages: a pager's short number or 下一页 and nothing else, or an article's 上一篇."""
    if link.last == link.first:
        return False
    text = page.texts[link.first]
    if _NEIGHBOUR.match(text) or (link.first and _NEIGHBOUR.match(page.texts[link.first - 1])):
        return True
    if link.last - link.first != 1:
        return False
    return (len(text) <= _LONGEST_NUMBER and text.isdigit()) or bool(_PAGER.match(text))


def _is_another(text: str) -> bool:
    return len(text) > _LONGEST_DATE and is_other_date(text)


def _count(dated: list[int], first: int, last: int) -> int:
    return bisect_left(dated, last) - bisect_left(dated, first)


def _score(page: Outline, group: Group) -> float:
    """How much a group looks like what the page is for."""
    score = 0.0
    for entry in group.entries:
        score += (6.0 if entry.date else 0.0) + (1.0 if len(entry.title) >= _LONG_TITLE else 0.1)
    if group.box.zone in (Zone.SIDE, Zone.HEADER) or is_beside(page, group.box):
        score *= 0.1
    return score


def is_beside(page: Outline, box: Box) -> bool:
    """Whether the words in front of a list call it something beside the matter: 相关信息, 热点, 友情链接."""
    place = bisect_left(page.line_starts, box.texts)
    heads = page.lines[max(0, place - 1) : place]
    return any(len(line.text) <= 16 and any_of("phrases", "beside").search(line.text) for line in heads)


def _continues(page: Outline, group: Group, best: Group) -> bool:
    """Whether a group is a further part of the same list: of the same make, in like places of one container."""
    return (
        group.unit == best.unit
        and (group.dated > 0) == (best.dated > 0)
        and group.box.zone is best.box.zone
        and _stand_alike(group.box, best.box)
        and (group.dated > 0 or is_list((group,)))
        and not is_beside(page, group.box)
    )


def _stand_alike(one: Box, other: Box) -> bool:
    """Whether two containers stand in one ancestor by way of like containers: tab panels, halves, months."""
    if one.names and other.names and one.names != other.names:
        return False
    for _ in range(_MOST_STEPS):
        if one.tag != other.tag or one.parent is None or other.parent is None:
            return False
        if one.parent is other.parent:
            return True
        one, other = one.parent, other.parent
        if _make_of(one.names) != _make_of(other.names):
            return False
    return False


def entries_of(chosen: Iterable[Group]) -> Iterator[Entry]:
    """The entries of several groups in order."""
    for group in chosen:
        yield from group.entries
