"""Whatever the history: after pruning every kept inspection reads as before, and the next one comes out the same."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.model import State
from scheduler.history import history_of
from scheduler.pruning import prune
from scheduler.retention import Decision, decide
from storage.store import Store
from tests.integration.keeping import city

changes = st.sets(st.integers(0, city.PAGES - 1), max_size=2) | st.just(set(range(city.PAGES)))
names = st.sets(st.sampled_from("ab")).map(lambda told: tuple(sorted(told)))
verdict = st.one_of(
    st.tuples(st.sampled_from([State.PASS, State.UNDETERMINED]), st.just(())),
    st.tuples(st.sampled_from([State.FAIL, State.FAIL, State.NEEDS_REVIEW]), names),
)
verdicts = st.fixed_dictionaries(dict.fromkeys(city.CHECKS, verdict))
nights = st.lists(
    st.tuples(
        st.sampled_from(["nightly"] * 6 + ["quarterly", "on-demand"]),
        st.sampled_from([1, 1, 1, 2, 5, 40]),
        changes,
        verdicts,
        st.sampled_from([True] * 7 + [False]),
    ),
    min_size=2,
    max_size=11,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(nights, verdicts, st.sampled_from([0, 3, 8, 30, 200, 500]))
def test_any_history(history: list[Any], last: dict[str, Any], later: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        first = Path(scratch) / "first"
        at = city.START
        with city.opened(first) as store:
            for version, (kind, days, changed, told, ended) in enumerate(history):
                at += timedelta(days=days)
                city.inspect(store, at, kind=kind, changed=changed, version=version, verdicts=told, ended=ended)
        now = at + timedelta(days=later)
        with city.opened(first) as before, city.copied(first, Path(scratch) / "second") as after:
            trial = prune(after, city.RULE, now, trial=True)
            records = before.inspections.every()
            assert after.inspections.every() == records
            decisions = decide(records, city.RULE, now, in_rectification=(), read_whole={})
            seen = {record.id: city.read(before.runs.view(city.run_of(before, record.id))) for record in records}
            assert {id: city.read(after.runs.view(city.run_of(after, id))) for id in seen} == seen, (
                "a trial changes nothing"
            )

            done = prune(after, city.RULE, now)
            assert done.tallies == trial.tallies
            assert done.decisions == trial.decisions
            latest = max(city.run_of(before, record.id) for record in records)
            for record in records:
                run = city.run_of(after, record.id)
                stays = decisions[record.id].whole or run == latest
                assert city.whole(after, record) is stays
                if stays:
                    assert city.read(after.runs.view(run)) == seen[record.id]
                    assert after.runs.has_bodies(run)
                else:
                    assert after.inspections.get(record.id).cleared is not None
                    assert {number for number, _, _ in after.runs.view(run).numbered_pages()} <= kept_pages(after)
            city.opens(after)
            whole_tell_the_same(before, after, decisions)
            later_on = now + timedelta(days=2)  # what was whole today may have outlived its term by then
            again = prune(after, city.RULE, later_on)
            assert again.tallies["torn"].gone == 0
            count = city.opens(after)
            assert count <= city.opens(before)
            cleared = after.inspections.every()
            whole_tell_the_same(before, after, decide(cleared, city.RULE, later_on, in_rectification=(), read_whole={}))

            tomorrow = now + timedelta(days=3)
            ids = [city.inspect(store, tomorrow, changed={1}, version=99, verdicts=last) for store in (before, after)]
            assert city.lives(after, ids[1]) == city.lives(before, ids[0])
            assert city.compared(after, ids[1]) == city.compared(before, ids[0])
            views = [store.runs.view(city.run_of(store, ids[0])) for store in (before, after)]
            assert list(views[0].pages()) == list(views[1].pages())
            assert history_of(before.runs, views[0], ()) == history_of(after.runs, views[1], ())
            city.opens(after)


def whole_tell_the_same(before: Store, after: Store, decisions: Mapping[str, Decision]) -> None:
    for id, decision in decisions.items():
        if decision.whole:
            assert city.told(after, id) == city.told(before, id)


def kept_pages(store: Store) -> set[int]:
    with store.database.read() as connection:
        return set(connection.exec_driver_sql("select page from kept_pages").scalars())
