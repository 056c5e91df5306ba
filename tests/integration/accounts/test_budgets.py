"""A platform's budget over real HTTP, with the real ledger: what is spent or blocked is not asked."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from msgspec.structs import replace

from crawler.accounts.pacing import Pacer
from crawler.accounts.routes import Routes
from crawler.accounts.sources import fetch_account
from crawler.facts import BEIJING, Account, AccountFetch, AccountOutcome, AccountSourceSpec
from demo.account_model import DemoAccount
from demo.model import AS_OF
from demo.platforms import Platforms
from storage.store import Store
from tests.integration.accounts.stage import SILENT_20, account_of, feed_account

ALL = Routes(weibo_mobile=True, weibo_web=True, wechat_backend=True)
SECRETS = {"XUNCHA_SECRET": "s3cr3t-of-the-app", "XUNCHA_COOKIE": "SUB=s3cr3t-cookie", "XUNCHA_TOKEN": "s3cr3t-token"}
MIDNIGHT = datetime(2026, 11, 21, tzinfo=BEIJING)
SETTINGS = {
    "wechat-official": {"app_id": "7000000001", "secret_env": "XUNCHA_SECRET"},
    "wechat-backend": {"fakeid": "7000000001", "cookie_env": "XUNCHA_COOKIE", "token_env": "XUNCHA_TOKEN"},
    "weibo-web": {"cookie_env": "XUNCHA_COOKIE"},
    "weibo-api": {"token_env": "XUNCHA_TOKEN"},
}


FEEDS = "feeds.example"


class Detour(httpx.AsyncHTTPTransport):
    """Leads every request, wherever it goes, to a server on this machine: the platform is asked by its own address."""

    def __init__(self, to: str) -> None:
        super().__init__()
        self._to = httpx.URL(to)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http", host=self._to.host, port=self._to.port)
        return await super().handle_async_request(request)


def ask(
    staged: DemoAccount,
    store: Store,
    *,
    now: datetime = AS_OF,
    routes: Routes = ALL,
    environ: dict[str, str] = SECRETS,
    kept: list[bytes] | None = None,
) -> tuple[AccountFetch, int, list[float]]:
    """A fetch from the platform's own address: what came of it, how often it was asked, and what was waited."""

    async def play() -> tuple[AccountFetch, int, list[float]]:
        platforms = Platforms([staged], AS_OF)
        await platforms.start()
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        feed = {"url": f"http://{FEEDS}{staged.feed_path}"}
        spec = AccountSourceSpec(staged.source, feed if staged.source == "feed" else SETTINGS[staged.source])
        account = Account("u", staged.platform, staged.name, staged.platform_id, source=spec)
        server = platforms.of(staged.source)
        try:
            async with httpx.AsyncClient(transport=Detour(server.url)) as client:
                (fetch,) = await fetch_account(
                    account,
                    AS_OF - timedelta(days=100),
                    AS_OF,
                    clock=lambda: now,
                    client=client,
                    base_folder=Path(),
                    routes=routes,
                    environ=environ,
                    pacer=Pacer(lambda: 0.0, sleep, store.budgets),
                    keep=lambda _, body: kept.append(body) if kept is not None else None,
                )
        finally:
            await platforms.stop()
        return fetch, len(server.requests), slept

    return asyncio.run(play())


def opened(tmp_path: Path) -> Store:
    store = Store(f"sqlite:///{tmp_path / 'x.db'}", tmp_path)
    store.upgrade()
    return store


def test_a_daily_quota_blocks_until_midnight_for_whoever_asks_next(tmp_path: Path) -> None:
    staged = account_of("wechat-official", "quota-at-once", SILENT_20)
    with opened(tmp_path) as store:
        fetch, asked, _ = ask(staged, store)
        assert (fetch.outcome, asked) == (AccountOutcome.RATE_LIMITED, 2)
    with opened(tmp_path) as store:
        fetch, asked, _ = ask(staged, store, now=MIDNIGHT - timedelta(minutes=2))
        assert (fetch.outcome, asked) == (AccountOutcome.RATE_LIMITED, 0)
        assert "45009" in fetch.reason
        assert "11-21 00:00:00 前不再请求" in fetch.reason
        assert ask(staged, store, now=MIDNIGHT)[1] == 2


def test_the_back_end_rests_for_a_day(tmp_path: Path) -> None:
    staged = account_of("wechat-backend", "limited", SILENT_20)
    with opened(tmp_path) as store:
        assert ask(staged, store)[1] == 1
        assert ask(staged, store, now=AS_OF + timedelta(hours=23))[1] == 0
        assert ask(staged, store, now=AS_OF + timedelta(hours=24))[1] == 1


def test_refusals_in_a_row_rest_longer_and_a_near_rest_is_waited_for(tmp_path: Path) -> None:
    staged = account_of("weibo-web", "rate-limited", SILENT_20)
    with opened(tmp_path) as store:
        now = AS_OF
        rests = []
        for _ in range(4):
            fetch, asked, _ = ask(staged, store, now=now)
            assert (fetch.outcome, asked) == (AccountOutcome.RATE_LIMITED, 1)
            turn = store.budgets.take("weibo-web weibo.com XUNCHA_COOKIE", now, interval=0, a_minute=99, a_day=999)
            rests.append((turn.at - now).total_seconds())
            now = turn.at
        assert rests == [5, 10, 20, 40]


def test_a_spent_day_is_not_asked(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        fetch, asked, slept = ask(account_of("weibo-web", "ok", SILENT_20), store)
        assert fetch.outcome is AccountOutcome.FETCHED
        assert len(slept) == asked - 1, "calls are three seconds apart"
        key = "weibo-web weibo.com XUNCHA_COOKIE"
        while not store.budgets.take(key, AS_OF, interval=0, a_minute=10**6, a_day=300).refused:
            pass
        fetch, asked, _ = ask(account_of("weibo-web", "ok", SILENT_20), store)
        assert (fetch.outcome, asked) == (AccountOutcome.RATE_LIMITED, 0)
        assert "300 次" in fetch.reason


def test_feeds_of_a_host_take_turns_and_rest_together(tmp_path: Path) -> None:
    one, other = feed_account(), replace(feed_account(), platform_id="1002")
    with opened(tmp_path) as store:
        fetch, asked, slept = ask(one, store)
        assert (fetch.outcome, asked, slept) == (AccountOutcome.FETCHED, 2, [1.0]), "sync time and feed, a second apart"
        assert ask(other, store)[2] == [2.0, 3.0], "the clock stands still, the turns do not"
        assert ask(feed_account("cooling-down"), store)[0].outcome is AccountOutcome.RATE_LIMITED
        turn = store.budgets.take(f"feed {FEEDS}", AS_OF, interval=0, a_minute=99, a_day=999)
        assert "Cooling down" in turn.refused
        store.budgets.block(f"feed {FEEDS}", AS_OF + timedelta(hours=1), "歇一小时", now=AS_OF)
        fetch, asked, _ = ask(other, store)
        assert (fetch.outcome, asked) == (AccountOutcome.RATE_LIMITED, 0)


def test_the_cookie_routes_are_off_until_they_are_switched_on(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        for source in ("weibo-web", "wechat-backend"):
            fetch, asked, _ = ask(account_of(source), store, routes=Routes())
            assert (fetch.outcome, asked) == (AccountOutcome.NO_SOURCE, 0)


def test_without_a_login_nothing_is_asked(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        for source in SETTINGS:
            fetch, asked, _ = ask(account_of(source), store, environ={})
            assert (fetch.outcome, asked) == (AccountOutcome.LOGIN_EXPIRED, 0)


def test_a_dead_cookie_is_known_before_it_is_sent(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        for alf in (f"ALF={int(AS_OF.timestamp()) - 1}", f"ALF=02_{int(AS_OF.timestamp()) - 1}"):
            fetch, asked, _ = ask(account_of("weibo-web"), store, environ={"XUNCHA_COOKIE": f"SUB=1; {alf}; x=2"})
            assert (fetch.outcome, asked) == (AccountOutcome.LOGIN_EXPIRED, 0)
            assert "到期" in fetch.reason
        live = {"XUNCHA_COOKIE": f"SUB=1; ALF=02_{int(AS_OF.timestamp()) + 60}"}
        assert ask(account_of("weibo-web"), store, environ=live)[0].outcome is AccountOutcome.FETCHED
