"""Reading back on m.weibo.cn: pages, pinned posts, times at midnight, and whose login is used."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from msgspec import Struct
from msgspec.structs import replace

from crawler.accounts.errors import AccountSettingsError
from crawler.accounts.pacing import Pacer
from crawler.accounts.routes import Routes
from crawler.accounts.sources import fetch_account
from crawler.facts import BEIJING, Account, AccountFetch, AccountOutcome, AccountSourceSpec
from demo.account_model import DemoPost, posts_until
from demo.model import AS_OF
from demo.platform_http import Request
from demo.platforms import Platforms
from tests.integration.accounts.stage import FRESH, SILENT_20, WINDOW, perform, weibo_account

TWO_WEEKS = AS_OF - timedelta(days=14)


class Remote(Struct, frozen=True):
    """A fetch over the proxy, what the platform was asked, and the seconds that were waited."""

    fetch: AccountFetch
    requests: tuple[Request, ...]
    slept: tuple[float, ...]


def test_pages_are_read_back_until_the_window_is_covered() -> None:
    busy = posts_until(0.1, every=2.2, count=90)
    played = perform(weibo_account("ok", busy))
    assert played.fetch.covered_since is not None
    assert played.fetch.covered_since < AS_OF - WINDOW
    pages = [request.query.get("page") for request in played.weibo_requests]
    assert pages == [None, "1", "2", "3", "4", "5"], "the profile, then no page more than needed"
    wanted = [post for post in busy if post.at >= AS_OF - WINDOW]
    assert [post.published_at for post in played.fetch.posts][: len(wanted)] == [post.at for post in wanted]


def test_the_budget_of_pages_ends_the_reading_where_it_is() -> None:
    played = perform(weibo_account("ok", posts_until(0.1, every=0.5, count=90)), settings={"max_pages": "2"})
    assert len(played.weibo_requests) == 3
    assert played.fetch.covered_since == AS_OF - timedelta(days=0.1 + 0.5 * 19)
    assert not played.fetch.spans(TWO_WEEKS)


@pytest.mark.parametrize("scenario", ("pinned-old", "pinned-unmarked"))
def test_an_old_pinned_post_neither_stops_the_reading_nor_sets_its_reach(scenario: str) -> None:
    busy = posts_until(0.1, every=2.2, count=60)
    played = perform(weibo_account(scenario, busy))
    assert len(played.weibo_requests) > 3
    assert max(post.published_at for post in played.fetch.posts) == busy[0].at
    assert played.fetch.covered_since is not None
    assert AS_OF - timedelta(days=130) < played.fetch.covered_since < AS_OF - WINDOW
    first = played.fetch.posts[0]
    assert first.published_at == AS_OF - timedelta(days=800)
    assert first.pinned is (scenario == "pinned-old")


def test_a_fresh_pinned_post_is_a_post() -> None:
    posts = (DemoPost(AS_OF - timedelta(days=2), "新的置顶", pinned=True), *SILENT_20)
    fetch = perform(weibo_account("ok", posts)).fetch
    assert any(post.published_at > TWO_WEEKS and post.pinned for post in fetch.posts)


def test_only_a_pinned_post_reaches_nowhere() -> None:
    posts = (DemoPost(AS_OF - timedelta(days=300), "置顶旧文", pinned=True),)
    assert not perform(weibo_account("ok", posts, statuses_count=40)).fetch.spans(AS_OF - timedelta(days=1))
    assert perform(weibo_account("ok", posts, statuses_count=1)).fetch.spans(TWO_WEEKS), "all of one post was seen"


def test_posts_of_others_are_no_posts() -> None:
    fetch = perform(weibo_account("foreign-cards", SILENT_20)).fetch
    assert not any("别人" in post.title for post in fetch.posts)
    assert max(post.published_at for post in fetch.posts) == SILENT_20[0].at


def test_profile_is_told_as_the_platform_tells_it() -> None:
    profile = perform(weibo_account("ok", FRESH)).fetch.profile
    assert profile is not None
    assert (profile.name, profile.verified, profile.verified_subject) == ("示例发布", True, "示例办公室官方微博")
    assert (profile.followers, profile.posts_total) == (16_000, 35)
    likes = [post.likes for post in perform(weibo_account("ok", FRESH)).fetch.posts]
    assert likes[:2] == [12_000, 15]


@pytest.mark.parametrize(
    "now",
    (
        datetime(2026, 11, 20, 0, 0, 30, tzinfo=BEIJING),
        datetime(2026, 11, 19, 23, 59, 30, tzinfo=BEIJING),
        datetime(2027, 1, 1, 0, 20, tzinfo=BEIJING),
        datetime(2027, 1, 2, 8, 0, tzinfo=BEIJING),
        datetime(2028, 3, 1, 0, 5, tzinfo=BEIJING),
    ),
    ids=str,
)
def test_relative_dates_across_midnight_and_new_year(now: datetime) -> None:
    ages = (0.3, 5, 50, 70, 23 * 60, 25 * 60, 47 * 60, 3 * 1440, 20 * 1440, 61 * 1440)
    posts = tuple(DemoPost(now - timedelta(minutes=age), f"第 {age} 分钟前") for age in ages)
    fetch = perform(weibo_account("relative", posts), now=now, until=now).fetch
    assert len(fetch.posts) == len(posts)
    for post, seen in zip(posts, fetch.posts, strict=True):
        late = seen.published_at - post.at
        same_day = seen.published_at.date() == post.at.date()
        assert timedelta(0) <= late < timedelta(hours=1) or (same_day and timedelta(0) <= late), (post, seen)


def test_dates_without_a_clock_are_read_in_the_accounts_favour() -> None:
    at = datetime(2026, 11, 6, 9, 0, tzinfo=BEIJING)
    fetch = perform(weibo_account("relative", (DemoPost(at, "早上发布"), *SILENT_20[1:]))).fetch
    assert fetch.posts[0].published_at == datetime(2026, 11, 6, 23, 59, 59, tzinfo=BEIJING)


def test_a_login_is_taken_from_the_environment_and_shown_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    secret = "SUB=_2A25secret; SUBP=0033"
    settings = {"cookie_env": "XUNCHA_WEIBO_COOKIE"}
    account = weibo_account("cookie-required", SILENT_20)
    played = perform(account, settings=settings, environ={"XUNCHA_WEIBO_COOKIE": secret})
    assert played.fetch.spans(TWO_WEEKS)
    assert {request.headers.get("cookie") for request in played.weibo_requests} == {secret}
    assert "secret" not in repr(played.fetch)
    assert "secret" not in caplog.text
    missing = perform(account, settings=settings)
    assert missing.fetch.outcome is AccountOutcome.LOGIN_EXPIRED
    assert not missing.weibo_requests, "without the login it was told to use, nothing is asked"


def _remote(settings: dict[str, str], *, enabled: bool, environ: dict[str, str] | None = None) -> Remote:
    """A fetch from a platform that is not on this machine; a proxy that is stands in for the way there."""

    async def play() -> Remote:
        platforms = Platforms([weibo_account("ok", SILENT_20)], AS_OF)
        await platforms.start()
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        account = Account("u", "weibo", "示例", "7000000001", source=AccountSourceSpec("weibo-mobile", settings))
        try:
            async with httpx.AsyncClient(proxy=platforms.weibo_url) as client:
                (fetch,) = await fetch_account(
                    account,
                    AS_OF - WINDOW,
                    AS_OF,
                    clock=lambda: AS_OF,
                    client=client,
                    base_folder=Path(),
                    routes=Routes(weibo_mobile=enabled),
                    pacer=Pacer(lambda: 0.0, sleep),
                    environ=environ or {},
                )
        finally:
            await platforms.stop()
        return Remote(fetch, tuple(platforms.weibo.requests), tuple(slept))

    return asyncio.run(play())


GATEWAY = {"base_url": "http://weibo-gateway.example"}


def test_the_platform_itself_is_off_until_the_operator_switches_it_on() -> None:
    off = _remote(GATEWAY, enabled=False)
    assert (off.fetch.outcome, off.requests) == (AccountOutcome.NO_SOURCE, ())
    assert _remote(GATEWAY, enabled=True).fetch.outcome is AccountOutcome.FETCHED


def test_without_a_login_posts_are_seen_and_absence_is_not_believed() -> None:
    fetch = _remote(GATEWAY, enabled=True).fetch
    assert fetch.posts
    assert fetch.covered_since is None
    assert "未登录" in fetch.reason
    assert _remote({**GATEWAY, "login": "gateway"}, enabled=True).fetch.spans(TWO_WEEKS)


def test_calls_to_a_platform_are_three_seconds_apart() -> None:
    remote = _remote(GATEWAY, enabled=True)
    assert len(remote.requests) == 3
    assert remote.slept == (3.0, 6.0), "each call has its turn, three seconds after the one before"


@pytest.mark.parametrize(
    ("settings", "named"),
    (
        ({"cookie_env": "HOME"}, "cookie_env"),
        ({"cookie_env": "XUNCHA_WEIBO_COOKIE", "base_url": "https://proxy.example"}, "cookie_env"),
        ({"interval": "1"}, "interval"),
        ({"interval": "soon"}, "interval"),
        ({"max_pages": "0"}, "max_pages"),
        ({"base_url": "ftp://m.weibo.example"}, "base_url"),
        ({"login": "gateway"}, "login"),
        ({"cookie": "SUB=1"}, "cookie"),
    ),
)
def test_wrong_settings_are_named(settings: dict[str, str], named: str) -> None:
    with pytest.raises(AccountSettingsError, match=f"“{named}”项") as caught:
        _remote(settings, enabled=True)
    assert "SUB=1" not in str(caught.value)


def test_a_redirect_is_not_followed_with_the_login() -> None:
    played = perform(
        weibo_account("login-redirect"),
        settings={"cookie_env": "XUNCHA_WEIBO_COOKIE"},
        environ={"XUNCHA_WEIBO_COOKIE": "SUB=1"},
    )
    assert played.fetch.outcome is AccountOutcome.LOGIN_EXPIRED
    assert len(played.weibo_requests) == 1


def test_an_account_of_another_platform_is_refused() -> None:
    staged = replace(weibo_account(), platform="wechat")
    with pytest.raises(AccountSettingsError, match="只能读取微博账号"):
        perform(staged)
