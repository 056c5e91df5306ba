"""The outbox's JSON objects, field by field: findings.jsonl, results.jsonl, scores.json, run.json.

English keys and ids for programs, Chinese texts for people. Decimals stand as exact JSON numbers, never as floats.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal

import msgspec

from checks.model import CheckResult, Measurement, StampedFinding, State, Target
from crawler.facts import Coverage
from reports.problems import InspectionView, Problem, RunFigures
from reports.ranking import place_of, ranks_of
from reports.wording import stamp
from scoring.model import DimensionScore, Scorecard, ScoreTrace
from scoring.ranks import total

Record = dict[str, object]
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_SURROGATE = re.compile("[\ud800-\udfff]")


def encode(value: object) -> bytes:
    """Compact UTF-8 JSON in the given key order. Half a surrogate pair, which UTF-8 cannot hold, becomes U+FFFD.

    Raises TypeError for what JSON has no form for.
    """
    return _ENCODER.encode(_whole(value))


def encode_pretty(value: object) -> bytes:
    """As `encode`, indented by two spaces, with a final line feed."""
    return msgspec.json.format(encode(value), indent=2) + b"\n"


def findings(view: InspectionView) -> Iterator[Record]:
    """One object a finding, unit by unit in the list's order."""
    return (_finding(problem) for problem in view.problems)


def results(view: InspectionView) -> Iterator[Record]:
    """One object per check and target, whatever its state: this is where 未能判定 stands."""
    return (_result(result) for unit in view.units for result in unit.results)


def scores(view: InspectionView) -> list[Record]:
    """One scorecard per target and ruleset, with its rank among all and every indicator's trace."""
    ranks = ranks_of(view)
    return [{**scorecard(card), "rank": ranks[place_of(card)]} for card in view.scorecards]


def run(view: InspectionView) -> Record:
    """The inspection itself: monitoring time point, versions, rulesets, and the figures of every target."""
    places = {unit.code: place for place, unit in enumerate(view.units)}
    undetermined = Counter(
        result.target
        for unit in view.units
        for result in unit.results
        if result.state in (State.UNDETERMINED, State.ERROR)
    )
    ordered = sorted(
        view.runs, key=lambda figures: (places.get(figures.target.unit, len(places)), _key(figures.target))
    )
    return {
        "id": view.id,
        "name": view.name,
        "kind": view.kind,
        "as_of": stamp(view.as_of),
        "started": stamp(view.started),
        "ended": stamp(view.ended),
        "versions": {"xuncha": view.tool_version},
        "ruleset": [{"id": ref.id, "version": ref.version, "title": ref.title} for ref in view.rulesets],
        "units": [{"code": unit.code, "name": unit.name, "fixed": unit.fixed} for unit in view.units],
        "targets": [_figures(figures, undetermined[figures.target]) for figures in ordered],
    }


def _key(target: Target) -> tuple[str, str]:
    return target.kind.value, target.address


def _target(target: Target) -> Record:
    return {"unit": target.unit, "target": target.address, "target_kind": target.kind.value}


def _finding(problem: Problem) -> Record:
    return {
        **_target(problem.target),
        "check": problem.check,
        "state": problem.state.value,
        "url": problem.url,
        "location": problem.location,
        "quote": problem.quote,
        "problem_url": problem.problem_url,
        "message": problem.message,
        "observed": problem.observed,
        "severity": problem.severity.value,
        "confirmations": problem.confirmations,
        "fingerprint": problem.fingerprint,
        "evidence": problem.evidence,
        "first_seen": stamp(problem.first_seen),
        "life": problem.life.value,
        "clause": problem.clause,
    }


def _result(result: CheckResult) -> Record:
    return {
        **_target(result.target),
        "check": result.check,
        "state": result.state.value,
        "summary": result.summary,
        "findings": [found.fingerprint for found in result.findings],
        "coverage": _coverage(result.coverage),
        "measurements": [_measurement(measured) for measured in result.measurements],
        "config": result.config,
    }


def _coverage(seen: Coverage) -> Record:
    return {
        "attempted": seen.attempted,
        "reached": seen.reached,
        "blocked": seen.blocked,
        "failed": seen.failed,
        "truncated_by": seen.truncated_by,
        "note": seen.note,
        "unrendered": seen.unrendered,
    }


def _measurement(measured: Measurement) -> Record:
    return {
        "name": measured.name,
        "value": measured.value,
        "numerator": measured.numerator,
        "denominator": measured.denominator,
        "unit": measured.unit,
    }


def scorecard(card: Scorecard) -> Record:
    """A scorecard with its traces, as scores.json has it; `total` is null where too little was determined."""
    return {
        **_target(card.target),
        "name": card.name,
        "ruleset": card.ruleset,
        "version": card.version,
        "title": card.title,
        "verdict": card.verdict,
        "vetoed": card.vetoed,
        "total": total(card),
        "attainable": card.attainable,
        "maximum": card.maximum,
        "assumed_points": card.assumed_points,
        "undetermined": card.undetermined,
        "ties": card.ties.value,
        "dimensions": [_dimension(part) for part in card.dimensions],
        "traces": [trace(each) for each in card.traces],
    }


def _dimension(part: DimensionScore) -> Record:
    return {"name": part.name, "maximum": part.maximum, "attainable": part.attainable, "score": part.score}


def trace(each: ScoreTrace) -> Record:
    """An indicator's trace, as scores.json has it."""
    return {
        "indicator": each.indicator,
        "name": each.name,
        "dimension": each.dimension,
        "kind": each.kind.value,
        "points": each.points,
        "state": each.state.value,
        "score": each.score,
        "attainable": each.attainable,
        "rule": each.rule,
        "clause": each.clause,
        "provenance": each.provenance.value,
        "operands": each.operands,
        "arithmetic": each.arithmetic,
        "checks": each.checks,
        "findings": each.findings,
        "note": each.note,
        "coverage": {check: _coverage(seen) for check, seen in each.coverage.items()},
        "reviews": each.reviews,
        "by_threshold": [_counted(found) for found in each.by_threshold],
    }


def _counted(found: StampedFinding) -> Record:
    """A finding that stands in no list, for only the ruleset's thresholds make it."""
    fault = found.finding
    return {
        "check": found.check,
        "url": fault.url,
        "location": fault.location,
        "quote": fault.quote,
        "problem_url": fault.problem_url,
        "message": fault.message,
        "observed": fault.observed,
        "severity": fault.severity.value,
        "confirmations": fault.confirmations,
        "fingerprint": found.fingerprint,
        "clause": found.clause,
    }


def _figures(figures: RunFigures, undetermined: int) -> Record:
    return {
        **_target(figures.target),
        "name": figures.name,
        "pages": figures.pages,
        "unchanged": figures.unchanged,
        "links": figures.links,
        "blocked": figures.blocked,
        "undetermined": undetermined,
        "exit_reason": figures.exit_reason,
        "wall_seconds": figures.wall_seconds,
        "cpu_seconds": figures.cpu_seconds,
    }


def _whole(value: object) -> object:
    """The value in plain containers, fit for UTF-8."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {str(_whole(key)): _whole(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(item) for item in value]
    if isinstance(value, Decimal) and not value.is_finite():
        return None
    return value
