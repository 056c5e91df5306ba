"""The life of findings across inspections: 新增, 持续, 已整改; and what could not be told is no repair."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from checks.model import CheckResult, State, Target
from storage.store import Store
from tests.integration.storage.samples import ACCOUNT, NOON, SITE, inspection, result


def _day(number: int) -> datetime:
    return NOON + timedelta(days=number)


def _inspect(store: Store, day: int, *results: CheckResult, target: Target = SITE) -> str:
    """An inspection on that day with these results, saved an hour after its start."""
    id = f"day-{day}"
    store.inspections.create(inspection(id, started=_day(day)), [(target, "对象")])
    store.results.save(id, target, results, {}, _day(day) + timedelta(hours=1))
    return id


def _lives(store: Store, id: str) -> dict[str, tuple[str, int]]:
    """By fingerprint the life of each finding that stands or was fixed, and the day on which it was first seen."""
    rows = [*store.results.findings(id), *store.results.fixed(id)]
    return {row.stamped.fingerprint: (row.life, (row.first_seen - NOON).days) for row in rows}


def test_three_inspections(store: Store) -> None:
    first = _inspect(store, 1, result(State.FAIL, "a", "b"))
    second = _inspect(store, 2, result(State.FAIL, "b", "c"))
    third = _inspect(store, 3, result(State.PASS))
    assert _lives(store, first) == {"a": ("new", 1), "b": ("new", 1)}
    assert _lives(store, second) == {"a": ("fixed", 1), "b": ("persisting", 1), "c": ("new", 2)}
    assert _lives(store, third) == {"b": ("fixed", 1), "c": ("fixed", 2)}


def test_what_was_fixed_and_is_back_is_new(store: Store) -> None:
    _inspect(store, 1, result(State.FAIL, "a"))
    _inspect(store, 2, result(State.PASS))
    assert _lives(store, _inspect(store, 3, result(State.FAIL, "a"))) == {"a": ("new", 3)}


@pytest.mark.parametrize(
    "state", [State.UNDETERMINED, State.ERROR, State.NOT_CHECKED, State.NOT_APPLICABLE, State.NEEDS_REVIEW]
)
def test_what_could_not_be_told_fixes_nothing(store: Store, state: State) -> None:
    _inspect(store, 1, result(State.FAIL, "a", "b"))
    gap = _inspect(store, 2, result(state))
    after = _inspect(store, 3, result(State.FAIL, "b"))
    assert _lives(store, gap) == {}
    assert _lives(store, after) == {"a": ("fixed", 1), "b": ("persisting", 1)}


def test_a_check_that_was_left_out_fixes_nothing(store: Store) -> None:
    _inspect(store, 1, result(State.FAIL, "a"))
    assert _lives(store, _inspect(store, 2, result(State.PASS, check="site.https"))) == {}
    assert _lives(store, _inspect(store, 3, result(State.FAIL, "a"))) == {"a": ("persisting", 1)}


def test_a_finding_under_review_is_known_afterwards(store: Store) -> None:
    _inspect(store, 1, result(State.PASS))
    review = _inspect(store, 2, result(State.NEEDS_REVIEW, "a"))
    assert _lives(store, review) == {"a": ("new", 2)}
    assert _lives(store, _inspect(store, 3, result(State.FAIL, "a"))) == {"a": ("persisting", 2)}


def test_checks_and_targets_keep_apart(store: Store) -> None:
    _inspect(store, 1, result(State.FAIL, "a"), result(State.FAIL, "a", check="link.outdated"))
    _inspect(store, 2, result(State.FAIL, "a", target=ACCOUNT), target=ACCOUNT)
    third = _inspect(store, 3, result(State.PASS), result(State.FAIL, "a", check="link.outdated"))
    assert _lives(store, "day-2") == {"a": ("new", 2)}
    assert [(row.stamped.check, row.life) for row in store.results.findings(third)] == [("link.outdated", "persisting")]
    assert [(row.stamped.check, row.life) for row in store.results.fixed(third)] == [("link.broken", "fixed")]


def test_saving_again_changes_no_life(store: Store) -> None:
    _inspect(store, 1, result(State.FAIL, "a"))
    id = _inspect(store, 2, result(State.FAIL, "b"))
    before = _lives(store, id)
    assert before == {"a": ("fixed", 1), "b": ("new", 2)}
    store.results.save(id, SITE, [result(State.FAIL, "b", "c")], {}, _day(5))
    assert _lives(store, id) == {**before, "c": ("new", 5)}


def test_a_later_inspection_is_no_past(store: Store) -> None:
    _inspect(store, 9, result(State.FAIL, "a"))
    assert _lives(store, _inspect(store, 1, result(State.FAIL, "a"))) == {"a": ("new", 1)}


def test_fixed_findings_keep_words_and_evidence(store: Store) -> None:
    store.inspections.create(inspection("day-1", started=_day(1)), [])
    given = result(State.FAIL, "a")
    store.results.save("day-1", SITE, [given], {given.findings[0].finding.url: ("e1",)}, _day(1))
    (row,) = store.results.fixed(_inspect(store, 2, result(State.PASS)))
    assert (row.stamped, row.evidence, row.first_seen) == (given.findings[0], ("e1",), _day(1))
