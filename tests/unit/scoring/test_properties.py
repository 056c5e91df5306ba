"""What holds for every result: more faults never help, gaps never hurt, caps hold, order is nothing, sums are exact."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, localcontext
from random import Random
from typing import TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from checks.model import CheckResult, Measurement, StampedFinding, State
from scoring.engine import score
from scoring.evidence import OPEN
from scoring.manual import ManualEntry, ManualScore
from scoring.model import Kind, Scorecard, ScoreTrace
from tests.unit.scoring.samples import SITE, deduct, finding, indicator, ruleset, share, veto

T = TypeVar("T")

HOME = {"check": "link.broken", "label": "首页错链", "per_item": Decimal("1.5"), "where": {"on_homepage": True}}
INNER = {"check": "link.broken", "label": "内页错链", "per_item": Decimal("0.1")}
HOLLOW = {"check": "link.placeholder", "label": "无效链接", "per_item": Decimal("0.3")}
STALE = {"check": "update.column-stale", "label": "栏目不更新", "per_item": 2}
EMPTY_HOME = {"check": "update.column-empty", "label": "首页空白", "per_item": 3, "where": {"on_homepage": True}}
EMPTY = {"check": "update.column-empty", "label": "空白栏目", "per_item": 1}
PARTS = [
    {"check": "disclosure.guide-missing", "label": "指南", "points": 3},
    {"check": "function.search", "label": "搜索", "points": 2, "where": {"on_homepage": True}},
]
TIERS = [{"at_least": Decimal("0.8"), "points": 6}, {"at_least": Decimal("0.4"), "points": Decimal("2.5")}]
SHARE = {"check": "availability.unreachable", "name": "占比"}

RULES = ruleset(
    deduct("A1", 8, HOME, INNER, HOLLOW, cap=6),
    deduct("A2", 7, STALE, EMPTY_HOME, EMPTY, once_per_page=True),
    indicator("A3", "presence", 5, parts=PARTS),
    indicator("A4", "ratio", 7, ratio={"measure": SHARE}),
    indicator("A5", "ratio", 6, ratio={"measure": SHARE, "tiers": TIERS}),
    indicator("A6", "manual", 7),
    vetoes=[veto("V1", {"label": "空白", "at_least": 4, "of": [{"check": "update.column-empty"}]})],
    deductions=[indicator("N1", "deduction", 4, items=[HOLLOW | {"per_item": 3}])],
    bonuses={
        "cap": 5,
        "above": 20,
        "clause": "条款",
        "provenance": "printed",
        "indicators": [
            indicator("P1", "bonus", 4, ratio={"measure": SHARE}),
            indicator("P2", "bonus", 3, parts=[{"check": "function.search", "label": "搜索", "points": 3}]),
        ],
    },
    qualified_from={"value": 24, "clause": "条款", "provenance": "printed"},
)
ENTRIES: dict[str, ManualEntry] = {"A6": ManualScore(Decimal("4.25"), "查看")}
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no failure."""
BETTER = ("不合格", "未能判定", "合格")


@st.composite
def results(draw: st.DrawFn) -> list[CheckResult]:
    """A result in any state for each check; places are few, so that pages and faults coincide."""
    made: list[CheckResult] = []
    for check in sorted(RULES.checks):
        state = draw(st.sampled_from(State))
        findings: tuple[StampedFinding, ...] = ()
        if state in (State.FAIL, State.NEEDS_REVIEW):
            places = draw(st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True))
            findings = tuple(
                finding(
                    check,
                    place,
                    state=state if draw(st.booleans()) else State.NEEDS_REVIEW,
                    on_homepage=draw(st.booleans()),
                )
                for place in places
            )
        measured: tuple[Measurement, ...] = ()
        if check == SHARE["check"] and draw(st.booleans()):
            measured = (share("占比", draw(st.integers(0, 8)), 7),)
        made.append(CheckResult(check, SITE, state, "", findings, measured))
    return made


def scored(found: Sequence[CheckResult]) -> Scorecard:
    return score(RULES, SITE, "云溪", found, manual=ENTRIES)


def lost(card: Scorecard) -> Decimal:
    """Points that are known to be lost, 扣分项 included."""
    own = sum((trace.attainable - trace.score for trace in body(card) if trace.score is not None), Decimal(0))
    taken = sum((trace.score or Decimal(0) for trace in card.traces if trace.kind is Kind.DEDUCTION), Decimal(0))
    return own - taken


def body(card: Scorecard) -> list[ScoreTrace]:
    return [trace for trace in card.traces if trace.dimension == "维度"]


@UNTIMED
@given(results(), st.data())
def test_one_more_confirmed_finding_never_helps(found: list[CheckResult], data: st.DataObject) -> None:
    judged = [place for place, one in enumerate(found) if one.state in (State.PASS, State.FAIL, State.NEEDS_REVIEW)]
    if not judged:
        return
    place = data.draw(st.sampled_from(judged))
    one = found[place]
    extra = finding(one.check, data.draw(st.integers(0, 9)), on_homepage=data.draw(st.booleans()))
    if extra.fingerprint in {known.fingerprint for known in one.findings}:
        return
    worse = [*found]
    worse[place] = replace(one, state=State.FAIL, findings=(*one.findings, extra))
    before, after = scored(found), scored(worse)
    assert after.total <= before.total
    assert lost(after) >= lost(before)
    assert BETTER.index(after.verdict) <= BETTER.index(before.verdict)


@UNTIMED
@given(results(), st.data())
def test_what_could_not_be_told_never_costs(found: list[CheckResult], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(found) - 1))
    state = data.draw(st.sampled_from([*OPEN, State.NOT_APPLICABLE]))
    gap = [*found]
    gap[place] = CheckResult(found[place].check, SITE, state, "")
    before, after = scored(found), scored(gap)
    assert lost(after) <= lost(before)
    assert after.verdict != "不合格" or before.verdict == "不合格" or state is State.NOT_APPLICABLE
    missing = scored([*found[:place], *found[place + 1 :]])
    assert lost(missing) <= lost(before)


@UNTIMED
@given(results())
def test_caps_hold(found: list[CheckResult]) -> None:
    card = scored(found)
    for trace in body(card):
        assert Decimal(0) <= (trace.score or Decimal(0)) <= trace.attainable <= trace.points
        assert (trace.score is None) == (trace.attainable == 0)
    assert Decimal(0) <= card.attainable <= card.maximum
    assert body(card)[0].score is None or lost(card) >= 0
    added = sum((trace.score or Decimal(0) for trace in card.traces if trace.kind is Kind.BONUS), Decimal(0))
    assert Decimal(0) <= added <= 5
    taken = sum((trace.score or Decimal(0) for trace in card.traces if trace.kind is Kind.DEDUCTION), Decimal(0))
    assert Decimal(-4) <= taken <= 0


@UNTIMED
@given(results(), st.randoms(use_true_random=False))
def test_order_is_nothing(found: list[CheckResult], random: Random) -> None:
    shuffled = [replace(one, findings=tuple(_shuffled(one.findings, random))) for one in _shuffled(found, random)]
    assert scored(shuffled) == scored(found)


def _shuffled(values: Sequence[T], random: Random) -> list[T]:
    copied = list(values)
    random.shuffle(copied)
    return copied


@UNTIMED
@given(results())
def test_the_total_is_exactly_the_sum_of_the_traces(found: list[CheckResult]) -> None:
    card = scored(found)
    with localcontext(prec=60):
        exact = sum((trace.score for trace in card.traces if trace.score is not None), Decimal(0))
        assert card.total == exact
        assert card.attainable == sum((trace.attainable for trace in card.traces), Decimal(0))
        assert sum((one.score for one in card.dimensions), Decimal(0)) == sum(
            (trace.score for trace in body(card) if trace.score is not None), Decimal(0)
        )
    open_traces = {trace.indicator for trace in card.traces if trace.state in OPEN}
    assert open_traces <= set(card.undetermined)


@UNTIMED
@given(results())
def test_the_arithmetic_can_be_done_again_by_a_reader(found: list[CheckResult]) -> None:
    for trace in scored(found).traces:
        if trace.kind is Kind.VETO or trace.score is None or "→" in trace.arithmetic:
            continue
        assert _worked_out(trace.arithmetic) == trace.score


def _worked_out(arithmetic: str) -> Decimal:
    """The left side of the last equation, worked out with exact fractions; both sides must agree where it says `=`."""
    last = arithmetic.rsplit("；", 1)[-1].removeprefix("人工录入 ")
    left, sign, right = re.fullmatch(r"(.+?)(?: (=|≈) (\S+))?", last).groups()
    plain = left.replace("−", "-").replace("×", "*").replace("÷", "/")
    with localcontext(prec=60):
        value: Decimal = eval(re.sub(r"\d+(\.\d+)?", r"Decimal('\g<0>')", plain), {"Decimal": Decimal, "min": min})
        cut = value.quantize(Decimal("1E-20")) if sign == "≈" else value
    if sign == "=":
        assert cut == Decimal(right.replace("−", "-"))
    return cut
