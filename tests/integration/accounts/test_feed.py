"""What a feed proves: freshness, partial addresses, limits, and what is kept."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from crawler.accounts.answer import Limits
from crawler.accounts.errors import AccountSettingsError
from crawler.facts import AccountOutcome
from demo.account_model import DemoPost, posts_until
from demo.model import AS_OF
from tests.integration.accounts.stage import FRESH, SILENT_20, feed_account, perform

TWO_WEEKS = AS_OF - timedelta(days=14)


@pytest.mark.parametrize("form", ("json", "rss", "atom", "mp-rss"))
def test_the_same_posts_are_read_from_every_form(form: str) -> None:
    fetch = perform(feed_account("ok", FRESH, form)).fetch
    expected = [(post.at.replace(microsecond=0), post.title) for post in FRESH[:30]]
    assert [(post.published_at, post.title) for post in fetch.posts] == expected
    assert {post.text for post in fetch.posts} == {f"{title}的正文。" for _, title in expected}


def test_a_text_that_could_not_be_had_is_left_out_and_the_post_counts() -> None:
    fetch = perform(feed_account("no-text")).fetch
    assert {post.text for post in fetch.posts} == {""}
    assert len(fetch.posts) == 30


def test_the_sync_time_must_reach_the_monitoring_time_point() -> None:
    account, synced, later = feed_account("ok", SILENT_20), AS_OF - timedelta(hours=5), AS_OF + timedelta(hours=1)
    late = perform(account, now=synced, clock=later).fetch
    assert late.outcome is AccountOutcome.STALE_DATA
    assert "2026-11-20 12:00" in late.reason
    assert perform(account, now=synced, clock=later, settings={"fresh_within_hours": "6"}).fetch.spans(TWO_WEEKS)
    assert perform(account, now=AS_OF - timedelta(minutes=50), clock=later).fetch.spans(TWO_WEEKS)


def test_the_sync_time_is_read_before_the_listing_it_vouches_for() -> None:
    requests = perform(feed_account("ok", SILENT_20)).feed_requests
    assert [request.path for request in requests] == ["/feeds/", "/feeds/MP_WXS_1001.json"]


def test_a_sync_time_ahead_of_our_clock_is_not_believed() -> None:
    fetch = perform(feed_account("ok", SILENT_20), now=AS_OF + timedelta(days=3), clock=AS_OF).fetch
    assert fetch.outcome is AccountOutcome.STALE_DATA


def test_an_entry_after_the_monitoring_time_point_proves_the_refresh() -> None:
    until = AS_OF - timedelta(days=10)
    posts = (*posts_until(2, count=2), *posts_until(40, count=3))
    fetch = perform(feed_account("no-sync", posts), until=until, now=AS_OF).fetch
    assert fetch.spans(until - timedelta(days=14))
    assert max(post.published_at for post in fetch.posts) <= until, "later posts do not count"


def test_lastbuilddate_counts_only_where_the_operator_says_so() -> None:
    account = feed_account("ok", SILENT_20, "mp-rss")
    assert not perform(account).fetch.spans(TWO_WEEKS)
    assert perform(account, settings={"freshness": "build-date"}).fetch.spans(TWO_WEEKS)
    cached = perform(feed_account("stale", FRESH, "mp-rss"), settings={"freshness": "build-date"}).fetch
    assert cached.outcome is AccountOutcome.STALE_DATA
    with pytest.raises(AccountSettingsError, match="freshness"):
        perform(feed_account(), settings={"freshness": "build-date"})


@pytest.mark.parametrize("query", ("?title_include=通知", "?limit=30&page=2", "?offset=10", "?filterout_title=x"))
def test_an_address_that_leaves_entries_out_proves_presence_alone(query: str) -> None:
    fetch = perform(feed_account("ok", SILENT_20), query=query).fetch
    assert fetch.outcome is AccountOutcome.FETCHED
    assert fetch.covered_since is None
    assert query[1:].partition("=")[0].replace("limit", "page") in fetch.reason


def test_an_address_with_the_whole_first_page_is_no_such_thing() -> None:
    assert perform(feed_account("ok", SILENT_20), query="?limit=100&page=1&mode=fulltext").fetch.spans(TWO_WEEKS)


def test_a_post_ahead_of_our_clock_makes_all_times_doubtful() -> None:
    ahead = DemoPost(AS_OF + timedelta(hours=8), "时区写错的文章")
    fetch = perform(feed_account("ok", (ahead, *SILENT_20)), now=AS_OF + timedelta(hours=9), clock=AS_OF).fetch
    assert fetch.covered_since is None
    assert ahead.title not in {post.title for post in fetch.posts}


def test_nothing_is_known_of_a_time_that_has_not_come() -> None:
    fetch = perform(feed_account("ok", SILENT_20), now=AS_OF, until=AS_OF + timedelta(minutes=40)).fetch
    assert fetch.outcome is AccountOutcome.FETCHED
    assert fetch.covered_since is None
    assert "早于监测时间点" in fetch.reason


def test_an_answer_over_the_limit_is_not_read() -> None:
    fetch = perform(feed_account(), limits=Limits(seconds=10, size=2_000)).fetch
    assert fetch.outcome is AccountOutcome.CHANGED
    assert "2000 字节" in fetch.reason


def test_payload_hash_is_that_of_what_was_kept() -> None:
    kept: dict[str, bytes] = {}
    fetch = perform(feed_account("ok", FRESH), keep=kept.__setitem__).fetch
    assert list(kept) == [fetch.payload_sha256]
    assert hashlib.sha256(kept[fetch.payload_sha256]).hexdigest() == fetch.payload_sha256
    assert b"jsonfeed.org" in kept[fetch.payload_sha256]
