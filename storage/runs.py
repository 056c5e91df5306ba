"""Runs (采集): what one crawl of one target left behind, appended while it goes on and read as a stream after it."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from checks.model import JSON, Subject, Target
from crawler.facts import FetchOutcome, Link, PageFact
from storage import tables
from storage.bodies import Bodies, Capture
from storage.database import Database
from storage.encoding import blob_of, json_of, mapping_of, text_of, visit_of
from storage.errors import RecordMissing
from storage.inspections import RECHECK
from storage.run_view import CLEARED, RunRecord, RunView
from storage.tables import instant, url_key

__all__ = ["Capture", "RecordedLink", "RecordedPage", "RunRecord", "RunView", "Runs"]


class RecordedPage(Struct, frozen=True):
    """A page whose `fact` holds no links, and the numbers of its links in page order, as `array('I')`."""

    fact: PageFact
    links: array[int]


class RecordedLink(Struct, frozen=True):
    """A link seen for the first time in a run, under a number that the run gives once."""

    number: int
    link: Link


class Runs:
    """Runs and their facts. Every call is one transaction."""

    def __init__(self, database: Database, bodies: Bodies) -> None:
        self._database = database
        self._bodies = bodies

    def open(
        self, inspection: str, target: Target, settings: Mapping[str, JSON], now: datetime, *, base: int | None = None
    ) -> int:
        """Starts a run and answers its number. Raises RecordConflict where the inspection or base is not recorded.

        `base` is an earlier run of the same target whose pages may be kept and whose link numbers go on to count.
        """
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
            if base is not None:
                connection.execute(sa.insert(tables.bases).values(run=run, base=base))
        return run

    def append(
        self,
        run: int,
        *,
        pages: Sequence[RecordedPage] = (),
        links: Sequence[RecordedLink] = (),
        visits: Sequence[FetchOutcome] = (),
        captures: Sequence[Capture] = (),
        kept: Sequence[int] = (),
    ) -> None:
        """Adds facts, all of them or none. A page recorded again takes the place of the first.

        `kept` are the numbers of pages of earlier runs (`RunView.numbered_pages`) that were found unchanged.

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
            if kept:
                rows = [{"run": run, "page": page} for page in kept]
                connection.execute(self._database.insert_absent(tables.kept_pages), rows)
            add(connection, tables.captures, ("run", "url_key", "kind", "place", "length"), capture_rows)

    def take_over(self, run: int, base: int, without: Collection[str]) -> None:
        """Gives a run all pages and visits of its base but those of these addresses, as if it had made them itself.

        What it took over it need not visit again; the addresses left out are for it to visit anew.
        """
        pages, kept, visits = tables.pages, tables.kept_pages, tables.visits
        left_out = [url_key(url) for url in without]
        own = sa.select(sa.literal(run), pages.c.id).where(pages.c.run == base, pages.c.url_key.not_in(left_out))
        earlier = (
            sa.select(sa.literal(run), pages.c.id)
            .join(kept, kept.c.page == pages.c.id)
            .where(kept.c.run == base, pages.c.url_key.not_in(left_out))
        )
        seen = sa.select(sa.literal(run), visits.c.at, visits.c.url_key, visits.c.fact)
        seen = seen.where(visits.c.run == base, visits.c.url_key.not_in(left_out)).order_by(visits.c.id)
        with self._database.write() as connection:
            connection.execute(sa.insert(kept).from_select(["run", "page"], sa.union(own, earlier)))
            connection.execute(sa.insert(visits).from_select(["run", "at", "url_key", "fact"], seen))

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

    def latest(self, target: Target, tool_version: str) -> RunRecord | None:
        """The target's last run that came to its end under that version of the program; None where there is none.

        A recheck read a few pages only, and a cleared run has none: neither is one that another could stand on.
        """
        runs, inspections = tables.runs, tables.inspections
        query = (
            sa.select(runs.c.id)
            .join(inspections, inspections.c.id == runs.c.inspection)
            .where(
                runs.c.address == target.address,
                runs.c.kind == target.kind.value,
                runs.c.unit == target.unit,
                runs.c.ended.is_not(None),
                inspections.c.tool_version == tool_version,
                inspections.c.kind != RECHECK,
                ~sa.exists().where(tables.notes.c.run == runs.c.id, tables.notes.c.key == CLEARED),
            )
            .order_by(runs.c.id.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            found = connection.execute(query).scalar_one_or_none()
        return None if found is None else self.get(found)

    def noted(self, target: Target, key: str, *, before: int, most: int) -> tuple[tuple[RunRecord, JSON], ...]:
        """The target's ended runs before that number that left such a note, the last `most` of them, oldest first."""
        runs, notes = tables.runs, tables.notes
        query = (
            sa.select(runs.c.id, notes.c.value)
            .join(notes, sa.and_(notes.c.run == runs.c.id, notes.c.key == key))
            .where(
                runs.c.address == target.address,
                runs.c.kind == target.kind.value,
                runs.c.unit == target.unit,
                runs.c.ended.is_not(None),
                runs.c.id < before,
            )
            .order_by(runs.c.id.desc())
            .limit(most)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return tuple((self.get(row.id), json_of(row.value)) for row in reversed(rows))

    def forget_unanswered(self, run: int) -> int:
        """Forgets the visits at the end of a run that nobody answered: our own network was down, and they say nothing.

        How many there were.
        """
        table = tables.visits
        query = sa.select(table.c.id, table.c.fact).where(table.c.run == run)
        silent: list[int] = []
        with self._database.write() as connection:
            for row in connection.execute(query.order_by(table.c.at.desc(), table.c.id.desc())):
                if visit_of(row.fact).status is not None:
                    break
                silent.append(row.id)
            connection.execute(sa.delete(table).where(table.c.run == run, table.c.id.in_(silent)))
        return len(silent)

    def recorded(self, run: int) -> int:
        """How many visits of a run are recorded so far."""
        table = tables.visits
        with self._database.read() as connection:
            query = sa.select(sa.func.count()).where(table.c.run == run)
            return connection.execute(query).scalar_one()

    def view(self, run: int) -> RunView:
        """The facts of a run, also while it goes on. Raises RecordMissing."""
        return RunView(self.get(run), self._database, self._bodies, self._line(run))

    def has_bodies(self, run: int) -> bool:
        """Whether this machine's folder holds every byte that the run's captures point to, and those of its line.

        The rows of a run are in the database, which many machines may share; its bytes are in the spool of the machine
        that visited. Where this is False nobody may go on with the run, stand on it, or judge it again, here:

        - `body` answers None and `captures` nothing, as for bytes that were never kept. What is read from bodies after
          the crawl (leaders, disclosure, services) would come out as not to be told, or worse as not there; findings
          would be promoted without their pages, and `promote` answers only what the other machine has kept already;
        - what a resumed crawl appends goes to a new spool here, at places counted from its own start: the run's rows
          would then point into two files of one name, and a place be read from the wrong one. There is mostly no frame
          at that place (EvidenceDamaged, or None past the end); what is one bears its own address, by which `captures`
          and `body` leave it out.

        So begin such a run anew (`open` without a base), and leave the old one to be cleared. A run without captures
        has all its bytes anywhere. A spool that lost its end (power) is told as not whole, too.
        """
        table = tables.captures
        query = (
            sa.select(table.c.run, sa.func.max(table.c.place + table.c.length).label("end"))
            .where(table.c.run.in_((run, *self._line(run))))
            .group_by(table.c.run)
        )
        with self._database.read() as connection:
            ends = connection.execute(query).all()
        return all(self._bodies.length(row.run) >= row.end for row in ends)

    def _line(self, run: int) -> tuple[int, ...]:
        """The runs that a run stands on: its base, the base of that, and so on."""
        table = tables.bases
        line: list[int] = []
        with self._database.read() as connection:
            while True:
                query = sa.select(table.c.base).where(table.c.run == (line[-1] if line else run))
                base = connection.execute(query).scalar_one_or_none()
                if base is None:
                    return tuple(line)
                line.append(base)


_PAGE_COLUMNS = ("run", "kind", "url_key", "url", "links", "fact")


def _page_text(fact: PageFact) -> str:
    return text_of(replace(fact, links=()) if fact.links else fact)
