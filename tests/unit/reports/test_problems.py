"""The view: sorted, complete, and the same whatever order its parts come in."""

from __future__ import annotations

import random
from typing import Any

from msgspec.structs import replace

from checks.model import CheckResult, Finding, Severity, StampedFinding, State, Subject, Target
from reports.problems import History, InspectionView, Life, NamedTarget, unit_problems
from tests.unit.reports import sample

HERE = Target("u", "http://www.u.example/", Subject.SITE)
FEED = Target("u", "weibo:1", Subject.ACCOUNT)


def _result(*findings: StampedFinding, check: str = "link.broken", state: State = State.FAIL) -> CheckResult:
    return CheckResult(check, HERE, state, "摘要", findings)


def _stamped(url: str, severity: Severity, check: str = "link.broken", state: State = State.FAIL) -> StampedFinding:
    return StampedFinding(check, HERE, state, Finding(url, "说明", severity=severity), "依据", f"{check}{url}")


def test_problems_are_sorted_by_severity_then_check_then_address() -> None:
    found = [
        _stamped("b", Severity.MINOR),
        _stamped("a", Severity.MINOR),
        _stamped("z", Severity.VETO, "update.column-stale"),
        _stamped("c", Severity.MAJOR, "update.column-stale"),
        _stamped("d", Severity.MAJOR, "content.typo"),
    ]
    unit = unit_problems("u", "单位", (), [_result(*found)], (), checks={}, history={}, as_of=sample.AS_OF)
    assert [problem.url for problem in unit.problems] == ["z", "d", "c", "a", "b"]


def test_order_of_the_parts_does_not_matter() -> None:
    whole = sample.view().units[0]
    shuffler = random.Random(7)
    results = list(whole.results)
    targets = list(whole.targets)
    cards = list(whole.scorecards)
    for parts in (results, targets, cards):
        shuffler.shuffle(parts)
    arguments: dict[str, Any] = {"checks": sample.CHECKS, "history": {}, "as_of": sample.AS_OF}
    one = unit_problems(whole.code, whole.name, whole.targets, whole.results, whole.scorecards, **arguments)
    other = unit_problems(whole.code, whole.name, targets, results, cards, **arguments)
    assert one == other


def test_only_fail_and_needs_review_are_problems_and_what_is_not_settled_is_kept_apart() -> None:
    results = [
        _result(_stamped("a", Severity.MINOR), _stamped("b", Severity.MINOR, state=State.NEEDS_REVIEW)),
        _result(_stamped("c", Severity.MINOR, state=State.UNDETERMINED), check="x.y", state=State.UNDETERMINED),
        _result(check="x.error", state=State.ERROR),
        _result(check="x.manual", state=State.NOT_CHECKED),
        _result(check="x.pass", state=State.PASS),
    ]
    unit = unit_problems("u", "单位", (), results, (), checks={}, history={}, as_of=sample.AS_OF)
    assert [problem.url for problem in unit.confirmed] == ["a"]
    assert [problem.url for problem in unit.pending] == ["b"]
    assert [(item.check, item.state) for item in unit.unsettled] == [
        ("x.y", State.UNDETERMINED),
        ("x.error", State.ERROR),
        ("x.manual", State.NOT_CHECKED),
    ]


def test_history_names_texts_and_evidence_reach_the_problem() -> None:
    stamped = _stamped("http://www.u.example/a.html", Severity.MINOR)
    proven = replace(stamped, finding=replace(stamped.finding, evidence_urls=("p", "q")), fingerprint="known")
    unit = unit_problems(
        "u",
        "单位",
        [NamedTarget(FEED, "账号"), NamedTarget(HERE, "网站")],
        [_result(stamped, proven)],
        (),
        checks=sample.CHECKS,
        history={"known": History(Life.PERSISTING, sample.STARTED)},
        as_of=sample.AS_OF,
        evidence={
            "http://www.u.example/a.html": ["evidence/1.html"],
            "p": ["evidence/2.html", "evidence/2.png"],
            "q": ["evidence/2.png"],
        },
    )
    by_fingerprint = {problem.fingerprint: problem for problem in unit.problems}
    new, old = by_fingerprint[stamped.fingerprint], by_fingerprint["known"]
    assert (new.life, new.first_seen, new.evidence) == (Life.NEW, sample.AS_OF, ("evidence/1.html",))
    assert (old.life, old.first_seen) == (Life.PERSISTING, sample.STARTED)
    assert old.evidence == ("evidence/2.html", "evidence/2.png")
    assert (new.target_name, new.title, new.rectify) == ("网站", "错链（死链）", sample.CHECKS["link.broken"].rectify)
    assert [item.name for item in unit.targets] == ["网站", "账号"]


def test_two_equal_inspections_are_equal_views(view: InspectionView) -> None:
    assert sample.view() == view
