"""From a recorded run to saved results: facts, checks, evidence, scores. Nothing here touches the network,

so that any stored inspection can be judged again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from checks import runner
from checks.model import CheckResult, State, Target
from checks.registry import CHECKS
from crawler.facts import (
    Account,
    AccountFacts,
    AccountFetch,
    Coverage,
    Outcome,
    ProbeFact,
    SearchTrial,
    Site,
    SiteFacts,
    Unit,
    UnitFacts,
    pages_of,
)
from crawler.facts.texts import NO_ATTACHMENTS, Attachments
from crawler.read.coverage import coverage_of
from crawler.read.scope import own_hosts_of
from crawler.read.site import assemble
from scoring.engine import score
from scoring.model import Scorecard
from scoring.ruleset import Ruleset
from storage.runs import RunView
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Bench:
    """What judging needs besides facts: the store and the rulesets of the inspection."""

    store: Store
    inspection: str
    rulesets: tuple[Ruleset, ...]
    as_of: datetime


def judge_site(
    bench: Bench,
    unit: Unit,
    site: Site,
    target: Target,
    run: RunView,
    *,
    truncated_by: str,
    note: str = "",
    probes: tuple[ProbeFact, ...],
    search: tuple[SearchTrial, ...] | None,
    attachments: Attachments = NO_ATTACHMENTS,
    now: datetime,
) -> tuple[CheckResult, ...]:
    """Judges and scores one site's run and saves both. A run on a failing network of ours proves nothing at all."""
    if truncated_by == Outcome.OWN_NETWORK.label:
        coverage = Coverage(truncated_by=truncated_by, note="采集期间本机网络故障，本次结果不作判定")
        facts = SiteFacts(unit, site, bench.as_of, coverage, pages_of(()), probes=probes)
    else:
        coverage = replace(coverage_of(run.visits(), own_hosts_of(site), truncated_by), note=note)
        facts = assemble(unit, site, bench.as_of, run, coverage=coverage, search=search, probes=probes)
        facts = replace(facts, attachments=attachments)
    results = runner.run(facts)
    cards = tuple(
        score(ruleset, target, site.name or unit.name, results, as_of=bench.as_of.date(), site_kind=site.kind)
        for ruleset in bench.rulesets
        if _applies(ruleset, "site", site.kind)
    )
    _save(bench, target, results, cards, run, now)
    return results


def judge_account(
    bench: Bench, unit: Unit, account: Account, target: Target, fetches: tuple[AccountFetch, ...], now: datetime
) -> tuple[CheckResult, ...]:
    """Judges and scores one account by what its sources gave."""
    results = runner.run(AccountFacts(unit, account, bench.as_of, fetches))
    of_unit = runner.run(UnitFacts(unit, bench.as_of))
    cards = tuple(
        score(ruleset, target, account.name, (*results, *of_unit), as_of=bench.as_of.date())
        for ruleset in bench.rulesets
        if _applies(ruleset, "account", account.platform)
    )
    bench.store.results.save(bench.inspection, target, results, cards, _payloads(account, fetches), now)
    return results


def judge_unit(bench: Bench, unit: Unit, target: Target, now: datetime) -> tuple[CheckResult, ...]:
    """Judges what a unit's registration itself shows; a platform that it should be on and is not gets its row too."""
    results = runner.run(UnitFacts(unit, bench.as_of))
    opened = {account.platform for account in unit.accounts}
    cards = tuple(
        score(ruleset, target, unit.name, results, as_of=bench.as_of.date())
        for ruleset in bench.rulesets
        for platform in unit.requires
        if platform not in opened and _applies(ruleset, "account", platform)
    )
    _save(bench, target, results, cards, None, now)
    return results


def problems_in(results: Iterable[CheckResult]) -> int:
    """How many findings the results hold."""
    return sum(len(result.findings) for result in results)


def undetermined_in(results: Iterable[CheckResult]) -> int:
    """How many checks could not tell."""
    return sum(result.state in (State.UNDETERMINED, State.ERROR) for result in results)


def _save(
    bench: Bench,
    target: Target,
    results: Sequence[CheckResult],
    cards: Sequence[Scorecard],
    run: RunView | None,
    now: datetime,
) -> None:
    evidence = _promote(bench.store, results, run) if run is not None else {}
    bench.store.results.save(bench.inspection, target, results, cards, evidence, now)


def _applies(ruleset: Ruleset, subject: str, kind: str) -> bool:
    """Whether a ruleset is for such a target; `kind` is the site's kind or the account's platform."""
    scope = ruleset.applies_to
    kinds = scope.kinds if subject == "site" else scope.platforms
    return scope.subject == subject and (not kinds or kind in kinds)


def _promote(store: Store, results: Iterable[CheckResult], run: RunView) -> Mapping[str, tuple[str, ...]]:
    """Keeps the bytes and headers of every page with a finding, and of every address at fault that answered."""
    urls: dict[str, None] = {}
    for result in results:
        for stamped in result.findings:
            finding = stamped.finding
            pictures = (stamped.picture, stamped.plain_picture)
            for url in (finding.url, finding.problem_url, *finding.evidence_urls, *pictures):
                if url:
                    urls.setdefault(url)
    promoted = store.evidence.promote(run, urls)
    return {url: tuple(record.sha256 for record in records) for url, records in promoted.items()}


def _payloads(account: Account, fetches: Iterable[AccountFetch]) -> Mapping[str, tuple[str, ...]]:
    """What the account's sources answered, by the addresses that its findings name: the account's own, and its page's.

    The bytes were kept as they came, under the account's own address.
    """
    proofs: dict[str, tuple[str, ...]] = {}
    for fetch in fetches:
        if fetch.payload_sha256:
            for url in filter(None, (account.key, fetch.url)):
                proofs[url] = (*proofs.get(url, ()), fetch.payload_sha256)
    return proofs


def known_checks() -> frozenset[str]:
    """The ids that rulesets may name."""
    return frozenset(CHECKS)
