"""What is a consultation (征集调查) and what its result, told from titles; shared by the checks of both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from msgspec import Struct

from checks import columns, derived, lexicon
from checks.offering import away_words, columns_of, entries
from crawler.facts import SiteFacts

_QUOTED = re.compile(r"《([^《》]{4,60})》")


class Notice(Struct, frozen=True):
    """An entry of a list that announces a consultation or its result, with its day, None where it is not known."""

    title: str
    url: str
    day: date | None
    column: str


def is_result(title: str) -> bool:
    """Whether a title announces a result and not a consultation."""
    return bool(
        lexicon.pattern("consultations", "result").search(title)
        and not lexicon.pattern("consultations", "not_a_result").search(title)
    )


def subject(title: str) -> str:
    """What a title is about: the document it names, else what is left without the words of announcing.

    关于公开征求《青砚县河道管理办法（征求意见稿）》意见的公告 → 青砚县河道管理办法.
    """
    quoted = _QUOTED.search(title)
    text = re.sub(r"[（(](?:公开)?征求意见稿[^）)]*[）)]", "", quoted[1] if quoted else title)
    return text if quoted else _boilerplate().sub("", text)


def activities(facts: SiteFacts) -> Iterator[Notice]:
    """The consultations that the site's lists show: all entries of 征集调查, and what other lists name so."""
    named = lexicon.pattern("consultations", "activity")
    for notice, own in _entries(facts):
        if not is_result(notice.title) and (own or named.search(notice.title)):
            yield notice


def results(facts: SiteFacts) -> Iterator[Notice]:
    """The results that the site's lists show."""
    for notice, _ in _entries(facts):
        if is_result(notice.title):
            yield notice


def doubt(facts: SiteFacts) -> str:
    """Why there may be consultations or results that were not seen; "" where they would have been."""
    view = derived.of(facts)
    if view.gap:
        return view.gap
    for column in columns_of(facts, "consultation"):
        if columns.unseen(column) or (column.unread and not columns.is_newest_first(column.items)):
            return f"{columns.words(column)}{columns.unseen(column) or column.unread}"
    for entry in (*entries(facts, "consultation"), *entries(facts, "participation")):
        if not derived.is_own(facts, entry.url):
            return away_words(entry)
    return ""


def _entries(facts: SiteFacts) -> Iterator[tuple[Notice, bool]]:
    """Every entry of the site's lists but news and interpretations, and whether it stands under 征集调查."""
    view = derived.of(facts)
    for column in facts.columns:
        own = column.type == "consultation"
        if own or column.type not in ("news", "policy-interpretation", "message", "interview"):
            for item in column.items:
                yield Notice(item.title, item.url, view.day_of(item), column.url), own


@cache
def _boilerplate() -> re.Pattern[str]:
    return lexicon.pattern("consultations", "boilerplate")
