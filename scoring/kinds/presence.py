"""presence: the points of each part that is there. A part that could not be looked at leaves the denominator."""

from __future__ import annotations

from decimal import Decimal

from checks.model import State
from scoring import arithmetic
from scoring.evidence import Answer, Evidence, first_gap
from scoring.indicators import Part
from scoring.kinds.outcome import ZERO, Outcome, gap_notes


def judge(parts: tuple[Part, ...], evidence: Evidence) -> Outcome:
    """The outcome over the parts; a part is absent where its check confirmed a finding that the part means."""
    operands: dict[str, Decimal | int | str] = {}
    score = attainable = unsettled = ZERO
    findings: list[str] = []
    gaps: list[tuple[Answer, State | None]] = []
    for part in parts:
        answer = evidence.answer(part.check)
        against = [one.fingerprint for one in answer.confirmed if part.where.matches(one.finding.observed)]
        gap = None if against else answer.gap_under((part.where,))
        if gap:
            gaps.append((answer, gap))
            unsettled += part.points.value
        elif answer.applies:
            had = ZERO if against else part.points.value
            operands[part.label + arithmetic.PART] = had
            score += had
            attainable += part.points.value
            findings += against
    if not operands:
        state = first_gap(gap for _, gap in gaps) or State.NOT_APPLICABLE
        return Outcome(state, unsettled=unsettled, notes=gap_notes(gaps))
    operands[arithmetic.RESULT] = score
    state = State.FAIL if score < attainable else first_gap(gap for _, gap in gaps) or State.PASS
    return Outcome(
        state,
        score,
        attainable,
        unsettled,
        operands,
        arithmetic.parts(operands),
        tuple(sorted(set(findings))),
        gap_notes(gaps),
    )
