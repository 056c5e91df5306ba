"""What the pages behind the lists' entries are called: gathered for the check of links that lead to something else."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from checks import lexicon
from checks.gathering import Gatherer
from crawler.facts import ColumnFact, ListItem, PageFact, PageKind, SiteFacts

_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[a-z0-9]{2,}")
_PAIRS = re.compile(r"[^\u4e00-\u9fff]+")
_LEAST = 6
"""Han characters that words must have to promise anything."""


class Mislabelled(Struct, frozen=True):
    """An entry whose page is called otherwise: the list's address and words, the page's and its names."""

    column: str
    text: str
    url: str
    names: tuple[str, ...]


class TargetNames(Gatherer):
    """The entries of the columns beside what the pages they lead to call themselves."""

    def __init__(self, facts: SiteFacts) -> None:
        super().__init__(facts)
        self.compared = 0
        self.mislabelled: list[Mislabelled] = []
        self._site = pairs_of(facts.site.name) | pairs_of(facts.unit.name)
        self._entries: dict[str, tuple[ListItem, ColumnFact]] = {}
        self._texts: dict[str, int] = {}
        for column in facts.columns:
            for item in column.items:
                if item.url and promises(item.title) and pairs_of(item.title) - self._site:
                    self._entries.setdefault(item.url, (item, column))

    def see(self, page: PageFact) -> None:
        """A page behind an entry."""
        found = self._entries.get(page.url)
        if found is None or page.kind not in (PageKind.ARTICLE, PageKind.DOCUMENT):
            return
        if page.scripted or page.reply or page.missing or not 200 <= page.status < 300:
            return
        names = self._names(page)
        if not names:
            return
        item, column = found
        self.compared += 1
        shown = (*names, *(crumb.name for crumb in page.breadcrumb))
        if not any(shares(item.title, name, self._site) for name in shown):
            self.mislabelled.append(Mislabelled(column.url, item.title, page.url, tuple(names)))

    def _names(self, page: PageFact) -> list[str]:
        """What the page calls itself: a name that says no more than the site's tells nothing."""
        given = (page.heading, page.label("ArticleTitle") or "", page.title)
        told = lexicon.pattern("mislabelled", "untold")
        names = [name.strip() for name in dict.fromkeys(given) if name and not told.search(name.strip())]
        return [name for name in names if pairs_of(name) - self._site]


def promises(text: str) -> bool:
    """Whether words promise a particular content: 关于开展消防检查的通知 do; 更多, 查看, English, G20 do not."""
    return len(_HAN.findall(text)) >= _LEAST and not lexicon.pattern("mislabelled", "generic").search(text)


def shares(text: str, name: str, common: frozenset[str] = frozenset()) -> bool:
    """Whether two names share two neighbouring characters or a word of letters or digits; `common` pairs tell nothing.

    召开秋季农业生产推进会 and 县委召开会议 → yes, 召开; 关于消防检查的通知 and 茶文化节开幕 → no.
    """
    if not (pairs_of(text) & pairs_of(name)) <= common:
        return True
    return not set(_WORD.findall(text.lower())).isdisjoint(_WORD.findall(name.lower()))


@lru_cache(maxsize=4096)
def pairs_of(text: str) -> frozenset[str]:
    """Every two neighbouring Han characters of a text."""
    return frozenset(run[at : at + 2] for run in _PAIRS.split(text) for at in range(len(run) - 1))
