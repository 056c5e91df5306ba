"""Postings on both databases: claimed once, again only after a told failure, by however many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from storage.postings import Sent
from storage.store import Store
from tests.integration.storage.samples import NOON

MINUTE = timedelta(minutes=1)


def claim(store: Store, key: str = "n1", *, channel: str = "mail", after: int = 0, told: tuple[str, ...] = ()) -> bool:
    return store.postings.claim("night", key, channel, NOON + after * MINUTE, digest=f"d-{key}", told=told)


def settle(store: Store, outcome: Sent, key: str = "n1", *, after: int = 1, reason: str = "") -> None:
    store.postings.settle("night", key, "mail", outcome, NOON + after * MINUTE, reason=reason)


def test_a_message_is_claimed_once_a_channel(store: Store) -> None:
    assert claim(store)
    assert not claim(store)
    assert claim(store, channel="webhook")
    settle(store, Sent.SENT)
    assert not claim(store)


def test_only_a_told_failure_lets_it_be_sent_again(store: Store) -> None:
    assert claim(store)
    settle(store, Sent.FAILED, reason="连接被拒绝")
    assert claim(store, after=2)
    kept = store.postings.get("night", "n1", "mail")
    assert kept is not None
    assert (kept.outcome, kept.attempts, kept.at) == (Sent.SENDING, 2, NOON + 2 * MINUTE)
    settle(store, Sent.UNSURE, after=3)
    assert not claim(store, after=4)


def test_many_processes_at_once_claim_it_once(database_url: str, tmp_path: Path) -> None:
    with Store(database_url, tmp_path) as store:
        store.upgrade()

    def asked(_: int) -> list[bool]:
        with Store(database_url, tmp_path) as own:
            return [claim(own, f"n{number}") for number in range(10)]

    with ThreadPoolExecutor(4) as pool:
        given = [sum(column) for column in zip(*pool.map(asked, range(4)), strict=True)]
    assert given == [1] * 10


def test_the_last_sent_and_what_was_told(store: Store) -> None:
    for place, (key, outcome) in enumerate((("a", Sent.SENT), ("b", Sent.FAILED), ("c", Sent.UNSURE))):
        assert claim(store, key, told=(f"told-{key}",))
        settle(store, outcome, key, after=place)
    last = store.postings.last("night", "mail")
    assert last is not None
    assert (last.key, last.digest, last.told) == ("a", "d-a", ("told-a",))
    assert store.postings.last("night", "webhook") is None
    assert store.postings.told("night", "mail") == {"told-a"}
    assert [one.key for one in store.postings.latest()] == ["c"]
    since = NOON + MINUTE
    assert [one.key for one in store.postings.since("night", "mail", since)] == ["b", "c"]
