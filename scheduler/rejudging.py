"""Judging what is recorded once more: a ruleset may ask of a check another threshold than the one it was judged by.

Facts are kept, so that no site is visited for it. No result is saved: problem lists are by the checks' own thresholds.
A scorecard keeps whole what only its ruleset's thresholds make, so that whoever lost a point by it can be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

import msgspec
from msgspec.structs import replace

from checks import runner
from checks.model import JSON, CheckResult, StampedFinding, State, Subject, Thresholds
from checks.registry import get
from checks.settings import merge
from crawler.facts import AccountFacts, AccountFetch, Trials, Unit, UnitFacts
from crawler.facts.accounts import AccountLink, PostText
from scoring.model import Scorecard
from scoring.review import Review, settled
from scoring.ruleset import Ruleset
from storage.inspections import InspectionRecord, TargetRow
from storage.store import Store


def judged_by(
    store: Store,
    record: InspectionRecord,
    row: TargetRow,
    results: Sequence[CheckResult],
    thresholds: Mapping[str, Thresholds],
) -> tuple[CheckResult, ...]:
    """A target's results, those of the checks with other thresholds judged anew by these.

    A check whose facts are no longer stored keeps its result: it was judged by its own threshold, which its `config`
    says. Raises BadThreshold, UnknownCheck.
    """
    concerned = {result.check for result in results} & thresholds.keys()
    unit = next(unit for unit in record.units if unit.code == row.target.unit)
    facts = _facts(store, record, row, unit) if concerned else None
    if facts is None:
        return tuple(results)
    overrides = {check: thresholds[check] for check in concerned}
    anew = {one.check: one for one in runner.run(facts, checks=concerned, thresholds=overrides)}
    return tuple(anew.get(result.check, result) for result in results)


def told_apart(
    card: Scorecard, own: Iterable[CheckResult], kept: Iterable[CheckResult], reviews: tuple[Review, ...]
) -> Scorecard:
    """The card with those of its findings whole that are no confirmed problem by the checks' own thresholds.

    `own` are the results by the ruleset's thresholds, `kept` those of the problem list; `reviews` are those in force.
    """
    listed = {found.fingerprint for found in _confirmed(kept, reviews)}
    apart = {found.fingerprint: found for found in _confirmed(own, reviews) if found.fingerprint not in listed}
    if not apart:
        return card
    return replace(
        card,
        traces=tuple(
            replace(trace, by_threshold=tuple(apart[name] for name in trace.findings if name in apart))
            for trace in card.traces
        ),
    )


def _confirmed(results: Iterable[CheckResult], reviews: tuple[Review, ...]) -> Iterator[StampedFinding]:
    for result in results:
        yield from (found for found in settled(result, reviews).findings if found.state is State.FAIL)


def thresholds_of(ruleset: Ruleset) -> Mapping[str, Thresholds]:
    """A ruleset's thresholds by check. Raises BadThreshold or UnknownCheck for one that a check cannot take."""
    wanted: dict[str, Thresholds] = {}
    for check, overrides in ruleset.thresholds.items():
        values: dict[str, JSON] = {
            key: [*value] if isinstance(value, list) else value for key, value in overrides.items()
        }
        merge(check, get(check).thresholds, values)
        wanted[check] = values
    return wanted


def _facts(store: Store, record: InspectionRecord, row: TargetRow, unit: Unit) -> runner.AnyFacts | None:
    """What the target was judged on; None where it is no longer there."""
    # loads the reading of pages, which a command needs only where a ruleset has thresholds of its own
    from scheduler.judge import ACCOUNT_WINDOW_DAYS, Bench, facts_of

    if row.target.kind is Subject.UNIT:
        return UnitFacts(unit, record.as_of)
    if row.run is None or row.state != "done":
        return None
    notes = store.runs.notes(row.run)
    if row.target.kind is Subject.SITE:
        if "trials" not in notes:
            return None
        site = next(site for site in unit.sites if site.home_url == row.target.address)
        return facts_of(
            Bench(store, record.id, record.as_of),
            unit,
            site,
            store.runs.view(row.run),
            truncated_by=str(notes.get("truncated_by", "")),
            note=str(notes.get("coverage_note", "")),
            trials=msgspec.convert(notes["trials"], Trials),
        )
    if "fetches" not in notes or "texts" not in notes:
        return None
    account = next(account for account in unit.accounts if account.key == row.target.address)
    since = record.as_of - timedelta(days=ACCOUNT_WINDOW_DAYS)
    return AccountFacts(
        unit,
        account,
        record.as_of,
        msgspec.convert(notes["fetches"], tuple[AccountFetch, ...]),
        history=store.accounts.history(account.key, since, record.as_of),
        links=msgspec.convert(notes.get("links"), tuple[AccountLink, ...] | None),
        texts=msgspec.convert(notes["texts"], tuple[PostText, ...]),
    )
