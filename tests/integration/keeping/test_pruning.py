"""What goes, what stays and why: a year of nights, notices, exports, half-written files, and bytes that are put again."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from checks.model import State
from scheduler.errors import RetentionRefused
from scheduler.pruning import prune
from scheduler.rectifying import cases, prepare
from scheduler.retention import Span, decide, rule_at
from scheduler.shelving import shelf_at
from storage import condemning
from storage.errors import EvidenceMissing
from storage.rectifications import Notice, Step, StepKind
from storage.runs import RecordedLink
from storage.shelves import LocalShelf, Place
from storage.store import Store
from tests.integration.inspecting.conftest import Xuncha
from tests.integration.keeping import city
from tests.integration.keeping.city import RULE, START, inspect, opened
from tests.integration.storage.samples import link

DAY = timedelta(days=1)
BROKEN = {"link.broken": (State.FAIL, ("a",)), "update.column-stale": (State.PASS, ())}
MENDED = {"link.broken": (State.PASS, ()), "update.column-stale": (State.PASS, ())}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path / "kept") as made:
        yield made


def cleared(store: Store) -> set[str]:
    return {record.id for record in store.inspections.every() if record.cleared is not None}


def pruned_twice(store: Store, now: datetime) -> None:
    """At a time, and again when the grace for evidence is over."""
    prune(store, RULE, now)
    prune(store, RULE, now + 2 * DAY)


def test_a_week_of_nights_and_then_one_a_week(store: Store) -> None:
    quarter = inspect(store, START - DAY, kind="quarterly", changed=range(5))
    nights = [inspect(store, START + number * DAY, changed=range(5), version=number) for number in range(28)]
    now = START + 28 * DAY
    done = prune(store, RULE, now, trial=True)
    assert done.decisions == {
        ("nightly", True, "未满 7 天"): 7,
        ("nightly", True, "每周一批，未满 183 天"): 3,
        ("nightly", False, "超过保存期限"): 18,
        ("quarterly", True, "长期保存"): 1,
    }
    assert cleared(store) == set()
    prune(store, RULE, now)
    assert cleared(store) == {id for number, id in enumerate(nights[:21]) if number % 7}
    spools = {int(path.stem) for path in (store.folder / "bodies").iterdir()}
    assert spools == {city.run_of(store, id) for id in {*nights, quarter} - cleared(store)}
    prune(store, RULE, now + 365 * DAY)
    assert cleared(store) == {*nights[:-1]}, "the last run of a site stays whatever its age"
    assert list(store.runs.view(city.run_of(store, quarter)).pages())


def test_what_a_later_run_stands_on_stays_and_no_more(store: Store) -> None:
    first = inspect(store, START, changed=range(5), version=1)  # Monday: it stays as the week's
    second = inspect(store, START + DAY, changed={0, 1}, version=2)
    third = inspect(store, START + 2 * DAY, changed={1}, version=3)
    last = inspect(store, START + 3 * DAY, changed={2}, version=4)
    before = {id: city.read(store.runs.view(city.run_of(store, id))) for id in (first, last)}
    pruned_twice(store, START + 20 * DAY)
    assert cleared(store) == {second, third}
    assert {id: city.read(store.runs.view(city.run_of(store, id))) for id in (first, last)} == before
    with store.database.read() as connection:
        rows = connection.exec_driver_sql("select run, url from pages order by run, id").all()
    of_second = [row.url for row in rows if row.run == city.run_of(store, second)]
    assert of_second == ["http://www.yunxi.example/art/0.html"], "page 1 was read anew by the third night"
    pruned_twice(store, START + 300 * DAY)
    assert cleared(store) == {first, second, third}
    assert city.read(store.runs.view(city.run_of(store, last))) == before[last]


def test_open_problems_keep_their_evidence_and_mended_ones_do_not(store: Store) -> None:
    nights = [
        inspect(store, START + number * DAY, changed=range(5), version=number, verdicts=BROKEN) for number in range(4)
    ]
    now = START + 15 * DAY
    pruned_twice(store, now)
    assert cleared(store) == {*nights[1:3]}
    assert all(row.evidence for id in nights for row in city.told(store, id)), "the problem is open"
    assert city.opens(store) == 8
    mended = inspect(store, now + 3 * DAY, changed=range(5), version=9, verdicts=MENDED)
    (row,) = store.results.fixed(mended)
    assert row.first_seen == START
    held = {each.sha256 for each in store.evidence.shelf.all()}
    prune(store, RULE, now + 4 * DAY)
    assert {each.sha256 for each in store.evidence.shelf.all()} == held, "nothing goes before its time of grace"
    prune(store, RULE, now + 6 * DAY)
    assert cleared(store) == {*nights[1:]}
    assert [bool(row.evidence) for id in nights for row in city.told(store, id)] == [True, False, False, False]
    assert city.opens(store) == 4, "of the week's own night, and of the mended problem as it was last seen"
    assert len({each.sha256 for each in store.evidence.shelf.all()}) == 4


def test_what_was_handed_over_keeps_its_evidence(store: Store) -> None:
    first = inspect(store, START, changed=range(5), version=1, verdicts=BROKEN)  # the week's own
    noticed, exported, other = (
        inspect(store, START + number * DAY, changed=range(5), version=number + 1, verdicts=BROKEN)
        for number in (1, 2, 3)
    )
    inspect(store, START + 4 * DAY, changed=range(5), version=7, verdicts=MENDED)
    findings = [row.stamped for row in store.results.findings(noticed)]
    (notice,) = store.rectifications.issue(
        [(Notice(0, noticed, "yunxi-county", "云溪县人民政府", START, "张三"), findings)]
    )
    store.handovers.note(exported, START + 5 * DAY)
    now = START + 250 * DAY
    pruned_twice(store, now)
    assert cleared(store) == {first, exported, other}, "what a notice is about stays whole while it is open"
    proofs = {id: [bool(row.evidence) for row in store.results.findings(id)] for id in (noticed, exported, other)}
    assert proofs == {noticed: [True], exported: [True], other: [False]}
    (item,) = store.rectifications.items([notice.id])
    store.rectifications.step([(item.id, Step(StepKind.CLOSED, now, "已核实", "李四"))])
    pruned_twice(store, now + DAY)
    assert noticed in cleared(store)
    assert [bool(row.evidence) for row in store.results.findings(noticed)] == [True]
    assert city.opens(store) > 0
    store.rectifications.step([(item.id, Step(StepKind.MENDED, now + 2 * DAY, "又已整改", "王五"))])
    made = prepare(store, cases(store), as_of=now, tool_version="0.2.0", current={}, now=now + 4 * DAY)
    assert made == (), "what a recheck would stand on is gone: nothing is called mended by what was not looked at"
    (item,) = store.rectifications.items([notice.id])
    assert (item.steps[-1].kind, item.steps[-1].text) == (StepKind.UNTOLD, "当时的采集记录已按保存期限清除，需人工核实")


def test_both_databases_do_the_same(database_url: str, tmp_path: Path) -> None:
    with Store(database_url, tmp_path / "kept") as store:
        store.upgrade()
        for number in range(45):
            told = BROKEN if number < 4 or number == 44 else MENDED
            inspect(
                store, START + number * DAY, changed={number % 3} if number else range(5), version=number, verdicts=told
            )
        now = START + 300 * DAY
        before = city.read(store.runs.view(45))
        trial = prune(store, RULE, now, trial=True)
        assert cleared(store) == set()
        assert prune(store, RULE, now).tallies == trial.tallies
        assert len(cleared(store)) == 44
        assert sum(record.thinned is not None for record in store.inspections.every()) == 5
        assert city.read(store.runs.view(45)) == before
        gone = prune(store, RULE, now + 2 * DAY).tallies["evidence"].gone
        assert gone > 0 and city.opens(store) > 0


def test_files_that_people_gave_stay(store: Store) -> None:
    id = inspect(store, START, changed=range(5), verdicts=BROKEN)
    (notice,) = store.rectifications.issue(
        [
            (
                Notice(0, id, "yunxi-county", "云溪县人民政府", START, "张三"),
                [row.stamped for row in store.results.findings(id)],
            )
        ]
    )
    (item,) = store.rectifications.items([notice.id])
    proof = store.evidence.put(b"a letter", kind="other")
    nobodys = store.evidence.put(b"a letter that nobody names", kind="other")
    store.rectifications.step([(item.id, Step(StepKind.MENDED, START, "已整改", "王五", "a.pdf", evidence=(proof,)))])
    pruned_twice(store, START + DAY)
    assert store.evidence.get(proof) == b"a letter"
    with pytest.raises(EvidenceMissing):
        store.evidence.get(nobodys)


def test_results_that_nothing_compares_with_go_after_forty_later_ones(tmp_path: Path) -> None:
    with opened(tmp_path / "first") as store:
        for number in range(50):
            told = BROKEN if number in (2, 3, 4) else MENDED
            if number >= 45:
                told = {"link.broken": (State.UNDETERMINED, ()), "update.column-stale": (State.FAIL, ("s",))}
            inspect(store, START + number * DAY, changed={0}, version=number, verdicts=told)
    now = START + 50 * DAY
    with opened(tmp_path / "first") as before, city.copied(tmp_path / "first", tmp_path / "second") as after:
        pruned_twice(after, now)
        thinned = [record for record in after.inspections.every() if record.thinned is not None]
        # the ten oldest, less the Mondays of two weeks
        assert len(thinned) == 8
        assert all(not list(after.results.results(record.id)) for record in thinned)
        ids = [inspect(store, now + 3 * DAY, changed={1}, version=99, verdicts=BROKEN) for store in (before, after)]
        assert city.lives(before, ids[0]) == city.lives(after, ids[1])
        assert city.compared(before, ids[0]) == city.compared(after, ids[1])


def test_bytes_that_are_put_again_while_condemned_are_spared(store: Store) -> None:
    sha = store.evidence.put(b"seen once, and now again", kind="html")
    prune(store, RULE, START)
    assert sha in condemning.condemned(store.database)
    assert store.evidence.put(b"seen once, and now again", kind="html") == sha
    prune(store, RULE, START + 2 * DAY)
    assert store.evidence.get(sha) == b"seen once, and now again", "its time of grace begins anew"
    prune(store, RULE, START + 4 * DAY)
    with pytest.raises(EvidenceMissing):
        store.evidence.get(sha)


def test_whoever_puts_bytes_while_they_are_removed_puts_them_again(store: Store) -> None:
    """The removal is held half way; the other waits for it, sees that the bytes are gone, and writes them."""
    data = b"needed at the very moment"
    sha = store.evidence.put(data, kind="html")
    prune(store, RULE, START)
    removing, go_on = threading.Event(), threading.Event()

    class Held(LocalShelf):
        def remove(self, shas: Collection[str]) -> None:
            super().remove(shas)
            removing.set()
            assert go_on.wait(20)

    shelf = Held(store.folder / "evidence")
    remover = threading.Thread(target=lambda: list(condemning.remove(store.database, shelf, [sha])))
    remover.start()
    assert removing.wait(20)
    putter = threading.Thread(target=lambda: store.evidence.put(data, kind="html"))
    putter.start()
    time.sleep(0.3)
    assert putter.is_alive(), "it waits"
    go_on.set()
    remover.join(20)
    putter.join(20)
    assert store.evidence.get(sha) == data


def test_evidence_in_a_bucket_goes_the_same_way(tmp_path: Path, bucket: Place) -> None:
    shelf = shelf_at(bucket, {"XUNCHA_EVIDENCE_KEY": "a", "XUNCHA_EVIDENCE_SECRET": "b"})
    with Store(f"sqlite:///{tmp_path / 'x.db'}", tmp_path, shelf) as store:
        store.upgrade()
        for number in range(3):
            inspect(store, START + number * DAY, changed=range(5), version=number, verdicts=BROKEN)
        inspect(store, START + 3 * DAY, changed=range(5), version=9, verdicts=MENDED)
        assert len(list(store.evidence.shelf.all())) == 6
        pruned_twice(store, START + 250 * DAY)
        assert len(list(store.evidence.shelf.all())) == 2, "of the problem as it was last seen"
        assert city.opens(store) == 2


def test_what_was_left_half_written_goes_when_it_is_old(store: Store) -> None:
    inspect(store, START, changed=range(5), verdicts=BROKEN)
    folder = store.folder / "evidence" / "ab" / "cd"
    folder.mkdir(parents=True, exist_ok=True)
    fresh, torn = folder / "x.part", folder / "y.part"
    orphan, young = store.folder / "bodies" / "900.spool", store.folder / "bodies" / "901.spool"
    for path in (fresh, torn, orphan, young):
        path.write_bytes(b"half")
    for path in (torn, orphan):
        os.utime(path, (0, 0))
    done = prune(store, RULE, datetime.now(UTC))
    assert [path.exists() for path in (fresh, torn, orphan, young)] == [True, False, False, True]
    assert (done.tallies["torn"].gone, done.tallies["spools"].gone) == (1, 1)


def test_an_inspection_that_can_be_resumed_stays(store: Store) -> None:
    broken_off = inspect(store, START, changed=range(5), ended=False)
    inspect(store, START + DAY, changed=range(5), version=2)
    decisions = decide(store.inspections.every(), RULE, START + 400 * DAY, in_rectification=(), read_whole={})
    assert decisions[broken_off].why == "正在进行或可以接着检查"
    inspect(store, START + 2 * DAY, changed=range(5), version=3, ended=False)
    assert decide(store.inspections.every(), RULE, START + 3 * DAY, in_rectification=(), read_whole={})[
        broken_off
    ].whole
    assert not decide(store.inspections.every(), RULE, START + 400 * DAY, in_rectification=(), read_whole={})[
        broken_off
    ].whole


def test_our_rule_and_the_offices(tmp_path: Path) -> None:
    ours = rule_at(None)
    assert (ours.kinds["nightly"], ours.kinds["quarterly"]) == (Span(7, 183), Span())
    own = tmp_path / "保存期限.yaml"
    text = "source: 本市规定\nkinds: {nightly: {whole_days: 14, weekly_days: 366}}\njudged: 40\n"
    own.write_text(text + "grace_days: 2\nunfinished_days: 7\n", "utf-8")
    assert rule_at(own).kinds["nightly"] == Span(14, 366)
    for wrong, words in (
        ("grace_days: 0\nunfinished_days: 7\n", "grace_days"),
        ("grace_days: 2\nunfinished_days: -1\n", "小于 0"),
        ("grace_days: 2\n", "unfinished_days"),
        ("grace_days: 2\nunfinished_days: 7\nmore: 1\n", "more"),
    ):
        own.write_text(text + wrong, "utf-8")
        with pytest.raises(RetentionRefused, match=words):
            rule_at(own)
    own.write_text(text.replace("40", "10") + "grace_days: 2\nunfinished_days: 7\n", "utf-8")
    with pytest.raises(RetentionRefused, match="judged"):
        rule_at(own)


def test_the_command_tells_first_and_then_does_it(xuncha: Xuncha, tmp_path: Path) -> None:
    data = tmp_path / "xuncha-data"
    file = data / "xuncha.sqlite3"
    with opened(data) as store:
        for number in range(12):
            inspect(store, START + number * DAY, changed=range(5), version=number, verdicts=BROKEN)
        store.runs.append(2, links=[RecordedLink(number, link(number)) for number in range(100, 4_000)])
    content = {
        path: path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file() and "sqlite" not in path.name
    }
    told = xuncha("db", "prune", "--dry-run")
    assert "只是试算" in told.stdout and "超过保存期限" in told.stdout and "夜间巡查" in told.stdout
    assert content == {
        path: path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file() and "sqlite" not in path.name
    }
    figures = json.loads(xuncha("db", "prune", "--dry-run", "--json").stdout)
    with sqlite3.connect(file) as database:
        assert database.execute("select count(*) from pages").fetchone() == (60,)
        assert database.execute("select count(*) from inspections where cleared is not null").fetchone() == (0,)
    database.close()
    done = json.loads(xuncha("db", "prune", "--json").stdout)
    assert done["tallies"] == figures["tallies"] and done["tallies"]["pages"]["gone"] > 0
    assert done["database_after"]["size"] < done["database_before"]["size"]
    oldest = f"{START + DAY:%Y%m%d-%H%M}-nightly"
    exported = xuncha("export", "--inspection", oldest, "--format", "json", "--out", "again")
    assert "采集记录已按保存期限于" in exported.stdout
    with sqlite3.connect(file) as database:
        database.execute("update inspections set thinned = cleared where id = ?", (oldest,))
    database.close()
    refused = xuncha("export", "--inspection", oldest, "--format", "json", "--out", "again", code=2)
    assert "判定结果已按保存期限" in refused.stderr
