"""One account in front of the real fake platforms: the stage that the tests of this folder play on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from msgspec import Struct
from msgspec.structs import replace

from crawler.accounts.answer import Limits
from crawler.accounts.pacing import Pacer
from crawler.accounts.sources import fetch_account
from crawler.facts import Account, AccountFetch, AccountSourceSpec
from demo.account_files import LOGINS
from demo.account_model import DemoAccount, DemoPost, posts_until
from demo.model import AS_OF
from demo.platform_http import Request
from demo.platforms import Platforms

WINDOW = timedelta(days=100)
LIMITS = Limits(seconds=10)
HERE = Path()
FRESH = posts_until(0.5, every=2, count=35)
SILENT_20 = posts_until(20, every=5, count=25)
SILENT_100 = posts_until(101, every=5, count=25)


def feed_account(scenario: str = "ok", posts: Sequence[DemoPost] = FRESH, form: str = "json") -> DemoAccount:
    return DemoAccount("u", "wechat", "示例发布", "1001", "feed", scenario=scenario, form=form, posts=tuple(posts))


def weibo_account(
    scenario: str = "ok", posts: Sequence[DemoPost] = FRESH, statuses_count: int | None = None
) -> DemoAccount:
    return DemoAccount(
        "u",
        "weibo",
        "示例发布",
        "7000000001",
        "weibo-mobile",
        subject="示例办公室",
        scenario=scenario,
        posts=tuple(posts),
        statuses_count=statuses_count,
    )


def account_of(
    source: str, scenario: str = "ok", posts: Sequence[DemoPost] = FRESH, count: int | None = None
) -> DemoAccount:
    """An account of one of the kinds of source that have no feed."""
    platform = "wechat" if source.startswith("wechat") else "weibo"
    return DemoAccount(
        "u",
        platform,
        "示例发布",
        "7000000001",
        source,
        subject="示例办公室",
        scenario=scenario,
        posts=tuple(posts),
        statuses_count=count,
    )


COOKIE, TOKEN = LOGINS
OWN = {
    "wechat-official": {"app_id": "7000000001"},
    "wechat-backend": {"fakeid": "7000000001", "max_pages": "10", "cookie_env": COOKIE, "token_env": TOKEN},
    "weibo-api": {"token_env": TOKEN},
}


class Performance(Struct, frozen=True):
    """What came of a fetch, with the requests each server saw."""

    fetch: AccountFetch
    feed_requests: tuple[Request, ...]
    weibo_requests: tuple[Request, ...]
    requests: tuple[Request, ...] = ()
    slept: tuple[float, ...] = ()


def perform(
    staged: DemoAccount,
    *,
    until: datetime = AS_OF,
    now: datetime = AS_OF,
    clock: datetime | None = None,
    settings: Mapping[str, str] | None = None,
    query: str = "",
    environ: Mapping[str, str] | None = None,
    limits: Limits = LIMITS,
    base_folder: Path = HERE,
    keep: Callable[[str, bytes], object] | None = None,
) -> Performance:
    """Plays one account against real servers whose time is `now`.

    The monitoring time point is `until`; our own clock says `clock`, or `now` where that is not given.
    """

    async def play() -> Performance:
        platforms = Platforms([staged], now)
        await platforms.start()
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        try:
            own = (
                {"url": f"{platforms.feed_url}{staged.feed_path}{query}"}
                if staged.source == "feed"
                else {"base_url": platforms.of(staged.source).url, **OWN.get(staged.source, {})}
            )
            spec = AccountSourceSpec(staged.source, {**own, **(settings or {})})
            account = replace(_registered(staged), source=spec)
            async with httpx.AsyncClient() as client:
                (fetch,) = await fetch_account(
                    account,
                    until - WINDOW,
                    until,
                    clock=lambda: clock or now,
                    client=client,
                    base_folder=base_folder,
                    environ=LOGINS if environ is None else environ,
                    pacer=Pacer(sleep=sleep),
                    limits=limits,
                    keep=keep,
                )
        finally:
            await platforms.stop()
        return Performance(
            fetch,
            tuple(platforms.feed.requests),
            tuple(platforms.weibo.requests),
            tuple(platforms.of(staged.source).requests),
            tuple(slept),
        )

    return asyncio.run(play())


def _registered(staged: DemoAccount) -> Account:
    return Account(staged.unit, staged.platform, staged.name, staged.platform_id, staged.subject)
