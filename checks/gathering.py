"""What one family of checks keeps of a site's pages: the pages are streamed once, and every gatherer sees each of them.

A gatherer keeps little of a page: what its family judges by, never the page itself.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from crawler.facts import PageFact, SiteFacts


class Gatherer(ABC):
    """One family's pass over the pages. It is made for one site and seen whole by the family's checks."""

    def __init__(self, facts: SiteFacts) -> None:
        self.facts = facts

    @abstractmethod
    def see(self, page: PageFact) -> None:
        """Takes what it needs of a page that was seen; pages come in order of discovery."""
