"""Short pages that say they have nothing (内容建设中) or that they do not exist (页面不存在)."""

from __future__ import annotations

import re

from crawler.read.lexicon import any_of, any_pattern
from crawler.read.outline import Outline
from crawler.read.zones import Zone

_SHORT_LINE = 80
_SHORT_PAGE = 300
_QUOTE = 80
_BARE = 20
_QUOTES = ("“", "「", "『", "‘")
_LONGEST_HEADING = 20
_LONGEST_ALERT = 1000
_ALERT = re.compile(r"alert\s*\(\s*['\"]([^'\"]{4,80})['\"]")
_OF_ARTICLES = frozenset(("articletitle", "pubdate"))
_PUBLISHED = re.compile(r"(?:发布|发稿|更新)(?:时间|日期)\s*[:：]?\s*\d{4}|来源\s*[:：]")


def notice_of(page: Outline, body_length: int) -> str:
    """The line that says the page has no content yet; "" where none does or the page has a text of its own."""
    if body_length > _SHORT_PAGE:
        return ""
    return _line(page, any_of("phrases", "notice"))


def missing_of(page: Outline, heading: str) -> str:
    """The line, alert or title by which a short page says that it does not exist; "" where it does not.

    An article about a page that is missing has a text and is long, or says when it was published; only pages that say
    little else count. What the page says is preferred to its title, so that the title may be a sign of its own.
    """
    words = sum(len(line.text) - line.linked for line in page.lines if line.zone is Zone.MAIN)
    if words > _SHORT_PAGE:
        return ""
    found = _line(page, any_of("phrases", "missing")) or _line(page, any_pattern("phrases", "missing_lines"))
    if not found and any_pattern("phrases", "missing_title").search(page.title) and len(heading) <= _LONGEST_HEADING:
        found = page.title[:_QUOTE]
    if not found and words <= _BARE and not any(raw.tag == "a" for raw in page.links):
        found = _scripted(page)
    return "" if found and _is_published(page) else found


def _is_published(page: Outline) -> bool:
    """Whether the page says when it was published or where from, as no error page does."""
    return any(name.lower() in _OF_ARTICLES and value for name, value in page.labels) or any(
        _PUBLISHED.search(line.text) for line in page.lines if len(line.text) < _SHORT_PAGE
    )


def _scripted(page: Outline) -> str:
    """What a page without words of its own alerts its reader of, or the public 404 page that it draws by a script."""
    for raw in page.links:
        if raw.tag in ("script", "iframe") and any_pattern("phrases", "missing_scripts").search(raw.href):
            return raw.href[:_QUOTE]
    for script in page.scripts:
        if len(script.text) <= _LONGEST_ALERT:
            found = _ALERT.search(script.text)
            if found and any_of("phrases", "missing").search(found[1]):
                return found[1][:_QUOTE]
    return ""


def _line(page: Outline, pattern: re.Pattern[str]) -> str:
    for line in page.lines:
        own = len(line.text) - line.linked
        if line.zone is Zone.MAIN and own and own <= _SHORT_LINE and line.linked * 2 <= len(line.text):
            found = pattern.search(line.text)
            if found and not _is_cited(line.text, found.start()):
                return line.text[:_QUOTE]
    return ""


def _is_cited(text: str, start: int) -> bool:
    """Whether words are somebody else's: in quotation marks, or in a question (为什么提示“该页面不存在”？)."""
    return text[start - 1 : start] in _QUOTES or text.endswith(("？", "?"))
