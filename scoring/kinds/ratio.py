"""ratio: points × value of a Measurement (never over the points), or by tiers."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from checks.model import Measurement, State
from scoring import arithmetic
from scoring.evidence import Evidence
from scoring.indicators import Ratio
from scoring.kinds.outcome import ZERO, Outcome, gap_notes

_FINEST = Decimal("1E-20")
"""A quotient without end is cut here, eighteen places behind the last one that is ever shown."""


def judge(points: Decimal, ratio: Ratio, evidence: Evidence) -> Outcome:
    """The outcome of a measured indicator; open where its check is, or where the value was not measured.

    A part of nothing (no document was issued in the window) is no value: it is left open, never 0.
    """
    answer = evidence.answer(ratio.measure.check)
    if not answer.applies:
        return Outcome(State.NOT_APPLICABLE, notes=(answer.summary,) if answer.summary else ())
    gap = answer.gap or (State.NEEDS_REVIEW if answer.pending else None)
    measured = answer.measured(ratio.measure.name)
    if gap or measured is None or measured.value is None:
        notes = gap_notes([(answer, gap)]) if gap else (f"{answer.check} 没有测得“{ratio.measure.name}”",)
        return Outcome(gap or State.UNDETERMINED, unsettled=points, notes=notes)
    operands = _stepped(ratio, measured) if ratio.tiers else _proportional(points, measured)
    score = Decimal(operands[arithmetic.RESULT])
    return Outcome(
        State.PASS if score == points else State.FAIL,
        score=score,
        attainable=points,
        operands=operands,
        arithmetic=arithmetic.ratio(operands),
        findings=tuple(sorted(finding.fingerprint for finding in answer.confirmed)),
    )


def _value(measured: Measurement) -> Decimal:
    return Decimal(0) if measured.value is None else measured.value


def _proportional(points: Decimal, measured: Measurement) -> dict[str, Decimal | int | str]:
    operands: dict[str, Decimal | int | str] = {arithmetic.POINTS: points}
    with localcontext(prec=60):
        if measured.numerator is not None and measured.denominator:
            operands[arithmetic.NUMERATOR] = measured.numerator
            operands[arithmetic.DENOMINATOR] = measured.denominator
            score = points * measured.numerator / measured.denominator
        else:
            operands[arithmetic.MEASURED] = _value(measured)
            score = points * _value(measured)
        score = min(max(score, ZERO), points)
        if score != score.quantize(_FINEST, rounding=ROUND_HALF_EVEN):
            score = score.quantize(_FINEST, rounding=ROUND_HALF_EVEN)
    operands[arithmetic.RESULT] = score
    return operands


def _stepped(ratio: Ratio, measured: Measurement) -> dict[str, Decimal | int | str]:
    value = _value(measured)
    tier = next((tier for tier in ratio.tiers if value >= tier.at_least.value), None)
    if tier is None:
        return {arithmetic.MEASURED: value, arithmetic.LOWEST: ratio.tiers[-1].at_least.value, arithmetic.RESULT: ZERO}
    return {arithmetic.MEASURED: value, arithmetic.STEP: tier.at_least.value, arithmetic.RESULT: tier.points.value}
