"""From recorded runs to web archives: one WARC file a site and run, sealed like every export."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from checks.model import Subject
from crawler.clock import now
from reports.manifest import Seal
from reports.naming import safe_stem
from reports.warc import Kept, WarcFigures, WarcInfo, write
from scheduler.telling import note_export
from storage.inspections import InspectionRecord, TargetRow
from storage.run_view import RunView
from storage.store import Store

FORMAT = "warc"
_ASKED = frozenset({"response", "failure"})
"""The kinds of capture that a visit leaves itself; what a browser showed comes beside one."""


class Archived(Struct, frozen=True):
    """One site's archive. `from_evidence` says that only what findings rest on was still stored."""

    target: str
    name: str
    path: Path
    figures: WarcFigures
    from_evidence: bool


class Archives(Struct, frozen=True):
    """All that was written; `unvisited` are the addresses of sites that have no run, `digest` the manifest's hash."""

    archived: tuple[Archived, ...]
    unvisited: tuple[str, ...]
    digest: str


def write_archives(
    store: Store,
    record: InspectionRecord,
    out: Path,
    *,
    target: str = "",
    told: Callable[[Archived], None] = lambda archived: None,
) -> Archives:
    """Writes the archives of an inspection's sites, or of the one whose home page `target` is, and seals the folder.

    Files that are there of other exports stay and keep their seal. Raises EvidenceDamaged where stored bytes no
    longer are what they were, OSError where the disk refuses; a file is whole or not there.
    """
    rows = [
        row
        for row in store.inspections.targets(record.id)
        if row.target.kind is Subject.SITE and target in ("", row.target.address)
    ]
    store.handovers.note(record.id, now())
    seal = Seal(out)
    seal.open()
    archived = []
    for row in rows:
        if row.run is None:
            continue
        done = _archive(store, record, row, row.run, out)
        seal.add([done.path])
        archived.append(done)
        told(done)
    unvisited = tuple(row.target.address for row in rows if row.run is None)
    return Archives(tuple(archived), unvisited, note_export(store, record.id, (FORMAT,), out, seal))


def _archive(store: Store, record: InspectionRecord, row: TargetRow, run: int, out: Path) -> Archived:
    view = store.runs.view(run)
    figures = WarcFigures()
    figures.visits, recorded = view.counted()
    from_evidence = view.is_cleared or (bool(recorded) and not view.has_bodies)
    path = out / f"{safe_stem(f'{record.id}_{urlsplit(row.target.address).netloc}', 'site')}_run{run}.warc.gz"
    asked = [0]
    kept = _promoted(store, run, figures, recorded) if from_evidence else _stored(view, figures)

    def counting() -> Iterator[Kept]:
        for each in kept:
            # A search and a probe are kept with a note, and are no visits.
            asked[0] += each.capture.kind in _ASKED and not each.capture.exchange.note and not each.earlier
            asked[0] += len(each.unchanged)
            yield each
        if not from_evidence:
            figures.without_bytes = max(0, figures.visits - asked[0] - figures.lost)

    write(_info(record, row, view), counting(), figures, path)
    return Archived(row.target.address, row.name, path, figures, from_evidence)


def _stored(view: RunView, figures: WarcFigures) -> Iterator[Kept]:
    for capture in view.kept_captures():
        if capture is None:
            figures.lost += 1
        else:
            yield Kept(capture, view.visits_of(capture.url), earlier=True)
    for capture in view.every_capture():
        if capture is None:
            figures.lost += 1
        else:
            yield Kept(capture)


def _promoted(store: Store, run: int, figures: WarcFigures, recorded: int) -> Iterator[Kept]:
    found = 0
    for capture in store.evidence.captures(run):
        found += 1
        yield Kept(capture)
    figures.lost = max(0, recorded - found)


def _info(record: InspectionRecord, row: TargetRow, view: RunView) -> WarcInfo:
    settings = view.record.settings
    site = next(
        (
            site
            for unit in record.units
            if unit.code == row.target.unit
            for site in unit.sites
            if site.home_url == row.target.address
        ),
        None,
    )
    return WarcInfo(
        inspection=record.id,
        run=view.record.id,
        target=row.target.address,
        name=row.name,
        software=f"xuncha/{record.tool_version}",
        operator=str(settings.get("contact", "")),
        user_agent=str(settings.get("user_agent", "")),
        robots="ignore" if site is not None and site.ignore_robots else "obey",
        started=view.record.started,
        ended=view.record.ended,
    )
