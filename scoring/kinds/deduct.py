"""deduct: points − min(Σ confirmed findings × per_item, cap). Also the sum of a 扣分项.

Where some of its checks could not be determined, what was found is still taken, but the points that nobody
could lose or keep for certain leave the denominator: of 5 points with one finding at 1 and another check
未能判定 the trace reads 0 of 1, with 4 points open. So nothing unknown reads as clean, and nothing unknown costs.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from msgspec import Struct

from checks.model import StampedFinding, State
from scoring import arithmetic
from scoring.evidence import Answer, Evidence, first_gap
from scoring.indicators import Deduct, Deduction, Item
from scoring.kinds.outcome import ZERO, Outcome, gap_notes


class Taken(Struct, frozen=True):
    """What the findings cost: counts per item in the items' order, and which findings they are."""

    counts: tuple[tuple[Item, int], ...]
    amount: Decimal
    findings: tuple[str, ...]
    set_aside: int
    gap: State | None
    answers: tuple[tuple[Answer, State | None], ...]

    @property
    def applies(self) -> bool:
        """At least one of the checks applies to the target."""
        return any(answer.applies for answer, _ in self.answers)


def taken(items: tuple[Item, ...], once_per_page: bool, evidence: Evidence) -> Taken:
    """Counts the confirmed findings, each fault once; with `once_per_page` only the dearest on a page."""
    answers = tuple(evidence.answer(check) for check in dict.fromkeys(item.check for item in items))
    dearest: dict[str, tuple[Decimal, int, str]] = {}
    met = 0
    for answer in answers:
        own = [(place, item) for place, item in enumerate(items) if item.check == answer.check]
        for finding in answer.confirmed:
            place = _first_meant(finding, own)
            if place is None:
                continue
            met += 1
            key = finding.finding.url if once_per_page else finding.fingerprint
            claim = (-items[place].per_item.value, place, finding.fingerprint)
            dearest[key] = min(dearest.get(key, claim), claim)
    counted = Counter(place for _, place, _ in dearest.values())
    counts = tuple((item, counted[place]) for place, item in enumerate(items) if counted[place])
    gaps = tuple((answer, answer.gap_under(i.where for i in items if i.check == answer.check)) for answer in answers)
    return Taken(
        counts,
        arithmetic.total([item.per_item.value * count for item, count in counts]),
        tuple(sorted(fingerprint for _, _, fingerprint in dearest.values())),
        met - len(dearest),
        first_gap(gap for _, gap in gaps),
        gaps,
    )


def _first_meant(finding: StampedFinding, items: list[tuple[int, Item]]) -> int | None:
    """The place of the first item that means the finding."""
    for place, item in items:
        if item.where.matches(finding.finding.observed):
            return place
    return None


def judge(indicator: Deduct, evidence: Evidence) -> Outcome:
    """The outcome of a deduct indicator."""
    points, cap = indicator.points.value, indicator.ceiling
    cost = taken(indicator.items, indicator.once_per_page, evidence)
    amount = min(cost.amount, cap)
    if not cost.applies:
        return Outcome(State.NOT_APPLICABLE, notes=_notes(cost))
    if cost.gap and not amount:
        return Outcome(cost.gap, unsettled=points, notes=_notes(cost))
    attainable = amount if cost.gap else points
    operands = _operands(cost, points, cap, attainable)
    operands[arithmetic.RESULT] = attainable - amount
    return Outcome(
        State.FAIL if amount else State.PASS,
        score=attainable - amount,
        attainable=attainable,
        unsettled=points - attainable,
        operands=operands,
        arithmetic=arithmetic.deducted(operands),
        findings=cost.findings,
        notes=_notes(cost),
    )


def take(indicator: Deduction, evidence: Evidence) -> Outcome:
    """The outcome of a 扣分项: a score of 0 or below, outside the denominator."""
    cost = taken(indicator.items, indicator.once_per_page, evidence)
    amount = min(cost.amount, indicator.points.value)
    if not cost.applies:
        return Outcome(State.NOT_APPLICABLE, notes=_notes(cost))
    if cost.gap and not amount:
        return Outcome(cost.gap, unsettled=indicator.points.value, notes=_notes(cost))
    operands = _operands(cost, ZERO, indicator.points.value, ZERO)
    operands[arithmetic.RESULT] = -amount
    return Outcome(
        State.FAIL if amount else State.PASS,
        score=-amount,
        unsettled=indicator.points.value - amount if cost.gap else ZERO,
        operands=operands,
        arithmetic=arithmetic.deducted(operands),
        findings=cost.findings,
        notes=_notes(cost),
    )


def _operands(cost: Taken, points: Decimal, cap: Decimal, attainable: Decimal) -> dict[str, Decimal | int | str]:
    operands: dict[str, Decimal | int | str] = {arithmetic.POINTS: points}
    if attainable < points:
        operands[arithmetic.UNKNOWN] = points - attainable
    for item, count in cost.counts:
        operands[item.label + arithmetic.COUNT] = count
        operands[item.label + arithmetic.EACH] = item.per_item.value
    operands[arithmetic.CAP] = cap
    return operands


def _notes(cost: Taken) -> tuple[str, ...]:
    aside = (f"同一处只扣一次，略去 {cost.set_aside} 条",) if cost.set_aside else ()
    return (*aside, *gap_notes(cost.answers))
