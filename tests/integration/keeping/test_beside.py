"""What goes on beside a prune: runs that stand on old ones, people who export or give notice, backups, other databases."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from checks.model import Subject, Target
from crawler.facts import BEIJING
from scheduler.backing import back_up
from scheduler.errors import RetentionRefused
from scheduler.pruning import prune
from scheduler.retention import decide, thinnable
from storage import tables
from storage.errors import KeeperBusy, RecordConflict
from storage.keeper import sole_keeper
from storage.store import Store
from tests.integration.keeping import city
from tests.integration.keeping.city import RULE, START, inspect, opened
from tests.integration.keeping.test_pruning import BROKEN, DAY, MENDED, cleared, pruned_twice
from tests.integration.storage.samples import SITE, inspection, result, visit


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    with Store(database_url, tmp_path / "kept") as made:
        (tmp_path / "kept").mkdir()
        made.upgrade()
        yield made


def test_a_run_under_way_may_find_any_page_of_its_base_unchanged(store: Store) -> None:
    inspect(store, START, changed=range(5), version=1)  # the week's own
    before = inspect(store, START + DAY, changed={0}, version=2)
    base = city.run_of(store, before)
    pages = [number for number, _, _ in store.runs.view(base).numbered_pages()]
    at = START + 2 * DAY
    store.inspections.create(replace(inspection("tonight", started=at), kind="nightly"), [(SITE, "云溪县人民政府网")])
    tonight = store.runs.open("tonight", SITE, {}, at, base=base)
    inspect(store, at + timedelta(hours=1), kind="on-demand", changed=range(5), version=3)
    prune(store, RULE, START + 20 * DAY)
    store.runs.append(tonight, visits=[visit(0)], kept=pages)
    assert list(store.runs.view(tonight).pages()) == list(store.runs.view(base).pages())
    assert all(store.runs.view(tonight).body(fact.url) for fact in store.runs.view(tonight).pages())
    store.runs.finish(tonight, at + DAY, "完成", {})
    prune(store, RULE, START + 21 * DAY)
    assert store.runs.view(base).is_cleared
    assert [number for number, _, _ in store.runs.view(tonight).numbered_pages()] == pages


def test_what_was_cleared_is_not_gone_on_with(store: Store) -> None:
    older = inspect(store, START, changed=range(5), version=1, ended=False)
    newer = inspect(store, START + DAY, changed=range(5), version=2, ended=False)
    digest = store.inspections.get(older).registry_digest
    prune(store, RULE, START + 20 * DAY)
    assert cleared(store) == {older}
    store.inspections.finish(newer, START + 20 * DAY, "完成")
    assert store.inspections.latest_unfinished(digest) is None
    decisions = decide(store.inspections.every(), RULE, START + 21 * DAY, in_rectification=(), read_whole={})
    assert not decisions[older].whole


def test_a_night_on_which_our_network_was_down_stands_for_no_week(store: Store) -> None:
    monday = inspect(store, START, changed=range(5), version=1, cut_short=True)
    others = [inspect(store, START + number * DAY, changed=range(5), version=number + 1) for number in range(1, 7)]
    inspect(store, START + 7 * DAY, changed=range(5), version=9)
    prune(store, RULE, START + 30 * DAY)
    assert cleared(store) == {monday, *others[1:]}
    decisions = decide(store.inspections.every(), RULE, START + 31 * DAY, in_rectification=(), read_whole={monday: 9})
    assert decisions[others[0]].whole and not decisions[monday].whole, "what is gone is no choice, whatever it was"


def test_the_borders_of_a_week_are_beijings() -> None:
    """Monday 00:30 in Beijing is still Sunday in UTC; a day more than seven is one too many."""
    monday = datetime(2026, 1, 5, 0, 30, tzinfo=BEIJING)
    records = [
        replace(inspection(id, started=at), kind="nightly", ended=at)
        for id, at in (("sunday", monday - timedelta(hours=1)), ("monday", monday), ("tuesday", monday + DAY))
    ]
    decisions = decide(records, RULE, monday + 30 * DAY, in_rectification=(), read_whole={})
    assert {id for id, decision in decisions.items() if decision.whole} == {"sunday", "monday"}
    at_seven = decide(records, RULE, monday + 8 * DAY, in_rectification=(), read_whole={})
    past_seven = decide(records, RULE, monday + 8 * DAY + timedelta(microseconds=1), in_rectification=(), read_whole={})
    assert (at_seven["tuesday"].whole, past_seven["tuesday"].whole) == (True, False)
    at_half = decide(records, RULE, monday + 183 * DAY, in_rectification=(), read_whole={})
    past_half = decide(
        records, RULE, monday + 183 * DAY + timedelta(microseconds=1), in_rectification=(), read_whole={}
    )
    assert (at_half["monday"].whole, past_half["monday"].whole) == (True, False)


def test_who_builds_on_an_inspection_while_it_is_marked_is_waited_for(store: Store) -> None:
    """An export is noted while a prune, which knew nothing of it when it made its plan, is about to mark the inspection."""
    night = inspect(store, START, changed=range(5), version=1, verdicts=BROKEN)
    inspect(store, START + DAY, changed=range(5), version=2, verdicts=MENDED)
    late: list[frozenset[str]] = []

    def mark() -> None:
        late.append(store.clearing.mark(cleared={night}, thinned={night}, known=(), now=START + 50 * DAY))

    marking = threading.Thread(target=mark)
    with store.database.write() as connection:
        connection.execute(sa.insert(tables.handovers).values(inspection=night, at=START))
        marking.start()
        time.sleep(0.3)
        assert marking.is_alive()
    marking.join(30)
    assert late == [frozenset({night})]
    assert (store.inspections.get(night).cleared, store.inspections.get(night).thinned) == (None, None)
    _, lost = store.clearing.thin(SITE, (), let_go={night}, trial=False)
    assert not lost
    assert [bool(row.evidence) for row in store.results.findings(night)] == [True]


def test_what_is_thinned_cannot_be_exported_any_more(store: Store) -> None:
    night = inspect(store, START, changed=range(5), version=1)
    assert not store.clearing.mark(cleared={night}, thinned={night}, known=(), now=START)
    with pytest.raises(RecordConflict, match="不能再导出"):
        store.handovers.note(night, START)
    assert store.handovers.claimed() == frozenset()


def test_a_site_that_left_the_registry_does_not_hold_the_results_of_others(store: Store) -> None:
    stays, left = SITE, Target("gone", "http://www.gone.example/", Subject.SITE)
    records = []
    for number in range(45):
        record = replace(
            inspection(f"n{number}", started=START + number * DAY), kind="nightly", ended=START + number * DAY
        )
        store.inspections.create(record, [(stays, "a"), (left, "b")] if number < 3 else [(stays, "a")])
        for target in (stays, left)[: 2 if number < 3 else 1]:
            store.results.save(
                record.id, target, [result(*BROKEN["link.broken"][:1], target=target)], {}, record.started
            )
        records.append(record)
    found = thinnable(records, store.clearing.targets(), RULE.judged, protected=())
    assert found == {f"n{number}": frozenset({stays}) for number in range(5)}
    prune(store, RULE, START + 60 * DAY)
    assert not list(store.results.results("n1", stays))
    assert list(store.results.results("n1", left)), "no later one has looked at it"


def test_the_first_proof_of_an_open_problem_outlives_its_inspections_results(store: Store) -> None:
    for number in range(50):
        told = MENDED if number in (0, 3) else BROKEN
        inspect(store, START + number * DAY, changed={0} if number else range(5), version=number, verdicts=told)
    now = START + 60 * DAY
    pruned_twice(store, now)
    first = f"{START + 4 * DAY:%Y%m%d-%H%M}-nightly"
    assert store.inspections.get(first).thinned is not None
    (row,) = store.results.findings(first)
    assert row.life == "new" and all(store.evidence.get(sha) for sha in row.evidence) and row.evidence
    second = f"{START + 5 * DAY:%Y%m%d-%H%M}-nightly"
    assert store.inspections.get(second).thinned is not None and not list(store.results.results(second))
    inspect(store, now + 3 * DAY, changed={1}, version=99, verdicts=MENDED)
    pruned_twice(store, now + 4 * DAY)
    assert not list(store.results.findings(first)), "it is closed"
    city.opens(store)


def test_nobody_prunes_beside_a_backup(store: Store, tmp_path: Path) -> None:
    inspect(store, START, changed=range(5), version=1, verdicts=BROKEN)
    with Store(store.database.url.render_as_string(hide_password=False), store.folder) as other:
        with sole_keeper(other.database, other.folder):
            with pytest.raises(KeeperBusy, match="正在进行"):
                prune(store, RULE, START + DAY)
            with pytest.raises(KeeperBusy):
                back_up(store, tmp_path / "backup", START, "0.2.0")
            prune(store, RULE, START + DAY, trial=True)
        prune(store, RULE, START + DAY)


def test_another_databases_folder_is_left_alone(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as store:
        inspect(store, START, changed=range(5), version=1, verdicts=BROKEN)
        spool = store.bodies.path(city.run_of(store, f"{START:%Y%m%d-%H%M}-nightly"))
    with Store(f"sqlite:///{tmp_path / 'other.sqlite3'}", tmp_path / "data") as other:
        other.upgrade()
        with pytest.raises(RetentionRefused, match="属于其中的数据库"):
            prune(other, RULE, datetime.now(BEIJING) + 30 * DAY)
    assert spool.exists()


def test_bytes_are_told_as_bytes(store: Store) -> None:
    inspect(store, START, changed=range(5), version=1)
    inspect(store, START + DAY, changed=range(5), version=2)
    with store.database.read() as connection:
        facts = connection.execute(sa.select(tables.results.c.fact)).scalars().all()
    told = prune(store, RULE, START, trial=True).tallies["results"]
    assert told.stays_bytes == sum(len(fact.encode()) for fact in facts) > sum(map(len, facts))
