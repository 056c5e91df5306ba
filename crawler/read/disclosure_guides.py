"""政府信息公开指南: which of the nine fields of Art. 12 a guide's text gives, each with the words that give it."""

from __future__ import annotations

import re
from functools import cache

from crawler.facts import PageFact
from crawler.facts.disclosure import GuideFact
from crawler.read.lexicon import table
from crawler.read.mainpart import PICTURE, lines_of, main_of, soup_of
from crawler.read.unread import why_unread

SHORTEST = 120
"""Characters below which a page is an entrance to a guide rather than its text."""
_AROUND = 24
_OF_A_TEXT, _OF_A_LIST = 3, 5
"""Fields below which a text, or a page with a list on it, is not believed to be a guide."""


def guide_of(page: PageFact, name: str, body: bytes) -> GuideFact:
    """A guide's fact. Where fields are lacking and a picture or file may hold them, `unread` says so."""
    main = main_of(soup_of(body))
    text = "\n".join(lines_of(main, page.url))
    fields = fields_of(text)
    length = len(text.replace(PICTURE, ""))
    unread = why_unread(page, main, text, SHORTEST)
    if not unread and (length < SHORTEST or len(fields) < (_OF_A_LIST if page.items else _OF_A_TEXT)):
        unread = "页面文字不像指南全文"
    return GuideFact(page.url, name, fields, length, unread if len(fields) < len(_patterns()) else "")


def fields_of(text: str) -> tuple[tuple[str, str], ...]:
    """The fields that a text in plain form gives: name and quote, in the order of Art. 12.

    「联系电话：0999-8110012」 gives 联系电话; 「传真：」 with nothing behind it, or the next label, gives nothing.
    """
    given: list[tuple[str, str]] = []
    for name, pattern in _patterns().items():
        if found := pattern.search(text):
            start = max(text.rfind("\n", 0, found.start()) + 1, found.start() - _AROUND)
            end = text.find("\n", found.end())
            end = min(len(text) if end < 0 else end, found.end() + _AROUND)
            given.append((name, text[start:end].replace("\n", " ").strip()))
    return tuple(given)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    fields = table("disclosure")["guide_fields"]
    return {name: re.compile("|".join(f"(?:{one})" for one in rows), re.IGNORECASE) for name, rows in fields.items()}
