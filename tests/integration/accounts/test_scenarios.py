"""Every situation of the fake platforms against the outcome and the coverage it must give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from crawler.accounts.answer import Limits
from crawler.facts import AccountOutcome
from demo import platform_feeds, platform_weibo
from demo.accounts import AS_OF, DemoAccount
from tests.integration.accounts.stage import FRESH, SILENT_20, SILENT_100, feed_account, perform, weibo_account

TWO_WEEKS = AS_OF - timedelta(days=14)
OUTCOME = AccountOutcome


@dataclass(frozen=True, slots=True)
class Case:
    """`believed`: an absence in the last two weeks may be believed. `recent`: posts of these weeks are seen."""

    account: DemoAccount
    outcome: AccountOutcome
    believed: bool = False
    recent: bool = False

    @property
    def name(self) -> str:
        posts = {FRESH: "fresh", SILENT_20: "silent-20", SILENT_100: "silent-100"}.get(self.account.posts, "other")
        form = f"-{self.account.form}" if self.account.source == "feed" else f"-{self.account.statuses_count}"
        return f"{self.account.source}{form}-{self.account.scenario}-{posts}"


GOOD = (
    *(Case(feed_account("ok", FRESH, form), OUTCOME.FETCHED, True, True) for form in ("json", "rss", "atom")),
    *(Case(feed_account("ok", SILENT_20, form), OUTCOME.FETCHED, True) for form in ("json", "rss", "atom")),
    Case(feed_account("ok", SILENT_100), OUTCOME.FETCHED, True),
    Case(feed_account("dated", FRESH), OUTCOME.FETCHED, True, True),
    Case(feed_account("no-text", FRESH), OUTCOME.FETCHED, True, True),
    *(
        Case(weibo_account(scenario, FRESH), OUTCOME.FETCHED, True, True)
        for scenario in ("ok", "pinned-old", "pinned-unmarked", "pics-dict", "relative", "card-group", "foreign-cards")
    ),
    *(
        Case(weibo_account(scenario, SILENT_20), OUTCOME.FETCHED, True)
        for scenario in ("ok", "relative", "card-group", "foreign-cards", "pinned-old", "pinned-unmarked", "same-page")
    ),
    Case(weibo_account("ok", SILENT_100), OUTCOME.FETCHED, True),
    Case(weibo_account("empty", (), 0), OUTCOME.FETCHED, True),
)

PRESENCE_ONLY = (
    Case(feed_account("ok", FRESH, "mp-rss"), OUTCOME.FETCHED, recent=True),
    Case(feed_account("no-sync", FRESH, "rss"), OUTCOME.FETCHED, recent=True),
    Case(weibo_account("expires-on-page-2", FRESH), OUTCOME.FETCHED, recent=True),
    Case(weibo_account("limited-on-page-2", FRESH), OUTCOME.FETCHED, recent=True),
)

FAILURES = (
    Case(feed_account("stale", FRESH), OUTCOME.STALE_DATA),
    Case(feed_account("stale", FRESH, "rss"), OUTCOME.STALE_DATA),
    Case(feed_account("stale", FRESH, "atom"), OUTCOME.STALE_DATA),
    Case(feed_account("stale", FRESH, "mp-rss"), OUTCOME.STALE_DATA),
    Case(feed_account("ok", SILENT_20, "mp-rss"), OUTCOME.STALE_DATA),
    Case(feed_account("no-sync", SILENT_20), OUTCOME.STALE_DATA),
    Case(feed_account("unknown"), OUTCOME.NO_ACCOUNT),
    Case(feed_account("unknown", form="mp-rss"), OUTCOME.NO_ACCOUNT),
    Case(feed_account("cookies-expired", form="rss"), OUTCOME.LOGIN_EXPIRED),
    Case(feed_account("cooling-down", form="rss"), OUTCOME.RATE_LIMITED),
    Case(feed_account("html", form="rss"), OUTCOME.CHANGED),
    Case(feed_account("html"), OUTCOME.CHANGED),
    *(Case(feed_account("empty", form=form), OUTCOME.EMPTY) for form in ("json", "rss", "atom", "mp-rss")),
    Case(feed_account("blank", form="rss"), OUTCOME.EMPTY),
    *(Case(feed_account("undated", form=form), OUTCOME.CHANGED) for form in ("json", "rss", "atom")),
    *(Case(feed_account("truncated", form=form), OUTCOME.CHANGED) for form in ("json", "rss", "atom", "mp-rss")),
    Case(feed_account("blocked"), OUTCOME.BLOCKED),
    Case(feed_account("slow"), OUTCOME.NETWORK),
    Case(feed_account("dropped"), OUTCOME.NETWORK),
    Case(weibo_account("empty", (), 900), OUTCOME.EMPTY),
    Case(weibo_account("login-expired"), OUTCOME.LOGIN_EXPIRED),
    Case(weibo_account("login-redirect"), OUTCOME.LOGIN_EXPIRED),
    Case(weibo_account("cookie-required"), OUTCOME.LOGIN_EXPIRED),
    Case(weibo_account("blocked"), OUTCOME.BLOCKED),
    Case(weibo_account("captcha"), OUTCOME.BLOCKED),
    Case(weibo_account("html"), OUTCOME.BLOCKED),
    Case(weibo_account("rate-limited"), OUTCOME.RATE_LIMITED),
    Case(weibo_account("code-100098"), OUTCOME.RATE_LIMITED),
    Case(weibo_account("list-absent"), OUTCOME.CHANGED),
    Case(weibo_account("undated"), OUTCOME.CHANGED),
    Case(weibo_account("no-user"), OUTCOME.NO_ACCOUNT),
    Case(weibo_account("server-error"), OUTCOME.NETWORK),
    Case(weibo_account("slow"), OUTCOME.NETWORK),
    Case(weibo_account("dropped"), OUTCOME.NETWORK),
)


@pytest.mark.parametrize("case", (*GOOD, *PRESENCE_ONLY, *FAILURES), ids=lambda case: case.name)
def test_outcome_and_coverage(case: Case) -> None:
    fetch = perform(case.account, limits=Limits(seconds=1.0)).fetch
    assert fetch.outcome is case.outcome, fetch.reason
    assert fetch.spans(TWO_WEEKS) is case.believed, (fetch.covered_since, fetch.reason)
    assert any(post.published_at >= TWO_WEEKS for post in fetch.posts) is case.recent
    assert fetch.reason or case in GOOD, "whatever is not a plain success says why"


@pytest.mark.parametrize("case", (*PRESENCE_ONLY, *FAILURES), ids=lambda case: case.name)
def test_no_failure_is_ever_believed(case: Case) -> None:
    fetch = perform(case.account, limits=Limits(seconds=1.0)).fetch
    windows = (timedelta(seconds=1), timedelta(days=14), timedelta(days=92), timedelta(days=4000))
    assert not any(fetch.spans(AS_OF - window) for window in windows)
    assert fetch.covered_since is None


@pytest.mark.parametrize("case", FAILURES, ids=lambda case: case.name)
def test_what_was_answered_is_kept_as_a_hash(case: Case) -> None:
    fetch = perform(case.account, limits=Limits(seconds=1.0)).fetch
    # wewe-rss has told its sync times by then
    bodiless = case.account.scenario in ("slow", "dropped") and case.account.source == "weibo-mobile"
    assert bool(fetch.payload_sha256) is not bodiless
    assert fetch.url.endswith("/u/7000000001") if case.account.source == "weibo-mobile" else fetch.url == ""


@pytest.mark.parametrize("source", ("feed", "weibo-mobile"))
def test_each_scenario_of_the_platforms_has_a_case(source: str) -> None:
    known = platform_feeds.SCENARIOS if source == "feed" else platform_weibo.SCENARIOS
    played = {case.account.scenario for case in (*GOOD, *PRESENCE_ONLY, *FAILURES) if case.account.source == source}
    assert played == set(known)
