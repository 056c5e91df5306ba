"""Budgets of account sources: shared by all who ask, and not reset by a restart, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

from crawler.facts import BEIJING
from storage.budgets import Turn
from storage.store import Store

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=BEIJING)
MIDNIGHT = datetime(2026, 11, 21, tzinfo=BEIJING)
SECOND = timedelta(seconds=1)


def take(store: Store, now: datetime = NOW, channel: str = "weibo-web", a_minute: int = 3, a_day: int = 5) -> Turn:
    return store.budgets.take(channel, now, interval=2.0, a_minute=a_minute, a_day=a_day)


def test_turns_are_spaced_and_bounded_a_minute(store: Store) -> None:
    assert [(take(store).at - NOW).total_seconds() for _ in range(4)] == [0, 2, 4, 60]
    assert take(store, channel="other").at == NOW


def test_a_spent_day_is_refused_until_midnight_in_shanghai(store: Store) -> None:
    for _ in range(5):
        assert not take(store).refused
    refused = take(store)
    assert (refused.at, "额度" in refused.refused) == (MIDNIGHT, True)
    assert take(store, MIDNIGHT - SECOND).refused
    assert not take(store, MIDNIGHT).refused


def test_a_restart_resets_nothing(database_url: str, tmp_path: Path) -> None:
    for number in range(6):
        with Store(database_url, tmp_path) as store:
            store.upgrade()
            assert bool(take(store).refused) is (number == 5)


def test_a_block_holds_and_counts_until_it_is_cleared(store: Store) -> None:
    until = NOW + timedelta(hours=24)
    store.budgets.block("weibo-web", until, "后台限制访问频率", now=NOW)
    store.budgets.block("weibo-web", NOW + SECOND, "短", now=NOW)
    assert take(store) == Turn(until, "后台限制访问频率", 2)
    assert take(store, until).strikes == 2
    store.budgets.clear("weibo-web")
    assert take(store, until).strikes == 0


def test_many_at_once_never_take_the_same_turn(database_url: str, tmp_path: Path) -> None:
    with Store(database_url, tmp_path) as store:
        store.upgrade()

    def worker(_: int) -> list[datetime]:
        with Store(database_url, tmp_path) as own:
            return [take(own, a_minute=1000, a_day=30).at for _ in range(10)]

    with ThreadPoolExecutor(4) as pool:
        turns = [at for taken in pool.map(worker, range(4)) for at in taken]
    granted = [at for at in turns if at < MIDNIGHT]
    assert sorted(granted) == [NOW + timedelta(seconds=2 * n) for n in range(30)]
    assert len(turns) - len(granted) == 10
