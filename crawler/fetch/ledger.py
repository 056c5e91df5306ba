"""The pages and links of one visit as they are recorded: a link once, under a number that goes on over nights."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from msgspec.structs import replace

from crawler.facts import Link, PageFact, PageKind
from crawler.fetch.log import Baseline, KnownPage, Progress, RunLog


class Ledger:
    """Hands pages to the log. `pages` and `unchanged` count them; `kept` are the addresses of the unchanged ones."""

    def __init__(self, log: RunLog, baseline: Baseline, progress: Progress) -> None:
        self._log = log
        self._numbers: dict[Link, int] = {**baseline.links, **progress.links}
        self._by_number = {number: link for link, number in self._numbers.items()} if baseline.pages else {}
        self._highest = max(self._numbers.values(), default=0)
        self._borne: set[int] = set(progress.links.values())
        self._claimed: set[str] = set(progress.pages)
        self._lists: set[str] = set(progress.pages)
        self.pages = len(progress.pages)
        self.unchanged = 0
        self.kept: set[str] = set()

    @property
    def links(self) -> int:
        """Distinct links that recorded pages bear."""
        return len(self._borne)

    def holds(self, url: str) -> bool:
        """Whether a page is recorded or claimed."""
        return url in self._claimed

    def claim(self, url: str) -> None:
        """Marks a page that will be recorded, so that no other address brings it again."""
        self._claimed.add(url)

    def has_list_at(self, urls: Iterable[str]) -> bool:
        """Whether a list was read at one of these addresses; every page of a stopped run may have had one."""
        return not self._lists.isdisjoint(urls)

    def record(self, fact: PageFact, etag: str = "", last_modified: str = "") -> list[Link]:
        """Hands over a page with its links; which of them no page bore before."""
        numbers, new = array("I"), []
        if fact.items:
            self._lists.add(fact.url)
        for link in fact.links:
            number = self._numbers.get(link)
            if number is None:
                self._highest += 1
                number = self._numbers[link] = self._highest
                self._log.link(number, link)
            numbers.append(number)
            if number not in self._borne:
                self._borne.add(number)
                new.append(link)
        self.pages += 1
        self._log.page(replace(fact, links=(), etag=etag, last_modified=last_modified), numbers)
        return new

    def keep(self, url: str, page: KnownPage) -> list[Link]:
        """Takes over a page of the last visit that has not changed; which of its links no page bore before."""
        self._claimed.add(url)
        self.kept.add(url)
        self.pages += 1
        self.unchanged += 1
        if page.kind is PageKind.COLUMN:
            self._lists.add(url)
        self._log.unchanged(page.number)
        new = [number for number in dict.fromkeys(page.links) if number not in self._borne]
        self._borne.update(new)
        return [self._by_number[number] for number in new]
