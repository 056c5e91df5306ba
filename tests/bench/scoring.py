"""What scoring costs: `python -m tests.bench.scoring [--targets N] [--rounds N] [--database URL]`.

Every target has a result of every site check: of each three one passed, one failed with findings, one could not be
told. Each is scored under every ruleset of sites that is shipped, and the cards of each are kept in a database (a new
SQLite file, unless an empty database is given) and read back. Seconds, the median over the rounds.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from checks.model import CheckResult, Finding, StampedFinding, State, Subject, Target, fingerprint
from checks.registry import CHECKS, of_subject
from crawler.facts import BEIJING, Coverage
from scoring.engine import score
from scoring.model import Scorecard
from scoring.ruleset import Ruleset, available, load
from storage.inspections import InspectionRecord
from storage.store import Store

STATES = (State.PASS, State.FAIL, State.UNDETERMINED)
FINDINGS = 5
DAY = date(2026, 11, 20)
NIGHT = datetime(2026, 11, 20, tzinfo=BEIJING)
SEEN = Coverage(attempted=500, reached=480, failed=20)


def results(target: Target) -> Iterator[CheckResult]:
    """A result of every site check."""
    for place, check in enumerate(of_subject(Subject.SITE)):
        state = STATES[place % len(STATES)]
        found = tuple(_finding(check.id, target, number) for number in range(FINDINGS if state is State.FAIL else 0))
        yield CheckResult(check.id, target, state, state.label, found, coverage=SEEN)


def _finding(check: str, target: Target, number: int) -> StampedFinding:
    fault = Finding(f"{target.address}{number}.html", "示例问题", observed={"on_homepage": number == 0})
    return StampedFinding(check, target, State.FAIL, fault, "", fingerprint(check, target, fault))


def scored(ruleset: Ruleset, targets: dict[Target, tuple[CheckResult, ...]]) -> tuple[list[Scorecard], float]:
    """The cards of all targets under one ruleset, and the CPU seconds that they cost."""
    began = time.process_time()
    cards = [
        score(ruleset, target, "示例网站", given, as_of=DAY, site_kind="portal") for target, given in targets.items()
    ]
    return cards, time.process_time() - began


def kept(store: Store, cards: list[Scorecard]) -> tuple[float, float]:
    """Wall seconds of keeping the cards in place of those that are there, and of reading them back."""
    began = time.perf_counter()
    store.results.keep_cards("bench", cards, [cards[0].ruleset])
    written = time.perf_counter()
    assert sum(1 for _ in store.results.cards("bench")) == len(cards)
    return written - began, time.perf_counter() - written


def main() -> None:
    """Prints one row a ruleset."""
    with tempfile.TemporaryDirectory() as folder:
        _run(Path(folder))


def _run(folder: Path) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", default=f"sqlite:///{folder}/bench.sqlite3")
    arguments = parser.parse_args()
    sites = [Target("bench", f"http://s{number}.example/", Subject.SITE) for number in range(arguments.targets)]
    targets = {site: tuple(results(site)) for site in sites}
    print("| ruleset | targets | indicators | scored, CPU s | kept, s | read back, s |\n|---|---|---|---|---|---|")
    with Store(arguments.database, folder) as store:
        store.upgrade()
        store.inspections.create(InspectionRecord("bench", "示例", "quarterly", NIGHT, (), (), {}, NIGHT, "0", ""), ())
        for info in available():
            ruleset = load(info.id, CHECKS.keys())
            if ruleset.applies_to.subject == "site":
                rounds = [scored(ruleset, targets) for _ in range(arguments.rounds)]
                stored = [kept(store, cards) for cards, _ in rounds]
                costs = ([cost for _, cost in rounds], *zip(*stored, strict=True))
                told = " | ".join(f"{statistics.median(column):.2f}" for column in costs)
                print(f"| {info.id} | {len(sites)} | {len(rounds[0][0][0].traces)} | {told} |")


if __name__ == "__main__":
    main()
