"""Runs (采集): what one crawl of one target left behind, appended while it goes on and read as a stream after it."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from checks.model import JSON, Subject, Target
from crawler.facts import FetchOutcome, Link, PageFact
from storage import tables
from storage.bodies import Bodies, Capture
from storage.database import Database
from storage.encoding import blob_of, json_of, mapping_of, text_of
from storage.errors import RecordMissing
from storage.run_view import RunRecord, RunView
from storage.tables import instant, url_key

__all__ = ["Capture", "RecordedLink", "RecordedPage", "RunRecord", "RunView", "Runs"]


@dataclass(frozen=True, slots=True)
class RecordedPage:
    """A page whose `fact` holds no links, and the numbers of its links in page order, as `array('I')`."""

    fact: PageFact
    links: array[int]


@dataclass(frozen=True, slots=True)
class RecordedLink:
    """A link seen for the first time in a run, under a number that the run gives once."""

    number: int
    link: Link


class Runs:
    """Runs and their facts. Every call is one transaction."""

    def __init__(self, database: Database, bodies: Bodies) -> None:
        self._database = database
        self._bodies = bodies

    def open(self, inspection: str, target: Target, settings: Mapping[str, JSON], now: datetime) -> int:
        """Starts a run and answers its number. Raises RecordConflict where the inspection is not recorded."""
        statement = (
            sa.insert(tables.runs)
            .values(
                inspection=inspection,
                unit=target.unit,
                kind=target.kind.value,
                address=target.address,
                settings=text_of(settings),
                started=now,
                exit_reason="",
                stats="{}",
            )
            .returning(tables.runs.c.id)
        )
        with self._database.write() as connection:
            run: int = connection.execute(statement).scalar_one()
        return run

    def append(
        self,
        run: int,
        *,
        pages: Sequence[RecordedPage] = (),
        links: Sequence[RecordedLink] = (),
        visits: Sequence[FetchOutcome] = (),
        captures: Sequence[Capture] = (),
    ) -> None:
        """Adds facts, all of them or none. A page recorded again takes the place of the first.

        Raises RecordConflict for a run that is not open or a link number given twice, DiskFull.
        """
        page_rows = [
            (
                run,
                page.fact.kind.value,
                url_key(page.fact.url),
                page.fact.url,
                blob_of(page.links),
                _page_text(page.fact),
            )
            for page in pages
        ]
        link_rows = [(run, link.number, text_of(link.link)) for link in links]
        visit_rows = [(run, instant(visit.at), url_key(visit.requested_url), text_of(visit)) for visit in visits]
        places = self._bodies.append(run, captures)
        capture_rows = [
            (run, url_key(capture.url), capture.kind, place, length)
            for capture, (place, length) in zip(captures, places, strict=True)
        ]
        add = self._database.insert
        with self._database.write() as connection:
            self._database.upsert(connection, tables.pages, _PAGE_COLUMNS, page_rows, key=("run", "url_key"))
            add(connection, tables.links, ("run", "number", "fact"), link_rows)
            add(connection, tables.visits, ("run", "at", "url_key", "fact"), visit_rows)
            add(connection, tables.captures, ("run", "url_key", "kind", "place", "length"), capture_rows)

    def note(self, run: int, key: str, value: JSON) -> None:
        """Keeps a small fact of a run, in place of what stood under that key. Raises RecordConflict."""
        row = (run, key, text_of(value))
        with self._database.write() as connection:
            self._database.upsert(connection, tables.notes, ("run", "key", "value"), [row], key=("run", "key"))

    def notes(self, run: int) -> Mapping[str, JSON]:
        """All small facts of a run by key."""
        query = sa.select(tables.notes.c.key, tables.notes.c.value).where(tables.notes.c.run == run)
        with self._database.read() as connection:
            return {key: json_of(value) for key, value in connection.execute(query.order_by(tables.notes.c.key))}

    def finish(self, run: int, ended: datetime, exit_reason: str, stats: Mapping[str, JSON]) -> None:
        """Ends a run. Raises RecordMissing."""
        table = tables.runs
        statement = (
            sa.update(table).where(table.c.id == run).values(ended=ended, exit_reason=exit_reason, stats=text_of(stats))
        )
        with self._database.write() as connection:
            if not connection.execute(statement).rowcount:
                raise RecordMissing(f"没有采集记录 {run}")

    def get(self, run: int) -> RunRecord:
        """That run. Raises RecordMissing."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(tables.runs).where(tables.runs.c.id == run)).one_or_none()
        if row is None:
            raise RecordMissing(f"没有采集记录 {run}")
        return RunRecord(
            id=row.id,
            inspection=row.inspection,
            target=Target(row.unit, row.address, Subject(row.kind)),
            settings=mapping_of(row.settings),
            started=row.started,
            ended=row.ended,
            exit_reason=row.exit_reason,
            stats=mapping_of(row.stats),
        )

    def view(self, run: int) -> RunView:
        """The facts of a run, also while it goes on. Raises RecordMissing."""
        return RunView(self.get(run), self._database, self._bodies)


_PAGE_COLUMNS = ("run", "kind", "url_key", "url", "links", "fact")


def _page_text(fact: PageFact) -> str:
    return text_of(replace(fact, links=()) if fact.links else fact)
