"""One run's facts as they were recorded, streamed in short reads: a long run takes no more memory than a short one."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from checks.model import JSON, Target
from crawler.facts import FetchOutcome, Link, PageFact, PageKind
from storage import tables
from storage.bodies import Bodies, Capture
from storage.database import Database
from storage.encoding import link_of, numbers_of, page_of, requested_url_of, visit_of
from storage.tables import url_key

CHUNK = 256
"""Rows read at a time. Between two reads no transaction is open, so that a slow reader keeps no writer waiting."""
CLEARED = "cleared"
"""The note of a run that says that what it gathered was removed, and when."""
_KNOWN = 5_000
"""Links that a view remembers before it forgets them all."""


class RunRecord(Struct, frozen=True):
    """One run of one target; `ended` is None while it goes on or where it was killed."""

    id: int
    inspection: str
    target: Target
    settings: Mapping[str, JSON]
    started: datetime
    ended: datetime | None
    exit_reason: str
    stats: Mapping[str, JSON]


class RunView:
    """A `crawler.facts.RunFacts` over the database. Several streams may be open at once, in one thread or in more."""

    def __init__(self, record: RunRecord, database: Database, bodies: Bodies, line: tuple[int, ...] = ()) -> None:
        """`line` are the runs that this one stands on: its base, the base of that, and so on."""
        self.record = record
        self._run = record.id
        self.line = line
        self._database = database
        self._bodies = bodies
        self._known: dict[int, Link] = {}

    def pages(self, *kinds: PageKind) -> Iterator[PageFact]:
        """Pages of these kinds in order of discovery; all pages where none is named."""
        table = tables.pages
        for row in self._pages(sa.select(table.c.id, table.c.fact), kinds):
            yield page_of(row.fact)

    def page(self, url: str) -> PageFact | None:
        """The page recorded under that address; None where there is none."""
        row = self._page_row(url)
        return None if row is None else page_of(row.fact)

    def numbered_pages(self) -> Iterator[tuple[int, PageFact, array[int]]]:
        """Every page with the number that it is kept under and the numbers of its links, in order of discovery."""
        table = tables.pages
        for row in self._pages(sa.select(table.c.id, table.c.links, table.c.fact), ()):
            yield row.id, page_of(row.fact), numbers_of(row.links)

    def visits(self) -> Iterator[FetchOutcome]:
        """Every visit in order of time."""
        table = tables.visits
        query = sa.select(table.c.id, table.c.at, table.c.fact).where(table.c.run == self._run)
        query = query.order_by(table.c.at, table.c.id).limit(CHUNK)
        seen: tuple[int, int] | None = None
        while True:
            rest = query if seen is None else query.where(sa.tuple_(table.c.at, table.c.id) > sa.tuple_(*seen))
            rows = self._read(rest)
            for row in rows:
                yield visit_of(row.fact)
            if len(rows) < CHUNK:
                return
            seen = rows[-1].at, rows[-1].id

    def visits_of(self, url: str) -> tuple[FetchOutcome, ...]:
        """The visits of one requested address in order of time."""
        return self.visits_to((url,))[url]

    def visits_to(self, urls: Collection[str]) -> Mapping[str, tuple[FetchOutcome, ...]]:
        """For each of these requested addresses its visits in order of time."""
        table = tables.visits
        found: dict[str, list[FetchOutcome]] = {url: [] for url in urls}
        for some in _chunks(found):
            query = sa.select(table.c.fact).where(table.c.run == self._run, table.c.url_key.in_(map(url_key, some)))
            for row in self._read(query.order_by(table.c.at, table.c.id)):
                visit = visit_of(row.fact)
                if visit.requested_url in found:
                    found[visit.requested_url].append(visit)
        return {url: tuple(visits) for url, visits in found.items()}

    def visited(self) -> set[str]:
        """Every address that was requested, however it ended."""
        table = tables.visits
        query = sa.select(table.c.fact).where(table.c.run == self._run)
        with self._database.read() as connection:
            return {requested_url_of(fact) for fact in connection.execute(query).scalars()}

    def links(self) -> Iterator[tuple[int, Link]]:
        """Every distinct link that a page bears, with its number, by number."""
        if not self.line:  # every link was recorded because a page bears it
            yield from self.numbered_links()
            return
        for number, link in self.numbered_links():
            if number in self._borne:
                yield number, link

    @cached_property
    def _borne(self) -> frozenset[int]:
        """The numbers of all links that a page of the run bears; of a run that stands on others, once it has ended."""
        table = tables.pages
        borne: set[int] = set()
        for row in self._pages(sa.select(table.c.id, table.c.links), ()):
            borne.update(numbers_of(row.links))
        return frozenset(borne)

    def numbered_links(self) -> Iterator[tuple[int, Link]]:
        """Every link that this run and those it stands on have given a number, by number."""
        table = tables.links
        query = sa.select(table.c.number, table.c.fact).order_by(table.c.number).limit(CHUNK)
        last = -1
        for run in (*reversed(self.line), self._run):  # one by one: a later run's numbers go on from those before it
            while rows := self._read(query.where(table.c.run == run, table.c.number > last)):
                for row in rows:
                    yield row.number, link_of(row.fact)
                last = rows[-1].number

    def parents(self, links: Collection[int]) -> Mapping[int, tuple[str, ...]]:
        """For each of these links the addresses of all pages that bear it, in order of discovery.

        One pass over the pages serves all of them: ask once for many links.
        """
        table = tables.pages
        wanted = frozenset(links)
        found: dict[int, list[str]] = {number: [] for number in links}
        if wanted:
            for row in self._pages(sa.select(table.c.id, table.c.url, table.c.links), ()):
                for number in wanted.intersection(numbers_of(row.links)):
                    found[number].append(row.url)
        return {number: tuple(urls) for number, urls in found.items()}

    def links_of(self, url: str) -> tuple[Link, ...]:
        """The links of one page in page order; empty where the page is not recorded."""
        row = self._page_row(url)
        if row is None:
            return ()
        numbers = numbers_of(row.links)
        if len(self._known) > _KNOWN:
            self._known = {}
        known = self._known  # a site's navigation and footer stand on every page; another thread may start a new one
        missing = list(set(numbers).difference(known))
        for start in range(0, len(missing), CHUNK):
            known.update(self._links(missing[start : start + CHUNK]))
        return tuple(known[number] for number in numbers)

    def captures(self, url: str) -> tuple[Capture, ...]:
        """What was kept of the visits of one address, in order of recording; empty once the bodies are dropped.

        Raises EvidenceDamaged.
        """
        return tuple(self.captures_of((url,)))

    def captures_of(self, urls: Collection[str]) -> Iterator[Capture]:
        """What was kept of the visits of these addresses, in order of recording, as `captures`.

        Where a page is kept from an earlier run, what that run captured of it comes first.
        """
        table = tables.captures
        wanted = dict.fromkeys(urls)
        for some in _chunks(wanted):
            keys = [url_key(url) for url in some]
            places = [*self._kept_places(keys), (self._run, keys)]
            for run, held in places:
                query = sa.select(table.c.run, table.c.place, table.c.length)
                query = query.where(table.c.run == run, table.c.url_key.in_(held)).order_by(table.c.id)
                for row in self._read(query):
                    capture = self._bodies.read(row.run, row.place, row.length)
                    if capture is not None and capture.url in wanted:
                        yield capture

    def every_capture(self) -> Iterator[Capture | None]:
        """All that was kept of the run itself, in order of recording; None in place of one whose bytes are gone.

        Raises EvidenceDamaged.
        """
        table = tables.captures
        query = sa.select(table.c.id, table.c.run, table.c.place, table.c.length).where(table.c.run == self._run)
        yield from self._stored(query)

    def kept_captures(self) -> Iterator[Capture | None]:
        """The answers that the pages of earlier runs stand on which this run found unchanged, as `every_capture`."""
        if not self.line:
            return
        table, pages, kept = tables.captures, tables.pages, tables.kept_pages
        query = (
            sa.select(table.c.id, table.c.run, table.c.place, table.c.length)
            .join(pages, (pages.c.run == table.c.run) & (pages.c.url_key == table.c.url_key))
            .join(kept, kept.c.page == pages.c.id)
            .where(kept.c.run == self._run, table.c.kind == "response")
        )
        yield from self._stored(query)

    @property
    def has_bodies(self) -> bool:
        """Whether the run's bytes are still stored beside what was promoted to evidence."""
        return self._bodies.path(self._run).exists()

    @property
    def is_cleared(self) -> bool:
        """Whether what the run gathered was removed by the rule of retention; what it found may still be there."""
        notes = tables.notes
        query = sa.select(notes.c.key).where(notes.c.run == self._run, notes.c.key == CLEARED)
        return bool(self._read(query))

    def counted(self) -> tuple[int, int]:
        """How many visits the run recorded, and how many captures."""
        with self._database.read() as connection:
            visits, captures = (
                connection.execute(
                    sa.select(sa.func.count()).select_from(table).where(table.c.run == self._run)
                ).scalar_one()
                for table in (tables.visits, tables.captures)
            )
        return visits, captures

    def _stored(self, query: sa.Select[Any]) -> Iterator[Capture | None]:
        """The captures of rows (id, run, place, length) by id."""
        table = tables.captures
        query = query.order_by(table.c.id).limit(CHUNK)
        last = -1
        while rows := self._read(query.where(table.c.id > last)):
            for row in rows:
                yield self._bodies.read(row.run, row.place, row.length)
            last = rows[-1].id

    def body(self, url: str) -> bytes | None:
        """The bytes of a recorded page: as a browser last showed it where one did, else as the server last sent them.

        None where they were not kept. Raises EvidenceDamaged.
        """
        table = tables.captures
        query = sa.select(table.c.run, table.c.place, table.c.length).where(
            table.c.run == self._run_of(url),
            table.c.url_key == url_key(url),
            table.c.kind.in_(("rendered", "response")),
        )
        for row in self._read(query.order_by(table.c.kind != "rendered", table.c.id.desc())):
            capture = self._bodies.read(row.run, row.place, row.length)
            if capture is not None and capture.url == url:
                return capture.body
        return None

    def _kept_places(self, keys: Collection[int]) -> list[tuple[int, list[int]]]:
        """The earlier runs that hold pages of these addresses which this run found unchanged, oldest first."""
        if not self.line:
            return []
        table, kept = tables.pages, tables.kept_pages
        query = sa.select(table.c.run, table.c.url_key).join(kept, kept.c.page == table.c.id)
        held: dict[int, list[int]] = {}
        query = query.where(kept.c.run == self._run, table.c.run.in_(self.line), table.c.url_key.in_(keys))
        for row in self._read(query):
            held.setdefault(row.run, []).append(row.url_key)
        return sorted(held.items())

    def _run_of(self, url: str) -> int:
        """The run that holds the bytes of an address: an earlier one where the page is kept from there."""
        row = self._page_row(url) if self.line else None
        return self._run if row is None else int(row.run)

    def _page_row(self, url: str) -> sa.Row[Any] | None:
        """The row of a recorded page, the run's own before one that is kept from the runs it stands on."""
        table, kept = tables.pages, tables.kept_pages
        query = sa.select(table.c.run, table.c.links, table.c.fact).where(table.c.url_key == url_key(url))
        if not self.line:
            rows = self._read(query.where(table.c.run == self._run))
        else:  # the line is named so that the address is looked up, not all that is kept
            held = sa.and_(kept.c.page == table.c.id, kept.c.run == self._run)
            query = query.outerjoin(kept, held).where(table.c.run.in_((self._run, *self.line)))
            query = query.where(sa.or_(table.c.run == self._run, kept.c.page.is_not(None)))
            rows = self._read(query.order_by(table.c.run.desc()))
        return rows[0] if rows else None

    def _links(self, numbers: list[int]) -> dict[int, Link]:
        table = tables.links
        query = sa.select(table.c.number, table.c.fact).where(
            table.c.run.in_((self._run, *self.line)), table.c.number.in_(numbers)
        )
        return {row.number: link_of(row.fact) for row in self._read(query)}

    def _pages(self, query: sa.Select[Any], kinds: Collection[PageKind]) -> Iterator[sa.Row[Any]]:
        """Rows of the run's pages in order of discovery; `query` must select the id."""
        table, kept = tables.pages, tables.kept_pages
        if kinds:
            query = query.where(table.c.kind.in_([kind.value for kind in kinds]))
        streams = [(query.where(table.c.run == self._run), table.c.id)]
        if self.line:  # what is kept was discovered first; ordered by the index that is walked, or each read would sort
            held = query.join(kept, kept.c.page == table.c.id).where(kept.c.run == self._run)
            streams.insert(0, (held, kept.c.page))
        for stream, number in streams:
            ordered = stream.order_by(number).limit(CHUNK)
            last = -1
            while rows := self._read(ordered.where(number > last)):
                yield from rows
                last = rows[-1].id

    def _read(self, query: sa.Select[Any]) -> list[sa.Row[Any]]:
        with self._database.read() as connection:
            return list(connection.execute(query).all())


def _chunks(urls: Iterable[str]) -> Iterator[list[str]]:
    waiting = list(urls)
    for start in range(0, len(waiting), CHUNK):
        yield waiting[start : start + CHUNK]
