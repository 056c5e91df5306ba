"""评分表 from saved results: what ends an inspection. It needs no crawl, so that it can be done again at any time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from checks import runner
from checks.model import CheckResult, Subject
from checks.registry import CHECKS
from crawler.facts import Unit, UnitFacts
from scoring.engine import score
from scoring.model import Scorecard
from scoring.ruleset import Ruleset, load
from storage.inspections import InspectionRecord, TargetRow
from storage.store import Store


def score_inspection(store: Store, record: InspectionRecord) -> None:
    """Scores every judged target under the inspection's rulesets and replaces its scorecards."""
    store.results.keep_cards(record.id, cards_of(store, record, record.rulesets))


def cards_of(store: Store, record: InspectionRecord, rulesets: Sequence[str]) -> Iterator[Scorecard]:
    """The scorecards of every judged target of an inspection under any rulesets, by id; nothing is saved.

    Raises UnknownRuleset, UnknownCheck or RulesetInvalid.
    """
    loaded = [load(name, CHECKS.keys()) for name in rulesets]
    units = {unit.code: unit for unit in record.units}
    of_units = {code: runner.run(UnitFacts(unit, record.as_of)) for code, unit in units.items()}
    of_accounts: dict[str, list[CheckResult]] = defaultdict(list)
    unjudged: set[str] = set()
    for row in store.inspections.targets(record.id):
        results = tuple(store.results.results(record.id, row.target))
        unit = units[row.target.unit]
        if row.target.kind is Subject.ACCOUNT:
            of_accounts[unit.code] += results
            unjudged |= set() if results else {unit.code}
        if results:
            accounts = () if unit.code in unjudged else of_accounts[unit.code]
            yield from _cards(record, row, unit, results, of_units[unit.code], accounts, loaded)


def results_behind(store: Store, record: InspectionRecord, card: Scorecard) -> Iterator[CheckResult]:
    """The saved results that a scorecard was made from: the target's own, its unit's, and of a unit its accounts'."""
    own = card.target
    for row in store.inspections.targets(record.id):
        of_unit = row.target.unit == own.unit and row.target.kind is not Subject.SITE and own.kind is not Subject.SITE
        if row.target == own or (of_unit and Subject.UNIT in (row.target.kind, own.kind)):
            yield from store.results.results(record.id, row.target)


def _cards(
    record: InspectionRecord,
    row: TargetRow,
    unit: Unit,
    results: tuple[CheckResult, ...],
    of_unit: tuple[CheckResult, ...],
    of_accounts: Sequence[CheckResult],
    rulesets: Sequence[Ruleset],
) -> Iterator[Scorecard]:
    """The scorecards of one target; in the table a unit comes behind its accounts.

    An account is scored with what its unit's registration shows. A unit itself has a card for each platform that it
    should be on and is not, and one for all its accounts together under a ruleset of units: `of_accounts` is empty
    where one of them was not judged, for the others must not stand for it.
    """
    day = record.as_of.date()
    match row.target.kind:
        case Subject.SITE:
            kind = next(site.kind for site in unit.sites if site.home_url == row.target.address)
            for ruleset in rulesets:
                if _applies(ruleset, "site", kind):
                    yield score(ruleset, row.target, row.name, results, as_of=day, site_kind=kind)
        case Subject.ACCOUNT:
            platform = next(account.platform for account in unit.accounts if account.key == row.target.address)
            for ruleset in rulesets:
                if _applies(ruleset, "account", platform):
                    yield score(ruleset, row.target, row.name, (*results, *of_unit), as_of=day)
        case Subject.UNIT:
            opened = {account.platform for account in unit.accounts}
            lacking = [platform for platform in unit.requires if platform not in opened]
            for ruleset in rulesets:
                if any(_applies(ruleset, "account", platform) for platform in lacking):
                    yield score(ruleset, row.target, row.name, results, as_of=day)
                elif any(_applies(ruleset, "unit", platform) for platform in (*opened, *unit.requires)):
                    yield score(ruleset, row.target, row.name, (*results, *of_accounts), as_of=day)


def _applies(ruleset: Ruleset, subject: str, kind: str) -> bool:
    """Whether a ruleset is for such a target; `kind` is a site's kind, or the platform of an account or a unit."""
    scope = ruleset.applies_to
    kinds = scope.kinds if subject == "site" else scope.platforms
    return scope.subject == subject and (not kinds or kind in kinds)
