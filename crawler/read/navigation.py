"""Navigation that no name gives away: a row of short links that begins with 首页."""

from __future__ import annotations

import re

from crawler.read.outline import Box, Outline
from crawler.read.zones import Zone

_HOME = frozenset(("首页", "网站首页", "首 页", "本站首页", "站点首页", "门户首页"))
_STEP = re.compile(r"[>›»＞→]")
_FEWEST, _MOST, _LONGEST, _EARLY = 4, 120, 10, 3


def mark_navigation(page: Outline) -> None:
    """Gives such rows, and all that stands in them, the zone of navigation."""
    for box in page.boxes:
        count = box.links_end - box.links
        if count < _FEWEST or count > _MOST or box.zone not in (Zone.MAIN, Zone.HEADER):
            continue
        if _begins_with_home(page, box) and _is_row(page, box):
            box.zone = Zone.NAVIGATION
            for raw in page.links[box.links : box.links_end]:
                raw.zone = Zone.NAVIGATION


def _begins_with_home(page: Outline, box: Box) -> bool:
    links = page.links[box.links : box.links_end]
    if any(raw.zone is Zone.BREADCRUMB for raw in links):
        return False
    return any(raw.first < raw.last and page.texts[raw.first] in _HOME for raw in links[:_EARLY])


def _is_row(page: Outline, box: Box) -> bool:
    """Links with short words and next to nothing between them; the steps of a breadcrumb are no row."""
    if box.plain_end - box.plain > count_of(page, box) * 2 or box.dates_end > box.dates:
        return False
    for raw in page.links[box.links : box.links_end]:
        if sum(len(piece) for piece in page.texts[raw.first : raw.last]) > _LONGEST:
            return False
    between = (page.texts[index] for index in range(box.texts, box.texts_end) if page.owner[index] < 0)
    return not any(_STEP.search(piece) for piece in between)


def count_of(page: Outline, box: Box) -> int:
    """How many links with words a container holds."""
    return sum(raw.first < raw.last for raw in page.links[box.links : box.links_end])
