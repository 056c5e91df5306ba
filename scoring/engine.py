"""Scoring: from a ruleset and the results on one target to a scorecard that can be checked by hand.

The order is vetoes, dimensions, 扣分项, bonuses. All numbers are exact; nothing here rounds. What is 未能判定, 不适用,
未检查, 出错 or 待人工复核 never costs a point: it leaves the denominator, and the card says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from checks.model import CheckResult, State, Target
from scoring.arithmetic import total
from scoring.display import plain, shown
from scoring.evidence import UNTOLD, Evidence
from scoring.figures import WEAKEST_FIRST
from scoring.indicators import AnyIndicator, Bonus, Deduct, Deduction, Indicator, Manual, Presence, Veto, kind_of
from scoring.kinds import bonus as bonus_kind
from scoring.kinds import deduct, presence, ratio, veto
from scoring.kinds import manual as manual_kind
from scoring.kinds.outcome import ZERO, Outcome
from scoring.manual import ManualDecision, ManualEntry, ManualScore, signed, validate
from scoring.model import DimensionScore, Kind, Provenance, Scorecard, ScoreTrace, Ties
from scoring.review import Review
from scoring.ruleset import Dimension, Gate, Ruleset
from scoring.verdict import Standing, reached

NO_ENTRIES: Mapping[str, ManualEntry] = MappingProxyType({})


def score(
    ruleset: Ruleset,
    target: Target,
    name: str,
    results: Sequence[CheckResult],
    *,
    manual: Mapping[str, ManualEntry] = NO_ENTRIES,
    reviews: Sequence[Review] = (),
    as_of: date | None = None,
    site_kind: str = "",
) -> Scorecard:
    """The scorecard of one target. `name` is what it is called in a table.

    `results` may hold more than the target's own: those about other targets are left out, those about its unit count.
    `manual` has ManualScore by indicator or dimension id, ManualDecision by veto or gate id; an entry for an indicator
    that the program reads itself is taken only where the program could not determine it. `as_of` is needed where a
    review expires. `site_kind` ("portal", "department") leaves points out where the ruleset scores other kinds only;
    left out, points are scored.

    Raises ManualEntryError for an entry that cannot be taken.
    """
    validate(ruleset, manual)
    return _Scoring(
        ruleset,
        manual,
        Evidence.of(target, results, reviews, as_of),
        Evidence.of(target, results) if reviews else None,
        not (site_kind and ruleset.applies_to.scored and site_kind not in ruleset.applies_to.scored),
    ).card(target, name)


class _Held(Struct, frozen=True):
    """A gate that holds, and what shows it."""

    gate: Gate
    outcome: Outcome


class _Scoring(Struct, frozen=True):
    """One scoring under way. `before` is the evidence without reviews, None where there are none."""

    ruleset: Ruleset
    manual: Mapping[str, ManualEntry]
    evidence: Evidence
    before: Evidence | None
    scored: bool

    def card(self, target: Target, name: str) -> Scorecard:
        ruleset = self.ruleset
        vetoes = [self._trace("单项否决", one, self._reviewed(one, self._veto(one))) for one in ruleset.vetoes]
        vetoed = any(trace.state is State.FAIL for trace, _ in vetoes)
        held = self._gate()
        dimensions = [(dimension, self._dimension(dimension, held)) for dimension in ruleset.dimensions]
        body = [pair for _, pairs in dimensions for pair in pairs]
        deductions = self._deductions(held)
        standing = _standing(body, deductions)
        bonuses = self._bonuses(standing, vetoed=vetoed, gated=bool(held))
        verdict, note = reached(ruleset, [trace for trace, _ in vetoes], held.gate if held else None, standing)
        pairs = [*vetoes, *body, *deductions, *bonuses]
        return Scorecard(
            target=target,
            name=name,
            ruleset=ruleset.id,
            version=ruleset.version,
            title=ruleset.title,
            verdict=verdict,
            total=total([trace.score for trace, _ in pairs if trace.score is not None]),
            attainable=total([trace.attainable for trace, _ in body]),
            maximum=ruleset.maximum.value,
            assumed_points=total([trace.points for trace, _ in body if trace.provenance is Provenance.ASSUMED]),
            dimensions=tuple(_dimension_score(dimension, own) for dimension, own in dimensions),
            traces=tuple(trace for trace, _ in pairs),
            undetermined=tuple(trace.indicator for trace, outcome in pairs if outcome.is_open),
            vetoed=vetoed,
            verdict_note=note,
            ties=ruleset.ties.style if ruleset.ties else Ties.SHARED,
        )

    # ------------------------------------------------------------------ vetoes and gates

    def _veto(self, indicator: Veto) -> Callable[[Evidence], Outcome]:
        entry = self.manual.get(indicator.id)
        decision = entry if isinstance(entry, ManualDecision) else None
        return lambda evidence: veto.judge(indicator, evidence, decision)

    def _gate(self) -> _Held | None:
        """The first gate that holds."""
        for gate in self.ruleset.gates:
            entry = self.manual.get(gate.id)
            for condition in gate.any:
                counted = veto.weigh(condition, self.evidence)
                if counted.holds:
                    return _Held(gate, Outcome(State.FAIL, findings=counted.findings))
            if isinstance(entry, ManualDecision) and entry.holds:
                return _Held(gate, Outcome(State.FAIL, notes=(signed(entry),)))
        return None

    # ------------------------------------------------------------------ dimensions

    def _dimension(self, dimension: Dimension, held: _Held | None) -> list[tuple[ScoreTrace, Outcome]]:
        if held and dimension.id not in held.gate.counts:
            return [self._gated(dimension, indicator, held) for indicator in dimension.indicators]
        if not self.scored:
            note = f"按本指标体系，仅对{'、'.join(self.ruleset.applies_to.scored)}类网站计分"
            away = Outcome(State.NOT_APPLICABLE, notes=(note,))
            return [self._trace(dimension.name, indicator, away) for indicator in dimension.indicators]
        whole = self.manual.get(dimension.id)
        if isinstance(whole, ManualScore):
            return [self._whole(dimension, whole)]
        return [
            self._trace(dimension.name, indicator, self._reviewed(indicator, self._indicator(indicator)))
            for indicator in dimension.indicators
        ]

    def _indicator(self, indicator: Indicator) -> Callable[[Evidence], Outcome]:
        by_hand = self._entered(indicator)

        def judged(evidence: Evidence) -> Outcome:
            if isinstance(indicator, Manual):
                return manual_kind.judge(indicator.points.value, by_hand)
            if isinstance(indicator, Deduct):
                own = deduct.judge(indicator, evidence)
            elif isinstance(indicator, Presence):
                own = presence.judge(indicator.parts, evidence)
            else:
                own = ratio.judge(indicator.points.value, indicator.ratio, evidence)
            return _settled(own, manual_kind.judge(indicator.points.value, by_hand), by_hand)

        return judged

    def _whole(self, dimension: Dimension, entry: ManualScore) -> tuple[ScoreTrace, Outcome]:
        outcome = manual_kind.judge(dimension.points.value, entry)
        trace = ScoreTrace(
            indicator=dimension.id,
            name=dimension.name,
            dimension=dimension.name,
            kind=Kind.MANUAL,
            points=dimension.points.value,
            state=outcome.state,
            score=outcome.score,
            attainable=outcome.attainable,
            rule="一级指标整体人工录入",
            clause=dimension.clause,
            provenance=dimension.sureness,
            operands=outcome.operands,
            arithmetic=outcome.arithmetic,
            note="；".join(outcome.notes),
        )
        return trace, outcome

    def _gated(self, dimension: Dimension, indicator: Indicator, held: _Held) -> tuple[ScoreTrace, Outcome]:
        points = indicator.points.value
        outcome = Outcome(
            State.FAIL,
            score=ZERO,
            attainable=points,
            arithmetic=f"{held.gate.words}，不计分",
            findings=held.outcome.findings,
            notes=(f"{held.gate.id} {held.gate.words}：{held.gate.rule}", *held.outcome.notes),
        )
        trace, _ = self._trace(dimension.name, indicator, outcome, held.gate.checks)
        return replace(trace, provenance=_weaker(trace.provenance, held.gate.provenance)), outcome

    # ------------------------------------------------------------------ after the sum

    def _deductions(self, held: _Held | None) -> list[tuple[ScoreTrace, Outcome]]:
        away = None
        if held:
            away = Outcome(State.NOT_APPLICABLE, notes=(f"{held.gate.words}，不再扣分",))
        elif not self.scored:
            away = Outcome(State.NOT_APPLICABLE)
        return [
            self._trace("扣分项", indicator, away or self._reviewed(indicator, self._deduction(indicator)))
            for indicator in self.ruleset.deductions
        ]

    def _deduction(self, indicator: Deduction) -> Callable[[Evidence], Outcome]:
        by_hand = self._entered(indicator)
        points = indicator.points.value

        def judged(evidence: Evidence) -> Outcome:
            if not indicator.items:
                return manual_kind.take(points, by_hand)
            return _settled(deduct.take(indicator, evidence), manual_kind.take(points, by_hand), by_hand)

        return judged

    def _bonuses(self, standing: Standing, *, vetoed: bool, gated: bool) -> list[tuple[ScoreTrace, Outcome]]:
        section = self.ruleset.bonuses
        if not section:
            return []
        line, maximum = section.above.value, self.ruleset.maximum.value
        away: Outcome | None = None
        if vetoed or gated or not self.scored:
            away = Outcome(State.NOT_APPLICABLE, notes=("不进入加分",))
        elif standing.never_over(line, maximum):
            away = Outcome(State.NOT_APPLICABLE, notes=(f"未超过 {shown(line)} 分，不进入加分",))
        elif not standing.surely_over(line, maximum):
            away = Outcome(State.UNDETERMINED, notes=(f"是否超过 {shown(line)} 分尚未能判定",))
        room = section.cap.value
        pairs = []
        for indicator in section.indicators:
            outcome = away or self._bonus(indicator, room)
            room -= outcome.score or ZERO
            pairs.append(self._trace("加分指标", indicator, outcome))
        return pairs

    def _bonus(self, indicator: Bonus, room: Decimal) -> Outcome:
        by_hand = self._entered(indicator)
        return self._reviewed(indicator, lambda evidence: bonus_kind.judge(indicator, evidence, by_hand, room))

    # ------------------------------------------------------------------ traces

    def _entered(self, indicator: AnyIndicator) -> ManualScore | None:
        entry = self.manual.get(indicator.id)
        return entry if isinstance(entry, ManualScore) else None

    def _reviewed(self, indicator: AnyIndicator, judged: Callable[[Evidence], Outcome]) -> Outcome:
        """The outcome after reviews, with a note of what it was before them where they touched it."""
        outcome = judged(self.evidence)
        touched = [check for check in indicator.checks if check in self.evidence.touched]
        if not touched or self.before is None:
            return outcome
        reviews = dict.fromkeys(review.text for check in touched for review in self.evidence.answer(check).reviews)
        before = judged(self.before)
        note = f"复核：{'；'.join(reviews)}。复核前{_told(before)}，复核后{_told(outcome)}"
        return replace(outcome, notes=(*outcome.notes, note))

    def _trace(
        self, dimension: str, indicator: AnyIndicator, outcome: Outcome, checks: tuple[str, ...] | None = None
    ) -> tuple[ScoreTrace, Outcome]:
        """The trace of an outcome, which rests on the indicator's checks unless it is told on which."""
        rests_on = indicator.checks if checks is None else checks
        answers = [answer for check in rests_on if (answer := self.evidence.answers.get(check))]
        trace = ScoreTrace(
            indicator=indicator.id,
            name=indicator.name,
            dimension=dimension,
            kind=kind_of(indicator),
            points=ZERO if isinstance(indicator, Veto) else indicator.points.value,
            state=outcome.state,
            score=outcome.score,
            attainable=outcome.attainable,
            rule=indicator.rule,
            clause=indicator.clause,
            provenance=indicator.sureness,
            operands=outcome.operands,
            arithmetic=outcome.arithmetic,
            checks=rests_on,
            findings=outcome.findings,
            note="；".join(outcome.notes),
            coverage={answer.check: answer.coverage for answer in answers if answer.coverage != UNTOLD},
            reviews=tuple(dict.fromkeys(review.number for answer in answers for review in answer.reviews)),
        )
        return trace, outcome


def _settled(own: Outcome, by_hand: Outcome, entry: ManualScore | None) -> Outcome:
    """What the program determined; where it could not, what a person entered."""
    if entry is None:
        return own
    if own.score is None and own.state is not State.NOT_APPLICABLE:
        return replace(by_hand, notes=(*own.notes, *by_hand.notes))
    return replace(own, notes=(*own.notes, f"已有程序判定，人工录入 {plain(entry.value)} 未采用"))


def _told(outcome: Outcome) -> str:
    if outcome.score is None:
        return f"为“{outcome.state.label}”"
    return f"为“{outcome.state.label}”，得 {plain(outcome.score).replace('-', '−')} 分"


def _weaker(one: Provenance, other: Provenance) -> Provenance:
    return min(one, other, key=WEAKEST_FIRST.index)


def _standing(body: Sequence[tuple[ScoreTrace, Outcome]], deductions: Sequence[tuple[ScoreTrace, Outcome]]) -> Standing:
    return Standing(
        base=total([trace.score for trace, _ in (*body, *deductions) if trace.score is not None]),
        unsettled=total([outcome.unsettled for _, outcome in body]),
        unsettled_deductions=total([outcome.unsettled for _, outcome in deductions]),
        reach=total([trace.attainable + outcome.unsettled for trace, outcome in body]),
    )


def _dimension_score(dimension: Dimension, pairs: Sequence[tuple[ScoreTrace, Outcome]]) -> DimensionScore:
    return DimensionScore(
        name=dimension.name,
        maximum=dimension.points.value,
        attainable=total([trace.attainable for trace, _ in pairs]),
        score=total([trace.score for trace, _ in pairs if trace.score is not None]),
    )
