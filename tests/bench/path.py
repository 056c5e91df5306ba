"""The measured path in one process: crawl, facts, checks, scores and storage of one site, without registry and reports."""

import json
import multiprocessing
import sys
from datetime import datetime
from pathlib import Path

from checks.model import Subject, Target
from crawler.facts import BEIJING, Pace, Site, Unit
from crawler.fetch.limits import Limits
from scheduler.plan import Plan
from storage.inspections import InspectionRecord
from storage.store import Store

NOW = datetime(2026, 11, 20, 17, tzinfo=BEIJING)


def database_in(folder: Path) -> str:
    """The database that the run records in; its tables are there before the run."""
    return f"sqlite:///{folder / 'bench.sqlite3'}"


def main(home: str, folder: Path, name: str) -> None:
    """Inspects the site at `home` over a SQLite file in `folder` as inspection `name`, standing on an earlier one.

    Prints how many pages it has, how many of them were unchanged, and what it finds.
    """
    from scheduler.worker import run_worker

    site = Site("bench", "示例市人民政府", home, "3300000001", "portal", pace=Pace(0, 8))
    unit = Unit("bench", "基准单位", "county", sites=(site,))
    database = database_in(folder)
    now = datetime.now(BEIJING)
    record = InspectionRecord(name, name, "nightly", NOW, ("cn-2019-website",), (unit,), {}, now, "0", "0")
    with Store(database, folder) as store:
        store.inspections.create(record, [(Target("bench", home, Subject.SITE), site.name)])
    limits = Limits(pages=1_000_000, resources=1_000_000, confirm_gap=1)
    ours, theirs = multiprocessing.Pipe(duplex=False)
    plan = Plan(
        name, database, str(folder), str(folder), record.rulesets, limits, True, (home,), False, 1, incremental=True
    )
    run_worker(plan, "bench", theirs)
    ours.close()
    with Store(database, folder) as store:
        (row,) = store.inspections.targets(name)
        found = sorted(row.stamped.fingerprint for row in store.results.findings(name) if row.life != "fixed")
        print(json.dumps({"pages": row.stats["pages"], "unchanged": row.stats["unchanged"], "found": found}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
