"""The demo's accounts, read from the fake platforms and judged by the checks of accounts, against their ground truth."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import httpx

from checks.model import CheckResult
from checks.runner import run
from crawler.accounts.links import Follower, links_of
from crawler.accounts.pacing import Pacer
from crawler.accounts.post_texts import post_texts
from crawler.accounts.sources import fetch_account
from crawler.facts import Account, AccountFacts, AccountSourceSpec, Unit
from crawler.words.wordbook import built_in
from demo.account_files import LOGINS, registry_entries, truth
from demo.accounts import ACCOUNTS
from demo.model import AS_OF
from demo.platforms import Platforms


async def _judged(unit: Unit, account: Account, client: httpx.AsyncClient, folder: Path) -> list[CheckResult]:
    fetches = await fetch_account(
        account,
        AS_OF - timedelta(days=366),
        AS_OF,
        clock=lambda: AS_OF,
        client=client,
        base_folder=folder,
        environ=LOGINS,
    )
    wanted = links_of(account, fetches)
    links = await Follower(client, lambda: AS_OF, Pacer()).follow(wanted) if wanted else None
    texts = post_texts(fetches, built_in(), links or ())
    return list(run(AccountFacts(unit, account, AS_OF, fetches, links=links, texts=texts)))


def test_the_demo_accounts_are_judged_as_their_truth_says(tmp_path: Path) -> None:
    async def play() -> dict[tuple[str, str], CheckResult]:
        platforms = Platforms(ACCOUNTS, AS_OF)
        await platforms.start()
        results: dict[tuple[str, str], CheckResult] = {}
        try:
            async with httpx.AsyncClient() as client:
                for code in dict.fromkeys(account.unit for account in ACCOUNTS):
                    unit = Unit(code, code)
                    for entry in registry_entries(code, lambda kind: platforms.of(kind).url, tmp_path):
                        told = entry["source"]
                        assert isinstance(told, dict)
                        spec = AccountSourceSpec(told["kind"], {k: v for k, v in told.items() if k != "kind"})
                        key = str(entry["platform_id"])
                        account = Account(
                            code, str(entry["platform"]), str(entry["name"]), key, str(entry["subject"]), source=spec
                        )
                        found = await _judged(unit, account, client, tmp_path)
                        results |= {(key, result.check): result for result in found}
        finally:
            await platforms.stop()
        return results

    results = asyncio.run(play())
    rows = [row for row in truth() if row["platform_id"]]
    wrong = [
        (row, result.state, result.summary)
        for row in rows
        if (result := results[row["platform_id"], row["check"]]).state.value != row["expect"]
    ]
    assert not wrong
    assert {"account.content-off-duty", "account.fake-followers", "account.typo"} <= {
        row["check"] for row in rows if row["expect"] == "needs-review"
    }
    told = {(row["platform_id"], row["check"]) for row in rows if row["expect"] in ("fail", "needs-review")}
    spoken = {row["check"] for row in rows}
    found = {key for key, result in results.items() if result.findings and key[1] in spoken}
    # A silent account shows in every check of silence, whichever of them its truth names.
    assert not {key for key in found - told if not key[1].endswith(("stale", "zombie", "dormant"))}
    assert "原创 0／12 条" in results["9907210002", "account.content-off-duty"].summary
    note = results["990721002", "account.stale"].coverage.note
    assert "1 篇打不开" in note and "该内容已被发布者删除" in note, "a challenge is not among them"
