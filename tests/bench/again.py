"""What a second night costs where nothing has changed: CPU of the second visit ÷ that of the first, findings equal.

`python -m tests.bench.again [--pages N …] [--rounds N]`. Three ratios: of whole processes; without the start of the
process, which a night pays once a worker and not once a site; and of the crawl alone, without the judging, which every
night does anew because days go by. Two manners of server: one that sends no validators, so that every page is sent
and its bytes compared; one with ETag, which answers 304.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from datetime import datetime
from pathlib import Path

import msgspec

from crawler.facts import BEIJING, Trials
from scheduler.judge import Bench, judge_site
from storage.store import Store
from tests.bench.inspection import start, visit
from tests.bench.server import serving


def judging(folder: Path, name: str) -> float:
    """CPU seconds of judging a recorded visit, with its evidence and its results saved anew."""
    with Store(f"sqlite:///{folder / 'bench.sqlite3'}", folder) as store:
        record = store.inspections.get(name)
        (row,) = store.inspections.targets(name)
        assert row.run is not None
        view, unit = store.runs.view(row.run), record.units[0]
        trials = msgspec.convert(store.runs.notes(row.run)["trials"], Trials)
        bench, now = Bench(store, record.id, record.as_of), datetime.now(BEIJING)
        began = time.process_time()
        judge_site(bench, unit, unit.sites[0], row.target, view, truncated_by="", trials=trials, now=now)
        return time.process_time() - began


def main() -> None:
    """Prints one row a round and the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[500, 3000])
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    columns: tuple[str, ...] = (
        "pages",
        "server",
        "round",
        "start s",
        "first s",
        "second s",
        "judging s",
        "whole",
        "without starts",
    )
    columns += ("**crawl alone**", "unchanged", "findings equal")
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for pages in arguments.pages:
        for tagged in (False, True):
            ratios: list[tuple[float, float, float]] = []
            server = "ETag" if tagged else "no validators"
            with serving(pages, tagged=tagged) as home:
                with tempfile.TemporaryDirectory() as scratch:  # compiles what the rounds load
                    start(Path(scratch))
                for number in range(1, arguments.rounds + 1):
                    with tempfile.TemporaryDirectory() as scratch:
                        folder = Path(scratch)
                        idle = start(folder)
                        first, second = (visit(home, folder, name) for name in ("first", "second"))
                        judged = [judging(folder, name) for name in ("first", "second")]
                    whole = first.spent.cpu, second.spent.cpu
                    bare = [each - idle for each in whole]
                    crawl = [each - own for each, own in zip(bare, judged, strict=True)]
                    ratios.append((whole[1] / whole[0], bare[1] / bare[0], crawl[1] / crawl[0]))
                    told = " | ".join(f"{ratio:.3f}" for ratio in ratios[-1])
                    print(
                        f"| {second.pages} | {server} | {number} | {idle:.2f} | {whole[0]:.2f} | {whole[1]:.2f} "
                        f"| {judged[0]:.2f}, {judged[1]:.2f} | {told} | {second.unchanged} "
                        f"| {first.found == second.found} ({len(second.found)}) |",
                        flush=True,
                    )
            medians = " | ".join(f"{statistics.median(each):.3f}" for each in zip(*ratios, strict=True))
            print(f"| {pages} | {server} | median | | | | | {medians} | | |")


if __name__ == "__main__":
    main()
