"""发布情况: a silent day is told from one of which nothing is known, and only confirmed silence is listed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from msgspec.structs import replace

from checks.model import CheckResult, Finding, StampedFinding, State, Subject, Target, fingerprint
from crawler.facts import BEIJING, AccountFetch, AccountOutcome, PostFact
from crawler.facts.accounts import AccountHistory, FollowerCount, KeptPost
from reports import html
from reports.activity import WEEKS, AccountActivity, activity, calendar, silent, weekly
from reports.annexes import annexes
from reports.problems import NamedTarget, unit_problems
from tests.unit.reports.sample import AS_OF, CHECKS
from tests.unit.reports.sample import view as inspection

TARGET = Target("yunxi-county", "weibo:5500000001", Subject.ACCOUNT)


def post(days: float, identifier: str = "", *, deleted: bool = False) -> PostFact:
    return PostFact(identifier or f"p{days}", AS_OF - timedelta(days=days), "动态", deleted=deleted)


def fetch(*posts: PostFact, since: float | None = 40, outcome: AccountOutcome = AccountOutcome.FETCHED) -> AccountFetch:
    covered = None if since is None else AS_OF - timedelta(days=since)
    return AccountFetch("feed", AS_OF, AS_OF - timedelta(days=366), AS_OF, outcome, "", covered, posts)


def told(*fetches: AccountFetch, history: AccountHistory | None = None) -> AccountActivity:
    return activity(TARGET, "云溪发布", "云溪县", "weibo", AS_OF, fetches, history or AccountHistory())


def test_only_a_whole_listing_makes_a_day_silent() -> None:
    known = told(fetch(post(3), post(10)))
    assert (known.total, known.newest, known.longest_gap) == (2, date(2026, 11, 17), 7)
    unknown = told(fetch(post(3), post(10), since=None))
    assert (unknown.total, unknown.known_since, unknown.longest_gap) == (2, None, None)
    failed = told(fetch(post(3), outcome=AccountOutcome.BLOCKED))
    assert (failed.total, failed.newest, failed.sources) == (0, None, "订阅源：被拦截")
    assert all(not day.known for week in calendar(failed) for day in week if day)


def test_a_post_counts_once_and_a_deleted_one_never() -> None:
    kept = KeptPost(post(3, "a"), "feed", AS_OF, AS_OF)
    gone = replace(kept, post=post(5, "b"), gone_since=AS_OF)
    history = AccountHistory(
        (kept, gone), (FollowerCount(date(2026, 11, 2), 900), FollowerCount(date(2026, 11, 19), 950))
    )
    seen = told(fetch(post(3, "a"), post(4, "c", deleted=True)), fetch(post(3, "a")), history=history)
    assert dict(seen.posts) == {date(2026, 11, 17): 1}
    assert seen.followers == ((date(2026, 11, 2), 900), (date(2026, 11, 19), 950))


def test_the_calendar_ends_with_the_week_of_the_time_point() -> None:
    weeks = calendar(told(fetch(post(0), post(3))))
    assert len(weeks) == WEEKS and {len(week) for week in weeks} == {7}
    friday = weeks[-1][AS_OF.weekday()]
    assert friday is not None and (friday.day, friday.count) == (AS_OF.astimezone(BEIJING).date(), 1)
    assert weeks[-1][-1] is None
    first = weeks[0][0]
    assert first is not None and first.day.weekday() == 0 and not first.known
    assert [day.words for day in weeks[-1] if day][:2] == ["2026-11-16：0 条", "2026-11-17：1 条"]


def test_weeks_are_counted_where_they_are_over_and_listed_whole() -> None:
    posts = (post(3), post(8), post(9), post(10), post(35))  # 2026-11-20 is a Friday; the listing begins on 2026-10-11
    counted = weekly(told(fetch(*posts)))
    assert [monday for monday, _ in counted] == [date(2026, 10, 12) + timedelta(weeks=week) for week in range(5)]
    assert [count for _, count in counted] == [1, 0, 0, 0, 3]
    assert weekly(told(fetch(*posts, since=None))) == weekly(told()) == ()


def test_the_list_of_the_silent_holds_what_is_confirmed_alone() -> None:
    def stamped(check: str, target: Target, state: State = State.FAIL, **observed: str) -> CheckResult:
        fault = Finding(url=target.address, message=f"{target.address} 不更新", observed=observed)
        finding = StampedFinding(check, target, state, fault, "", fingerprint(check, target, fault))
        return CheckResult(check, target, state, "", (finding,))

    other, third = (Target(TARGET.unit, f"weibo:{number}", Subject.ACCOUNT) for number in (2, 3))
    results = [
        stamped("account.zombie", TARGET, degree="tendency"),
        stamped("account.zombie", other, degree="zombie"),
        stamped("account.dormant", other),
        stamped("account.zombie", third, State.NEEDS_REVIEW, degree="zombie"),
    ]
    named = [NamedTarget(target, target.address) for target in (TARGET, other, third)]
    unit = unit_problems(TARGET.unit, "云溪县", named, results, (), checks=CHECKS, history={}, as_of=AS_OF)
    view = replace(inspection(), units=(unit,), accounts=(told(fetch(post(35))),))
    assert [(each.degree, each.problem.target_name) for each in silent(view)] == [
        ("dormant", other.address),
        ("tendency", TARGET.address),
    ]
    (annex,) = (one for one in annexes(view) if one.title == "僵尸化账号名单")
    assert [row[:2] + row[3:4] for row in annex.tables[0].rows] == [
        (1, other.address, "开通认证但未正常运营"),
        (2, TARGET.address, "有僵尸化倾向（超过一个月未更新）"),
    ]
    page = html.render(view)
    assert "政务新媒体发布情况" in page and "有僵尸化倾向" in page and "2026-10-16：1 条" in page
    assert "三、问题分布" in page or "二、问题分布" in page


def test_a_report_without_accounts_has_no_such_part() -> None:
    assert "政务新媒体发布情况" not in html.render(replace(inspection(), accounts=()))


def test_an_account_that_was_never_read_is_shown_without_figures() -> None:
    view = replace(inspection(), accounts=(told(),))
    page = html.render(view)
    assert datetime(2026, 11, 20, tzinfo=BEIJING).strftime("%Y-%m-%d：未能读到") in page
    assert '<td class="mid">未能读到</td>' in page and "0 条</td>" not in page
    silent_account = html.render(replace(inspection(), accounts=(told(fetch()),)))
    assert '<td class="mid">0 条' in silent_account and '<td class="mid">未能读到</td>' not in silent_account
