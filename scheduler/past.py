"""The inspections before one, of the same kind and over the same targets, as statistics need them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from checks.model import State, Target
from checks.registry import CHECKS
from reports.past import Judged, Past
from scoring.review import Review, in_force, settled
from storage.inspections import InspectionRecord
from storage.store import Store

WITH_RESULTS = 3
"""Inspections whose findings are read: the last one for the comparison, the others for what comes again and again."""
WITH_VERDICTS = 40
"""Inspections whose verdicts are read: ten years of quarters."""


def past_of(store: Store, record: InspectionRecord) -> tuple[Past, ...]:
    """The ended inspections of that kind which share a target with this one, the latest first.

    The reviews in force now hold for them too: a false alarm of then is no problem that was mended since.
    """
    targets = {row.target for row in store.inspections.targets(record.id)}
    reviews = in_force(store.reviews.standing(), record.as_of.date())
    return tuple(
        _past(store, earlier, targets, reviews, with_results=place < WITH_RESULTS)
        for place, earlier in enumerate(islice(_earlier(store, record, targets), WITH_VERDICTS))
    )


def _earlier(store: Store, record: InspectionRecord, targets: set[Target]) -> Iterator[InspectionRecord]:
    for earlier in store.inspections.all():
        if earlier.kind != record.kind or earlier.ended is None or earlier.started >= record.started:
            continue
        if any(row.target in targets for row in store.inspections.targets(earlier.id)):
            yield earlier


def _past(
    store: Store,
    earlier: InspectionRecord,
    targets: set[Target],
    reviews: tuple[Review, ...],
    *,
    with_results: bool,
) -> Past:
    judged: dict[Target, dict[str, Judged]] = {}
    for found in store.results.results(earlier.id) if with_results else ():
        if found.target in targets:
            result = settled(found, reviews)
            standing = frozenset(one.fingerprint for one in result.findings if one.state is State.FAIL)
            determined = result.state in (State.PASS, State.FAIL)
            judged.setdefault(result.target, {})[result.check] = Judged(determined, standing)
    return Past(
        id=earlier.id,
        name=earlier.name,
        as_of=earlier.as_of,
        judged=judged,
        verdicts=store.results.verdicts(earlier.id),
        titles={check: CHECKS[check].title for kept in judged.values() for check in kept if check in CHECKS},
    )
