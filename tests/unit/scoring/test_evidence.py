"""Whose results count, and what reviews change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from checks.model import Measurement, State, Subject, Target
from crawler.facts import Coverage
from scoring.engine import score
from scoring.review import Decision, Review, Scope, mark_of, settled
from tests.unit.scoring.samples import (
    ACCOUNT,
    SITE,
    UNIT,
    broken,
    deduct,
    failed,
    finding,
    indicator,
    result,
    ruleset,
    share,
    veto,
)

RULES = ruleset(deduct("A1", 5))
DAY = date(2026, 9, 2)


def review(decision: Decision, fingerprint: str = "", expires: date | None = None) -> Review:
    return Review(
        31,
        decision,
        "跳转页",
        "张三",
        DAY,
        Scope.ELEMENT if fingerprint else Scope.SITE,
        "link.broken",
        SITE,
        fingerprint,
        expires=expires,
    )


def test_results_about_others_are_left_out_and_those_about_the_unit_count() -> None:
    elsewhere = Target("yunxi-county", "http://other.example/", Subject.SITE)
    other = failed("link.broken", finding("link.broken", 1, target=elsewhere), target=elsewhere)
    assert score(RULES, SITE, "云溪", [other]).traces[0].state is State.NOT_CHECKED
    own = failed("link.broken", finding("link.broken", 1, target=UNIT), target=UNIT)
    assert score(RULES, SITE, "云溪", [own]).total == 4
    assert score(RULES, ACCOUNT, "云溪发布", [own]).total == 4
    stranger = Target("shanyang", "shanyang", Subject.UNIT)
    assert score(RULES, SITE, "云溪", [failed("link.broken", finding("link.broken", 1), target=stranger)]).total == 0


def test_two_results_of_one_check_add_up_and_a_gap_in_either_is_a_gap() -> None:
    own = failed("link.broken", finding("link.broken", 1, target=UNIT), target=UNIT)
    assert score(RULES, SITE, "云溪", [broken(2), own]).total == 2
    gap = score(RULES, SITE, "云溪", [broken(2), result("link.broken", State.UNDETERMINED, target=UNIT)])
    assert (gap.total, gap.attainable) == (0, 2)


def test_the_same_fault_delivered_twice_counts_once() -> None:
    assert score(RULES, SITE, "云溪", [broken(2), broken(2)]).total == 3


def test_a_false_alarm_gives_the_points_back_and_says_so() -> None:
    found = broken(2)
    said = review(Decision.FALSE_ALARM, found.findings[0].fingerprint, expires=date(2027, 9, 2))
    card = score(RULES, SITE, "云溪", [found], reviews=[said], as_of=date(2026, 10, 1))
    assert card.total == 4
    assert card.traces[0].note == (
        "复核：误报 #31 张三 2026-09-02（跳转页，至 2027-09-02）。"
        "复核前为“发现问题”，得 3 分，复核后为“发现问题”，得 4 分"
    )


def test_a_review_ends_on_its_day() -> None:
    found = broken(2)
    said = review(Decision.EXEMPT, found.findings[0].fingerprint, expires=DAY)
    assert score(RULES, SITE, "云溪", [found], reviews=[said], as_of=DAY).total == 4
    assert score(RULES, SITE, "云溪", [found], reviews=[said], as_of=date(2026, 9, 3)).total == 3
    with pytest.raises(ValueError, match="as_of"):
        score(RULES, SITE, "云溪", [found], reviews=[said])


def test_a_confirmed_candidate_costs_and_a_dismissed_one_clears() -> None:
    waiting = failed("link.broken", finding("link.broken", 1, state=State.NEEDS_REVIEW))
    key = waiting.findings[0].fingerprint
    assert score(RULES, SITE, "云溪", [waiting]).traces[0].state is State.NEEDS_REVIEW
    assert score(RULES, SITE, "云溪", [waiting], reviews=[review(Decision.CONFIRMED, key)]).total == 4
    cleared = score(RULES, SITE, "云溪", [waiting], reviews=[review(Decision.FALSE_ALARM, key)])
    assert (cleared.total, cleared.traces[0].state) == (5, State.PASS)
    assert "复核前为“待人工复核”，复核后为“符合”，得 5 分" in cleared.traces[0].note


def test_a_review_may_cover_a_whole_check_on_one_target() -> None:
    whole = review(Decision.EXEMPT)
    assert score(RULES, SITE, "云溪", [broken(4)], reviews=[whole]).total == 5
    elsewhere = replace(whole, target=ACCOUNT)
    assert score(RULES, SITE, "云溪", [broken(4)], reviews=[elsewhere]).total == 1


def test_of_two_reviews_of_one_day_the_later_number_holds() -> None:
    found = broken(1)
    key = found.findings[0].fingerprint
    ninth = replace(review(Decision.FALSE_ALARM, key), number=9)
    tenth = replace(ninth, number=10, decision=Decision.CONFIRMED)
    assert score(RULES, SITE, "云溪", [found], reviews=[tenth, ninth]).total == 4


def test_a_scope_reaches_so_far_and_no_further() -> None:
    first, second = broken(2).findings
    elsewhere = replace(first, target=ACCOUNT)
    given = replace(review(Decision.FALSE_ALARM, first.fingerprint), url=first.finding.url, mark=mark_of(first))
    covered = {
        scope: [replace(given, scope=scope).covers(one) for one in (first, second, elsewhere)] for scope in Scope
    }
    assert first.finding.url != second.finding.url
    assert covered == {
        Scope.ELEMENT: [True, False, True],  # a real finding's fingerprint holds its target
        Scope.PAGE: [True, False, False],
        Scope.SITE: [True, True, False],
        Scope.EVERYWHERE: [True, False, True],
    }
    assert not replace(given, scope=Scope.EVERYWHERE, mark="").covers(first)
    assert not any(replace(given, scope=scope, check="link.unsafe").covers(first) for scope in Scope)


def test_a_report_tells_what_reviews_have_left() -> None:
    found = broken(2)
    first, second = (one.fingerprint for one in found.findings)
    aside = review(Decision.FALSE_ALARM, first)
    told = settled(found, (aside,))
    assert (told.state, [one.fingerprint for one in told.findings]) == (State.FAIL, [second])
    assert told.summary.endswith("（经复核：误报 1 项）")
    nothing = settled(found, (aside, review(Decision.EXEMPT, second)))
    assert (nothing.state, nothing.findings) == (State.PASS, ())
    assert nothing.summary.endswith("（经复核：误报 1 项、豁免 1 项）")
    waiting = failed("link.broken", finding("link.broken", 1, state=State.NEEDS_REVIEW))
    confirmed = settled(waiting, (review(Decision.CONFIRMED, waiting.findings[0].fingerprint),))
    assert (confirmed.state, confirmed.findings[0].state) == (State.FAIL, State.FAIL)
    assert settled(found, ()) is found


def test_a_trace_keeps_what_its_checks_saw_and_which_reviews_touched_it() -> None:
    rules = ruleset(deduct("A1", 10), deduct("A2", 5, {"check": "update.column-empty", "label": "空白", "per_item": 1}))
    seen, other = Coverage(attempted=40, reached=38, failed=2), Coverage(attempted=3, reached=3, truncated_by="超时")
    found = replace(broken(2), coverage=seen)
    said = review(Decision.FALSE_ALARM, found.findings[0].fingerprint)
    first, second = score(rules, SITE, "云溪", [found], reviews=[said]).traces
    assert (first.coverage, first.reviews) == ({"link.broken": seen}, (31,))
    assert (second.coverage, second.reviews) == ({}, ()), "a check that told nothing has none"
    of_unit = replace(result("link.broken", State.PASS, target=UNIT), coverage=other)
    (whole, _) = score(rules, SITE, "云溪", [found, of_unit]).traces
    assert whole.coverage == {"link.broken": Coverage(attempted=43, reached=41, failed=2, truncated_by="超时")}


def test_the_latest_review_holds() -> None:
    found = broken(1)
    key = found.findings[0].fingerprint
    early = review(Decision.FALSE_ALARM, key)
    late = replace(early, number=40, decision=Decision.CONFIRMED, reason="再次核实", by="李四", on=date(2026, 9, 9))
    for order in ([early, late], [late, early]):
        assert score(RULES, SITE, "云溪", [found], reviews=order).total == 4


def test_a_review_can_lift_a_veto() -> None:
    condition = {"label": "空白栏目", "at_least": 2, "of": [{"check": "update.column-empty"}]}
    rules = ruleset(vetoes=[veto("V4", condition)])
    found = broken(2, check="update.column-empty")
    assert score(rules, SITE, "云溪", [found]).vetoed
    said = replace(review(Decision.FALSE_ALARM, found.findings[1].fingerprint), check="update.column-empty")
    card = score(rules, SITE, "云溪", [found], reviews=[said])
    assert (card.vetoed, card.verdict) == (False, "合格")
    assert "误报 #31" in card.vetoes[0].note


def test_a_units_accounts_are_scored_together_and_a_gap_in_one_is_a_gap() -> None:
    rules = ruleset(indicator("A1", "ratio", 10, ratio={"measure": {"check": "link.broken", "name": "日均发布"}}))
    other = Target(UNIT.unit, "weibo:5500000001", Subject.ACCOUNT)
    wechat = result("link.broken", State.PASS, share("日均发布", 7, 14), target=ACCOUNT)
    weibo = result("link.broken", State.PASS, share("日均发布", 21, 28), target=other)
    trace = score(rules, UNIT, "云溪县", [wechat, weibo]).traces[0]
    assert trace.arithmetic == "10 × 28 ÷ 42 ≈ 6.67"
    assert score(rules, ACCOUNT, "云溪发布", [wechat, weibo]).traces[0].arithmetic == "10 × 7 ÷ 14 = 5"
    gap = result("link.broken", State.UNDETERMINED, target=other)
    assert score(rules, UNIT, "云溪县", [wechat, gap]).traces[0].state is State.UNDETERMINED
    bare = result("link.broken", State.PASS, Measurement("日均发布", Decimal("0.7")), target=other)
    assert score(rules, UNIT, "云溪县", [wechat, bare]).traces[0].state is State.UNDETERMINED
    stranger = result(
        "link.broken", State.PASS, share("日均发布", 1, 1), target=Target("x", "weibo:1", Subject.ACCOUNT)
    )
    assert score(rules, UNIT, "云溪县", [wechat, stranger]).traces[0].arithmetic == "10 × 7 ÷ 14 = 5"
