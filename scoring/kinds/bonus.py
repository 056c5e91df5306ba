"""bonus: like presence, ratio or manual, within what the common cap leaves; outside the denominator."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from checks.model import State
from scoring import arithmetic
from scoring.evidence import Evidence
from scoring.indicators import Bonus
from scoring.kinds import manual, presence, ratio
from scoring.kinds.outcome import ZERO, Outcome
from scoring.manual import ManualScore


def judge(bonus: Bonus, evidence: Evidence, entry: ManualScore | None, room: Decimal) -> Outcome:
    """The outcome of a bonus of which at most `room` may still be taken."""
    points = bonus.points.value
    if bonus.parts:
        own = presence.judge(bonus.parts, evidence)
    elif bonus.ratio:
        own = ratio.judge(points, bonus.ratio, evidence)
    else:
        own = manual.judge(points, entry)
    if own.score is None:
        return replace(own, attainable=ZERO)
    operands = {**own.operands, arithmetic.RESULT: own.score, arithmetic.ROOM: room}
    return replace(
        own,
        state=State.PASS if own.state is State.FAIL else own.state,  # a bonus not had is no fault
        score=min(own.score, room),
        attainable=ZERO,
        operands=operands,
        arithmetic=arithmetic.within_room(own.arithmetic, operands),
    )
