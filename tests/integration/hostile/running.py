"""One whole inspection of the hostile site in a worker process of its own, and what it left behind."""

from __future__ import annotations

import multiprocessing
import re
import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from checks.model import Subject
from crawler.facts import BEIJING, Coverage, FetchOutcome, Pace, PageFact, Site, Unit
from crawler.fetch.limits import Limits
from crawler.read.coverage import coverage_of
from crawler.read.scope import own_hosts_of
from scheduler.inspection import Order, begin
from scheduler.plan import Machine, Plan, Terms
from storage.inspections import InspectionRecord, TargetRow
from storage.results import FindingRow
from storage.store import Store
from tests.integration.hostile.healthy import EVERY
from tests.integration.hostile.server import HostileServer, Scene

AS_OF = datetime(2026, 8, 1, 9, tzinfo=BEIJING)
LIMITS = Limits(
    pages=400,
    resources=300,
    seconds=120,
    timeout=3,
    retry_after=0.2,
    confirm_gap=0.2,
    rendered=0,
    probes=1,
    probe_gap=0.1,
)
LONGEST = 200.0
"""Seconds after which an inspection counts as hung: well beyond what its own limits allow."""


class Left(Struct, frozen=True):
    """What an inspection left behind. `peak` in MB is the worker's high-water mark, `asked` the server's own count."""

    row: TargetRow
    pages: Mapping[str, PageFact]
    visits: Mapping[str, tuple[FetchOutcome, ...]]
    findings: tuple[FindingRow, ...]
    coverage: Coverage
    notes: Mapping[str, Any]
    asked: Counter[str]
    seconds: float
    peak: float

    @property
    def healthy(self) -> dict[str, PageFact]:
        """The facts of the healthy pages by path, without what is of the moment or of the scene."""
        kept = {}
        for url, fact in self.pages.items():
            path = "/" + url.split("/", 3)[3]
            if path not in EVERY:
                continue
            plain = replace(fact, fetched_at=AS_OF, links=())
            # the home page bears the scene's links
            kept[path] = (
                replace(plain, sha256="", text_length=0, body_length=0, scripted=False) if path == "/" else plain
            )
        return kept

    @property
    def accusations(self) -> set[tuple[str, str, str]]:
        """Every finding: check, page, address at fault."""
        return {(row.stamped.check, row.stamped.finding.url, row.stamped.finding.problem_url) for row in self.findings}


def inspect(server: HostileServer, scene: Scene, folder: Path, *, limits: Limits = LIMITS) -> Left:
    """Plays the scene and inspects it over the store in `folder`. AssertionError where the worker hangs or dies."""
    server.play(scene)
    return inspect_address(server, server.home_url, folder, limits=limits, allow_private=True)


def inspect_address(
    server: HostileServer, home_url: str, folder: Path, *, limits: Limits = LIMITS, allow_private: bool
) -> Left:
    """The same for any address of the server; the scene stays as it is."""
    site = Site("yunxi", "云汐县人民政府网", home_url, kind="portal", pace=Pace(0, 4))
    unit = Unit("yunxi", "云汐县人民政府", kind="county", sites=(site,))
    database = f"sqlite:///{folder / 'xuncha.sqlite3'}"
    with Store(database, folder) as store:
        store.upgrade()
        order = Order(
            (unit,), f"{time.monotonic_ns()}", (), AS_OF, "on-demand", "抗扰", Machine(database, str(folder)),
            Terms(limits, str(folder), allow_private=allow_private, rendering=False), "test",
            subjects=frozenset({Subject.SITE}),
        )  # fmt: skip
        record = begin(store, order, resume=False)
        peak, seconds = _work(store, record, order)
        return _left(store, record, site, server, peak, seconds)


def _work(store: Store, record: InspectionRecord, order: Order) -> tuple[float, float]:
    """Runs the worker to its end: its peak in MB and its seconds."""
    plan = Plan(record.id, order.machine, order.terms, at_once=1)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=measured_work, args=(plan, theirs), daemon=True)
    started = time.monotonic()
    process.start()
    theirs.close()
    peak = ours.recv() if ours.poll(LONGEST) else None
    seconds = time.monotonic() - started
    if peak is None:
        process.kill()
    process.join()
    ours.close()
    assert peak is not None, f"no end after {LONGEST} s"
    assert process.exitcode == 0, f"the worker died: {process.exitcode}"
    return peak, seconds


def measured_work(plan: Plan, peaks: Connection) -> None:
    """A worker's main; sends its own high-water mark at its end.

    VmHWM belongs to the process alone, where ru_maxrss may be inherited from the parent.
    """
    from scheduler.worker import run_worker

    ticks, nobody = multiprocessing.Pipe(duplex=False)
    ticks.close()
    run_worker(plan, "hostile", nobody)
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    peaks.send(int(found[1]) / 1024 if found else 0.0)


def _left(
    store: Store, record: InspectionRecord, site: Site, server: HostileServer, peak: float, seconds: float
) -> Left:
    (row,) = store.inspections.targets(record.id)
    assert row.run is not None, row.exit_reason
    view = store.runs.view(row.run)
    visits: dict[str, list[FetchOutcome]] = {}
    for visit in view.visits():
        visits.setdefault(visit.requested_url, []).append(visit)
    notes = store.runs.notes(row.run)
    coverage = coverage_of(view.visits(), own_hosts_of(site), str(notes.get("truncated_by", "")))
    return Left(
        row=row,
        pages={page.url: page for page in view.pages()},
        visits={url: tuple(kept) for url, kept in visits.items()},
        findings=tuple(store.results.findings(record.id)),
        coverage=replace(coverage, note=str(notes.get("coverage_note", ""))),
        notes=notes,
        asked=server.asked.copy(),
        seconds=seconds,
        peak=peak,
    )
