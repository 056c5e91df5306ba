"""Judging what is recorded once more: a ruleset may ask of a check another threshold than the one it was judged by.

Facts are kept, so that no site is visited for it. Nothing is saved: problem lists are by the checks' own thresholds,
and a scorecard says by which ruleset it was made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec

from checks import runner
from checks.model import JSON, CheckResult, Subject, Thresholds
from checks.registry import get
from checks.settings import merge
from crawler.facts import AccountFacts, AccountFetch, Trials, Unit, UnitFacts
from crawler.facts.accounts import AccountLink
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
    if row.target.kind is Subject.ACCOUNT:  # the words of its posts are not kept with their places
        concerned = {check for check in concerned if not check.startswith("content.")}
    unit = next(unit for unit in record.units if unit.code == row.target.unit)
    facts = _facts(store, record, row, unit) if concerned else None
    if facts is None:
        return tuple(results)
    overrides = {check: thresholds[check] for check in concerned}
    anew = {one.check: one for one in runner.run(facts, checks=concerned, thresholds=overrides)}
    return tuple(anew.get(result.check, result) for result in results)


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
    if row.run is None:
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
    if "fetches" not in notes:
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
    )
