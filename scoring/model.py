"""The vocabulary of scoring: traces and scorecards. Numbers are exact; only a reader's copy is rounded."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct, field

from checks.model import StampedFinding, State, Target
from crawler.facts import Coverage


class Kind(StrEnum):
    """How an indicator turns findings or measurements into points (scoring.md)."""

    DEDUCT = "deduct"
    PRESENCE = "presence"
    RATIO = "ratio"
    MANUAL = "manual"
    VETO = "veto"
    BONUS = "bonus"
    DEDUCTION = "deduction"

    @property
    def label(self) -> str:
        """The kind in Chinese."""
        return _KIND_LABELS[self]


_KIND_LABELS = {
    Kind.DEDUCT: "扣分",
    Kind.PRESENCE: "有无",
    Kind.RATIO: "比例",
    Kind.MANUAL: "人工评分",
    Kind.VETO: "单项否决",
    Kind.BONUS: "加分",
    Kind.DEDUCTION: "扣分项",
}


class Provenance(StrEnum):
    """How sure a number of a ruleset is."""

    PRINTED = "printed"
    DERIVED = "derived"
    ASSUMED = "assumed"

    @property
    def label(self) -> str:
        """The provenance in Chinese."""
        return {"printed": "文件载明", "derived": "由文件推得", "assumed": "本系统暂定"}[self.value]


class Ties(StrEnum):
    """How a ruleset's tables number equal scores: 5, 6, 7 through, or 10, 10, 12 shared."""

    THROUGH = "through"
    SHARED = "shared"

    @property
    def label(self) -> str:
        """The style in Chinese."""
        return {"through": "得分率相同的依次编号", "shared": "得分率相同的名次相同"}[self.value]


class ScoreTrace(Struct, frozen=True):
    """One indicator on one target, with all that a reader needs to do the sum again.

    `score` is None where the indicator was not determined; it then leaves the denominator, and `attainable` is 0.
    A veto's `score` is 0 and `points` 0; `state` fail says that it holds. `operands` are named numbers in the
    order of the arithmetic; `arithmetic` is the sum in words and figures, made from the operands alone. `coverage` is
    what each of its checks has seen, where that was told; `reviews` are the numbers of the reviews that touched it.
    `by_threshold` are, whole, those of its findings that only the ruleset's thresholds make, so that no list has them.
    """

    indicator: str
    name: str
    dimension: str
    kind: Kind
    points: Decimal
    state: State
    score: Decimal | None
    attainable: Decimal
    rule: str
    clause: str
    provenance: Provenance
    operands: Mapping[str, Decimal | int | str] = field(default_factory=dict)
    arithmetic: str = ""
    checks: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    note: str = ""
    coverage: Mapping[str, Coverage] = field(default_factory=dict)
    reviews: tuple[int, ...] = ()
    by_threshold: tuple[StampedFinding, ...] = ()


class DimensionScore(Struct, frozen=True):
    """A first-level indicator's sum over its determined indicators."""

    name: str
    maximum: Decimal
    attainable: Decimal
    score: Decimal


class Scorecard(Struct, frozen=True):
    """评分表 of one target under one ruleset. `verdict` is Chinese: 合格, 不合格, 未能判定 or the ruleset's own words.

    `total` is the exact sum; `attainable` the maximum reachable with what was determined; `maximum` the ruleset's.
    `assumed_points` says how many points of the maximum rest on assumed numbers. `undetermined` holds the ids of
    the indicators that were not determined, wholly or in part; `verdict_note` says why a verdict could not be reached
    or what it rests on. `ties` is how the ruleset's tables rank.
    """

    target: Target
    name: str
    ruleset: str
    version: str
    title: str
    verdict: str
    total: Decimal
    attainable: Decimal
    maximum: Decimal
    assumed_points: Decimal
    dimensions: tuple[DimensionScore, ...]
    traces: tuple[ScoreTrace, ...]
    undetermined: tuple[str, ...]
    vetoed: bool = False
    verdict_note: str = ""
    ties: Ties = Ties.SHARED

    @property
    def vetoes(self) -> tuple[ScoreTrace, ...]:
        """The traces of vetoes, holding or not."""
        return tuple(trace for trace in self.traces if trace.kind is Kind.VETO)
