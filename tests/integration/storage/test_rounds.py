"""Rounds of the scheduler: claimed once by whoever asks first, changed only as they were read, on both databases."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from checks.model import Subject, Target
from crawler.facts import BEIJING
from storage.inspections import InspectionRecord
from storage.rounds import InspectionState, Round, RoundOutcome
from storage.store import Store

NOW = datetime(2026, 11, 29, 22, tzinfo=BEIJING)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ROUND = Round("nightly", "registry", "2026-11-29", NOW, NOW + 8 * HOUR, NOW, NOW, "a")


def test_the_first_who_asks_has_it(store: Store) -> None:
    assert store.rounds.claim(ROUND)
    assert not store.rounds.claim(replace(ROUND, holder="b"))
    assert store.rounds.of("registry", NOW) == (ROUND,)
    others = {"kind": "quarterly"}, {"scope": "other"}, {"period": "2026-11-30"}
    assert all(store.rounds.claim(replace(ROUND, **other)) for other in others)


def _claim(url: str, folder: str, number: int) -> int:
    with Store(url, Path(folder)) as store:
        return sum(store.rounds.claim(replace(ROUND, holder=str(number), period=str(n))) for n in range(20))


def test_of_many_processes_one_has_each(database_url: str, tmp_path: Path) -> None:
    with Store(database_url, tmp_path) as store:
        store.upgrade()
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        won = pool.starmap(_claim, [(database_url, str(tmp_path), number) for number in range(4)])
    assert sum(won) == 20


def test_of_many_that_take_over_one_does(store: Store, database_url: str) -> None:
    store.rounds.claim(ROUND)

    def take(number: int) -> bool:
        return store.rounds.take_over(ROUND, str(number), NOW + HOUR)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(take, range(8))) == 1
    (taken,) = store.rounds.of("registry", NOW)
    assert (taken.attempts, taken.seen, taken.claimed_at) == (2, NOW + HOUR, NOW)


def test_who_lost_a_round_cannot_speak_for_it(store: Store) -> None:
    store.rounds.claim(ROUND)
    assert store.rounds.touch(ROUND, NOW + MINUTE, "i1")
    assert store.rounds.take_over(ROUND, "b", NOW + HOUR)
    assert not store.rounds.touch(ROUND, NOW + HOUR)
    assert not store.rounds.end(ROUND, RoundOutcome.DONE, "", NOW + HOUR)
    assert not store.rounds.close(ROUND, "")
    (mine,) = store.rounds.of("registry", NOW)
    assert (mine.holder, mine.inspection) == ("b", "i1")
    assert store.rounds.end(mine, RoundOutcome.DONE, "2 个对象出错", NOW + 2 * HOUR)
    (ended,) = store.rounds.of("registry", NOW)
    assert (ended.outcome, ended.words, ended.ended) == (RoundOutcome.DONE, "2 个对象出错", NOW + 2 * HOUR)


def test_an_orphan_ended_when_it_was_last_seen(store: Store) -> None:
    store.rounds.claim(ROUND)
    store.rounds.touch(ROUND, NOW + MINUTE)
    (orphan,) = store.rounds.of("registry", NOW)
    assert store.rounds.close(orphan, "中断")
    assert store.rounds.of("registry", NOW)[0].ended == NOW + MINUTE


def test_claims_of_a_wrong_clock_are_set_aside_and_free_their_periods(store: Store) -> None:
    wrong = replace(ROUND, period="2026-12-02", claimed_at=NOW + 72 * HOUR, closes=NOW + 80 * HOUR)
    store.rounds.claim(ROUND)
    store.rounds.claim(wrong)
    store.rounds.claim(replace(wrong, scope="other"))
    assert store.rounds.set_aside("registry", NOW + HOUR, "时钟有误") == (wrong,)
    assert store.rounds.set_aside("registry", NOW + HOUR, "时钟有误") == ()
    assert store.rounds.claim(replace(wrong, claimed_at=NOW))
    kept = [(one.period.split("#")[0], one.outcome) for one in store.rounds.of("registry", NOW)]
    assert kept == [("2026-11-29", "running"), ("2026-12-02", "running"), ("2026-12-02", "void")]


def test_what_was_missed_is_told_of_all_scopes(store: Store) -> None:
    store.rounds.claim(ROUND)
    missed = replace(ROUND, scope="other", outcome=RoundOutcome.MISSED, words="机器停机", attempts=0)
    store.rounds.claim(missed)
    assert store.rounds.missed(NOW) == (missed,)
    assert store.rounds.missed(NOW + 8 * HOUR) == ()
    assert set(store.rounds.recent(NOW)) == {ROUND, missed}
    assert store.rounds.first("registry") == NOW and store.rounds.first("none") is None


def test_what_runs_is_told_however_long_ago_it_closed(store: Store) -> None:
    store.rounds.claim(ROUND)
    store.rounds.claim(replace(ROUND, period="2026-11-28", outcome=RoundOutcome.DONE))
    assert store.rounds.of("registry", NOW + 1000 * HOUR) == (ROUND,)


@pytest.mark.parametrize("kind", ["nightly", "quarterly"])
def test_how_far_a_round_s_inspection_is(store: Store, kind: str) -> None:
    for number in range(2):
        started = NOW + number * MINUTE
        record = InspectionRecord(f"i{number}", "n", kind, NOW, (), (), {}, started, "0", "digest")
        targets = [(Target("a", f"http://{n}/", Subject.SITE), "") for n in range(4)]
        store.inspections.create(record, targets)
    rounds = store.rounds
    assert rounds.begun(kind, "digest", NOW) == "i1"
    assert rounds.begun(kind, "digest", NOW + HOUR) == rounds.begun("on-demand", "digest", NOW) == ""
    for number, state in ((1, "done"), (2, "failed"), (3, "interrupted")):
        store.inspections.complete("i1", number, state=state, exit_reason="", stats={}, now=NOW)
    assert rounds.inspection_state("i1") == InspectionState("i1", False, 4, 2, 1)
    store.inspections.finish("i1", NOW, "完成")
    ended = rounds.inspection_state("i1")
    assert ended is not None and ended.is_whole
    assert rounds.inspection_state("gone") is None
