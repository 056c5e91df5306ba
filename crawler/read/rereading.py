"""Pages that are read a second time, after the crawl: a bounded number, for facts that few pages of a site bear."""

from __future__ import annotations

from datetime import datetime

from crawler.facts import BEIJING, ColumnFact, PageFact, RunFacts
from crawler.facts.participation import ParticipationFacts
from crawler.facts.services import ServiceFacts
from crawler.read.charset import decode
from crawler.read.outline import Outline
from crawler.read.page import outlined

_TALKING = ("message", "consultation")
_MOST_TITLES = 500


class Reread:
    """The recorded pages of one run, read again from their bytes; a page that two readers ask for is parsed once."""

    def __init__(self, run: RunFacts) -> None:
        self._run = run
        self._known: dict[str, Outline | None] = {}
        self._titles: dict[str, str] = {}

    def offer(self, page: PageFact) -> None:
        """Notes a page whose heading may be that of a published list of items."""
        title = page.heading if "清单" in page.heading or "目录" in page.heading else page.title
        if ("清单" in title or "目录" in title) and len(self._titles) < _MOST_TITLES:
            self._titles[page.url] = title

    def outline(self, url: str) -> Outline | None:
        """The outline of a recorded page; None where its bytes were not kept."""
        if url not in self._known:
            body = self._run.body(url)
            self._known[url] = outlined(decode(body, "").text, None) if body else None
        return self._known[url]

    def participation(self, columns: tuple[ColumnFact, ...], as_of: datetime) -> ParticipationFacts | None:
        """Messages and consultations; None where no column holds either."""
        if not any(column.type in _TALKING for column in columns):
            return None
        from crawler.read.consultations import consultations_of  # what few sites need is loaded where it is
        from crawler.read.messages import messages_of

        today = as_of.astimezone(BEIJING).date()
        messages, messages_unread, statistics = messages_of(columns, self._run, self.outline, today)
        consultations, consultations_unread = consultations_of(columns, self.outline, today)
        self._known.clear()
        return ParticipationFacts(messages, messages_unread, consultations, consultations_unread, statistics)

    def services(self, columns: tuple[ColumnFact, ...]) -> ServiceFacts | None:
        """Service guides and published lists; None where no column holds either."""
        from crawler.read.guides import services_of

        found = services_of(columns, self._titles, self._run, self.outline)
        self._known.clear()
        return found
