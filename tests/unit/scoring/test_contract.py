"""The shipped rulesets speak of what the real checks write: every clause meets findings of a check's own fixtures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.model import StampedFinding
from checks.registry import CHECKS
from checks.runner import run
from scoring.clauses import Where
from scoring.indicators import Bonus, Condition, Deduct, Deduction, Presence, Veto
from scoring.ruleset import Ruleset, available, load
from tests.unit.checks import fixture

RULESETS = [load(info.id, CHECKS) for info in available()]


def clauses(rules: Ruleset) -> Iterator[tuple[str, Where]]:
    """Every check with every clause under which the ruleset reads it."""
    conditions: list[Condition] = [condition for gate in rules.gates for condition in gate.any]
    for _, indicator in rules.indicators():
        if isinstance(indicator, Deduct | Deduction):
            yield from ((item.check, item.where) for item in indicator.items)
        elif isinstance(indicator, Presence | Bonus):
            yield from ((part.check, part.where) for part in indicator.parts)
        elif isinstance(indicator, Veto):
            conditions += indicator.any
    yield from ((count.check, count.where) for condition in conditions for count in condition.of)


USED = sorted({check for rules in RULESETS for check, where in clauses(rules) if where.conditions})


def findings(check: str) -> list[StampedFinding]:
    """What the check finds in its own failing fixtures."""
    found: list[StampedFinding] = []
    for path in sorted(Path(fixture.FOLDER, check).glob("fail_*.yaml")):
        loaded = fixture.load(path)
        overrides = {check: loaded.thresholds} if loaded.thresholds else {}
        for result in run(loaded.facts, checks={check}, thresholds=overrides):
            found += result.findings
    return found


@pytest.mark.parametrize("check", USED)
def test_what_a_clause_asks_for_is_what_the_check_observes(check: str) -> None:
    found = findings(check)
    assert found
    named = {
        condition.attribute
        for rules in RULESETS
        for own, where in clauses(rules)
        if own == check
        for condition in where.conditions
    }
    observed = set().union(*(one.finding.observed for one in found))
    assert named <= observed, f"{check} observes {sorted(observed)}"


@pytest.mark.parametrize("check", USED)
@pytest.mark.parametrize("rules", RULESETS, ids=[rules.id for rules in RULESETS])
def test_no_finding_of_a_site_check_falls_between_the_items(check: str, rules: Ruleset) -> None:
    """A fault that is found costs something in every ruleset of websites that reads its check."""
    costed = [
        item.where
        for _, indicator in rules.indicators()
        if isinstance(indicator, Deduct)
        for item in indicator.items
        if item.check == check
    ]
    for one in findings(check) if costed else ():
        assert any(where.matches(one.finding.observed) for where in costed), one.finding
