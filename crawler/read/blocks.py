"""List blocks that name a column: the words over a list, and the address to which its 更多 leads.

div.tit > h2 通知公告, a 更多>>     beside the heading
h3 通知公告, ul …, a 更多           below the list
"""

from __future__ import annotations

from crawler.facts import Crumb
from crawler.read.column_types import is_telling
from crawler.read.lexicon import any_pattern
from crawler.read.outline import Box, Outline, RawLink
from crawler.read.urls import join
from crawler.read.zones import Zone

_BEGINNINGS = frozenset("更查进全mM+>»[【(（")
_LONGEST_WORD = 10
_SHORTEST, _LONGEST = 2, 12
_MOST_STEPS = 3
_MOST_BESIDE = 3
_FRAME = (Zone.NAVIGATION, Zone.BREADCRUMB, Zone.FOOTER)


def blocks(page: Outline, url: str, charset: str) -> tuple[Crumb, ...]:
    """The blocks in page order, each address once; one whose words cannot be told apart from others is left out."""
    found: dict[str, Crumb] = {}
    for raw in page.links:
        if raw.tag != "a" or raw.idle or raw.zone in _FRAME or raw.last - raw.first > 2:
            continue
        text = "".join(page.texts[raw.first : raw.last]) or raw.title
        if not text or len(text) > _LONGEST_WORD or text[0] not in _BEGINNINGS:
            continue
        if any_pattern("phrases", "more").search(text.strip().lower()) and (name := _words_over(page, raw)):
            target = join(url, raw.href, charset)
            if target and target != url:
                found.setdefault(target, Crumb(name, target))
    return tuple(found.values())


def _words_over(page: Outline, raw: RawLink) -> str:
    """The words that stand beside the link in the nearest container that holds any; "" where they are several.

    A bar over the list holds the name alone, or tabs of which none can be told; where the list is in between, its
    container begins with the heading.
    """
    box: Box | None = raw.box
    for _ in range(_MOST_STEPS):
        if box is None:
            return ""
        beside = [*page.texts[box.texts : raw.first], *page.texts[raw.last : box.texts_end]]
        if 0 < len(beside) <= _MOST_BESIDE:
            names = [words.strip() for words in beside if _is_name(words.strip())]
            return names[0] if len(names) == 1 else ""
        if beside:
            first = page.texts[box.texts].strip()
            return first if box.texts < raw.first and _is_name(first) and _is_heading(page, box) else ""
        box = box.parent
    return ""


def _is_heading(page: Outline, box: Box) -> bool:
    """Whether the container begins with a line of its own that is marked as a heading."""
    return any(line.first == box.texts and line.heading for line in page.lines)


def _is_name(words: str) -> bool:
    return (
        _SHORTEST <= len(words) <= _LONGEST
        and any("\u4e00" <= letter <= "\u9fff" for letter in words)
        and not any(letter.isdigit() for letter in words)
        and is_telling(words)
        and not any_pattern("phrases", "more").search(words)
    )
