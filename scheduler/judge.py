"""From a recorded run to saved results: facts, checks, evidence. Nothing here touches the network,

so that any stored inspection can be judged again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from checks import runner
from checks.model import CheckResult, State, Target
from crawler.facts import (
    Account,
    AccountFacts,
    AccountFetch,
    Coverage,
    Outcome,
    Site,
    SiteFacts,
    Trials,
    Unit,
    UnitFacts,
    pages_of,
)
from crawler.read.coverage import coverage_of
from crawler.read.scope import own_hosts_of
from crawler.read.site import assemble
from crawler.read.timings import Timings
from scheduler.history import NOTE, history_of, read_back
from storage.runs import RunView
from storage.store import Store

HISTORY_DAYS = 31
"""How many days of availability probes are handed to the checks; the clause asks for seven."""
ACCOUNT_WINDOW_DAYS = 366
"""How far back an account is read: the longest window any account check asks for is a year (开通未运营)."""


class Bench(Struct, frozen=True):
    """What judging needs besides facts: where it is saved, and as of when it is judged."""

    store: Store
    inspection: str
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
    trials: Trials,
    now: datetime,
) -> tuple[CheckResult, ...]:
    """Judges one site's run and saves what comes of it. A run on a failing network of ours proves nothing at all."""
    facts = facts_of(bench, unit, site, run, truncated_by=truncated_by, note=note, trials=trials)
    if not truncated_by:
        bench.store.runs.note(run.record.id, NOTE, read_back(facts.columns))
    results = runner.run(facts)
    bench.store.results.save(bench.inspection, target, results, _promote(bench.store, results, run), now)
    return results


def facts_of(
    bench: Bench, unit: Unit, site: Site, run: RunView, *, truncated_by: str, note: str = "", trials: Trials
) -> SiteFacts:
    """All that the checks may know of one site in a recorded run, with what earlier runs and probes tell."""
    if truncated_by == Outcome.OWN_NETWORK.label:
        coverage = Coverage(truncated_by=truncated_by, note="采集期间本机网络故障，本次结果不作判定")
        return SiteFacts(unit, site, bench.as_of, coverage, pages_of(()), probes=trials.probes)
    own = own_hosts_of(site)
    timings = Timings(own)
    coverage = replace(coverage_of(timings.noting(run.visits()), own, truncated_by), note=note)
    facts = assemble(unit, site, bench.as_of, run, coverage=coverage, trials=trials)
    since = bench.as_of - timedelta(days=HISTORY_DAYS)
    return replace(
        facts,
        history=bench.store.probes.of(site.home_url, since, bench.as_of),
        timings=timings.sample(),
        earlier=history_of(bench.store.runs, run, facts.columns),
    )


def judge_account(
    bench: Bench, target: Target, facts: AccountFacts, pages: Mapping[str, str], now: datetime
) -> tuple[CheckResult, ...]:
    """Judges one account by what its sources gave, what was kept of it, and what it leads to.

    `pages` are the SHA-256 of pages that were followed and kept, by address.
    """
    results = runner.run(facts)
    proofs = {**_payloads(facts.account, facts.fetches), **{url: (sha256,) for url, sha256 in pages.items()}}
    bench.store.results.save(bench.inspection, target, results, proofs, now)
    return results


def judge_unit(bench: Bench, unit: Unit, target: Target, now: datetime) -> tuple[CheckResult, ...]:
    """Judges what a unit's registration itself shows."""
    results = runner.run(UnitFacts(unit, bench.as_of))
    bench.store.results.save(bench.inspection, target, results, {}, now)
    return results


def problems_in(results: Iterable[CheckResult]) -> int:
    """How many findings the results hold."""
    return sum(len(result.findings) for result in results)


def undetermined_in(results: Iterable[CheckResult]) -> int:
    """How many checks could not tell."""
    return sum(result.state in (State.UNDETERMINED, State.ERROR) for result in results)


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
