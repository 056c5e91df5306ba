"""One new-media account of an inspection: what its sources gave, what was kept of it, and what it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from checks import runner
from checks.model import JSON
from crawler.clock import now
from crawler.facts import Account, AccountFacts, AccountFetch
from scheduler.desk import Ended, Errand
from scheduler.judge import ACCOUNT_WINDOW_DAYS, judge_account, problems_in, undetermined_in
from scheduler.logs import bind
from scheduler.recheck import counted, steps_of


async def run_account(errand: Errand) -> Ended:
    """Works on the account of the errand: read and judged, or in a recheck looked at again."""
    row, task = errand.row, errand.task
    account = next(account for account in errand.unit.accounts if account.key == row.target.address)
    run, facts, pages = await _facts(errand, account)
    stats: dict[str, JSON] = {
        "posts": sum(len(fetch.posts) for fetch in facts.fetches),
        "followed": len(facts.links or ()),
    }
    if task is None:
        results = judge_account(errand.bench, row.target, facts, pages, now())
        stats |= {"problems": problems_in(results), "undetermined": undetermined_in(results)}
    else:
        steps = steps_of(task, runner.run(facts, checks=task.checks), row.inspection, now())
        errand.store.rectifications.step(steps)
        stats |= counted(steps)
    reason = "；".join(dict.fromkeys(fetch.outcome.label for fetch in facts.fetches)) or "未登记数据来源"
    errand.store.runs.finish(run, now(), reason, stats)
    return "done", reason, stats


async def _facts(errand: Errand, account: Account) -> tuple[int, AccountFacts, Mapping[str, str]]:
    """The run, what an account's sources gave, and the SHA-256 of pages that were followed and kept, by address."""
    # What reads feeds, workbooks and pages of articles is loaded only where there are accounts.
    from crawler.accounts.links import Follower, links_of
    from crawler.accounts.post_texts import post_texts
    from crawler.accounts.sources import fetch_account

    desk, row, store = errand.desk, errand.row, errand.store

    def clock() -> datetime:
        return desk.terms.account_time or now()

    since = desk.as_of - timedelta(days=ACCOUNT_WINDOW_DAYS)
    run = store.runs.open(row.inspection, row.target, desk.asking(), now())
    store.inspections.attach_run(row.inspection, row.number, run)
    bind(run=run)
    fetches: tuple[AccountFetch, ...] = await fetch_account(
        account,
        since,
        desk.as_of,
        clock=clock,
        client=desk.platforms,
        base_folder=Path(desk.terms.registry_folder),
        routes=desk.machine.routes,
        pacer=desk.pacer,
        environ=desk.logins,
        keep=lambda _, payload: _keep(errand, run, account.key, payload, "other"),
    )
    store.runs.note(run, "fetches", msgspec.to_builtins(fetches))
    for fetch in fetches:
        store.accounts.record(account.key, fetch, clock())
    pages: dict[str, str] = {}
    wanted = links_of(account, fetches)
    follower = Follower(
        errand.kit.client,
        now,
        desk.pacer,
        lambda url, body: pages.update({url: _keep(errand, run, url, body, "html")}),
    )
    links = await follower.follow(wanted) if wanted else None
    store.runs.note(run, "links", msgspec.to_builtins(links))
    texts = post_texts(fetches, desk.words, links or ())
    store.runs.note(run, "texts", msgspec.to_builtins(texts))
    facts = AccountFacts(
        errand.unit,
        account,
        desk.as_of,
        fetches,
        history=store.accounts.history(account.key, since, desk.as_of),
        links=links,
        texts=texts,
    )
    return run, facts, pages


def _keep(errand: Errand, run: int, url: str, body: bytes, kind: str) -> str:
    """Keeps what an account's source answered, or a page that it leads to and that was not in order; its SHA-256."""
    client = errand.desk.limits.user_agent
    return errand.store.evidence.keep(body, kind=kind, url=url, at=now(), client=client, run=run).sha256
