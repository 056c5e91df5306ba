"""Two workers against one over the same sites, and the queue alone under thousands of targets.

`python -m tests.soak.fleets [--sites 20] [--targets 5000]`
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import statistics
import tempfile
import time
from datetime import datetime
from pathlib import Path

from checks.model import Subject, Target
from crawler.facts import BEIJING, Site, Unit
from crawler.fetch.limits import Limits
from scheduler.plan import Terms, Tick, settings_of
from scheduler.queue import Queue
from storage.inspections import InspectionRecord
from storage.store import Store
from tests.integration.fleet.fleet import Fleet, Postgres, town, wait_until
from tests.integration.inspecting.conftest import findings_of

DELAY = 1.0
"""Seconds that each answer takes, as polite crawls wait between two requests: they are bound by that, not by a core."""
AT_ONCE = 5


def main() -> None:
    """Prints both."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sites", type=int, default=20)
    parser.add_argument("--targets", type=int, default=5000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xuncha-soak-") as scratch:
        compare(Path(scratch), asked.sites)
        asyncio.run(crowd(Path(scratch), asked.targets))


def compare(scratch: Path, sites: int) -> None:
    """One worker and two, each working on five sites side by side."""
    with town(scratch / "town", sites, DELAY) as registry:
        found, took = {}, {}
        for workers in (1, 2):
            postgres = Postgres(scratch / f"postgres-{workers}")
            fleet = Fleet(scratch / f"fleet-{workers}", postgres.url, registry)
            try:
                for _ in range(workers):
                    fleet.add_worker(concurrency=AT_ONCE)
                wait_until(lambda fleet=fleet: "已就绪" in fleet.said(), "no worker is ready")
                out = fleet.folder / "out"
                started = time.monotonic()
                fleet.finish(fleet.send(out))
                took[workers], found[workers] = time.monotonic() - started, findings_of(out)
            finally:
                fleet.close()
                postgres.close()
    same = "相同" if found[1] == found[2] else "不同"
    print(f"{sites} 个网站，每个工作机同时检查 {AT_ONCE} 个：1 个工作机 {took[1]:.0f} 秒，2 个 {took[2]:.0f} 秒，")
    print(f"  快 {took[1] / took[2]:.2f} 倍；问题 {len(found[1])} 与 {len(found[2])} 个，{same}", flush=True)


async def crowd(scratch: Path, targets: int) -> None:
    """The queue alone: sending, handing out and ending jobs, with work that takes no time."""
    postgres = Postgres(scratch / "postgres-crowd")
    try:
        with Store(postgres.url, scratch / "crowd") as store:
            store.upgrade()
            record = _record(targets)
            rows = [(Target("u", site.home_url, Subject.SITE), site.name) for site in record.units[0].sites]
            store.inspections.create(record, rows)
            done: list[float] = []
            is_over = asyncio.Event()

            async def perform(inspection: str, number: int) -> Tick:
                row = await asyncio.to_thread(store.inspections.take, inspection, number, "w", _now())
                if row is not None:
                    await asyncio.to_thread(
                        store.inspections.complete,
                        inspection,
                        number,
                        state="done",
                        exit_reason="",
                        stats={},
                        now=_now(),
                    )
                    done.append(time.monotonic())
                    if len(done) == targets:
                        is_over.set()
                return Tick(number, "done")

            async def end(inspection: str, number: int) -> None:
                raise AssertionError("nobody asks for an end")

            async with Queue(postgres.url) as queue:
                started = time.monotonic()
                await queue.send(record, store.inspections.targets(record.id))
                sent = time.monotonic() - started
                started = time.monotonic()
                again = await queue.send(record, store.inspections.targets(record.id))
                resent = time.monotonic() - started
            queues = [Queue(postgres.url) for _ in range(2)]
            for one in queues:
                await one.__aenter__()
            started = time.monotonic()
            serving = [asyncio.create_task(q.serve(perform, end, store, concurrency=16, patience=5)) for q in queues]
            await is_over.wait()
            took = time.monotonic() - started
            for task in serving:
                task.cancel()
            await asyncio.gather(*serving, return_exceptions=True)
            for one in queues:
                await one.__aexit__(None, None, None)
            counts = store.inspections.counts(record.id)
    finally:
        postgres.close()
    gaps = [after - before for before, after in itertools.pairwise(done)]
    print(f"{targets} 个对象：排队 {sent:.1f} 秒，再排一次（{again} 个新任务）{resent:.2f} 秒；")
    print(
        f"  2 个工作机取走并了结 {took:.1f} 秒（每秒 {targets / took:.0f} 个，间隔中位数 {statistics.median(gaps) * 1000:.1f} 毫秒），"
    )
    print(f"  状态 {dict(counts)}，无一重复：{len(done) == targets}")


def _record(targets: int) -> InspectionRecord:
    sites = tuple(Site("u", f"网站{n}", f"http://site-{n}.invalid/") for n in range(targets))
    terms = Terms(Limits(), ".", queued=True)
    unit = Unit("u", "单位", kind="department", sites=sites)
    now = _now()
    return InspectionRecord("crowd", "crowd", "nightly", now, (), (unit,), settings_of(terms), now, "test", "digest")


def _now() -> datetime:
    return datetime.now(BEIJING)


if __name__ == "__main__":
    main()
