"""单项否决, gates, the verdict, and what a person's word can and cannot do."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from checks.model import Measurement, State
from scoring.engine import score
from scoring.errors import ManualEntryError
from scoring.manual import ManualDecision, ManualEntry, ManualScore
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
    veto,
)

EMPTY_COLUMNS = {"label": "空白栏目", "at_least": 5, "of": [{"check": "update.column-empty"}]}
STALE_COLUMNS = {
    "label": "栏目不更新",
    "at_least": 5,
    "of": [
        {"check": "update.column-stale", "where": {"type": "news"}},
        {"check": "update.column-stale", "where": {"type": ["notice", "policy-document"], "level": 1}},
    ],
}
PASSING = {"value": 6, "clause": "条款", "provenance": "printed"}


def columns(*kinds: tuple[str, int]) -> Any:
    found = [finding("update.column-stale", place, type=kind, level=level) for place, (kind, level) in enumerate(kinds)]
    return failed("update.column-stale", *found)


def test_a_veto_counts_over_its_clauses() -> None:
    rules = ruleset(deduct("A1", 10), vetoes=[veto("V4", STALE_COLUMNS, EMPTY_COLUMNS)])
    news, notice, deep = ("news", 2), ("notice", 1), ("notice", 2)
    empty = result("update.column-empty", State.PASS)
    four = score(rules, SITE, "云溪", [columns(news, news, notice, notice, deep, deep), empty])
    assert (four.vetoed, four.vetoes[0].state) == (False, State.PASS)
    assert four.vetoes[0].arithmetic == "栏目不更新 4 < 5，不成立；空白栏目 0 < 5，不成立"
    five = score(rules, SITE, "云溪", [columns(news, news, news, notice, notice), empty, broken(1)])
    assert (five.vetoed, five.verdict, five.verdict_note) == (True, "不合格", "V4 否决V4")
    assert len(five.vetoes[0].findings) == 5
    assert (five.total, five.attainable) == (9, 10), "the arithmetic of the rest is kept"


def test_a_veto_is_open_where_a_count_is_open_and_holds_where_it_is_reached_all_the_same() -> None:
    rules = ruleset(vetoes=[veto("V4", STALE_COLUMNS, EMPTY_COLUMNS)])
    gap = result("update.column-empty", State.UNDETERMINED, summary="脚本填充")
    below = score(rules, SITE, "云溪", [columns(("news", 1)), gap])
    assert (below.vetoes[0].state, below.verdict) == (State.UNDETERMINED, "未能判定")
    assert below.vetoes[0].note == "update.column-empty 未能判定：脚本填充"
    assert below.undetermined == ("V4",)
    reached = score(rules, SITE, "云溪", [columns(*[("news", 1)] * 5), gap])
    assert reached.verdict == "不合格"


def test_candidates_never_veto_but_ask_for_a_person() -> None:
    rules = ruleset(vetoes=[veto("V4", EMPTY_COLUMNS)])

    def seen(confirmed: int, waiting: int) -> Any:
        found = [finding("update.column-empty", place) for place in range(confirmed)]
        found += [
            finding("update.column-empty", place, state=State.NEEDS_REVIEW)
            for place in range(confirmed, confirmed + waiting)
        ]
        return score(rules, SITE, "云溪", [failed("update.column-empty", *found)])

    assert seen(3, 2).vetoes[0].state is State.NEEDS_REVIEW
    assert seen(3, 1).vetoes[0].state is State.PASS
    assert seen(0, 9).verdict == "未能判定"
    assert seen(5, 0).verdict == "不合格"


def test_a_share_can_be_a_line() -> None:
    share = {"measure": {"check": "availability.unreachable", "name": "failed_share"}, "at_least": Decimal("0.05")}
    rules = ruleset(vetoes=[veto("V2", {"label": "未打开占比", "share": share})])

    def seen(value: Decimal | None, state: State = State.PASS) -> Any:
        one = result("availability.unreachable", state, Measurement("failed_share", value))
        return score(rules, SITE, "云溪", [one])

    assert seen(Decimal("0.05")).verdict == "不合格"
    assert seen(Decimal("0.0499")).vetoes[0].arithmetic == "未打开占比 0.0499 < 0.05，不成立"
    assert seen(None).vetoes[0].state is State.UNDETERMINED
    assert seen(Decimal("0.9"), State.UNDETERMINED).verdict == "未能判定"


def test_a_veto_by_hand_waits_and_is_decided() -> None:
    rules = ruleset(vetoes=[veto("V1", manual=True)])
    assert score(rules, SITE, "云溪", []).vetoes[0].state is State.NOT_CHECKED
    decided: dict[str, ManualEntry] = {"V1": ManualDecision(True, "页面被篡改", "李四")}
    held = score(rules, SITE, "云溪", [], manual=decided)
    assert (held.verdict, held.vetoes[0].note) == ("不合格", "页面被篡改（李四）")
    clear = score(rules, SITE, "云溪", [], manual={"V1": ManualDecision(False, "已核查")})
    assert clear.verdict == "合格"


def test_a_word_in_favour_does_not_undo_what_was_found() -> None:
    rules = ruleset(vetoes=[veto("V4", EMPTY_COLUMNS)])
    word: dict[str, ManualEntry] = {"V4": ManualDecision(False, "栏目已充实")}
    card = score(rules, SITE, "云溪", [broken(5, check="update.column-empty")], manual=word)
    assert card.verdict == "不合格"
    assert "如有误报请逐条复核" in card.vetoes[0].note


@pytest.mark.parametrize(
    ("findings", "manual", "verdict", "note"),
    [
        (1, None, "未能判定", "已判定部分得 4.00 分，另有 5.00 分未能判定，尚不能确定是否达到 6.00 分"),
        (5, None, "不合格", "未能判定的 5.00 分即使全得，也只有 5.00 分，低于 6.00 分"),
        (4, None, "未能判定", "已判定部分得 1.00 分，另有 5.00 分未能判定，尚不能确定是否达到 6.00 分"),
        (4, "5", "合格", ""),
        (4, "4.99", "不合格", "5.99 分，低于 6.00 分"),
        (0, "1", "合格", ""),
    ],
)
def test_what_is_open_decides_nothing(findings: int, manual: str | None, verdict: str, note: str) -> None:
    rules = ruleset(deduct("A1", 5), indicator("A2", "manual", 5), qualified_from=PASSING)
    found = broken(findings) if findings else result("link.broken", State.PASS)
    entries: dict[str, ManualEntry] = {"A2": ManualScore(Decimal(manual), "查看")} if manual else {}
    card = score(rules, SITE, "云溪", [found], manual=entries)
    assert (card.verdict, card.verdict_note) == (verdict, note)


def test_no_one_is_qualified_while_a_veto_is_not_checked() -> None:
    rules = ruleset(deduct("A1", 10), qualified_from=PASSING, vetoes=[veto("V1", manual=True)])
    card = score(rules, SITE, "云溪", [result("link.broken", State.PASS)])
    assert (card.verdict, card.verdict_note) == ("未能判定", "否决指标尚未判定：V1 否决V1（未检查）")
    failing = score(rules, SITE, "云溪", [broken(9)])
    assert failing.verdict == "不合格"


def test_the_line_moves_with_what_does_not_apply() -> None:
    """A base of 75 and a result × 4/3: what does not apply is no loss."""
    away = {"check": "link.placeholder", "label": "无效链接", "per_item": 1}
    rules = ruleset(deduct("A1", 5), deduct("A2", 5, away), qualified_from=PASSING)
    spared = result("link.placeholder", State.NOT_APPLICABLE)
    assert score(rules, SITE, "云溪", [broken(2), spared]).verdict == "合格"
    low = score(rules, SITE, "云溪", [broken(3), spared])
    assert (low.verdict, low.verdict_note) == ("不合格", "2.00 分，低于 6.00 分（不适用 5.00 分，合格线按比例折算）")


def test_an_open_deduction_may_still_pull_a_total_below_the_line() -> None:
    taken = [indicator("N1", "deduction", 3)]
    rules = ruleset(deduct("A1", 10), qualified_from=PASSING, deductions=taken)
    assert score(rules, SITE, "云溪", [broken(2)]).verdict == "未能判定"
    assert score(rules, SITE, "云溪", [broken(1)]).verdict == "合格"


def test_a_ruleset_without_a_line_has_its_own_word() -> None:
    rules = ruleset(deduct("A1", 5), indicator("A2", "manual", 5))
    card = score(rules, SITE, "云溪", [broken(1)])
    assert (card.verdict, card.verdict_note) == ("已评分", "另有 5.00 分未能判定")
    assert score(rules, SITE, "云溪", []).verdict == "未能判定"


def test_points_are_for_portals_only_where_the_ruleset_says_so() -> None:
    applies = {"subject": "site", "kinds": ["portal", "department"], "scored": ["portal"]}
    rules = ruleset(deduct("A1", 10), applies_to=applies, qualified_from=PASSING, vetoes=[veto("V4", EMPTY_COLUMNS)])
    found = [broken(9), result("update.column-empty", State.PASS)]
    assert score(rules, SITE, "云溪", found, site_kind="portal").verdict == "不合格"
    department = score(rules, SITE, "云溪", found, site_kind="department")
    assert (department.verdict, department.total, department.attainable) == ("合格", 0, 0)
    assert department.traces[1].state is State.NOT_APPLICABLE


GATES = [
    {
        "id": "G1",
        "words": "未开设政务微信",
        "rule": "未开设的记 0 分",
        "clause": "条款",
        "provenance": "printed",
        "any": [
            {"label": "未开设", "at_least": 1, "of": [{"check": "account.missing", "where": {"platform": "wechat"}}]}
        ],
    },
    {
        "id": "G2",
        "words": "开通认证但未正常运营",
        "rule": "只计第一类",
        "clause": "条款",
        "provenance": "printed",
        "counts": ["X"],
    },
]


def two_dimensions() -> Any:
    second = {"id": "Y", "name": "第二类", "points": 5, "clause": "条款", "provenance": "printed"}
    rules = ruleset(deduct("A1", 5), gates=GATES)
    first = {"id": "X", "name": "第一类", "points": 5, "clause": "条款", "provenance": "printed"}
    made = [first | {"indicators": [deduct("A1", 5)]}, second | {"indicators": [indicator("B1", "manual", 5)]}]
    assert rules.gates
    return ruleset(deduct("A1", 5), gates=GATES, dimensions=made, maximum=10)


def test_not_opened_is_zero_with_words_and_what_shows_it() -> None:
    missing = failed("account.missing", finding("account.missing", "x", target=UNIT, platform="wechat"), target=UNIT)
    card = score(two_dimensions(), UNIT, "云溪", [missing])
    assert (card.verdict, card.total, card.attainable) == ("未开设政务微信", 0, 10)
    trace = card.traces[0]
    assert (trace.score, trace.arithmetic, trace.checks) == (0, "未开设政务微信，不计分", ("account.missing",))
    assert trace.findings == (missing.findings[0].fingerprint,)
    weibo = failed("account.missing", finding("account.missing", "x", target=UNIT, platform="weibo"), target=UNIT)
    assert score(two_dimensions(), ACCOUNT, "云溪发布", [weibo]).verdict == "未能判定"


def test_opened_but_not_run_counts_the_named_dimensions_only() -> None:
    entries: dict[str, ManualEntry] = {
        "G2": ManualDecision(True, "从未发布信息"),
        "X": ManualScore(Decimal(4), "查看"),
    }
    card = score(two_dimensions(), ACCOUNT, "云溪发布", [], manual=entries)
    assert (card.verdict, card.total, card.attainable) == ("开通认证但未正常运营", 4, 10)
    assert [(one.name, one.score) for one in card.dimensions] == [("第一类", 4), ("第二类", 0)]
    assert "从未发布信息" in card.traces[1].note


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ({"A1": ManualScore(Decimal(6), "查看")}, "分值 6 不在 0 至 5 之间"),
        ({"A1": ManualScore(Decimal(-1), "查看")}, "分值 -1 不在 0 至 5 之间"),
        ({"A1": ManualScore(Decimal("NaN"), "查看")}, "分值 NaN 不在 0 至 5 之间"),
        ({"A1": ManualScore(Decimal(1), " ")}, "没有写明理由"),
        ({"Z9": ManualScore(Decimal(1), "查看")}, "trial 中没有这样的评分指标"),
        ({"V9": ManualDecision(True, "查看")}, "trial 中没有这样的否决项或情形"),
        ({"V1": ManualScore(Decimal(0), "查看")}, "trial 中没有这样的评分指标"),
        (
            {"X": ManualScore(Decimal(1), "查看"), "A1": ManualScore(Decimal(1), "查看")},
            "“维度”已整体录入，不能再录入其中一项",
        ),
    ],
)
def test_an_entry_that_cannot_be_taken_is_refused(entries: dict[str, ManualEntry], reason: str) -> None:
    rules = ruleset(indicator("A1", "manual", 5), vetoes=[veto("V1", manual=True)])
    with pytest.raises(ManualEntryError) as refused:
        score(rules, SITE, "云溪", [], manual=entries)
    assert str(refused.value).endswith(reason)
