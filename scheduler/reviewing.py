"""复核 on a recorded inspection: the queue of what waits for a person, what a decision reaches, and the new scores."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from checks.model import StampedFinding, State, Target
from crawler.facts import BEIJING
from scheduler.errors import ReviewRefused
from scheduler.scorecards import score_inspection
from scoring.comparing import Change
from scoring.review import Decision, Review, Scope, in_force, mark_of, reviewed
from storage.inspections import InspectionRecord
from storage.store import Store

LEAST_HANDLE = 8
"""Signs of a fingerprint that are enough to name a finding by, where only one begins so."""


class Standing(Struct, frozen=True):
    """A finding as it stands after the reviews in force; `review` is the one that settled it, None where none did."""

    finding: StampedFinding
    state: State
    review: Review | None


class Given(Struct, frozen=True):
    """A decision to be taken: on which finding, how far it reaches, why, by whom, and for how long."""

    handle: str
    decision: Decision
    scope: Scope
    reason: str
    by: str
    expires: date | None = None


class Taken(Struct, frozen=True):
    """What a decision did: its reviews, the findings of the inspection that it reaches, and the scores that moved.

    `elsewhere` are the findings beyond its reach that show the same fault on other targets: what 全部对象 would reach.
    """

    reviews: tuple[Review, ...]
    reached: tuple[StampedFinding, ...]
    elsewhere: tuple[StampedFinding, ...]
    changes: tuple[Change, ...]


def standing(store: Store, record: InspectionRecord) -> list[Standing]:
    """Every finding of an inspection as it stands, in the order in which they were saved."""
    reviews = in_force(store.reviews.standing(), record.as_of.date())
    found = (row.stamped for row in store.results.findings(record.id))
    return [Standing(finding, *reviewed(finding, reviews)) for finding in found]


def queue(store: Store, record: InspectionRecord) -> list[list[StampedFinding]]:
    """What waits for a person (待人工复核); findings of one check that show the same fault stand together.

    Faults that show on most targets come first: one look settles them all.
    """
    groups: dict[tuple[str, str], list[StampedFinding]] = defaultdict(list)
    for one in standing(store, record):
        if one.state is State.NEEDS_REVIEW:
            groups[one.finding.check, mark_of(one.finding) or one.finding.fingerprint].append(one.finding)
    return sorted(groups.values(), key=lambda group: (-len({each.target for each in group}), group[0].check))


def decide(store: Store, record: InspectionRecord, given: Sequence[Given], now: datetime) -> Taken:
    """Takes decisions, all or none, and scores the inspection anew. Raises ReviewRefused with every reason."""
    everything = [one.finding for one in standing(store, record)]
    today = now.astimezone(BEIJING).date()
    faults: list[str] = []
    reviews: list[Review] = []
    for one in given:
        try:
            reviews += _reviews(one, everything, today)
        except ReviewRefused as refused:
            faults += refused.reasons
    if faults:
        raise ReviewRefused(faults)
    kept = store.reviews.add(record.id, tuple(reviews), now)
    reached = tuple(finding for finding in everything if any(review.covers(finding) for review in kept))
    return Taken(kept, reached, _elsewhere(reached, everything), score_inspection(store, record))


def withdraw(store: Store, number: int, *, reason: str, by: str, now: datetime) -> tuple[Review, tuple[Change, ...]]:
    """Takes a review back and scores the inspection anew that it was given in. Raises RecordMissing, ReviewRefused."""
    if faults := _unsigned(f"复核 #{number}", reason, by):
        raise ReviewRefused(faults)
    inspection = next((change.inspection for change in store.reviews.history() if change.number == number), "")
    review = store.reviews.withdraw(number, reason=reason, by=by, at=now)
    return review, score_inspection(store, store.inspections.get(inspection))


def _reviews(given: Given, everything: Sequence[StampedFinding], today: date) -> list[Review]:
    finding = _named(given.handle, everything)
    faults = _unsigned(f"问题 {given.handle}", given.reason, given.by)
    if given.expires is not None and given.expires < today:
        faults.append(f"问题 {given.handle}：到期日 {given.expires} 已过")
    if given.scope is Scope.EVERYWHERE and not mark_of(finding):
        faults.append(f"问题 {given.handle}：没有可以在其他对象上辨认的网址或引文，不能复核到全部对象")
    if faults:
        raise ReviewRefused(faults)
    review = Review(
        number=0,
        decision=given.decision,
        reason=given.reason.strip(),
        by=given.by.strip(),
        on=today,
        scope=given.scope,
        check=finding.check,
        target=finding.target,
        fingerprint=finding.fingerprint,
        url=finding.finding.url,
        mark=mark_of(finding),
        expires=given.expires,
    )
    if given.decision is not Decision.CONFIRMED:
        return [review]
    seen = [each for each in everything if review.covers(each)]  # nobody has seen what a later night may bring
    return [
        replace(
            review,
            scope=Scope.ELEMENT,
            target=each.target,
            fingerprint=each.fingerprint,
            url=each.finding.url,
            mark=mark_of(each),
        )
        for each in seen
    ]


def _named(handle: str, everything: Sequence[StampedFinding]) -> StampedFinding:
    if len(handle) < LEAST_HANDLE:
        raise ReviewRefused([f"问题编号“{handle}”太短，至少 {LEAST_HANDLE} 位"])
    found = {finding.fingerprint: finding for finding in everything if finding.fingerprint.startswith(handle)}
    if len(found) != 1:
        raise ReviewRefused([f"{'没有' if not found else '不止一个'}编号为“{handle}”的问题"])
    return next(iter(found.values()))


def _unsigned(what: str, reason: str, by: str) -> list[str]:
    faults = []
    if not reason.strip():
        faults.append(f"{what}：没有写明理由")
    if not by.strip():
        faults.append(f"{what}：没有写明复核人")
    return faults


def _elsewhere(reached: Iterable[StampedFinding], everything: Iterable[StampedFinding]) -> tuple[StampedFinding, ...]:
    """Findings of the same check and mark that were not reached."""
    done = {finding.fingerprint for finding in reached}
    marks = {(finding.check, mark_of(finding)) for finding in reached if mark_of(finding)}
    return tuple(
        finding
        for finding in everything
        if finding.fingerprint not in done and (finding.check, mark_of(finding)) in marks
    )


def targets_in(findings: Iterable[StampedFinding]) -> int:
    """On how many targets the findings are."""
    targets: set[Target] = {finding.target for finding in findings}
    return len(targets)
