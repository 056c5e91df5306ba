"""A score in words says what the trace says, and nothing that is not in it."""

from __future__ import annotations

from msgspec.structs import replace

from checks.model import CheckResult, State
from crawler.facts import Coverage
from scoring.engine import score
from scoring.explaining import SHOWN, explain, trace_of
from scoring.model import Scorecard
from tests.unit.scoring.samples import SITE, broken, deduct, result, ruleset, share, veto

TITLES = {"link.broken": "错链"}


def told(card: Scorecard, name: str, *results: CheckResult) -> dict[str, tuple[str, ...]]:
    trace = trace_of(card, name)
    assert trace is not None
    return {part.heading: part.lines for part in explain(card, trace, results, TITLES)}


def test_a_deduction_is_told_with_its_sum_and_its_findings() -> None:
    faults = broken(3)
    words = told(score(ruleset(deduct("A1", 5)), SITE, "云溪", [faults]), "A1", faults)
    counted = ("满分：5", "错链·处数：3", "错链·每处扣：1", "扣分上限：5", "得分：2")
    assert words["计算"] == (*counted, "算式：5 − min(3 × 1, 5) = 2")
    assert words["结果"] == ("得 2.00 分",)
    assert words["检查情况"] == ("错链（link.broken）：发现问题。发现问题",)
    assert [line.split(".")[0] for line in words["计入的问题"]] == ["1", "2", "3"]
    assert SITE.address in words["对象"][0]


def test_what_could_not_be_told_is_said_to_cost_nothing() -> None:
    blocked = result("link.broken", State.UNDETERMINED, summary="未能判定：被拦截")
    words = told(score(ruleset(deduct("A1", 5)), SITE, "云溪", [blocked]), "A1", blocked)
    assert words["结果"] == ("未能判定：不计分，其满分也不计入可得分",)
    assert "未能判定：被拦截" in words["检查情况"][0]
    assert "计入的问题" not in words


def test_a_veto_is_said_to_hold_or_not() -> None:
    rules = ruleset(
        deduct("A1", 5), vetoes=[veto("V1", {"label": "错链", "at_least": 1, "of": [{"check": "link.broken"}]})]
    )
    held = broken(1)
    assert told(score(rules, SITE, "云溪", [held]), "V1", held)["结果"] == ("触发单项否决",)
    clean = result("link.broken", State.PASS)
    assert told(score(rules, SITE, "云溪", [clean]), "V1", clean)["结果"] == ("未触发单项否决",)


def test_long_lists_are_counted_and_long_fractions_are_cut() -> None:
    faults = replace(broken(SHOWN + 3), measurements=(share("share", 1, 3), share("half", 1, 2)))
    words = told(score(ruleset(deduct("A1", 50)), SITE, "云溪", [faults]), "A1", faults)
    assert len(words["计入的问题"]) == SHOWN + 1
    assert words["计入的问题"][-1] == "……另有 3 项，见问题清单"
    assert words["检查情况"][1:] == ("　测量 share＝1 ÷ 3＝约 0.3333", "　测量 half＝1 ÷ 2＝0.5")


def test_what_only_the_rulesets_threshold_makes_is_told_apart() -> None:
    faults = broken(3)
    card = score(ruleset(deduct("A1", 5)), SITE, "云溪", [faults])
    own = next(one for one in faults.findings if one.fingerprint == card.traces[0].findings[0])
    marked = replace(card, traces=(replace(card.traces[0], by_threshold=(own,)),))
    words = told(marked, "A1", faults)
    assert [line.split(".")[0] for line in words["计入的问题"]] == ["1", "2"]
    (line,) = words["按〈试行指标〉阈值另计的问题"]
    assert line == f"1. 示例问题（{own.finding.url}）"


def test_coverage_is_told_where_a_target_was_visited() -> None:
    coverage = Coverage(attempted=9, reached=7, blocked=2, truncated_by="达到页数上限")
    seen = replace(result("link.broken", State.PASS), coverage=coverage)
    words = told(score(ruleset(deduct("A1", 5)), SITE, "云溪", [seen]), "A1", seen)
    assert words["检查情况"][1] == "　采集范围 访问 9 个地址，读到 7 个，被拦截或需登录 2 个，未采集完：达到页数上限"


def test_an_indicator_is_found_by_its_id_or_by_a_name_that_one_alone_bears() -> None:
    card = score(ruleset(deduct("A1", 5), deduct("A2", 5)), SITE, "云溪", [])
    assert trace_of(card, "A2") is trace_of(card, "指标A2") is card.traces[1]
    assert trace_of(card, "A3") is None
    twins = score(ruleset(deduct("A1", 5, name="同名"), deduct("A2", 5, name="同名")), SITE, "云溪", [])
    assert trace_of(twins, "同名") is None
