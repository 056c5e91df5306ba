"""评分表 from saved results: what ends an inspection. It needs no crawl, so that it can be done again at any time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from checks import runner
from checks.model import CheckResult, Subject, Target
from checks.registry import CHECKS
from crawler.facts import Unit, UnitFacts
from scheduler.rejudging import judged_by, thresholds_of, told_apart
from scheduler.unread import answers
from scoring.comparing import Change, compare
from scoring.engine import score
from scoring.manual import ManualEntry
from scoring.model import Scorecard
from scoring.review import Review, in_force
from scoring.ruleset import Ruleset, load
from storage.inspections import InspectionRecord, TargetRow
from storage.store import Store


def score_inspection(store: Store, record: InspectionRecord, rulesets: Sequence[str] = ()) -> tuple[Change, ...]:
    """Scores every target under the inspection's rulesets, or those given, and replaces its scorecards.

    Answers what moved. Raises RulesetError or ManualEntryError; nothing is replaced then.
    """
    chosen = tuple(rulesets) or record.rulesets
    before = {(card.target, card.ruleset): card for card in store.results.cards(record.id)}
    cards = list(cards_of(store, record, chosen))
    store.results.keep_cards(record.id, cards, chosen)
    changes = (compare(before.get((card.target, card.ruleset)), card) for card in cards)
    return tuple(change for change in changes if not change.is_none)


def cards_of(store: Store, record: InspectionRecord, rulesets: Sequence[str]) -> Iterator[Scorecard]:
    """The scorecards of every target of an inspection under any rulesets, by id; nothing is saved.

    What people decided counts: reviews that nobody took back, and entries for indicators. A ruleset that asks other
    thresholds of checks has them judged by these.

    Raises RulesetError or ManualEntryError.
    """
    loaded = _loaded(rulesets)
    told = _Told(record.as_of.date(), store.reviews.standing(), store.entries.of_targets(record.id))
    units = {unit.code: unit for unit in record.units}
    of_units = {code: runner.run(UnitFacts(unit, record.as_of)) for code, unit in units.items()}
    of_accounts: dict[str, list[CheckResult]] = defaultdict(list)
    for row in store.inspections.targets(record.id):
        unit = units[row.target.unit]
        results = answers(store, row, unit)
        if row.target.kind is Subject.ACCOUNT:
            of_accounts[unit.code] += results
        if results:
            accounts = of_accounts[unit.code]
            plain = [ruleset for ruleset in loaded if not ruleset.thresholds]
            yield from _cards(told, row, unit, results, of_units[unit.code], accounts, plain)
            for ruleset in loaded:
                if ruleset.thresholds:
                    own = judged_by(store, record, row, results, thresholds_of(ruleset))
                    for card in _cards(told, row, unit, own, of_units[unit.code], accounts, [ruleset]):
                        yield told_apart(card, own, results, in_force(told.reviews, told.day))


def results_behind(
    store: Store, record: InspectionRecord, card: Scorecard, rulesets: Sequence[str]
) -> Iterator[CheckResult]:
    """The results that a scorecard was made from: the target's own, its unit's, and of a unit its accounts'.

    `rulesets` are those that the card was made under one of.
    """
    own = card.target
    ruleset = next(ruleset for ruleset in _loaded(rulesets) if ruleset.id == card.ruleset)
    thresholds = thresholds_of(ruleset)
    for row in store.inspections.targets(record.id):
        of_unit = row.target.unit == own.unit and row.target.kind is not Subject.SITE and own.kind is not Subject.SITE
        if row.target == own or (of_unit and Subject.UNIT in (row.target.kind, own.kind)):
            results = answers(store, row, next(unit for unit in record.units if unit.code == row.target.unit))
            yield from judged_by(store, record, row, results, thresholds) if row.target == own else results


def _loaded(rulesets: Sequence[str]) -> list[Ruleset]:
    return [load(name, CHECKS.keys()) for name in rulesets]


class _Told(Struct, frozen=True):
    """What scoring needs besides results: the day, and what people decided."""

    day: date
    reviews: tuple[Review, ...]
    entries: Mapping[tuple[Target, str], Mapping[str, ManualEntry]]

    def card(self, ruleset: Ruleset, row: TargetRow, results: Sequence[CheckResult], site_kind: str = "") -> Scorecard:
        """The target's scorecard."""
        manual = self.entries.get((row.target, ruleset.id), {})
        return score(
            ruleset,
            row.target,
            row.name,
            results,
            manual=manual,
            reviews=self.reviews,
            as_of=self.day,
            site_kind=site_kind,
        )


def _cards(
    told: _Told,
    row: TargetRow,
    unit: Unit,
    results: tuple[CheckResult, ...],
    of_unit: tuple[CheckResult, ...],
    of_accounts: Sequence[CheckResult],
    rulesets: Sequence[Ruleset],
) -> Iterator[Scorecard]:
    """The scorecards of one target; in the table a unit comes behind its accounts.

    An account is scored with what its unit's registration shows. A unit itself has a card for each platform that it
    should be on and is not, and one for all its accounts together under a ruleset of units: one that was not judged
    leaves a gap, for the others must not stand for it.
    """
    match row.target.kind:
        case Subject.SITE:
            kind = next(site.kind for site in unit.sites if site.home_url == row.target.address)
            for ruleset in rulesets:
                if _applies(ruleset, "site", kind):
                    yield told.card(ruleset, row, results, kind)
        case Subject.ACCOUNT:
            platform = next(account.platform for account in unit.accounts if account.key == row.target.address)
            for ruleset in rulesets:
                if _applies(ruleset, "account", platform):
                    yield told.card(ruleset, row, (*results, *of_unit))
        case Subject.UNIT:
            opened = {account.platform for account in unit.accounts}
            lacking = [platform for platform in unit.requires if platform not in opened]
            for ruleset in rulesets:
                if any(_applies(ruleset, "account", platform) for platform in lacking):
                    yield told.card(ruleset, row, results)
                elif any(_applies(ruleset, "unit", platform) for platform in (*opened, *unit.requires)):
                    yield told.card(ruleset, row, (*results, *of_accounts))


def _applies(ruleset: Ruleset, subject: str, kind: str) -> bool:
    """Whether a ruleset is for such a target; `kind` is a site's kind, or the platform of an account or a unit."""
    scope = ruleset.applies_to
    kinds = scope.kinds if subject == "site" else scope.platforms
    return scope.subject == subject and (not kinds or kind in kinds)
