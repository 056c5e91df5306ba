"""Edges of windows, lists, confirmation and posting that a fixture would hide: facts in, findings out."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from checks.identity.title import core
from checks.model import State
from checks.runner import run
from checks.visits import confirmed, failure_words, times_word, visit_times
from checks.window import months_before, window
from crawler.facts import (
    BEIJING,
    Account,
    AccountFacts,
    AccountFetch,
    AccountOutcome,
    ColumnFact,
    Coverage,
    Outcome,
    PageKind,
    PostFact,
    SiteFacts,
)
from tests.unit.checks.sites import AS_OF, HOME, UNIT, column, dead, item, page, site


@pytest.mark.parametrize(
    ("day", "months", "start"),
    [
        (date(2026, 11, 20), 6, date(2026, 5, 20)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 1, 31), 12, date(2025, 1, 31)),
    ],
)
def test_months_are_calendar_months(day: date, months: int, start: date) -> None:
    assert months_before(day, months) == start


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)), st.integers(1, 36))
def test_a_month_back_is_always_a_real_earlier_day(day: date, months: int) -> None:
    start = months_before(day, months)
    assert start < day and (day - start).days <= 31 * months


def test_a_window_is_counted_in_beijing() -> None:
    late = datetime.fromisoformat("2026-11-19T16:30:00+00:00")  # 2026-11-20 00:30 there
    span = window(late, {"news_days": 14}, "news_days")
    assert (span.start, span.end) == (date(2026, 11, 6), date(2026, 11, 20))
    assert span.holds(span.start) and span.holds(span.end)
    assert not span.holds(span.start - timedelta(days=1)) and not span.holds(span.end + timedelta(days=1))


def _state(check: str, facts: SiteFacts) -> State:
    return run(facts, checks={check})[0].state


@pytest.mark.parametrize(
    ("day", "level", "state"),
    [
        (date(2026, 5, 20), 1, State.PASS),
        (date(2026, 5, 19), 1, State.FAIL),
        (date(2026, 5, 19), 2, State.PASS),
        (date(2025, 11, 20), 2, State.PASS),
        (date(2025, 11, 19), 2, State.FAIL),
    ],
)
def test_policy_columns_have_six_months_only_on_the_first_level(day: date, level: int, state: State) -> None:
    facts = site(columns=(column([item(day)], type="policy-document", level=level),))
    assert _state("update.column-stale", facts) is state


def test_an_unread_rest_does_not_hide_the_newest_entry_of_a_list_from_new_to_old() -> None:
    entries = [item(date(2025, 3, 2), "甲"), item(date(2025, 1, 1), "乙")]
    facts = site(columns=(column(entries, complete=False, unread="第 2 页访问超时"),))
    assert _state("update.column-stale", facts) is State.FAIL


@pytest.mark.parametrize("given", [{"embedded": (f"{HOME}f.html",)}, {"complete": False, "unread": "由脚本填充"}])
def test_a_list_that_scripts_may_fill_is_never_stale(given: dict[str, object]) -> None:
    facts = site(columns=(column([item(date(2020, 1, 1))], **given),))
    assert _state("update.column-stale", facts) is State.UNDETERMINED


def test_a_fresh_entry_is_believed_even_where_scripts_fill_the_rest() -> None:
    facts = site(columns=(column([item(date(2026, 11, 1))], embedded=(f"{HOME}f.html",)),))
    assert _state("update.column-stale", facts) is State.PASS


def test_entries_after_the_time_point_neither_help_nor_harm() -> None:
    stale = site(columns=(column([item(date(2027, 1, 1), "甲"), item(date(2025, 1, 1), "乙")]),))
    only_later = site(columns=(column([item(date(2026, 12, 1))]),))
    assert _state("update.column-stale", stale) is State.FAIL
    assert _state("update.column-stale", only_later) is State.UNDETERMINED


def test_undated_entries_take_the_day_of_their_articles() -> None:
    facts = site([page("信息.html", PageKind.ARTICLE)], columns=(column([item(None)] * 3),))
    assert _state("update.column-stale", facts) is State.FAIL
    unseen = replace(facts, coverage=Coverage(attempted=10, reached=9, truncated_by="达到页数上限"))
    fresh = item(date(2026, 11, 1))
    dated = site([page("信息.html", PageKind.ARTICLE, published=fresh.date)], columns=facts.columns)
    assert _state("update.column-stale", dated) is State.PASS
    assert _state("update.column-stale", replace(unseen, pages=site().pages)) is State.UNDETERMINED


def test_an_empty_column_is_counted_once() -> None:
    facts = site(columns=(ColumnFact(f"{HOME}a/", "规划计划"), column([item(date(2026, 11, 1))])))
    results = {r.check: r for r in run(facts, checks={"update.column-stale", "update.column-empty"})}
    assert results["update.column-empty"].state is State.FAIL
    assert results["update.column-stale"].state is State.PASS


def test_one_list_under_several_addresses_is_one_column() -> None:
    entries = [item(date(2025, 1, 1), "甲"), item(date(2024, 1, 1), "乙")]
    twins = [column(entries, url=f"{HOME}list.aspx?id=3{tail}") for tail in ("&session=ab12", "", "&session=cd34")]
    result = run(site(columns=tuple(twins)), checks={"update.column-stale"})[0]
    assert [s.finding.url for s in result.findings] == [f"{HOME}list.aspx?id=3"]


def test_a_column_never_read_is_not_empty() -> None:
    facts = site(columns=(ColumnFact(f"{HOME}a/", "规划计划", complete=False, unread="被拦截"),))
    assert _state("update.column-empty", facts) is State.UNDETERMINED


def test_a_home_page_that_scripts_fill_is_not_stale() -> None:
    old = (item(date(2025, 1, 1)),)
    assert _state("update.homepage-stale", site(home=page(items=old))) is State.FAIL
    assert _state("update.homepage-stale", site(home=page(items=old, scripted=True))) is State.UNDETERMINED
    assert _state("update.homepage-stale", site(home=page(items=old, embedded=("/api",)))) is State.UNDETERMINED
    assert _state("update.homepage-stale", site(home=page(outcome=Outcome.EMPTY_SHELL))) is State.UNDETERMINED


def test_visits_in_words() -> None:
    gone = dead("a.doc", Outcome.GONE, Outcome.GONE)
    assert (failure_words(gone.visits), visit_times(gone.visits)) == ("均返回 404", "00:00、01:00")
    next_day = replace(gone.visits[1], at=gone.visits[1].at + timedelta(days=1))
    assert visit_times((gone.visits[0], next_day)) == "11-20 00:00、11-21 01:00"
    assert failure_words(dead("a", Outcome.SOFT_404).visits) == "均显示页面不存在（状态码 200）"
    assert (times_word(2), times_word(12)) == ("两次", "12 次")
    assert not confirmed(dead("a", Outcome.GONE, Outcome.SOFT_404), 2)


@pytest.mark.parametrize(
    "name",
    ["云溪县人民政府网", "云溪县人民政府门户网站", "云溪县人民政府", "首页-云溪县人民政府", "云溪县人民政府 官方网站"],
)
def test_words_for_a_website_make_no_difference_between_names(name: str) -> None:
    assert core(name) == "云溪县人民政府"


def _account(*fetches: AccountFetch) -> AccountFacts:
    return AccountFacts(UNIT, Account("yunxi", "weibo", "云溪发布", "1"), AS_OF, fetches)


def _fetch(
    source: str, covered: datetime | None, *posts: PostFact, outcome: AccountOutcome = AccountOutcome.FETCHED
) -> AccountFetch:
    return AccountFetch(source, AS_OF, AS_OF - timedelta(days=400), AS_OF, outcome, covered_since=covered, posts=posts)


@pytest.mark.parametrize(
    ("back", "state"), [(timedelta(days=14), State.FAIL), (timedelta(days=13, hours=23), State.UNDETERMINED)]
)
def test_a_listing_must_reach_back_to_the_window(back: timedelta, state: State) -> None:
    facts = _account(_fetch("weibo-mobile", AS_OF - back))
    assert run(facts, checks={"account.stale"})[0].state is state


@pytest.mark.parametrize("outcome", [o for o in AccountOutcome if o is not AccountOutcome.FETCHED])
def test_no_other_outcome_supports_not_updated(outcome: AccountOutcome) -> None:
    facts = _account(_fetch("weibo-mobile", datetime(2020, 1, 1, tzinfo=BEIJING), outcome=outcome))
    assert {r.state for r in run(facts)} == {State.UNDETERMINED}


def test_a_post_that_another_source_knows_deleted_is_left_to_a_person() -> None:
    post = PostFact("p1", AS_OF - timedelta(days=3), "信息")
    whole = AS_OF - timedelta(days=100)
    facts = _account(_fetch("weibo-mobile", whole, replace(post, deleted=True)), _fetch("feed", None, post))
    assert run(facts, checks={"account.stale"})[0].state is State.NEEDS_REVIEW


def test_a_short_listing_proves_a_tendency_but_no_zombie() -> None:
    result = run(_account(_fetch("weibo-mobile", AS_OF - timedelta(days=45))), checks={"account.zombie"})[0]
    assert (result.state, result.findings[0].finding.observed["degree"]) == (State.FAIL, "tendency")
