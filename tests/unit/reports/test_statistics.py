"""What changed, who repeats, how many quarters in a row: gaps are told and decide nothing."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from checks.model import CheckResult, Finding, Severity, StampedFinding, State, Target
from crawler.facts import BEIJING
from reports import statistics
from reports.narrative import comparison, families
from reports.past import Judged, Past
from reports.problems import InspectionView, NamedTarget, UnitProblems, unit_problems
from tests.unit.reports.sample import CHECKS, NEWMEDIA, site

HERE = site("a")
LINK, STALE = "link.broken", "update.column-stale"


def result(check: str, state: State, *marks: str, target: Target = HERE) -> CheckResult:
    kind = State.FAIL if state is State.FAIL else State.NEEDS_REVIEW
    found = tuple(
        StampedFinding(
            check, target, kind, Finding(url=target.address, message=mark, severity=Severity.MINOR), "", mark
        )
        for mark in marks
    )
    return CheckResult(check, target, state, "", found)


def unit(*results: CheckResult, code: str = "a") -> UnitProblems:
    named = [NamedTarget(site(code), "甲网")]
    at = datetime(2026, 11, 20, tzinfo=BEIJING)
    return unit_problems(code, "甲县", named, results, (), checks=CHECKS, history={}, as_of=at)


def past(month: int, year: int = 2026, *, verdict: str = "", **judged: Judged) -> Past:
    at = datetime(year, month, 20, tzinfo=BEIJING)
    by_check = {{"link": LINK, "stale": STALE}[name]: kept for name, kept in judged.items()}
    verdicts = {(HERE, NEWMEDIA): verdict} if verdict else {}
    return Past(f"{year}-{month}", f"{year}年{month}月检查", at, {HERE: by_check} if by_check else {}, verdicts, {})


def stood(*marks: str) -> Judged:
    return Judged(True, frozenset(marks))


def viewed(view: InspectionView, *results: CheckResult, past: tuple[Past, ...] = ()) -> InspectionView:
    return replace(view, units=(unit(*results),), past=past)


def test_mended_standing_new_and_untold_are_told_apart(view: InspectionView) -> None:
    before = past(8, link=stood("l1", "l2", "l3"), stale=stood("s1", "s2"))
    now = viewed(view, result(LINK, State.FAIL, "l1", "l9"), result(STALE, State.UNDETERMINED), past=(before,))
    (change,) = statistics.changes(now)
    assert (change.before, change.now) == (5, 2)
    assert (change.mended, change.standing, change.open, change.new) == (2, 1, 2, 1)
    assert change.rate == Decimal(2) / Decimal(3)
    assert "5 个问题中，2 个已整改，1 个仍然存在，2 个本次未能判定，整改率 66.7%；本次新增 1 个" in comparison(now)


def test_a_unit_with_one_problem_is_not_said_to_have_many(view: InspectionView) -> None:
    def told(*first: str) -> str:
        units = (
            unit(result(LINK, State.FAIL, *first)),
            unit(result(LINK, State.FAIL, "x", target=site("b")), code="b"),
        )
        named = (
            units[0],
            replace(units[1], name="乙县", problems=tuple(replace(p, unit_name="乙县") for p in units[1].problems)),
        )
        (family,) = families(replace(view, units=named))
        return family.text

    assert told("l1").endswith("涉及甲县、乙县。")
    assert told("l1", "l2").endswith("问题较多的有：甲县（2 个）。")


def test_a_candidate_that_stands_is_neither_mended_nor_standing(view: InspectionView) -> None:
    now = viewed(view, result(LINK, State.NEEDS_REVIEW, "l1"), past=(past(8, link=stood("l1")),))
    (change,) = statistics.changes(now)
    assert (change.mended, change.standing, change.open, change.rate) == (0, 0, 1, None)


def test_without_an_earlier_inspection_nothing_is_compared(view: InspectionView) -> None:
    now = viewed(view, result(LINK, State.FAIL, "l1"))
    assert (statistics.changes(now), statistics.type_changes(now), statistics.repeats(now)) == ((), (), ())
    assert comparison(now) == "没有可供比较的此前同类检查记录，本次不作比较。"


def test_types_are_compared_also_where_none_is_left(view: InspectionView) -> None:
    before = past(8, link=stood("l1", "l2"), stale=stood("s1"))
    before = replace(before, titles={STALE: "栏目不更新"})
    now = viewed(view, result(LINK, State.FAIL, "l1"), result(STALE, State.PASS), past=(before,))
    told = [(line.title, line.before, line.now) for line in statistics.type_changes(now)]
    assert told == [("错链（死链）", 2, 1), ("栏目不更新", 1, 0)]


@pytest.mark.parametrize(
    ("earlier", "inspections"),
    [
        ((stood("x"), stood("y")), 3),
        ((stood("x"), stood()), 2),
        ((Judged(False), stood("y")), 2),
        ((stood(), stood("y")), 0),
        ((Judged(False), Judged(False)), 0),
    ],
)
def test_repeats_are_counted_over_what_could_not_be_told(
    view: InspectionView, earlier: tuple[Judged, Judged], inspections: int
) -> None:
    before = tuple(past(month, link=judged) for month, judged in zip((8, 5), earlier, strict=True))
    now = viewed(view, result(LINK, State.FAIL, "x"), past=before)
    assert sum(one.inspections for one in statistics.repeats(now)) == inspections


def judged(view: InspectionView, verdict: str, *earlier: Past) -> InspectionView:
    card = next(card for card in view.scorecards if card.ruleset == NEWMEDIA)
    one = replace(unit(), scorecards=(replace(card, target=HERE, verdict=verdict),))
    return replace(view, units=(one,), past=earlier)


@pytest.mark.parametrize(
    ("verdict", "earlier", "quarters", "gaps"),
    [
        ("合格", (), 1, ()),
        ("合格", (past(8, verdict="合格"), past(5, verdict="不合格"), past(2, verdict="合格")), 2, ()),
        ("不合格", (past(8, verdict="合格"),), 0, ()),
        ("合格", (past(8, verdict="未能判定"), past(5, verdict="合格")), 2, ("2026年第3季度（未能判定）",)),
        ("合格", (past(5, verdict="合格"),), 2, ("2026年第3季度（未检查）",)),
        ("未能判定", (past(8, verdict="合格"),), 1, ("2026年第4季度（未能判定）",)),
        ("合格", (past(11, 2025, verdict="合格"),), 2, tuple(f"2026年第{n}季度（未检查）" for n in (3, 2, 1))),
        ("合格", (past(8, verdict="未能判定"),), 1, ()),
        ("合格", (past(9, verdict="合格"), past(7, verdict="不合格")), 2, ()),
    ],
)
def test_quarters_in_a_row(
    view: InspectionView, verdict: str, earlier: tuple[Past, ...], quarters: int, gaps: tuple[str, ...]
) -> None:
    (streak,) = statistics.streaks(judged(view, verdict, *earlier))
    assert (streak.quarters, streak.gaps) == (quarters, gaps)


def test_only_quarterly_inspections_have_quarters(view: InspectionView) -> None:
    assert statistics.streaks(replace(judged(view, "合格"), kind="nightly")) == ()
