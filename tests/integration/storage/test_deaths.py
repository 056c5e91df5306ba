"""What becomes of a target whose worker died: disturbances of ours that pass give up nobody."""

from __future__ import annotations

from datetime import timedelta

from scheduler.deaths import DEATHS_AT_ONCE, MOST_DEATHS, PASSING, after_death
from storage.inspections import TargetRow
from storage.store import Store
from tests.integration.storage.samples import NOON, SITE, append_pages, inspection


def die(store: Store, seconds: float) -> str:
    """The target is taken, and dies so many seconds after noon; its state then."""
    row = store.inspections.take("q3", 1, "worker", NOON)
    assert row is not None
    reason = after_death(store, row, "工作进程失联", NOON + timedelta(seconds=seconds))
    assert reason == the_target(store).exit_reason
    return the_target(store).state


def the_target(store: Store) -> TargetRow:
    return store.inspections.targets("q3")[0]


def test_disturbances_that_pass_give_up_nobody(store: Store) -> None:
    store.inspections.create(inspection(), [(SITE, "网站")])
    assert [die(store, 2 * each) for each in range(DEATHS_AT_ONCE - 1)] == ["pending"] * (DEATHS_AT_ONCE - 1)


def test_who_dies_time_and_again_beyond_any_disturbance_is_given_up(store: Store) -> None:
    store.inspections.create(inspection(), [(SITE, "网站")])
    pause = PASSING.total_seconds() / (MOST_DEATHS - 1)
    assert [die(store, pause * each) for each in range(MOST_DEATHS)] == ["pending"] * (MOST_DEATHS - 1) + ["failed"]
    row = the_target(store)
    assert (row.state, row.exit_reason) == ("failed", f"出错：工作进程失联，连续 {MOST_DEATHS} 次没有进展")


def test_deaths_without_end_are_no_disturbance(store: Store) -> None:
    store.inspections.create(inspection(), [(SITE, "网站")])
    assert [die(store, 0) for _ in range(DEATHS_AT_ONCE)][-1] == "failed"


def test_whoever_got_further_begins_to_count_anew(store: Store) -> None:
    store.inspections.create(inspection(), [(SITE, "网站")])
    run = store.runs.open("q3", SITE, {}, NOON)
    store.inspections.attach_run("q3", 1, run)
    for number in range(3 * MOST_DEATHS):
        append_pages(store, run, number, number + 1)
        assert die(store, number * PASSING.total_seconds()) == "pending"


def test_who_died_at_the_end_of_a_try_is_given_up_too(store: Store) -> None:
    """Broken off already, and not yet given back: nobody else would ever end it."""
    store.inspections.create(inspection(), [(SITE, "网站")])
    for _ in range(DEATHS_AT_ONCE - 1):
        die(store, 0)
    assert store.inspections.take("q3", 1, "worker", NOON)
    stats = the_target(store).stats
    store.inspections.complete("q3", 1, state="interrupted", exit_reason="磁盘空间不足", stats=stats, now=NOON)
    assert after_death(store, the_target(store), "工作进程失联", NOON)
    assert the_target(store).state == "failed"


def test_who_has_it_no_more_changes_nothing(store: Store) -> None:
    store.inspections.create(inspection(), [(SITE, "网站")])
    row = store.inspections.take("q3", 1, "first", NOON)
    assert row is not None
    assert store.inspections.release("q3", 1, "first")
    assert store.inspections.take("q3", 1, "second", NOON)
    assert after_death(store, row, "工作进程失联", NOON) == ""
    assert the_target(store).worker == "second"
