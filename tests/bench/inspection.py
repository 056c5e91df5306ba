"""One inspection of the served site: recorded before a worker takes it, read when the worker is done."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from checks.model import Subject, Target
from crawler.facts import BEIJING, Pace, Site, Unit
from storage.inspections import InspectionRecord
from storage.store import Store
from tests.bench.spending import Spent, spent

NOW = datetime(2026, 11, 20, 17, tzinfo=BEIJING)


class Visit(Struct, frozen=True):
    """What a worker spent on the site, how many pages it has, how many of them were unchanged, what it found."""

    spent: Spent
    pages: int
    unchanged: int
    found: tuple[str, ...]


def start(folder: Path) -> float:
    """CPU seconds of a worker's process that finds nothing to do: its start and its end."""
    database = f"sqlite:///{folder / 'bench.sqlite3'}"
    record = InspectionRecord("none", "none", "nightly", NOW, (), (), {}, datetime.now(BEIJING), "0", "0")
    with Store(database, folder) as store:
        store.upgrade()
        store.inspections.create(record, [])
    home = "http://127.0.0.1/"
    return spent([sys.executable, "-m", "tests.bench.path", home, str(folder), database, "none"], Path.cwd()).cpu


def visit(home: str, folder: Path, name: str) -> Visit:
    """Has a worker's process inspect the site at `home` as inspection `name`, standing on an earlier one if any."""
    database = f"sqlite:///{folder / 'bench.sqlite3'}"
    site = Site("bench", "示例市人民政府", home, "3300000001", "portal", pace=Pace(0, 8))
    unit = Unit("bench", "基准单位", "county", sites=(site,))
    record = InspectionRecord(name, name, "nightly", NOW, (), (unit,), {}, datetime.now(BEIJING), "0", "0")
    with Store(database, folder) as store:
        store.upgrade()
        store.inspections.create(record, [(Target("bench", home, Subject.SITE), site.name)])
    cost = spent([sys.executable, "-m", "tests.bench.path", home, str(folder), database, name], Path.cwd())
    with Store(database, folder) as store:
        (row,) = store.inspections.targets(name)
        found = sorted(row.stamped.fingerprint for row in store.results.findings(name) if row.life != "fixed")
    return Visit(cost, int(str(row.stats["pages"])), int(str(row.stats["unchanged"])), tuple(found))
