"""manual: the value a person entered; 未检查 until then."""

from __future__ import annotations

from decimal import Decimal

from checks.model import State
from scoring import arithmetic
from scoring.kinds.outcome import ZERO, Outcome
from scoring.manual import ManualScore, signed


def judge(points: Decimal, entry: ManualScore | None) -> Outcome:
    """The outcome of an entry for an indicator, a bonus or a whole dimension."""
    if entry is None:
        return Outcome(State.NOT_CHECKED, unsettled=points, notes=("待人工录入",))
    operands = {arithmetic.ENTERED: entry.value}
    return Outcome(
        State.PASS if entry.value == points else State.FAIL,
        score=entry.value,
        attainable=points,
        operands=operands,
        arithmetic=arithmetic.entered(operands),
        notes=(signed(entry),),
    )


def take(points: Decimal, entry: ManualScore | None) -> Outcome:
    """The outcome of a 扣分项 entered by hand: the value is what is taken."""
    if entry is None:
        return Outcome(State.NOT_CHECKED, unsettled=points, notes=("待人工录入",))
    operands = {arithmetic.ENTERED: -entry.value}
    return Outcome(
        State.FAIL if entry.value else State.PASS,
        score=-entry.value if entry.value else ZERO,
        operands=operands,
        arithmetic=arithmetic.entered(operands).replace("-", "−"),
        notes=(signed(entry),),
    )
