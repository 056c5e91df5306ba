"""Every kind with sums that can be done on paper."""

from __future__ import annotations

from decimal import Decimal

import pytest

from checks.model import Measurement, State
from scoring.engine import score
from scoring.manual import ManualScore
from scoring.model import Scorecard, ScoreTrace
from tests.unit.scoring.samples import (
    SITE,
    broken,
    deduct,
    failed,
    finding,
    indicator,
    result,
    ruleset,
    share,
)

HOME = {"check": "link.broken", "label": "首页错链", "per_item": 1, "where": {"on_homepage": True}}
INNER = {"check": "link.broken", "label": "其他页面错链", "per_item": Decimal("0.1")}
STALE = {"check": "update.column-stale", "label": "栏目不更新", "per_item": 2}
EMPTY = {"check": "update.column-empty", "label": "空白栏目", "per_item": 1}


def first(card: Scorecard) -> ScoreTrace:
    return card.traces[0]


def test_deduct_takes_each_finding_up_to_the_points() -> None:
    rules = ruleset(deduct("A1", 5))
    three = score(rules, SITE, "云溪", [broken(3)])
    assert first(three).arithmetic == "5 − min(3 × 1, 5) = 2"
    assert dict(first(three).operands) == {"满分": 5, "错链·处数": 3, "错链·每处扣": 1, "扣分上限": 5, "得分": 2}
    assert (three.total, three.attainable, three.maximum) == (2, 5, 5)
    assert len(first(three).findings) == 3
    assert first(score(rules, SITE, "云溪", [broken(9)])).score == 0


def test_deduct_without_findings_keeps_all() -> None:
    trace = first(score(ruleset(deduct("A1", 5)), SITE, "云溪", [result("link.broken", State.PASS)]))
    assert (trace.state, trace.score, trace.arithmetic) == (State.PASS, 5, "5 − min(0, 5) = 5")


def test_deduct_stops_at_its_cap() -> None:
    trace = first(score(ruleset(deduct("A1", 5, cap=3)), SITE, "云溪", [broken(9)]))
    assert (trace.score, trace.arithmetic) == (2, "5 − min(9 × 1, 3) = 2")


def test_deduct_costs_by_where_a_finding_was_seen() -> None:
    found = failed(
        "link.broken",
        finding("link.broken", "a", on_homepage=True),
        *(finding("link.broken", place, on_homepage=False) for place in range(4)),
        finding("link.broken", "unknown"),
    )
    trace = first(score(ruleset(deduct("A1", 5, HOME, INNER)), SITE, "云溪", [found]))
    assert trace.arithmetic == "5 − min(1 × 1 + 5 × 0.1, 5) = 3.5"


def test_one_column_both_empty_and_stale_costs_once_and_the_dearer() -> None:
    both = [
        failed("update.column-stale", finding("update.column-stale", "zcwj")),
        failed("update.column-empty", finding("update.column-empty", "zcwj"), finding("update.column-empty", "tjxx")),
    ]
    guarded = first(score(ruleset(deduct("A1", 5, STALE, EMPTY, once_per_page=True)), SITE, "云溪", both))
    assert guarded.arithmetic == "5 − min(1 × 2 + 1 × 1, 5) = 2"
    assert "同一处只扣一次，略去 1 条" in guarded.note
    unguarded = first(score(ruleset(deduct("A1", 5, STALE, EMPTY)), SITE, "云溪", both))
    assert unguarded.score == 1


@pytest.mark.parametrize("state", [State.UNDETERMINED, State.NOT_CHECKED, State.ERROR, State.NEEDS_REVIEW])
def test_deduct_leaves_the_denominator_where_nothing_is_known(state: State) -> None:
    card = score(ruleset(deduct("A1", 5)), SITE, "云溪", [result("link.broken", state, summary="被拦截")])
    trace = first(card)
    assert (trace.state, trace.score, trace.attainable) == (state, None, 0)
    assert trace.note == f"link.broken {state.label}：被拦截"
    assert (card.total, card.attainable, card.undetermined) == (0, 0, ("A1",))


def test_a_note_says_the_state_once() -> None:
    gap = result("link.broken", State.UNDETERMINED, summary="未能判定：被拦截")
    assert first(score(ruleset(deduct("A1", 5)), SITE, "云溪", [gap])).note == "link.broken 未能判定：被拦截"


def test_deduct_takes_what_was_found_and_leaves_the_rest_open() -> None:
    rules = ruleset(deduct("A1", 5, STALE, EMPTY))
    found = failed("update.column-stale", finding("update.column-stale", "zcwj"))
    gap = result("update.column-empty", State.UNDETERMINED, summary="由脚本填充")
    card = score(rules, SITE, "云溪", [found, gap])
    trace = first(card)
    assert (trace.state, trace.score, trace.attainable) == (State.FAIL, 0, 2)
    assert trace.arithmetic == "5 − 3 − min(1 × 2, 5) = 0"
    assert trace.operands["未能判定"] == 3
    assert trace.note == "update.column-empty 未能判定：由脚本填充"
    assert card.undetermined == ("A1",)


def test_candidates_wait_for_a_person_only_where_they_are_meant() -> None:
    mixed = failed(
        "link.broken",
        finding("link.broken", "a", on_homepage=False),
        finding("link.broken", "b", on_homepage=True, state=State.NEEDS_REVIEW),
    )
    outside = {"check": "link.broken", "label": "内页错链", "per_item": 1, "where": {"on_homepage": False}}
    assert first(score(ruleset(deduct("A1", 5, outside)), SITE, "云溪", [mixed])).score == 4
    waiting = first(score(ruleset(deduct("A1", 5, HOME, INNER)), SITE, "云溪", [mixed]))
    assert (waiting.score, waiting.attainable) == (0, Decimal("0.1"))


def test_deduct_that_does_not_apply_leaves_the_denominator_and_is_not_open() -> None:
    card = score(ruleset(deduct("A1", 5)), SITE, "云溪", [result("link.broken", State.NOT_APPLICABLE)])
    assert (first(card).state, card.attainable, card.undetermined) == (State.NOT_APPLICABLE, 0, ())


def test_a_fault_without_a_place_is_held_against_no_one() -> None:
    assert first(score(ruleset(deduct("A1", 5)), SITE, "云溪", [failed("link.broken")])).state is State.ERROR


def test_presence_credits_part_by_part() -> None:
    parts = [
        {"check": "disclosure.guide-missing", "label": "指南", "points": 3},
        {"check": "function.search", "label": "搜索", "points": 2},
    ]
    rules = ruleset(indicator("A1", "presence", 5, parts=parts))
    guide = result("disclosure.guide-missing", State.PASS)
    missing = failed("function.search", finding("function.search", "home"))
    half = first(score(rules, SITE, "云溪", [guide, missing]))
    assert (half.state, half.score, half.attainable, half.arithmetic) == (State.FAIL, 3, 5, "3 + 0 = 3")
    whole = first(score(rules, SITE, "云溪", [guide, result("function.search", State.PASS)]))
    assert (whole.state, whole.score) == (State.PASS, 5)
    open_part = first(score(rules, SITE, "云溪", [guide]))
    assert (open_part.state, open_part.score, open_part.attainable) == (State.NOT_CHECKED, 3, 3)
    assert first(score(rules, SITE, "云溪", [])).score is None


def test_ratio_is_points_times_value() -> None:
    rules = ruleset(indicator("A1", "ratio", 10, ratio={"measure": {"check": "link.broken", "name": "解读比例"}}))

    def measured(one: Measurement) -> ScoreTrace:
        return first(score(rules, SITE, "云溪", [result("link.broken", State.PASS, one)]))

    assert measured(share("解读比例", 3, 4)).arithmetic == "10 × 3 ÷ 4 = 7.5"
    assert measured(Measurement("解读比例", Decimal("0.5"))).arithmetic == "10 × 0.5 = 5"
    third = measured(share("解读比例", 1, 3))
    assert third.arithmetic == "10 × 1 ÷ 3 ≈ 3.33"
    assert third.score == Decimal("3.33333333333333333333")
    over = measured(share("解读比例", 5, 4))
    assert (over.score, over.arithmetic) == (10, "10 × min(5 ÷ 4, 1) = 10")


def test_ratio_without_a_measured_value_is_undetermined() -> None:
    rules = ruleset(indicator("A1", "ratio", 10, ratio={"measure": {"check": "link.broken", "name": "解读比例"}}))
    for one in (Measurement("解读比例", None), Measurement("另一值", Decimal(1))):
        trace = first(score(rules, SITE, "云溪", [result("link.broken", State.PASS, one)]))
        assert (trace.state, trace.score) == (State.UNDETERMINED, None)
        assert trace.note == "link.broken 没有测得“解读比例”"
    gap = result("link.broken", State.UNDETERMINED, share("解读比例", 0, 4), summary="未读完")
    assert first(score(rules, SITE, "云溪", [gap])).score is None


def test_tiers_step_down() -> None:
    tiers = [{"at_least": Decimal("0.8"), "points": 10}, {"at_least": Decimal("0.5"), "points": 6}]
    ratio = {"measure": {"check": "link.broken", "name": "解读比例"}, "tiers": tiers}
    rules = ruleset(indicator("A1", "ratio", 10, ratio=ratio))
    told = {
        part: first(score(rules, SITE, "云溪", [result("link.broken", State.PASS, share("解读比例", part, 10))]))
        for part in (8, 7, 5, 4)
    }
    assert {part: trace.score for part, trace in told.items()} == {8: 10, 7: 6, 5: 6, 4: 0}
    assert told[7].arithmetic == "0.7 ≥ 0.5 → 6"
    assert told[4].arithmetic == "0.4 低于最低档 0.5 → 0"


def test_manual_waits_for_a_person() -> None:
    rules = ruleset(indicator("A1", "manual", 5))
    empty = first(score(rules, SITE, "云溪", []))
    assert (empty.state, empty.score, empty.attainable, empty.note) == (State.NOT_CHECKED, None, 0, "待人工录入")
    filled = first(score(rules, SITE, "云溪", [], manual={"A1": ManualScore(Decimal("3.5"), "实地查看", "李四")}))
    assert (filled.score, filled.arithmetic, filled.note) == (Decimal("3.5"), "人工录入 3.5", "实地查看（李四）")
    assert filled.state is State.FAIL


def test_a_person_settles_only_what_the_program_could_not() -> None:
    rules = ruleset(deduct("A1", 5))
    entry = {"A1": ManualScore(Decimal(4), "人工打开查看")}
    settled = first(
        score(rules, SITE, "云溪", [result("link.broken", State.UNDETERMINED, summary="被拦截")], manual=entry)
    )
    assert (settled.score, settled.attainable) == (4, 5)
    assert settled.note == "link.broken 未能判定：被拦截；人工打开查看"
    kept = first(score(rules, SITE, "云溪", [broken(3)], manual=entry))
    assert kept.score == 2
    assert kept.note == "已有程序判定，人工录入 4 未采用"


def test_deduction_is_taken_after_the_sum_and_outside_the_denominator() -> None:
    taken = indicator("N1", "deduction", 10, items=[{"check": "link.placeholder", "label": "无效链接", "per_item": 4}])
    rules = ruleset(deduct("A1", 20), deductions=[taken])
    card = score(rules, SITE, "云溪", [broken(2), broken(3, check="link.placeholder")])
    assert card.traces[1].arithmetic == "0 − min(3 × 4, 10) = −10"
    assert (card.traces[1].score, card.total, card.attainable) == (-10, 8, 20)
    unknown = score(rules, SITE, "云溪", [broken(2)])
    assert (unknown.traces[1].score, unknown.total) == (None, 18)


def test_deduction_by_hand() -> None:
    rules = ruleset(deduct("A1", 20), deductions=[indicator("N1", "deduction", 10)])
    card = score(rules, SITE, "云溪", [broken(2)], manual={"N1": ManualScore(Decimal(2), "主体非政府机构")})
    assert (card.traces[1].score, card.traces[1].arithmetic, card.total) == (-2, "人工录入 −2", 16)


def bonuses(*points: int, cap: int, above: int = 8) -> dict[str, object]:
    indicators = [indicator(f"P{place}", "bonus", value) for place, value in enumerate(points, start=1)]
    return {"cap": cap, "above": above, "clause": "条款", "provenance": "printed", "indicators": indicators}


def test_bonuses_come_only_past_the_gate_and_never_over_the_cap() -> None:
    rules = ruleset(deduct("A1", 10), bonuses=bonuses(4, 4, cap=5))
    entries = {"P1": ManualScore(Decimal(4), "优质"), "P2": ManualScore(Decimal(3), "创新")}
    past = score(rules, SITE, "云溪", [broken(1)], manual=entries)
    assert [trace.score for trace in past.traces] == [9, 4, 1]
    assert past.traces[2].arithmetic == "人工录入 3；min(3, 1) = 1"
    assert (past.total, past.attainable, past.maximum) == (14, 10, 10)
    on_the_line = score(rules, SITE, "云溪", [broken(2)], manual=entries)
    assert (on_the_line.total, on_the_line.traces[1].note) == (8, "未超过 8.00 分，不进入加分")


def test_bonuses_wait_where_the_gate_is_not_decided() -> None:
    rules = ruleset(deduct("A1", 6), indicator("A2", "manual", 4), bonuses=bonuses(4, cap=4))
    card = score(rules, SITE, "云溪", [broken(0, check="x"), result("link.broken", State.PASS)])
    assert (card.traces[2].state, card.traces[2].score) == (State.UNDETERMINED, None)


def test_bonus_by_parts_and_by_ratio() -> None:
    parts = [{"check": "function.search", "label": "搜索", "points": 2}]
    ratio = {"measure": {"check": "link.placeholder", "name": "占比"}}
    section = bonuses(4, cap=5) | {
        "indicators": [indicator("P1", "bonus", 2, parts=parts), indicator("P2", "bonus", 4, ratio=ratio)]
    }
    results = [
        result("link.broken", State.PASS),
        result("function.search", State.PASS),
        result("link.placeholder", State.PASS, share("占比", 1, 2)),
    ]
    card = score(ruleset(deduct("A1", 10), bonuses=section), SITE, "云溪", results)
    assert [trace.score for trace in card.traces[1:]] == [2, 2]
    assert card.traces[2].arithmetic == "4 × 1 ÷ 2 = 2"
