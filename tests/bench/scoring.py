"""What scoring costs: `python -m tests.bench.scoring [--targets N] [--rounds N]`.

Every target has a result of every site check: of each three one passed, one failed with findings, one could not be
told. Each is scored under every ruleset of sites that is shipped. CPU seconds, the median over the rounds.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator
from datetime import date

from checks.model import CheckResult, Finding, StampedFinding, State, Subject, Target, fingerprint
from checks.registry import CHECKS, of_subject
from scoring.engine import score
from scoring.ruleset import Ruleset, available, load

STATES = (State.PASS, State.FAIL, State.UNDETERMINED)
FINDINGS = 5
DAY = date(2026, 11, 20)


def results(target: Target) -> Iterator[CheckResult]:
    """A result of every site check."""
    for place, check in enumerate(of_subject(Subject.SITE)):
        state = STATES[place % len(STATES)]
        found = tuple(_finding(check.id, target, number) for number in range(FINDINGS if state is State.FAIL else 0))
        yield CheckResult(check.id, target, state, state.label, found)


def _finding(check: str, target: Target, number: int) -> StampedFinding:
    fault = Finding(f"{target.address}{number}.html", "示例问题", observed={"on_homepage": number == 0})
    return StampedFinding(check, target, State.FAIL, fault, "", fingerprint(check, target, fault))


def spent(ruleset: Ruleset, targets: dict[Target, tuple[CheckResult, ...]]) -> float:
    """CPU seconds of scoring all targets under one ruleset."""
    began = time.process_time()
    for target, given in targets.items():
        score(ruleset, target, "示例网站", given, as_of=DAY, site_kind="portal")
    return time.process_time() - began


def main() -> None:
    """Prints one row a ruleset."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    sites = [Target("bench", f"http://s{number}.example/", Subject.SITE) for number in range(arguments.targets)]
    targets = {site: tuple(results(site)) for site in sites}
    print("| ruleset | targets | indicators | CPU s | ms a target |\n|---|---|---|---|---|")
    for info in available():
        ruleset = load(info.id, CHECKS.keys())
        if ruleset.applies_to.subject != "site":
            continue
        cost = statistics.median(spent(ruleset, targets) for _ in range(arguments.rounds))
        traces = len(score(ruleset, sites[0], "示例网站", targets[sites[0]], as_of=DAY, site_kind="portal").traces)
        print(f"| {info.id} | {len(sites)} | {traces} | {cost:.2f} | {cost * 1000 / len(sites):.2f} |")


if __name__ == "__main__":
    main()
