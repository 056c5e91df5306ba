"""veto: holds where any of its conditions holds, or where a person says so. Gates hold by the same conditions."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from checks.model import State
from scoring import arithmetic
from scoring.evidence import Answer, Evidence, first_gap
from scoring.indicators import Condition, Count, Veto
from scoring.kinds.outcome import ZERO, Outcome, gap_notes
from scoring.manual import ManualDecision, signed


class Counted(Struct, frozen=True):
    """What one condition came to: `gap` is None where it is certain that it holds, or that it does not."""

    holds: bool
    gap: State | None
    operands: dict[str, Decimal | int | str]
    findings: tuple[str, ...]
    answers: tuple[tuple[Answer, State | None], ...]
    applies: bool


def weigh(condition: Condition, evidence: Evidence) -> Counted:
    """One condition over the evidence."""
    return _shared(condition, evidence) if condition.share else _counted(condition, evidence)


def _meant(counts: tuple[Count, ...], evidence: Evidence, *, confirmed: bool) -> frozenset[str]:
    return frozenset(
        finding.fingerprint
        for count in counts
        for finding in (evidence.answer(count.check).confirmed if confirmed else evidence.answer(count.check).pending)
        if count.where.matches(finding.finding.observed)
    )


def _counted(condition: Condition, evidence: Evidence) -> Counted:
    line = condition.at_least.value if condition.at_least else Decimal(1)
    found = _meant(condition.of, evidence, confirmed=True)
    waiting = _meant(condition.of, evidence, confirmed=False) - found
    answers = [evidence.answer(check) for check in condition.checks]
    gaps: list[tuple[Answer, State | None]] = [(answer, answer.gap) for answer in answers]
    holds = len(found) >= line
    gap = None if holds else first_gap(gap for _, gap in gaps)
    if not holds and gap is None and len(found) + len(waiting) >= line:
        gap = State.NEEDS_REVIEW  # candidates enough to reach the line: a person settles it
    operands: dict[str, Decimal | int | str] = {
        condition.label + arithmetic.COUNT: len(found),
        condition.label + arithmetic.LINE: line,
    }
    return Counted(
        holds,
        gap,
        operands,
        tuple(sorted(found)),
        tuple((answer, own or (gap if answer.pending else None)) for answer, own in gaps),
        any(answer.applies for answer in answers),
    )


def _shared(condition: Condition, evidence: Evidence) -> Counted:
    share = condition.share
    if share is None:
        raise ValueError("a condition without a share has no measure")
    answer = evidence.answer(share.measure.check)
    measured = answer.measured(share.measure.name)
    gap = answer.gap or (State.NEEDS_REVIEW if answer.pending else None)
    if answer.applies and gap is None and measured is None:
        gap = State.UNDETERMINED
    if gap or measured is None or measured.value is None:
        return Counted(False, gap, {}, (), ((answer, gap),), answer.applies)
    operands: dict[str, Decimal | int | str] = {
        condition.label + arithmetic.VALUE: measured.value,
        condition.label + arithmetic.LINE: share.at_least.value,
    }
    holds = measured.value >= share.at_least.value
    found = tuple(sorted(finding.fingerprint for finding in answer.confirmed)) if holds else ()
    return Counted(holds, None, operands, found, ((answer, None),), answer.applies)


def judge(veto: Veto, evidence: Evidence, decision: ManualDecision | None) -> Outcome:
    """The outcome of a veto: fail where it holds. What is found counts before what a person says in its favour."""
    weighed = [weigh(condition, evidence) for condition in veto.any]
    operands = {key: value for one in weighed for key, value in one.operands.items()}
    findings = tuple(dict.fromkeys(f for one in weighed if one.holds for f in one.findings))
    word = (signed(decision),) if decision else ()
    gap = first_gap(one.gap for one in weighed)
    notes: tuple[str, ...] = ()
    if any(one.holds for one in weighed):
        state = State.FAIL
        if decision and not decision.holds:
            notes = ("人工判定不成立，但已确认的问题达到否决线；如有误报请逐条复核",)
    elif decision:
        state = State.FAIL if decision.holds else State.PASS
    elif gap or veto.manual:
        state = gap or State.NOT_CHECKED
        open_answers = {answer.check: (answer, own) for one in weighed if one.gap for answer, own in one.answers if own}
        notes = gap_notes(open_answers.values())
        notes += ("须由人工判定的部分未检查",) if veto.manual else ()
    elif any(one.applies for one in weighed):
        state = State.PASS
    else:
        state = State.NOT_APPLICABLE
    return Outcome(
        state,
        score=ZERO if state in (State.PASS, State.FAIL) else None,
        operands=operands,
        arithmetic=arithmetic.conditions(operands),
        findings=findings,
        notes=(*notes, *word),
    )
