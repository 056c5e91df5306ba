"""What a run leaves behind, streamed: pages, visits, links and bytes, from memory or from a store."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Protocol

from crawler.facts.pages import Link, PageFact, PageKind
from crawler.facts.visits import FetchOutcome


class Pages(Protocol):
    """The pages of a run, streamed again at each call; links are left out (see LinkFact)."""

    def __call__(self, *kinds: PageKind) -> Iterator[PageFact]:
        """Pages of these kinds in order of discovery; all pages where none is named."""
        ...


class RunFacts(Protocol):
    """One site's run as it was recorded. A link is recorded once, with a number of its own, however many bear it."""

    @property
    def pages(self) -> Pages:
        """The pages, without their links."""
        ...

    def visits(self) -> Iterator[FetchOutcome]:
        """Every visit in order of time."""
        ...

    def visits_to(self, urls: Collection[str]) -> Mapping[str, tuple[FetchOutcome, ...]]:
        """For each of these requested addresses its visits in order of time."""
        ...

    def links(self) -> Iterator[tuple[int, Link]]:
        """Every distinct link with its number."""
        ...

    def parents(self, links: Collection[int]) -> Mapping[int, tuple[str, ...]]:
        """For each of these links the addresses of all pages that bear it, in order of discovery."""
        ...

    def links_of(self, url: str) -> tuple[Link, ...]:
        """The links of one page in page order; empty where the page is not recorded."""
        ...

    def body(self, url: str) -> bytes | None:
        """The bytes of a recorded page: as a browser showed it where one did, else as received; None if not kept."""
        ...


def pages_of(pages: Iterable[PageFact]) -> Pages:
    """A Pages over pages that are already in memory."""
    kept = tuple(pages)

    def stream(*kinds: PageKind) -> Iterator[PageFact]:
        return (page for page in kept if not kinds or page.kind in kinds)

    return stream


def no_links() -> Iterator[Link]:
    """The links of a site of which none were recorded."""
    return iter(())
