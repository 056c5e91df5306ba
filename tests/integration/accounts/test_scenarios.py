"""Every situation of the fake platforms against the outcome and the coverage it must give."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from msgspec import Struct

from checks.account import stale
from crawler.accounts.answer import Limits
from crawler.accounts.sources import SETTINGS
from crawler.facts import Account, AccountFacts, AccountFetch, AccountOutcome, Unit
from demo import platform_feeds, platform_wechat_api, platform_wechat_backend, platform_weibo, platform_weibo_web
from demo.account_model import DemoAccount
from demo.model import AS_OF
from tests.integration.accounts.stage import (
    FRESH,
    SILENT_20,
    SILENT_100,
    account_of,
    feed_account,
    perform,
    weibo_account,
)

TWO_WEEKS = AS_OF - timedelta(days=14)
OUTCOME = AccountOutcome


class Case(Struct, frozen=True):
    """`believed`: an absence in the last two weeks may be believed. `recent`: posts of these weeks are seen."""

    account: DemoAccount
    outcome: AccountOutcome
    believed: bool = False
    recent: bool = False
    clock: datetime | None = None

    @property
    def name(self) -> str:
        posts = {FRESH: "fresh", SILENT_20: "silent-20", SILENT_100: "silent-100"}.get(self.account.posts, "other")
        late = "-next-day" if self.clock else ""
        form = f"-{self.account.form}" if self.account.source == "feed" else f"-{self.account.statuses_count}"
        return f"{self.account.source}{form}-{self.account.scenario}-{posts}{late}"


NEXT_DAY = AS_OF + timedelta(days=1)

GOOD = (
    *(Case(account_of("weibo-web", s, FRESH), OUTCOME.FETCHED, True, True) for s in ("ok", "pinned-old")),
    *(Case(account_of("weibo-web", s, SILENT_20), OUTCOME.FETCHED, True) for s in ("ok", "pinned-old")),
    Case(account_of("weibo-web", "ok", SILENT_100), OUTCOME.FETCHED, True),
    Case(account_of("weibo-web", "empty", (), 0), OUTCOME.FETCHED, True),
    Case(account_of("weibo-api", "ok", FRESH), OUTCOME.FETCHED, True, True),
    Case(account_of("weibo-api", "ok", SILENT_20), OUTCOME.FETCHED, True),
    *(
        Case(account_of("wechat-official", scenario, posts), OUTCOME.FETCHED, True, posts is FRESH, NEXT_DAY)
        for scenario in ("ok", "no-menu", "publish-types", "token-expires", "busy-once")
        for posts in (FRESH, SILENT_20)
    ),
    *(
        Case(account_of("wechat-backend", "ok", posts), OUTCOME.FETCHED, True, posts is FRESH)
        for posts in (FRESH, SILENT_20)
    ),
    *(
        Case(account_of("wechat-backend", "info-empty", posts), OUTCOME.FETCHED, True, posts is FRESH)
        for posts in (FRESH, SILENT_20)
    ),
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
    *(
        Case(account_of("wechat-official", "record-error", p), OUTCOME.FETCHED, recent=p is FRESH, clock=NEXT_DAY)
        for p in (FRESH, SILENT_20)
    ),
    Case(account_of("weibo-web", "expires-on-page-2", FRESH), OUTCOME.FETCHED, recent=True),
    *(Case(account_of("wechat-official", s, FRESH), OUTCOME.FETCHED, recent=True) for s in ("ok", "delayed", "quota")),
    Case(account_of("wechat-official", "delayed", SILENT_20), OUTCOME.FETCHED, clock=NEXT_DAY),
    Case(account_of("wechat-official", "ok", SILENT_20), OUTCOME.FETCHED),
    Case(account_of("wechat-official", "only-published", FRESH), OUTCOME.FETCHED, recent=True, clock=NEXT_DAY),
    Case(account_of("wechat-backend", "first-info-empty", SILENT_20), OUTCOME.FETCHED),
    Case(account_of("wechat-backend", "limited-on-page-2", FRESH), OUTCOME.FETCHED, recent=True),
    Case(feed_account("ok", FRESH, "mp-rss"), OUTCOME.FETCHED, recent=True),
    Case(feed_account("no-sync", FRESH, "rss"), OUTCOME.FETCHED, recent=True),
    Case(weibo_account("expires-on-page-2", FRESH), OUTCOME.FETCHED, recent=True),
    Case(weibo_account("limited-on-page-2", FRESH), OUTCOME.FETCHED, recent=True),
)

FAILURES = (
    *(
        Case(account_of("weibo-web", scenario, SILENT_20), outcome)
        for scenario, outcome in {
            "cookie-required": OUTCOME.LOGIN_EXPIRED,
            "login-expired": OUTCOME.LOGIN_EXPIRED,
            "login-redirect": OUTCOME.LOGIN_EXPIRED,
            "blocked": OUTCOME.BLOCKED,
            "teapot": OUTCOME.BLOCKED,
            "forbidden": OUTCOME.BLOCKED,
            "network-login": OUTCOME.BLOCKED,
            "html": OUTCOME.BLOCKED,
            "captcha": OUTCOME.BLOCKED,
            "rate-limited": OUTCOME.RATE_LIMITED,
            "code-100098": OUTCOME.RATE_LIMITED,
            "list-absent": OUTCOME.CHANGED,
            "no-user": OUTCOME.NO_ACCOUNT,
            "server-error": OUTCOME.NETWORK,
            "slow": OUTCOME.NETWORK,
            "dropped": OUTCOME.NETWORK,
        }.items()
    ),
    Case(account_of("weibo-web", "empty", (), 900), OUTCOME.EMPTY),
    *(
        Case(account_of("weibo-api", scenario, SILENT_20), outcome)
        for scenario, outcome in {
            "ip-limit": OUTCOME.BLOCKED,
            "permission": OUTCOME.UNAUTHORISED,
            "rate": OUTCOME.RATE_LIMITED,
            "user-rate": OUTCOME.RATE_LIMITED,
            "special-rate": OUTCOME.RATE_LIMITED,
            "no-user": OUTCOME.NO_ACCOUNT,
            "privacy": OUTCOME.BLOCKED,
            "expired": OUTCOME.LOGIN_EXPIRED,
            "invalid-token": OUTCOME.LOGIN_EXPIRED,
            "empty": OUTCOME.EMPTY,
            "statuses-absent": OUTCOME.CHANGED,
        }.items()
    ),
    *(
        Case(account_of("wechat-official", scenario, SILENT_20), outcome, clock=NEXT_DAY)
        for scenario, outcome in {
            "token-dead": OUTCOME.LOGIN_EXPIRED,
            "bad-app": OUTCOME.LOGIN_EXPIRED,
            "ip": OUTCOME.BLOCKED,
            "quota-at-once": OUTCOME.RATE_LIMITED,
            "unauthorised": OUTCOME.UNAUTHORISED,
            "busy": OUTCOME.NETWORK,
            "range": OUTCOME.CHANGED,
            "empty": OUTCOME.EMPTY,
            "list-absent": OUTCOME.CHANGED,
            "html": OUTCOME.CHANGED,
            "server-error": OUTCOME.NETWORK,
            "slow": OUTCOME.NETWORK,
            "dropped": OUTCOME.NETWORK,
        }.items()
    ),
    *(
        Case(account_of("wechat-backend", scenario, SILENT_20), outcome)
        for scenario, outcome in {
            "session": OUTCOME.LOGIN_EXPIRED,
            "csrf": OUTCOME.LOGIN_EXPIRED,
            "ret-and-empty-page": OUTCOME.LOGIN_EXPIRED,
            "login-page": OUTCOME.LOGIN_EXPIRED,
            "limited": OUTCOME.RATE_LIMITED,
            "system": OUTCOME.NETWORK,
            "page-absent": OUTCOME.CHANGED,
            "empty": OUTCOME.EMPTY,
            "server-error": OUTCOME.NETWORK,
            "slow": OUTCOME.NETWORK,
            "dropped": OUTCOME.NETWORK,
        }.items()
    ),
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
    fetch = played(case)
    assert fetch.outcome is case.outcome, fetch.reason
    assert fetch.spans(TWO_WEEKS) is case.believed, (fetch.covered_since, fetch.reason)
    assert any(post.published_at >= TWO_WEEKS for post in fetch.posts) is case.recent
    assert fetch.reason or case in GOOD, "whatever is not a plain success says why"


@pytest.mark.parametrize("case", (*PRESENCE_ONLY, *FAILURES), ids=lambda case: case.name)
def test_no_failure_is_ever_believed(case: Case) -> None:
    fetch = played(case)
    windows = (timedelta(seconds=1), timedelta(days=14), timedelta(days=92), timedelta(days=4000))
    assert not any(fetch.spans(AS_OF - window) for window in windows)
    assert fetch.covered_since is None


@pytest.mark.parametrize("case", FAILURES, ids=lambda case: case.name)
def test_what_was_answered_is_kept_as_a_hash(case: Case) -> None:
    fetch = played(case)
    # wewe-rss has told its sync times by then
    bodiless = case.account.scenario in ("slow", "dropped") and case.account.source != "feed"
    # a token is a secret, and so is what is said in place of one
    bodiless = bodiless or case.account.scenario in ("bad-app", "ip")
    assert bool(fetch.payload_sha256) is not bodiless
    assert fetch.url.endswith("/u/7000000001") if case.account.platform == "weibo" else fetch.url == ""


PLAYED: Mapping[str, Mapping[str, str]] = {
    "feed": platform_feeds.SCENARIOS,
    "weibo-mobile": platform_weibo.SCENARIOS,
    "weibo-web": platform_weibo_web.SCENARIOS,
    "weibo-api": platform_weibo_web.API_SCENARIOS,
    "wechat-official": platform_wechat_api.SCENARIOS,
    "wechat-backend": platform_wechat_backend.SCENARIOS,
}


@pytest.mark.parametrize("source", PLAYED)
def test_each_scenario_of_the_platforms_has_a_case(source: str) -> None:
    played = {case.account.scenario for case in (*GOOD, *PRESENCE_ONLY, *FAILURES) if case.account.source == source}
    assert played == set(PLAYED[source])


def test_every_source_that_asks_a_platform_is_played() -> None:
    assert {*PLAYED, "table"} == set(SETTINGS)


@pytest.mark.parametrize("case", (*GOOD, *PRESENCE_ONLY, *FAILURES), ids=lambda case: case.name)
def test_what_the_check_makes_of_it(case: Case) -> None:
    _, _, outcome, verdict = row(case)
    assert outcome == case.outcome.label
    assert verdict == ("符合" if case.recent else "发现问题" if case.believed else "未能判定")


def rows() -> list[tuple[str, str, str, str]]:
    """Every situation that is played: source, situation, outcome, verdict of account.stale."""
    return [row(case) for case in (*GOOD, *PRESENCE_ONLY, *FAILURES)]


def row(case: Case) -> tuple[str, str, str, str]:
    """One situation with its outcome and what account.stale makes of it."""
    fetch = played(case)
    account = Account("u", case.account.platform, "示例发布", "7000000001")
    facts = AccountFacts(Unit("u", "示例办公室", "department", accounts=(account,)), account, AS_OF, (fetch,))
    verdict = stale.CHECK.judge(facts, stale.CHECK.thresholds)
    return (
        case.account.source,
        case.name.removeprefix(f"{case.account.source}-"),
        fetch.outcome.label,
        verdict.state.label,
    )


def played(case: Case) -> AccountFetch:
    """What came of a case over real HTTP, with a second's patience."""
    now = case.clock or AS_OF
    return perform(case.account, now=now, limits=Limits(seconds=1.0)).fetch
