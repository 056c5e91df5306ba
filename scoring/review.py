"""复核 as scoring reads it: a person's decision on a finding, with reason, scope and expiry."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from checks.model import CheckResult, StampedFinding, State, Target


class Decision(StrEnum):
    """What a review makes of a finding."""

    CONFIRMED = "confirmed"
    FALSE_ALARM = "false-alarm"
    EXEMPT = "exempt"

    @property
    def label(self) -> str:
        """The decision in Chinese."""
        return {"confirmed": "确认", "false-alarm": "误报", "exempt": "豁免"}[self.value]


class Scope(StrEnum):
    """How far a decision reaches: one finding, a check on one page or one target, the same fault on every target."""

    ELEMENT = "element"
    PAGE = "page"
    SITE = "site"
    EVERYWHERE = "everywhere"

    @property
    def label(self) -> str:
        """The scope in Chinese."""
        return {"element": "本条", "page": "本页", "site": "本对象", "everywhere": "全部对象"}[self.value]


class Review(Struct, frozen=True):
    """A decision in force from `on` to `expires` (both included; open where None). `number` orders those of one day.

    `fingerprint`, `url` and `mark` are those of the finding that it was given on; which of them binds is for `scope`
    to say. A confirmation binds one finding only: what nobody has looked at nobody has confirmed. A review of a check
    confirms nothing that the check itself holds undetermined.
    """

    number: int
    decision: Decision
    reason: str
    by: str
    on: date
    scope: Scope
    check: str
    target: Target
    fingerprint: str = ""
    url: str = ""
    mark: str = ""
    expires: date | None = None

    def covers(self, finding: StampedFinding) -> bool:
        """Whether the finding is in the review's scope."""
        if self.check != finding.check:
            return False
        match self.scope:
            case Scope.ELEMENT:
                return finding.fingerprint == self.fingerprint
            case Scope.PAGE:
                return finding.target == self.target and finding.finding.url == self.url
            case Scope.SITE:
                return finding.target == self.target
            case Scope.EVERYWHERE:
                return bool(self.mark) and mark_of(finding) == self.mark

    @property
    def text(self) -> str:
        """The review in one phrase: `误报 #31 张三 2026-09-02（跳转页）`."""
        expiry = f"，至 {self.expires.isoformat()}" if self.expires else ""
        return f"{self.decision.label} #{self.number} {self.by} {self.on.isoformat()}（{self.reason}{expiry}）"


def mark_of(finding: StampedFinding) -> str:
    """By what the same fault is known again on another target: the address at fault, or the words quoted.

    "" where the finding has neither, or its words are masked: its like elsewhere cannot be told.
    """
    quote = re.sub(r"\s+", "", finding.finding.quote)
    return finding.finding.problem_url or ("" if "***" in quote else quote)


def in_force(reviews: Iterable[Review], as_of: date | None) -> tuple[Review, ...]:
    """The reviews that hold on `as_of`, latest first. ValueError where one expires and no day is given to tell by."""
    given = tuple(reviews)
    if as_of is None and any(review.expires for review in given):
        raise ValueError("as_of is needed to tell whether a review has expired")
    held = [review for review in given if as_of is None or not review.expires or as_of <= review.expires]
    return tuple(sorted(held, key=lambda review: (review.on, review.number), reverse=True))


def reviewed(finding: StampedFinding, reviews: Iterable[Review]) -> tuple[State, Review | None]:
    """The finding's state after the latest review that covers it; pass where it was put aside."""
    review = next((review for review in reviews if review.covers(finding)), None)
    if review is None:
        return finding.state, None
    return (State.FAIL if review.decision is Decision.CONFIRMED else State.PASS), review


def settled(result: CheckResult, reviews: tuple[Review, ...]) -> CheckResult:
    """A result as it stands after the reviews in force, latest first: what reports tell.

    A finding that was put aside is left out, one that was confirmed is 发现问题; the state follows what is left, and
    the summary says what was reviewed. Measurements are as they were measured.
    """
    if not reviews or not result.findings:
        return result
    judged = [(finding, *reviewed(finding, reviews)) for finding in result.findings]
    told = [review for _, _, review in judged if review is not None]
    if not told:
        return result
    left = tuple(replace(finding, state=state) for finding, state, _ in judged if state is not State.PASS)
    states = {finding.state for finding in left}
    state = next((one for one in (State.FAIL, State.NEEDS_REVIEW) if one in states), State.PASS)
    counts = [
        f"{decision.label} {count} 项"
        for decision in Decision
        if (count := sum(review.decision is decision for review in told))
    ]
    return replace(result, state=state, findings=left, summary=f"{result.summary}（经复核：{'、'.join(counts)}）")
