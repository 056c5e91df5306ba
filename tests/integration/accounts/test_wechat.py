"""What the official WeChat API and the public platform's back end tell, and how they are asked."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from msgspec.structs import replace

from crawler.accounts.errors import AccountSettingsError
from crawler.facts import BEIJING, AccountOutcome
from demo.account_model import DemoPost
from demo.model import AS_OF
from tests.integration.accounts.stage import FRESH, SILENT_20, SILENT_100, account_of, perform

TWO_WEEKS = AS_OF - timedelta(days=14)
NEXT_DAY = AS_OF + timedelta(days=1)


def days_asked(requests: tuple[object, ...]) -> list[str]:
    return [
        json.loads(request.body)["begin_date"]  # type: ignore[attr-defined]
        for request in requests
        if request.path.startswith("/datacube")  # type: ignore[attr-defined]
    ]


def test_days_are_asked_one_by_one_back_from_yesterday() -> None:
    asked = days_asked(perform(account_of("wechat-official")).requests)
    assert (asked[0], asked[-1], len(asked)) == ("2026-11-19", "2026-08-12", 100)
    assert days_asked(perform(account_of("wechat-official"), now=NEXT_DAY).requests)[0] == "2026-11-20"


def test_no_day_before_the_interface_had_data_is_asked() -> None:
    until = datetime(2025, 11, 10, 17, tzinfo=BEIJING)
    posts = (DemoPost(until - timedelta(days=3), "有发布"),)
    played = perform(account_of("wechat-official", "ok", posts), until=until, now=until + timedelta(days=1))
    assert days_asked(played.requests)[-1] == "2025-11-01"
    assert played.fetch.covered_since == datetime(2025, 11, 1, tzinfo=BEIJING)


def test_today_is_untold_so_silence_up_to_now_is_not_believed() -> None:
    fetch = perform(account_of("wechat-official", "ok", SILENT_20)).fetch
    assert fetch.covered_since is None
    assert "只到 2026-11-19" in fetch.reason
    told = perform(account_of("wechat-official", "ok", SILENT_20), until=AS_OF.replace(hour=0), now=AS_OF).fetch
    assert told.spans(TWO_WEEKS.replace(hour=0))


def test_counts_are_those_of_the_last_day_and_not_their_sum() -> None:
    newest = perform(account_of("wechat-official")).fetch.posts[0]
    assert (newest.reads, newest.shares, newest.likes, newest.comments) == (150, 4, 6, 2)
    assert newest.post_id == f"{2247490000 - 1}_1", "today's article is not told yet"


def test_menus_are_told_with_their_addresses() -> None:
    staged = replace(account_of("wechat-official"), menu=(("办事指南", "guide"),))
    profile = perform(staged).fetch.profile
    assert profile is not None
    assert profile.menus is not None
    assert [entry.words for entry in profile.menus] == ["服务/办事指南", "服务/热点", "咨询"]
    assert urlsplit(profile.menus[0].url).path == "/menu/guide"
    assert urlsplit(profile.menus[1].url).query.startswith("__biz=7000000001&mid=")
    assert profile.menus[2].url == ""
    none = perform(account_of("wechat-official", "no-menu")).fetch.profile
    assert none is not None
    assert none.menus == ()


def test_a_token_is_renewed_once_and_a_busy_platform_asked_again() -> None:
    played = perform(account_of("wechat-official", "token-expires"), now=NEXT_DAY)
    assert [request.path for request in played.requests].count("/cgi-bin/stable_token") == 2
    dead = perform(account_of("wechat-official", "token-dead"))
    assert [request.path for request in dead.requests].count("/cgi-bin/stable_token") == 2
    assert perform(account_of("wechat-official", "busy-once"), now=NEXT_DAY).slept == (5.0,)
    assert perform(account_of("wechat-official", "busy")).slept == (5.0, 10.0)


def test_an_article_that_both_lists_have_is_one_post() -> None:
    played = perform(account_of("wechat-official", "publish-types"), now=NEXT_DAY)
    assert len({post.post_id for post in played.fetch.posts}) == len(played.fetch.posts) == 35


def test_silence_of_a_hundred_days_needs_a_sign_of_life() -> None:
    assert perform(account_of("wechat-official", "ok", SILENT_100), now=NEXT_DAY).fetch.outcome is AccountOutcome.EMPTY
    alive = perform(account_of("wechat-official", "publish-types", SILENT_100), now=NEXT_DAY).fetch
    assert alive.spans(TWO_WEEKS)


def test_the_back_end_is_read_back_five_at_a_time() -> None:
    played = perform(account_of("wechat-backend", "ok", SILENT_20))
    assert [request.query["begin"] for request in played.requests] == ["0", "5", "10", "15", "20"][
        : len(played.requests)
    ]
    assert max(post.published_at for post in played.fetch.posts) == SILENT_20[0].at
    assert len(perform(account_of("wechat-backend", "info-empty", FRESH)).fetch.posts) % 5 == 4


@pytest.mark.parametrize(
    ("source", "settings", "named"),
    (
        ("wechat-official", {"app_id": ""}, "app_id"),
        ("wechat-official", {"secret_env": "HOME"}, "secret_env"),
        ("wechat-backend", {"token_env": "HOME"}, "token_env"),
        ("wechat-official", {"secret_env": "XUNCHA_S", "base_url": "https://proxy.example"}, "secret_env"),
        ("weibo-web", {"cookie_env": "XUNCHA_S", "base_url": "https://proxy.example"}, "cookie_env"),
        ("weibo-api", {"token": "s3cr3t"}, "token"),
    ),
)
def test_wrong_settings_are_named(source: str, settings: dict[str, str], named: str) -> None:
    with pytest.raises(AccountSettingsError, match=f"“{named}”项") as caught:
        perform(account_of(source), settings=settings)
    assert "s3cr3t" not in str(caught.value)
