"""What accounts posted is kept for good, and only a whole listing of the same source takes a post for gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from crawler.facts import BEIJING, AccountFetch, AccountOutcome, AccountProfile, PostFact
from crawler.facts.accounts import AccountHistory, FollowerCount
from storage.store import Store

ROOT = Path(__file__).parents[3]
KEY = "wechat:gh_yunxi01"
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=BEIJING)
DAY = timedelta(days=1)

_RECORDER = """
import sys
from pathlib import Path
from storage.store import Store
from tests.integration.storage.test_accounts import DAY, KEY, NOW, fetch
store = Store(sys.argv[1], Path(sys.argv[2]))
done = 0
while True:
    store.accounts.record(KEY, fetch([f"p{done}", f"q{done}"], NOW, age=5, covered=None), NOW)
    done += 1
    print(done, flush=True)
"""


def fetch(
    posts: list[str], at: datetime, *, age: int = 3, covered: int | None = 60, source: str = "feed"
) -> AccountFetch:
    """A listing at a moment of these posts, all `age` days before NOW, whole back `covered` days."""
    return AccountFetch(
        source,
        at,
        NOW - 366 * DAY,
        at,
        AccountOutcome.FETCHED,
        covered_since=None if covered is None else NOW - covered * DAY,
        posts=tuple(PostFact(one, NOW - age * DAY, f"信息 {one}") for one in posts),
    )


def history(store: Store) -> AccountHistory:
    return store.accounts.history(KEY, NOW - 366 * DAY, NOW + 30 * DAY)


def standing(store: Store) -> dict[str, datetime | None]:
    return {one.post.post_id: one.gone_since for one in history(store).posts}


def test_history_grows_and_a_whole_listing_tells_what_is_gone(store: Store) -> None:
    later = NOW + DAY
    store.accounts.record(KEY, fetch(["a", "b"], NOW), NOW)
    store.accounts.record(KEY, fetch(["b", "c"], later), later)
    assert standing(store) == {"a": later, "b": None, "c": None}
    kept = {one.post.post_id: (one.first_seen, one.last_seen) for one in history(store).posts}
    assert kept == {"a": (NOW, NOW), "b": (NOW, later), "c": (later, later)}
    store.accounts.record(KEY, fetch(["b", "c"], later + DAY), later + DAY)
    assert standing(store)["a"] == later, "gone since it was first missed"
    store.accounts.record(KEY, fetch(["a", "b", "c"], later + 2 * DAY), later + 2 * DAY)
    assert standing(store)["a"] is None, "it is there again"


def test_what_is_not_whole_takes_nothing_away(store: Store) -> None:
    later = NOW + DAY
    store.accounts.record(KEY, fetch(["a", "b"], NOW), NOW)
    partial = fetch(["b", "c"], later, covered=None)
    store.accounts.record(KEY, partial, later)
    short = fetch(["b"], later, covered=3)
    store.accounts.record(KEY, short, later)
    failed = replace(fetch([], later), outcome=AccountOutcome.BLOCKED, profile=AccountProfile(followers=5))
    store.accounts.record(KEY, failed, later)
    store.accounts.record(KEY, fetch(["x"], later, source="table"), later)
    store.accounts.record("wechat:other", fetch([], later), later)
    assert standing(store) == {"a": None, "b": None, "c": None, "x": None}
    assert history(store).followers == ()


def test_an_empty_whole_listing_means_that_all_are_gone(store: Store) -> None:
    store.accounts.record(KEY, fetch(["a"], NOW), NOW)
    store.accounts.record(KEY, fetch([], NOW + DAY), NOW + DAY)
    assert standing(store) == {"a": NOW + DAY}


def test_another_numbering_is_no_deletion(store: Store) -> None:
    store.accounts.record(KEY, fetch(["a", "b"], NOW), NOW)
    store.accounts.record(KEY, fetch(["https://1", "https://2"], NOW + DAY), NOW + DAY)
    assert set(standing(store).values()) == {None}


def test_a_post_shown_as_deleted_is_gone(store: Store) -> None:
    store.accounts.record(KEY, fetch(["a"], NOW), NOW)
    shown = fetch(["a"], NOW + DAY, covered=None)
    shown = replace(shown, posts=(replace(shown.posts[0], deleted=True),))
    store.accounts.record(KEY, shown, NOW + DAY)
    assert standing(store) == {"a": NOW + DAY}


def test_a_repeated_and_a_late_fetch_change_nothing(store: Store) -> None:
    old = fetch(["a", "b"], NOW)
    store.accounts.record(KEY, old, NOW)
    store.accounts.record(KEY, fetch(["a"], NOW + DAY), NOW + DAY)
    before = history(store)
    store.accounts.record(KEY, fetch(["a"], NOW + DAY), NOW + DAY)
    assert history(store) == before
    store.accounts.record(KEY, old, NOW)
    assert {one.post.post_id: one.last_seen for one in history(store).posts}["a"] == NOW + DAY


def test_posts_come_back_equal_newest_first_and_within_the_days_asked(store: Store) -> None:
    told = PostFact("new", NOW - DAY, "通知", "https://a.example/1", "全文", reads=7, comments=0, original=True)
    listing = replace(fetch(["old"], NOW, age=300), posts=(*fetch(["old"], NOW, age=300).posts, told))
    store.accounts.record(KEY, listing, NOW)
    assert [one.post.post_id for one in history(store).posts] == ["new", "old"]
    assert history(store).posts[0].post == told
    assert [one.post for one in store.accounts.history(KEY, NOW - 30 * DAY, NOW).posts] == [told]
    assert store.accounts.history("wechat:nobody", NOW - 30 * DAY, NOW) == AccountHistory()


def test_followers_are_one_number_a_day_by_the_last_look(store: Store) -> None:
    def counted(count: int, at: datetime) -> None:
        store.accounts.record(KEY, replace(fetch([], at), profile=AccountProfile(followers=count)), at)

    counted(100, NOW)
    counted(120, NOW + timedelta(hours=5))
    counted(90, NOW - timedelta(hours=5))
    counted(130, NOW + DAY)
    assert history(store).followers == (
        FollowerCount(date(2026, 11, 20), 120),
        FollowerCount(date(2026, 11, 21), 130),
    )


def test_a_killed_recorder_loses_nothing_that_it_recorded(store: Store, database_url: str) -> None:
    recorder = subprocess.Popen(
        [sys.executable, "-c", _RECORDER, database_url, str(store.folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert recorder.stdout is not None
    with recorder, recorder.stdout as told:
        for _ in range(12):
            recorded = int(told.readline())
        recorder.send_signal(signal.SIGKILL)
        rest = told.read().split()
    recorded = int(rest[-1]) if rest else recorded
    kept = {one.post.post_id for one in history(store).posts}
    assert len(kept) in (2 * recorded, 2 * recorded + 2), "a fetch is recorded whole or not at all"
    assert kept == {f"{letter}{number}" for letter in "pq" for number in range(len(kept) // 2)}
