"""Every finding on an account says on which platform it is and whose, for rulesets choose by both."""

from __future__ import annotations

import pytest

from checks.model import Subject
from checks.registry import of_subject
from checks.runner import run
from tests.unit.checks.fixture import FOLDER, load

ACCOUNT_CHECKS = tuple(check.id for check in of_subject(Subject.ACCOUNT))
SILENT_ON_UNITS = ("account.naming", "account.unverified")
"""Checks that no ruleset asks by the kind of unit."""


@pytest.mark.parametrize("check", ACCOUNT_CHECKS)
def test_a_finding_says_platform_and_kind_of_unit(check: str) -> None:
    paths = sorted(path for kind in ("fail", "review") for path in (FOLDER / check).glob(f"{kind}_*.yaml"))
    assert paths
    wanted = {"platform"} if check in SILENT_ON_UNITS else {"platform", "unit_kind"}
    for path in paths:
        fixture = load(path)
        (result,) = run(
            fixture.facts, checks={check}, thresholds={check: fixture.thresholds} if fixture.thresholds else {}
        )
        assert result.findings
        for stamped in result.findings:
            assert wanted <= set(stamped.finding.observed), path.name
