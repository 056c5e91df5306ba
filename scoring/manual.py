"""What a person enters: a score, or a decision whether a veto or a gate holds. Nothing is taken without a reason."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct

from scoring.display import plain
from scoring.errors import ManualEntryError
from scoring.indicators import Veto

if TYPE_CHECKING:
    from scoring.ruleset import Ruleset


class ManualScore(Struct, frozen=True):
    """A score of one indicator (or of a whole dimension) within [0, points]. `by` is who entered it.

    For a 扣分项 the value is what is taken.
    """

    value: Decimal
    reason: str
    by: str = ""


class ManualDecision(Struct, frozen=True):
    """Whether a veto or a gate holds, by a person's word."""

    holds: bool
    reason: str
    by: str = ""


ManualEntry = ManualScore | ManualDecision


def signed(entry: ManualEntry) -> str:
    """The reason with its author, as a note."""
    return f"{entry.reason}（{entry.by}）" if entry.by else entry.reason


def validate(ruleset: Ruleset, manual: Mapping[str, ManualEntry]) -> None:
    """ManualEntryError for the first entry that cannot be taken; nothing of such a set is scored."""
    scored = {dimension.id: dimension.points.value for dimension in ruleset.dimensions}
    decided = {gate.id for gate in ruleset.gates}
    for _, indicator in ruleset.indicators():
        if isinstance(indicator, Veto):
            decided.add(indicator.id)
        else:
            scored[indicator.id] = indicator.points.value
    for dimension in ruleset.dimensions:
        for indicator in dimension.indicators:
            if dimension.id in manual and indicator.id in manual:
                raise ManualEntryError(indicator.id, f"“{dimension.name}”已整体录入，不能再录入其中一项")
    for identity, entry in manual.items():
        if not entry.reason.strip():
            raise ManualEntryError(identity, "没有写明理由")
        if isinstance(entry, ManualDecision):
            if identity not in decided:
                raise ManualEntryError(identity, f"{ruleset.id} 中没有这样的否决项或情形")
        elif identity not in scored:
            raise ManualEntryError(identity, f"{ruleset.id} 中没有这样的评分指标")
        elif not entry.value.is_finite() or not 0 <= entry.value <= scored[identity]:
            raise ManualEntryError(identity, f"分值 {entry.value} 不在 0 至 {plain(scored[identity])} 之间")
