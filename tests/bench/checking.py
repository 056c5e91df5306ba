"""What each check costs in CPU a page: `python -m tests.bench.checking [--pages N] [--rounds N]`.

The generated site is visited once; its facts are then assembled and judged again from the store, every check by itself
behind the one pass over the pages that all of them share. The median over the rounds.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path

from checks import derived, runner
from checks.model import Subject
from checks.registry import of_subject
from crawler.facts import Trials
from scheduler.judge import Bench, facts_of
from storage.store import Store
from tests.bench.inspection import visit
from tests.bench.server import serving

ASSEMBLING, PASSING = "（组成全站事实）", "（对各页面的一遍遍历）"


def costs(home: str, folder: Path, rounds: int) -> tuple[int, dict[str, float]]:
    """How many pages the site has, and CPU milliseconds a page by check and for what they share."""
    pages = visit(home, folder, "first").pages
    spent: dict[str, list[float]] = defaultdict(list)
    with Store(f"sqlite:///{folder / 'bench.sqlite3'}", folder) as store:
        record = store.inspections.get("first")
        (row,) = store.inspections.targets("first")
        assert row.run is not None
        view, unit = store.runs.view(row.run), record.units[0]
        bench = Bench(store, record.id, record.as_of)
        for _ in range(rounds):
            began = time.process_time()
            facts = facts_of(bench, unit, unit.sites[0], view, truncated_by="", trials=Trials())
            spent[ASSEMBLING].append(time.process_time() - began)
            with derived.shared():
                spent[PASSING].append(_spent_on(partial(derived.of, facts)))
                for check in of_subject(Subject.SITE):
                    spent[check.id].append(_spent_on(partial(runner.run, facts, checks=[check.id])))
    return pages, {name: statistics.median(each) * 1000 / pages for name, each in spent.items()}


def _spent_on(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with serving(arguments.pages) as home, tempfile.TemporaryDirectory() as scratch:
        pages, found = costs(home, Path(scratch), arguments.rounds)
    print(f"| check | CPU ms a page ({pages} pages) |\n|---|---|")
    for name, milliseconds in sorted(found.items(), key=lambda each: -each[1]):
        print(f"| {name} | {milliseconds:.4f} |")
    print(f"| **together** | **{sum(found.values()):.3f}** |")


if __name__ == "__main__":
    main()
