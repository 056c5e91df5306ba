"""From the store to the report of a night: reads the rows that an inspection left, judges nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import chain

from checks.model import Severity, State, Subject, Target
from crawler.facts import Outcome, PageKind
from reports.night import night_report
from reports.night_falls import compared
from reports.night_figures import outcomes
from reports.night_model import Changed, Disk, Incident, Night, NightReport, limits
from scoring.review import in_force, reviewed
from storage.figures import Earlier
from storage.inspections import InspectionRecord, TargetRow
from storage.store import Store

KINDS = ("nightly", "quarterly")
"""The kinds of inspection that a night is given to: a quarterly one takes the nightly's place."""
MOST_INCIDENTS = 50
"""Targets whose visits are read for the hours of a failing network; a night that has more has one cause."""


def report_of(
    store: Store, record: InspectionRecord, missed: Sequence[date] = (), at: datetime | None = None
) -> NightReport:
    """The report of an inspection as it stands, also while it goes on.

    `missed` are nights that were not inspected. `at` is the moment where it is the last night's report that is made:
    then it also tells where no night has run since.
    """
    return night_report(night_of(store, record, missed, at), limits())


def night_of(store: Store, record: InspectionRecord, missed: Sequence[date] = (), at: datetime | None = None) -> Night:
    """What is stored of an inspection. Findings that a review in force calls 误报 or 豁免 only count as found, and

    candidates that are there no more are left out: nobody said that they were problems.
    """
    rows = store.inspections.targets(record.id)
    before = {target: compared(earlier) for target, earlier in store.figures.before(record.id).items()}
    reviews = in_force(store.reviews.standing(), record.as_of.date())
    changed: list[Changed] = []
    standing = candidates = found = 0
    for row in chain(store.results.findings(record.id), store.results.fixed(record.id)):
        state, _ = reviewed(row.stamped, reviews)
        found += row.life != "fixed"
        waits = state is State.NEEDS_REVIEW
        if state is State.PASS or (waits and row.life == "fixed"):
            continue
        if row.life != "fixed":
            candidates += waits
            standing += row.life == "persisting" and not waits
        if row.life != "persisting":
            grave = row.stamped.finding.severity is Severity.VETO
            one = row.stamped
            changed.append(Changed(one.target, one.check, one.fingerprint, row.life == "new", grave, waits))
    return Night(
        record=record,
        rows=rows,
        before=before,
        articles=_articles(store, rows, before),
        states=store.figures.states(record.id),
        changed=tuple(changed),
        found=found,
        standing=standing,
        candidates=candidates,
        incidents=tuple(_incidents(store, rows)),
        disk=Disk(store.free_bytes(), store.figures.captured_bytes(record.id)),
        missed=tuple(sorted(missed)),
        at=at,
        worked=store.figures.worked(KINDS, at) if at is not None else None,
        sits_until=_sits_until(store, record, at) if at is not None and record.ended is None else None,
    )


def _sits_until(store: Store, record: InspectionRecord, at: datetime) -> datetime | None:
    """The end of the round that an inspection belongs to, where the plan still has time for it."""
    ends = (round.closes for round in store.rounds.recent(at) if round.inspection == record.id)
    return max(ends, default=None)


def _articles(
    store: Store, rows: Sequence[TargetRow], before: Mapping[Target, Earlier]
) -> Mapping[Target, tuple[int, int]]:
    """Of each site the articles that it showed before and now."""
    runs: dict[Target, tuple[int, int]] = {}
    for row in rows:
        earlier = before.get(row.target)
        if row.target.kind is Subject.SITE and row.run is not None and earlier is not None and earlier.run is not None:
            runs[row.target] = (earlier.run, row.run)
    kinds = store.figures.page_kinds(frozenset(chain.from_iterable(runs.values())))
    article = PageKind.ARTICLE.value
    return {target: (kinds[then].get(article, 0), kinds[now].get(article, 0)) for target, (then, now) in runs.items()}


def _incidents(store: Store, rows: Sequence[TargetRow]) -> list[Incident]:
    struck = [
        row
        for row in rows
        if row.run is not None
        and (row.exit_reason == Outcome.OWN_NETWORK.label or outcomes(row.stats).get(Outcome.OWN_NETWORK.value))
    ]
    found = []
    for row in struck[:MOST_INCIDENTS]:
        visits = store.runs.view(row.run or 0).visits()
        times = [visit.at for visit in visits if visit.outcome is Outcome.OWN_NETWORK]
        if times:
            found.append(Incident(row.target, min(times), max(times), len(times)))
    return found
