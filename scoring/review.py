"""复核 as scoring reads it: a person's decision on a finding, with reason, scope and expiry."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from msgspec import Struct

from checks.model import StampedFinding, State, Target


class Decision(StrEnum):
    """What a review makes of a finding."""

    CONFIRMED = "confirmed"
    FALSE_ALARM = "false-alarm"
    EXEMPT = "exempt"

    @property
    def label(self) -> str:
        """The decision in Chinese."""
        return {"confirmed": "确认", "false-alarm": "误报", "exempt": "豁免"}[self.value]


class Review(Struct, frozen=True):
    """A decision in force from `on` to `expires` (both included; open where None).

    Its scope is one finding by `fingerprint`, or, where that is empty, every finding of `check` on `target`.
    A review of a check confirms nothing that the check itself holds undetermined.
    """

    number: str
    decision: Decision
    reason: str
    by: str
    on: date
    fingerprint: str = ""
    check: str = ""
    target: Target | None = None
    expires: date | None = None

    def covers(self, finding: StampedFinding) -> bool:
        """Whether the finding is in the review's scope."""
        if self.fingerprint:
            return finding.fingerprint == self.fingerprint
        return finding.check == self.check and finding.target == self.target

    @property
    def text(self) -> str:
        """The review in one phrase: `误报 #31 张三 2026-09-02（跳转页）`."""
        expiry = f"，至 {self.expires.isoformat()}" if self.expires else ""
        return f"{self.decision.label} #{self.number} {self.by} {self.on.isoformat()}（{self.reason}{expiry}）"


def in_force(reviews: tuple[Review, ...], as_of: date | None) -> tuple[Review, ...]:
    """The reviews that hold on `as_of`, latest first. ValueError where one expires and no day is given to tell by."""
    if as_of is None and any(review.expires for review in reviews):
        raise ValueError("as_of is needed to tell whether a review has expired")
    held = [review for review in reviews if as_of is None or not review.expires or as_of <= review.expires]
    return tuple(sorted(held, key=lambda review: (review.on, review.number), reverse=True))


def reviewed(finding: StampedFinding, reviews: tuple[Review, ...]) -> tuple[State, Review | None]:
    """The finding's state after the latest review that covers it; pass where it was put aside."""
    review = next((review for review in reviews if review.covers(finding)), None)
    if review is None:
        return finding.state, None
    return (State.FAIL if review.decision is Decision.CONFIRMED else State.PASS), review
