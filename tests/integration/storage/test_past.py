"""What statistics are given of earlier inspections: the same kind, ended, over the same targets, the latest first."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from msgspec.structs import replace

from checks.model import CheckResult, Finding, StampedFinding, State
from scheduler.past import past_of
from scoring.model import Scorecard
from scoring.review import Decision, Review, Scope
from storage.store import Store
from tests.integration.storage.samples import ACCOUNT, NOON, SITE, inspection


def found(state: State, *marks: str) -> CheckResult:
    kind = State.NEEDS_REVIEW if state is State.NEEDS_REVIEW else State.FAIL
    findings = tuple(StampedFinding("link.broken", SITE, kind, Finding(url=m, message=m), "", m) for m in marks)
    return CheckResult("link.broken", SITE, state, "", findings)


def kept(
    store: Store, id: str, months: int, *results: CheckResult, kind: str = "quarterly", ended: bool = True
) -> None:
    at = NOON - timedelta(days=30 * months)
    record = replace(inspection(id, started=at), kind=kind, as_of=at)
    store.inspections.create(record, [(SITE, "云溪县人民政府网")])
    store.results.save(id, SITE, results, {}, at)
    if ended:
        store.inspections.finish(id, at + timedelta(hours=1), "完成")


def test_only_ended_inspections_of_the_kind_and_targets_before_it_count(store: Store) -> None:
    kept(store, "q1", 6, found(State.FAIL, "a", "b"))
    kept(store, "night", 4, found(State.FAIL, "a"), kind="nightly")
    kept(store, "q2", 3, found(State.FAIL, "b"))
    kept(store, "broken-off", 2, found(State.FAIL, "c"), ended=False)
    store.inspections.create(replace(inspection("others"), started=NOON - timedelta(days=9)), [(ACCOUNT, "云溪发布")])
    store.inspections.finish("others", NOON, "完成")
    kept(store, "q3", 0, found(State.FAIL, "b"))
    kept(store, "later", -3, found(State.PASS))
    past = past_of(store, store.inspections.get("q3"))
    assert [one.id for one in past] == ["q2", "q1"]
    assert [one.judged[SITE]["link.broken"].standing for one in past] == [{"b"}, {"a", "b"}]
    assert past[0].titles == {"link.broken": "错链（死链）"}


def test_candidates_stand_for_nothing_and_gaps_are_gaps(store: Store) -> None:
    kept(store, "q1", 6, found(State.UNDETERMINED))
    kept(store, "q2", 3, found(State.NEEDS_REVIEW, "a"))
    kept(store, "q3", 0)
    told = [one.judged[SITE]["link.broken"] for one in past_of(store, store.inspections.get("q3"))]
    assert [(one.determined, one.standing) for one in told] == [(False, frozenset()), (False, frozenset())]


def test_what_was_put_aside_since_was_no_problem_then(store: Store) -> None:
    kept(store, "q1", 3, found(State.FAIL, "a", "b"))
    kept(store, "q2", 0, found(State.FAIL, "b"))
    alarm = Review(
        0, Decision.FALSE_ALARM, "跳转页", "张三", NOON.date(), Scope.ELEMENT, "link.broken", SITE, fingerprint="a"
    )
    store.reviews.add("q2", (alarm,), NOON)
    (past,) = past_of(store, store.inspections.get("q2"))
    assert past.judged[SITE]["link.broken"].standing == {"b"}


def test_verdicts_come_with_their_rulesets(store: Store) -> None:
    kept(store, "q1", 3)
    nought = Decimal(0)
    card = Scorecard(
        SITE, "云溪县人民政府网", "cn-2019-website", "1", "", "合格", nought, nought, nought, nought, (), (), ()
    )
    store.results.keep_cards("q1", [card], ["cn-2019-website"])
    kept(store, "q2", 0)
    (past,) = past_of(store, store.inspections.get("q2"))
    assert past.verdicts == {(SITE, "cn-2019-website"): "合格"}
