"""Where a crawl writes what it saw, and what it must know to go on after a stop. The worker brings a real one."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from msgspec import Struct, field

from crawler.facts import Exchange, FetchOutcome, Link, PageFact, PageKind, Resource
from crawler.facts.texts import AttachmentFact


class Place(Struct, frozen=True):
    """Where an address was found: clicks from the home page, what it is, and the page that names it."""

    depth: int
    resource: Resource
    parent: str


class Progress(Struct, frozen=True):
    """What a stopped run had recorded; empty for a new run.

    `to_visit` holds every address that recorded links name and that nobody has seen yet, `to_confirm` those that failed
    and whose looks stand in `visits`; own addresses and others alike.
    """

    visits: Mapping[str, tuple[FetchOutcome, ...]] = field(default_factory=dict)
    links: Mapping[Link, int] = field(default_factory=dict)
    pages: frozenset[str] = frozenset()
    to_visit: Mapping[str, Place] = field(default_factory=dict)
    to_confirm: Mapping[str, Place] = field(default_factory=dict)


class KnownPage(Struct, frozen=True):
    """A page of the last visit that stands for itself as long as its bytes are the same.

    `number` is what the log keeps it under, `links` are the numbers of its links.
    """

    number: int
    kind: PageKind
    sha256: str
    etag: str
    last_modified: str
    content_type: str
    next_pages: tuple[str, ...]
    links: array[int]


class Baseline(Struct, frozen=True):
    """What the last visit left: pages by address, links with their numbers, and the content type of each own

    resource (not a page) that answered well; the attachments that were read, by address; the last good answers of
    foreign addresses (`offsite`). Empty for a first or a full visit.
    """

    pages: Mapping[str, KnownPage] = field(default_factory=dict)
    links: Mapping[Link, int] = field(default_factory=dict)
    resources: Mapping[str, str] = field(default_factory=dict)
    attachments: Mapping[str, AttachmentFact] = field(default_factory=dict)
    offsite: Mapping[str, FetchOutcome] = field(default_factory=dict)


class RunLog(Protocol):
    """Appends the facts of one run. Calls are cheap and never wait for a disk; order within a run is kept."""

    def page(self, fact: PageFact, links: array[int]) -> None:
        """A page without its links, and the numbers of its links in page order."""

    def unchanged(self, page: int) -> None:
        """A page of the last visit, by its number there, that has not changed."""

    def link(self, number: int, link: Link) -> None:
        """A link seen for the first time."""

    def visit(self, outcome: FetchOutcome) -> None:
        """A visit that ended."""

    def capture(
        self,
        url: str,
        attempt: int,
        at: datetime,
        status: int | None,
        headers: tuple[tuple[str, str], ...],
        body: bytes,
        kind: str = "response",
        exchange: Exchange = Exchange(),
    ) -> None:
        """What proves a visit; `kind` is `response` as received, `rendered` as a browser shows it, or `failure`.

        A failure is a request without an answer: `status` is None and `body` empty. `exchange` is the rest of the wire.
        """
