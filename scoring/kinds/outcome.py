"""What the arithmetic of an indicator comes to, before it is stamped with the indicator's name and clause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from msgspec import Struct, field

from checks.model import State
from scoring.evidence import OPEN, Answer

ZERO = Decimal(0)


class Outcome(Struct, frozen=True):
    """`score` of `attainable`; `unsettled` are the points that are still open (neither earned nor lost).

    points = attainable + unsettled + the points of what does not apply.
    """

    state: State
    score: Decimal | None = None
    attainable: Decimal = ZERO
    unsettled: Decimal = ZERO
    operands: Mapping[str, Decimal | int | str] = field(default_factory=dict)
    arithmetic: str = ""
    findings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Something of it was not determined."""
        return self.state in OPEN or self.unsettled > 0


def gap_notes(answers: Iterable[tuple[Answer, State | None]]) -> tuple[str, ...]:
    """Which checks are open and why, one note each."""
    return tuple(f"{answer.check} {_said(gap, answer.summary)}" for answer, gap in answers if gap)


def _said(gap: State, summary: str) -> str:
    """The state and the check's own sentence, which may begin with the state."""
    if summary.startswith(gap.label):
        return summary
    return f"{gap.label}：{summary}" if summary else gap.label
