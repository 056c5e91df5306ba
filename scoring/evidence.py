"""What the results say, check by check: confirmed findings, candidates that wait for a person, and gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property

from msgspec import Struct

from checks.model import CheckResult, Measurement, StampedFinding, State, Subject, Target
from crawler.facts import Coverage
from scoring.clauses import Where
from scoring.review import Review, in_force, reviewed

OPEN = (State.NEEDS_REVIEW, State.ERROR, State.UNDETERMINED, State.NOT_CHECKED)
"""States that say nothing against a target and nothing for it; of several the first one names the whole."""

UNTOLD = Coverage()


class Answer(Struct, frozen=True):
    """One check's answer. `gap` is the open state it is in, None where it was determined (but for `pending`)."""

    check: str
    gap: State | None
    applies: bool = True
    confirmed: tuple[StampedFinding, ...] = ()
    pending: tuple[StampedFinding, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    summary: str = ""
    reviews: tuple[Review, ...] = ()
    coverage: Coverage = UNTOLD

    def gap_under(self, wheres: Iterable[Where]) -> State | None:
        """The open state as far as these clauses are concerned: a candidate that none of them means leaves no gap."""
        if self.gap:
            return self.gap
        clauses = tuple(wheres)
        waits = any(where.matches(finding.finding.observed) for finding in self.pending for where in clauses)
        return State.NEEDS_REVIEW if waits else None

    def measured(self, name: str) -> Measurement | None:
        """The measurement of that name, of several accounts their numerators over their denominators together.

        None where there is none, where one has no value, and where several have no parts to be put together.
        """
        found = [one for one in self.measurements if one.name == name]
        if not found or any(one.value is None for one in found):
            return None
        return found[0] if all(one == found[0] for one in found) else _pooled(found)


def _pooled(found: Sequence[Measurement]) -> Measurement | None:
    numerators = [one.numerator for one in found if one.numerator is not None]
    denominators = [one.denominator for one in found if one.denominator is not None]
    if len(numerators) < len(found) or len(denominators) < len(found) or not sum(denominators):
        return None
    above, below = sum(numerators, Decimal(0)), sum(denominators, Decimal(0))
    return Measurement(found[0].name, above / below, above, below, found[0].unit)


def first_gap(gaps: Iterable[State | None]) -> State | None:
    """The state that names several gaps together; None where there is none."""
    present = set(gaps)
    return next((state for state in OPEN if state in present), None)


class Evidence(Struct, frozen=True, dict=True):
    """The results of one target. Results about other targets are not its own, but those about its unit are.

    A unit's own are those about its accounts too: 政务新媒体 of a unit are scored together where its ruleset says so.
    """

    answers: Mapping[str, Answer]

    @staticmethod
    def of(
        target: Target, results: Sequence[CheckResult], reviews: Sequence[Review] = (), as_of: date | None = None
    ) -> Evidence:
        """The answers after the reviews that are in force."""
        held = in_force(tuple(reviews), as_of)
        by_check: dict[str, list[Answer]] = defaultdict(list)
        for result in results:
            if _concerns(result.target, target):
                by_check[result.check].append(_answer(result, held))
        return Evidence({check: _merged(check, answers) for check, answers in by_check.items()})

    def answer(self, check: str) -> Answer:
        """The check's answer; 未检查 where no result is there."""
        return self.answers.get(check) or Answer(check, State.NOT_CHECKED)

    @cached_property
    def touched(self) -> frozenset[str]:
        """The checks whose findings a review changed."""
        return frozenset(check for check, answer in self.answers.items() if answer.reviews)


def _concerns(result: Target, target: Target) -> bool:
    if result == target:
        return True
    of_unit = result.unit == target.unit
    return of_unit and (result.kind is Subject.UNIT or (target.kind is Subject.UNIT and result.kind is Subject.ACCOUNT))


def _answer(result: CheckResult, reviews: tuple[Review, ...]) -> Answer:
    if result.state is State.PASS:
        return Answer(
            result.check, None, measurements=result.measurements, summary=result.summary, coverage=result.coverage
        )
    if result.state is State.NOT_APPLICABLE:
        return Answer(result.check, None, applies=False, summary=result.summary, coverage=result.coverage)
    if result.state not in (State.FAIL, State.NEEDS_REVIEW):
        return Answer(result.check, result.state, summary=result.summary, coverage=result.coverage)
    if not result.findings:  # a fault without a place cannot be shown to anyone, so it is not held against anyone
        gap = State.NEEDS_REVIEW if result.state is State.NEEDS_REVIEW else State.ERROR
        return Answer(
            result.check,
            gap,
            measurements=result.measurements,
            summary=result.summary or "结果中没有问题条目",
            coverage=result.coverage,
        )
    judged = [(finding, *reviewed(finding, reviews)) for finding in result.findings]
    return Answer(
        result.check,
        None,
        confirmed=tuple(finding for finding, state, _ in judged if state is State.FAIL),
        pending=tuple(finding for finding, state, _ in judged if state is State.NEEDS_REVIEW),
        measurements=result.measurements,
        summary=result.summary,
        reviews=tuple(dict.fromkeys(review for _, _, review in judged if review)),
        coverage=result.coverage,
    )


def _merged(check: str, answers: Sequence[Answer]) -> Answer:
    """Several results of one check (a target and its unit) as one: findings together, any gap a gap."""
    if len(answers) == 1:
        return answers[0]
    return Answer(
        check,
        first_gap(answer.gap for answer in answers),
        applies=any(answer.applies for answer in answers),
        confirmed=tuple(finding for answer in answers for finding in answer.confirmed),
        pending=tuple(finding for answer in answers for finding in answer.pending),
        measurements=tuple(one for answer in answers for one in answer.measurements),
        summary="；".join(answer.summary for answer in answers if answer.summary),
        reviews=tuple(dict.fromkeys(review for answer in answers for review in answer.reviews)),
        coverage=_summed([answer.coverage for answer in answers if answer.coverage != UNTOLD]),
    )


def _summed(told: Sequence[Coverage]) -> Coverage:
    """What several have seen together."""
    return Coverage(
        attempted=sum(one.attempted for one in told),
        reached=sum(one.reached for one in told),
        blocked=sum(one.blocked for one in told),
        failed=sum(one.failed for one in told),
        truncated_by="；".join(dict.fromkeys(one.truncated_by for one in told if one.truncated_by)),
        note="；".join(dict.fromkeys(one.note for one in told if one.note)),
        unrendered=sum(one.unrendered for one in told),
    )
