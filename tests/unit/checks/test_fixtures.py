"""Every fixture of every check, judged through the runner; and that no check lacks one."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from checks.model import CheckResult, State
from checks.registry import CHECKS
from checks.runner import run
from tests.unit.checks.fixture import FOLDER, Fixture, load

KINDS = {
    "pass": State.PASS,
    "fail": State.FAIL,
    "undetermined": State.UNDETERMINED,
    "review": State.NEEDS_REVIEW,
    "inapplicable": State.NOT_APPLICABLE,
}
REQUIRED = ("pass", "fail", "undetermined")
FIXTURES = sorted(path for path in FOLDER.glob("*/*.yaml") if path.stem.split("_")[0] in KINDS)


def _judged(path: Path) -> tuple[Fixture, CheckResult]:
    fixture, check = load(path), path.parent.name
    overrides = {check: fixture.thresholds} if fixture.thresholds else {}
    results = run(fixture.facts, checks={check}, thresholds=overrides)
    assert len(results) == 1, f"{check} is not a check of this fixture's subject"
    return fixture, results[0]


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_fixture_is_judged_as_it_says(path: Path) -> None:
    fixture, result = _judged(path)
    assert result.state is State(fixture.expect["state"]) is KINDS[path.stem.split("_")[0]], result.summary
    expected = {fixture.address(token) for token in fixture.expect.get("findings", ())}
    found = [{s.finding.url, s.finding.problem_url, s.finding.quote} for s in result.findings]
    matched = {token for token in expected if any(token in names for names in found)}
    assert matched == expected, [s.finding for s in result.findings]
    unexpected = [s.finding for s, names in zip(result.findings, found, strict=True) if not names & expected]
    assert not unexpected
    for words in fixture.expect.get("says", ()):
        assert words in "\n".join([result.summary, *(s.finding.message for s in result.findings)])
    for finding in result.findings:
        assert finding.finding.message and finding.finding.url and finding.clause


@pytest.mark.parametrize("check", CHECKS)
def test_check_has_fixtures_of_every_possible_kind(check: str) -> None:
    folder = FOLDER / check
    path = folder / "impossible.yaml"
    impossible = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    assert all(isinstance(reason, str) and reason for reason in impossible.values())
    there = {path.stem.split("_")[0] for path in folder.glob("*_*.yaml")}
    assert not there & set(impossible), "a kind that is declared impossible has a fixture"
    assert set(REQUIRED) <= there | set(impossible), f"{check} lacks {set(REQUIRED) - there - set(impossible)}"
    if "fail" in impossible:
        assert "review" in there


def test_no_fixture_is_left_over() -> None:
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir() and not path.name.startswith("__")}
    assert folders == set(CHECKS)
    stray = {path for path in FOLDER.glob("[!_]*/*") if path.name != "impossible.yaml" and path not in FIXTURES}
    assert not stray
