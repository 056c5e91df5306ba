"""What stands under a site's places of interaction (互动交流): the names of their pages, gathered in the one pass."""

from __future__ import annotations

from checks import lexicon
from checks.gathering import Gatherer
from crawler.facts import PageFact, PageKind, SiteFacts


class ParticipationPlaces(Gatherer):
    """The names of the pages below 互动交流 and the like, by their breadcrumbs; articles aside."""

    def __init__(self, facts: SiteFacts) -> None:
        super().__init__(facts)
        self.names: set[str] = set()
        self._place = lexicon.pattern("entries", "participation")

    def see(self, page: PageFact) -> None:
        """Keeps the last step of a breadcrumb that goes through a place of interaction."""
        crumbs = page.breadcrumb
        if len(crumbs) < 2 or page.kind is PageKind.ARTICLE or page.reply:
            return
        if any(self._place.search(crumb.name) for crumb in crumbs[:-1]):
            self.names.add(crumbs[-1].name.strip())
