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

    For a 扣分项 the value is what is taken. `file` names what proves it.
    """

    value: Decimal
    reason: str
    by: str = ""
    file: str = ""


class ManualDecision(Struct, frozen=True):
    """Whether a veto or a gate holds, by a person's word."""

    holds: bool
    reason: str
    by: str = ""
    file: str = ""


ManualEntry = ManualScore | ManualDecision


def signed(entry: ManualEntry) -> str:
    """The reason with its author and its proof, as a note."""
    rest = "，".join(part for part in (entry.by, f"证据 {entry.file}" if entry.file else "") if part)
    return f"{entry.reason}（{rest}）" if rest else entry.reason


class Question(Struct, frozen=True):
    """What can be entered: a score up to `points`, or, where that is None, whether a veto or a gate holds.

    `is_whole` says that it is a dimension, entered in place of all its indicators.
    """

    id: str
    name: str
    section: str
    rule: str
    points: Decimal | None
    is_whole: bool = False


def questions(ruleset: Ruleset) -> Mapping[str, Question]:
    """Everything that a person can enter under a ruleset, by id: gates, indicators in their order, dimensions."""
    gates = [Question(gate.id, gate.words, "情形", gate.rule, None) for gate in ruleset.gates]
    single = [
        Question(one.id, one.name, section, one.rule, None if isinstance(one, Veto) else one.points.value)
        for section, one in ruleset.indicators()
    ]
    whole = [
        Question(
            dimension.id, dimension.name, dimension.name, "一级指标整体录入", dimension.points.value, is_whole=True
        )
        for dimension in ruleset.dimensions
    ]
    return {question.id: question for question in (*gates, *single, *whole)}


def validate(ruleset: Ruleset, manual: Mapping[str, ManualEntry]) -> None:
    """ManualEntryError for the first entry that cannot be taken; nothing of such a set is scored."""
    if not manual:
        return
    known = questions(ruleset)
    for dimension in ruleset.dimensions:
        for indicator in dimension.indicators:
            if dimension.id in manual and indicator.id in manual:
                raise ManualEntryError(indicator.id, f"“{dimension.name}”已整体录入，不能再录入其中一项")
    for identity, entry in manual.items():
        if not entry.reason.strip():
            raise ManualEntryError(identity, "没有写明理由")
        question = known.get(identity)
        if isinstance(entry, ManualDecision):
            if question is None or question.points is not None:
                raise ManualEntryError(identity, f"{ruleset.id} 中没有这样的否决项或情形")
        elif question is None or question.points is None:
            raise ManualEntryError(identity, f"{ruleset.id} 中没有这样的评分指标")
        elif not entry.value.is_finite() or not 0 <= entry.value <= question.points:
            raise ManualEntryError(identity, f"分值 {entry.value} 不在 0 至 {plain(question.points)} 之间")
