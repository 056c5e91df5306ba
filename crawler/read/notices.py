"""Short pages that say they have nothing (内容建设中) or that they do not exist (页面不存在)."""

from __future__ import annotations

import re

from crawler.read.lexicon import any_of, any_pattern
from crawler.read.outline import Outline
from crawler.read.zones import Zone

_SHORT_LINE = 60
_SHORT_PAGE = 300
_QUOTE = 80


def notice_of(page: Outline, body_length: int) -> str:
    """The line that says the page has no content yet; "" where none does or the page has a text of its own."""
    if body_length > _SHORT_PAGE:
        return ""
    return _line(page, any_of("phrases", "notice"))


def missing_of(page: Outline, heading: str) -> str:
    """The line or title by which a short page says that it does not exist; "" where it does not.

    An article about a page that is missing has a text and is long; only pages that say little else count.
    """
    words = sum(len(line.text) - line.linked for line in page.lines if line.zone is Zone.MAIN)
    if words > _SHORT_PAGE:
        return ""
    if any_pattern("phrases", "missing_title").search(page.title) and (not heading or len(heading) <= 20):
        return page.title[:_QUOTE]
    return _line(page, any_of("phrases", "missing"))


def _line(page: Outline, pattern: re.Pattern[str]) -> str:
    for line in page.lines:
        own = len(line.text) - line.linked
        if (
            line.zone is Zone.MAIN
            and own
            and own <= _SHORT_LINE
            and line.linked * 2 <= len(line.text)
            and pattern.search(line.text)
        ):
            return line.text[:_QUOTE]
    return ""
