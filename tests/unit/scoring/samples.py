"""What the tests of scoring are built from: targets, results and rulesets small enough to work out on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from checks.model import (
    JSON,
    CheckResult,
    Finding,
    Measurement,
    StampedFinding,
    State,
    Subject,
    Target,
    fingerprint,
)
from scoring.ruleset import Ruleset, parse

SITE = Target("yunxi-county", "http://www.yunxi.example/", Subject.SITE)
UNIT = Target("yunxi-county", "yunxi-county", Subject.UNIT)
ACCOUNT = Target("yunxi-county", "wechat:gh_yunxi01", Subject.ACCOUNT)

CHECKS = frozenset(
    {
        "link.broken",
        "link.placeholder",
        "update.column-stale",
        "update.column-empty",
        "disclosure.guide-missing",
        "function.search",
        "account.missing",
        "availability.unreachable",
    }
)
"""The check ids that the tests' own rulesets may name."""


def finding(
    check: str, place: int | str, *, target: Target = SITE, state: State = State.FAIL, **observed: JSON
) -> StampedFinding:
    """A finding on the page `/place`, told from others of the same check by that place."""
    fault = Finding(url=f"{SITE.address}{place}", message="示例问题", quote=str(place), observed=observed)
    return StampedFinding(check, target, state, fault, "", fingerprint(check, target, fault))


def failed(
    check: str, *findings: StampedFinding, target: Target = SITE, measurements: Sequence[Measurement] = ()
) -> CheckResult:
    """发现问题 with these findings."""
    return CheckResult(check, target, State.FAIL, "发现问题", findings, tuple(measurements))


def broken(count: int, *, start: int = 0, check: str = "link.broken", **observed: Any) -> CheckResult:
    """A failed check with that many findings."""
    return failed(check, *(finding(check, place, **observed) for place in range(start, start + count)))


def result(
    check: str, state: State, *measurements: Measurement, target: Target = SITE, summary: str = ""
) -> CheckResult:
    """A result without findings."""
    return CheckResult(check, target, state, summary, (), measurements)


def share(name: str, numerator: int, denominator: int) -> Measurement:
    """A part of a whole."""
    return Measurement(name, Decimal(numerator) / Decimal(denominator), Decimal(numerator), Decimal(denominator))


def indicator(identity: str, kind: str, points: object, **rest: Any) -> dict[str, Any]:
    """An indicator's mapping as a file has it."""
    head = {"id": identity, "name": f"指标{identity}", "kind": kind, "points": points}
    return head | {"rule": "规则", "clause": "条款", "provenance": "assumed"} | rest


def deduct(identity: str, points: object, *items: Mapping[str, Any], **rest: Any) -> dict[str, Any]:
    """A deduct indicator; by default every broken link costs one point."""
    chosen = list(items) or [{"check": "link.broken", "label": "错链", "per_item": 1}]
    return indicator(identity, "deduct", points, items=chosen, **rest)


def veto(identity: str, *conditions: Mapping[str, Any], **rest: Any) -> dict[str, Any]:
    """A veto's mapping."""
    made = {"id": identity, "name": f"否决{identity}", "kind": "veto", "rule": "规则", "clause": "条款"}
    return made | {"provenance": "printed", "any": list(conditions)} | rest


def mapping(*indicators: Mapping[str, Any], **rest: Any) -> dict[str, Any]:
    """A ruleset file's mapping with one dimension that holds these indicators."""
    total = sum(
        (
            Decimal(str(one["points"]["value"] if isinstance(one["points"], dict) else one["points"]))
            for one in indicators
        ),
        Decimal(0),
    )
    dimension = {"id": "X", "name": "维度", "points": total, "clause": "条款", "provenance": "printed"}
    return {
        "id": "trial",
        "version": "1",
        "title": "试行指标",
        "system": "trial",
        "source": "测试",
        "effective": {"since": "2026-01-01"},
        "applies_to": {"subject": "site"},
        "maximum": total,
        "provenance": "printed",
        "dimensions": [dimension | {"indicators": list(indicators)}] if indicators else [],
    } | rest


def ruleset(*indicators: Mapping[str, Any], **rest: Any) -> Ruleset:
    """That mapping, read."""
    return parse(mapping(*indicators, **rest), CHECKS, file="trial.yaml")
