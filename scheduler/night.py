"""From the store to the report of a night, and on to people: reads the rows that an inspection left, judges nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from itertools import chain

import msgspec

from checks.model import Severity, State, Subject, Target
from crawler.facts import Outcome, PageKind
from reports import night_text
from reports.night import Changed, Disk, Incident, Night, NightReport, limits, night_report, outcomes
from scheduler.posting import Attachment, Channel, Message, Posted, post
from scoring.review import in_force, reviewed
from storage.figures import Earlier
from storage.inspections import InspectionRecord, TargetRow
from storage.postings import Sent
from storage.store import Store

POSTING = "night"
"""The kind of its postings."""
MOST_INCIDENTS = 50
"""Targets whose visits are read for the hours of a failing network; a night that has more has one cause."""


def report_of(store: Store, record: InspectionRecord, missed: Sequence[date] = ()) -> NightReport:
    """The report of an inspection as it stands, also while it goes on. `missed` are nights that were not inspected."""
    return night_report(night_of(store, record, missed), limits())


def post_night(
    store: Store, report: NightReport, channels: Sequence[Channel], clock: Callable[[], datetime]
) -> tuple[Posted, ...]:
    """Sends a report on every channel on which it is news: something changed since the last one that surely arrived."""
    posted = []
    for channel in channels:
        last = store.postings.last(POSTING, channel.name, tuple(Sent))
        known = last.digest if last is not None and last.outcome is Sent.SENT else None
        if report.is_news(known):
            posted.append(post(store, message_of(report), channel, clock))
        else:
            posted.append(Posted(channel.name, None, "与上次发送的日报相比没有变化"))
    return tuple(posted)


def message_of(report: NightReport) -> Message:
    """The report as it is sent: once an inspection, once more when it ends, and with each further missed night."""
    from reports.night_page import render  # loads Jinja, which only a message needs

    key = [report.inspection, *([] if report.ended else ["unfinished"]), *map(str, report.missed[-1:])]
    page = Attachment(f"巡检日报-{report.night}.html", "text/html", render(report).encode())
    return Message(
        kind=POSTING,
        key="/".join(key),
        title=night_text.title(report),
        summary=night_text.summary(report),
        text=night_text.text(report),
        data=msgspec.to_builtins(report),
        attachments=(page,),
        digest=report.digest,
    )


def night_of(store: Store, record: InspectionRecord, missed: Sequence[date] = ()) -> Night:
    """What is stored of an inspection. Findings that a review in force calls 误报 or 豁免 are left out."""
    rows = store.inspections.targets(record.id)
    before = store.figures.before(record.id)
    reviews = in_force(store.reviews.standing(), record.as_of.date())
    changed: list[Changed] = []
    standing = candidates = 0
    for row in chain(store.results.findings(record.id), store.results.fixed(record.id)):
        state, _ = reviewed(row.stamped, reviews)
        if state is State.PASS:
            continue
        waits = state is State.NEEDS_REVIEW
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
        standing=standing,
        candidates=candidates,
        incidents=tuple(_incidents(store, rows)),
        disk=Disk(store.free_bytes(), store.figures.captured_bytes(record.id)),
        missed=tuple(sorted(missed)),
    )


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
