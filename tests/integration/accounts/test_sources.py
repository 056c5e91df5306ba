"""The choice of the source, and the demo's accounts against their ground truth."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from crawler.accounts.errors import AccountSettingsError
from crawler.accounts.sources import SETTINGS, fetch_account
from crawler.facts import Account, AccountFetch, AccountOutcome, AccountSourceSpec
from demo.account_files import LOGINS, registry_entries, truth
from demo.accounts import ACCOUNTS, REQUIRES
from demo.model import AS_OF
from demo.platforms import Platforms

WINDOWS = {"account.stale": timedelta(days=14), "account.zombie": timedelta(days=31), "account.dormant": timedelta(365)}


async def _fetch(account: Account, client: httpx.AsyncClient, folder: Path) -> AccountFetch:
    (fetch,) = await fetch_account(
        account,
        AS_OF - timedelta(days=100),
        AS_OF,
        clock=lambda: AS_OF,
        client=client,
        base_folder=folder,
        environ=LOGINS,
    )
    return fetch


def _one(source: AccountSourceSpec | None) -> AccountFetch:
    async def play() -> AccountFetch:
        async with httpx.AsyncClient() as client:
            return await _fetch(Account("u", "wechat", "示例", "1", source=source), client, Path())

    return asyncio.run(play())


def test_no_source_is_an_outcome_and_an_unknown_one_an_error() -> None:
    assert _one(None).outcome is AccountOutcome.NO_SOURCE
    with pytest.raises(AccountSettingsError) as caught:
        _one(AccountSourceSpec("wechat-telepathy"))
    for kind in SETTINGS:
        assert kind in str(caught.value)
    with pytest.raises(AccountSettingsError, match="必填"):
        _one(AccountSourceSpec("feed"))


def _account(unit: str, entry: dict[str, Any]) -> Account:
    settings = {name: value for name, value in entry["source"].items() if name != "kind"}
    source = AccountSourceSpec(entry["source"]["kind"], settings)
    return Account(unit, entry["platform"], entry["name"], entry["platform_id"], entry["subject"], source=source)


def test_the_demo_accounts_can_be_judged_as_their_truth_says(tmp_path: Path) -> None:
    async def play() -> dict[str, AccountFetch]:
        platforms = Platforms(ACCOUNTS, AS_OF)
        await platforms.start()
        try:
            async with httpx.AsyncClient() as client:
                return {
                    account.platform_id: await _fetch(account, client, tmp_path)
                    for unit in REQUIRES
                    for entry in registry_entries(unit, lambda source: platforms.of(source).url, tmp_path)
                    for account in [_account(unit, entry)]
                }
        finally:
            await platforms.stop()

    fetches = asyncio.run(play())
    assert len(fetches) == len(ACCOUNTS) >= 10
    judged = 0
    for row in truth():
        if row["check"] not in WINDOWS:
            continue
        fetch, start = fetches[row["platform_id"]], AS_OF - WINDOWS[row["check"]]
        posted = any(post.published_at >= start for post in fetch.posts)
        verdict = "pass" if posted else "fail" if fetch.spans(start) else "undetermined"
        assert verdict == row["expect"], (row, fetch.outcome, fetch.reason)
        judged += 1
    assert judged >= 20


def test_the_truth_names_the_unit_without_wechat() -> None:
    missing = [row["unit"] for row in truth() if row["check"] == "account.missing" and row["expect"] == "fail"]
    assert missing == ["xingzheng-bureau"]
