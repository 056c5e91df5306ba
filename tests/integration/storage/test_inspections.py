"""Inspections and their targets: what goes in comes back, and no target is taken twice."""

from __future__ import annotations

import multiprocessing
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from checks.model import Subject, Target
from storage.errors import RecordConflict, RecordMissing
from storage.inspections import TargetRow
from storage.store import Store
from tests.integration.storage.samples import ACCOUNT, NOON, SITE, inspection

TARGETS = [(SITE, "云溪县人民政府网"), (ACCOUNT, "云溪发布")]


def test_an_inspection_comes_back_equal(store: Store) -> None:
    record = inspection()
    store.inspections.create(record, TARGETS)
    assert store.inspections.get("q3") == record
    rows = store.inspections.targets("q3")
    assert [(row.number, row.target, row.name, row.state, row.attempts, row.run) for row in rows] == [
        (1, SITE, "云溪县人民政府网", "pending", 0, None),
        (2, ACCOUNT, "云溪发布", "pending", 0, None),
    ]


def test_an_inspection_is_recorded_once_and_whole(store: Store) -> None:
    store.inspections.create(inspection(), TARGETS)
    with pytest.raises(RecordConflict, match="记录重复"):
        store.inspections.create(inspection(), [])
    assert len(store.inspections.targets("q3")) == 2


def test_what_was_never_recorded_is_missing(store: Store) -> None:
    inspections = store.inspections
    for call in (
        lambda: inspections.get("none"),
        lambda: inspections.previous("none"),
        lambda: inspections.attach_run("none", 1, 1),
        lambda: inspections.finish("none", NOON, "完成"),
    ):
        with pytest.raises(RecordMissing, match="没有"):
            call()


def test_the_latest_unfinished_is_of_the_same_registry(store: Store) -> None:
    for day, (id, digest) in enumerate([("a", "d1"), ("b", "d1"), ("c", "d2")]):
        store.inspections.create(inspection(id, started=NOON + timedelta(days=day), digest=digest), TARGETS)
    found = store.inspections.latest_unfinished("d1")
    assert found is not None
    assert found.id == "b"
    store.inspections.finish("b", NOON + timedelta(days=9), "完成")
    found = store.inspections.latest_unfinished("d1")
    assert found is not None
    assert found.id == "a"
    assert store.inspections.latest_unfinished("d3") is None
    assert [each.id for each in store.inspections.all()] == ["c", "b", "a"]


def test_the_previous_inspection_ended_and_shares_a_target(store: Store) -> None:
    other = Target("linhe-district", "http://www.linhe.example/", Subject.SITE)
    plan = [
        ("ended", SITE, True),
        ("other", other, True),
        ("running", SITE, False),
        ("now", SITE, False),
        ("later", SITE, True),
    ]
    for day, (id, target, ended) in enumerate(plan):
        store.inspections.create(
            inspection(id, started=NOON + timedelta(days=day)), [(target, "网站"), (ACCOUNT, "号")][:1]
        )
        if ended:
            store.inspections.finish(id, NOON + timedelta(days=day, hours=1), "完成")
    assert store.inspections.previous("now") == "ended"
    assert store.inspections.previous("ended") is None
    assert store.inspections.previous("other") is None


def next_taken(store: Store, worker: str) -> TargetRow | None:
    """The first of the targets that wait which this worker gets."""
    for number, _ in store.inspections.waiting("q3"):
        if row := store.inspections.take("q3", number, worker, NOON):
            return row
    return None


def test_a_target_goes_through_its_states(store: Store) -> None:
    store.inspections.create(inspection(), TARGETS)
    run = store.runs.open("q3", SITE, {}, NOON)
    taken = next_taken(store, "worker-1")
    assert taken is not None
    assert (taken.number, taken.target, taken.state, taken.worker, taken.attempts) == (
        1,
        SITE,
        "running",
        "worker-1",
        1,
    )
    assert taken.started == NOON
    store.inspections.attach_run("q3", 1, run)
    store.inspections.complete("q3", 1, state="done", exit_reason="完成", stats={"pages": 40}, now=NOON)
    row = store.inspections.targets("q3")[0]
    assert (row.state, row.run, row.exit_reason, row.stats, row.ended) == ("done", run, "完成", {"pages": 40}, NOON)


def test_resuming_queues_again_what_was_cut_off_and_keeps_its_run(store: Store) -> None:
    three = [*TARGETS, (Target("yunxi-county", "yunxi-county", Subject.UNIT), "云溪县")]
    store.inspections.create(inspection(), three)
    for _ in three:
        assert next_taken(store, "worker-1")
    store.inspections.attach_run("q3", 1, store.runs.open("q3", SITE, {}, NOON))
    store.inspections.complete("q3", 2, state="interrupted", exit_reason="中断", stats={}, now=NOON)
    store.inspections.complete("q3", 3, state="done", exit_reason="完成", stats={}, now=NOON)
    assert next_taken(store, "worker-2") is None
    assert store.inspections.requeue("q3") == 2
    again = next_taken(store, "worker-2")
    assert again is not None
    assert (again.number, again.attempts, again.run is None) == (1, 2, False)
    assert [row.state for row in store.inspections.targets("q3")] == ["running", "pending", "done"]


def test_one_target_of_a_worker_that_died_is_released(store: Store) -> None:
    store.inspections.create(inspection(), TARGETS)
    next_taken(store, "worker-1")
    next_taken(store, "worker-2")
    assert not store.inspections.release("q3", 1, "worker-2")
    assert store.inspections.release("q3", 1, "worker-1", {"deaths": 1})
    again = next_taken(store, "worker-3")
    assert again is not None
    assert (again.number, again.worker, again.attempts, again.stats) == (1, "worker-3", 2, {"deaths": 1})
    assert next_taken(store, "worker-3") is None


def _open_and_take(url: str, folder: Path, worker: str) -> list[int]:
    """What one process takes, from opening an empty database on."""
    with Store(url, folder) as store:
        store.upgrade()
        with suppress(RecordConflict):  # another of the four was first
            store.inspections.create(inspection(), [(SITE, f"第{each}个") for each in range(60)])
        taken = []
        while row := next_taken(store, worker):
            taken.append(row.number)
        return taken


def test_four_processes_share_the_targets_without_doubles(database_url: str, tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        shares = pool.starmap(
            _open_and_take, [(database_url, tmp_path, f"worker-{each}") for each in range(4)], chunksize=1
        )
    assert sorted(number for share in shares for number in share) == list(range(1, 61))
    with Store(database_url, tmp_path) as store:
        rows = store.inspections.targets("q3")
    assert all(row.attempts == 1 and row.state == "running" for row in rows)
    for worker, share in enumerate(shares):
        assert {row.number for row in rows if row.worker == f"worker-{worker}"} == set(share)
