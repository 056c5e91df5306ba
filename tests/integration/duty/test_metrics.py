"""The endpoint for Prometheus over a real store, read as Prometheus reads it."""

from __future__ import annotations

import shutil
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
import sqlalchemy as sa
from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families

from checks.model import CheckResult, State, Target
from console.errors import BadUsage
from console.metrics import place_of
from crawler.clock import now
from scheduler.metrics import MetricsServer, StoreCollector, serve_metrics
from scheduler.night import report_of
from storage.errors import DatabaseUnavailable
from storage.postings import Sent
from storage.store import Store
from tests.integration.duty.nights import FIRST, LANSHAN, POSTS, YUNXI, Night, found, opened
from tests.integration.inspecting.conftest import Xuncha

Series = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def server(tmp_path: Path, store: Store) -> Iterator[MetricsServer]:
    with serve_metrics(lambda: opened(tmp_path), "127.0.0.1", 0) as served:
        yield served


@contextmanager
def opened_reading(store: Store) -> Iterator[tuple[StoreCollector, list[str]]]:
    """A collector over a store, and the statements that it sends, their values written in."""
    statements: list[str] = []
    with Store(store.database.address, store.folder) as own:
        engine = own.database._engine
        sa.event.listen(
            engine, "connect", lambda raw, _: raw.set_trace_callback(lambda words: statements.append(words))
        )
        engine.dispose()
        yield StoreCollector(lambda: own), statements


def parsed(text: str) -> Series:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scraped(server: MetricsServer) -> Series:
    return parsed(httpx.get(f"http://{server.address}/metrics", trust_env=False).raise_for_status().text)


def value(series: Series, name: str, **labels: str) -> float:
    return series[f"xuncha_{name}", frozenset(labels.items())]


def test_what_the_last_night_came_to(store: Store, server: MetricsServer) -> None:
    Night(store).do(YUNXI, found(YUNXI, "旧", "去")).end()
    untold = CheckResult("x.y", LANSHAN, State.UNDETERMINED, "")
    night = Night(store, 1).do(YUNXI, found(YUNXI, "旧", "新"), pages=30, outcomes={"ok": 28, "blocked": 2})
    night.do(LANSHAN, untold, found(LANSHAN), pages=5, reason="本机网络故障", own_network=3)
    night.do(POSTS, state="failed", reason="出错").end()
    told = scraped(server)
    for name, expected in (("pages", 35), ("own_network_targets", 1), ("duration_seconds", 7200)):
        assert value(told, f"inspection_{name}", kind="nightly") == expected
    assert value(told, "inspection_undetermined_share", kind="nightly") == pytest.approx(1 / 3)
    ended = value(told, "inspection_ended_timestamp_seconds", kind="nightly")
    assert ended == (FIRST + timedelta(days=1, hours=2)).timestamp()
    assert {life: value(told, "inspection_problems", kind="nightly", life=life) for life in ("new", "fixed")} == {
        "new": 1,
        "fixed": 1,
    }
    assert value(told, "inspection_targets", kind="nightly", state="failed") == 1
    assert value(told, "inspection_outcomes", kind="nightly", outcome="blocked") == 2
    assert value(told, "store_up") == 1
    assert value(told, "disk_free_bytes", place="data") > 0


def test_targets_of_which_most_could_not_be_told_are_counted_as_the_report_counts_them(
    store: Store, server: MetricsServer
) -> None:
    """Four of five results is the mark; one that failed is no undetermined one."""

    def untold(target: Target, many: int, of: int) -> list[CheckResult]:
        states = [State.UNDETERMINED] * many + [State.PASS] * (of - many)
        beside = CheckResult("b.y", target, State.NOT_APPLICABLE, "")
        return [beside, *(CheckResult(f"x.{n}", target, state, "") for n, state in enumerate(states))]

    night = Night(store).do(YUNXI, *untold(YUNXI, 4, 5)).do(LANSHAN, *untold(LANSHAN, 3, 5))
    night.do(POSTS, *untold(POSTS, 5, 5), state="failed", reason="出错").end()
    told = scraped(server)
    assert value(told, "inspection_undetermined_targets", kind="nightly") == 1
    assert len(report_of(store, store.inspections.get(night.id)).undetermined) == 1


def test_an_inspection_that_is_dated_ahead_hides_no_other(store: Store, server: MetricsServer) -> None:
    today = (now() - FIRST).days
    Night(store, today - 1).do(YUNXI, found(YUNXI, "甲"), pages=7).end()
    Night(store, today + 4000).do(YUNXI, pages=9).end()
    told = scraped(server)
    assert value(told, "inspection_pages", kind="nightly") == 7
    assert value(told, "worked_timestamp_seconds", kind="nightly") < time.time()


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="no second disk: /dev/shm is not there")
def test_every_disk_that_data_lie_on_has_a_series(tmp_path: Path, store: Store, server: MetricsServer) -> None:
    with TemporaryDirectory(dir="/dev/shm") as elsewhere:
        (tmp_path / "xuncha-data" / "evidence").symlink_to(elsewhere)
        told = scraped(server)
        free = {dict(labels)["place"]: of for (name, labels), of in told.items() if name == "xuncha_disk_free_bytes"}
        assert free.keys() == {"data", "evidence"}
        assert free["evidence"] == pytest.approx(shutil.disk_usage("/dev/shm").free, rel=0.1)


def test_what_waits_and_what_was_sent(store: Store, server: MetricsServer) -> None:
    assert value(scraped(server), "queue_targets", state="pending") == 0
    night = Night(store)
    store.inspections.take(night.id, 1, "w", FIRST)
    hour = timedelta(hours=1)
    for place, (whom, outcome) in enumerate((("a", Sent.SENT), ("b", Sent.SENT), ("c", Sent.FAILED))):
        store.postings.claim("night", "n", f"mail:{whom}@b.example", FIRST, digest="", told=())
        store.postings.settle("night", "n", f"mail:{whom}@b.example", outcome, FIRST + place * hour)
    told = scraped(server)
    assert value(told, "queue_targets", state="pending") == 2
    assert value(told, "queue_targets", state="running") == 1
    assert value(told, "queue_oldest_timestamp_seconds") == FIRST.timestamp()
    assert value(told, "inspections_unfinished") == 1
    handled = {
        outcome: value(told, "posting_timestamp_seconds", kind="night", medium="mail", outcome=outcome)
        for outcome in ("sent", "failed")
    }
    assert handled == {"sent": (FIRST + hour).timestamp(), "failed": (FIRST + 2 * hour).timestamp()}
    assert value(told, "worked_timestamp_seconds", kind="nightly") == FIRST.timestamp()
    assert ("xuncha_worked_timestamp_seconds", frozenset({("kind", "quarterly")})) not in told
    assert not any("b.example" in label for _, labels in told for pair in labels for label in pair)


def test_a_larger_fleet_has_no_more_series(store: Store, server: MetricsServer) -> None:
    Night(store).do(YUNXI, found(YUNXI, "甲")).end()
    few = len(scraped(server))
    record = store.inspections.get("nightly-0")
    sites = [(replace(YUNXI, address=f"http://{n}.example/"), f"网站{n}") for n in range(300)]
    store.inspections.create(replace(record, id="big", started=FIRST + timedelta(days=1)), sites)
    many = scraped(server)
    assert len(many) == few
    assert value(many, "inspection_targets", kind="nightly", state="pending") == 300
    assert not any("example" in label for _, labels in many for pair in labels for label in pair)


@pytest.mark.parametrize(
    "error", [DatabaseUnavailable("数据库无法打开"), BadUsage("没有这个数据库"), RuntimeError("?")]
)
def test_a_store_that_cannot_be_read_is_told(error: Exception) -> None:
    def gone() -> Store:
        raise error

    with serve_metrics(gone, "127.0.0.1", 0) as served:
        told = scraped(served)
        assert value(told, "store_up") == 0
        assert not any(name == "xuncha_disk_free_bytes" for name, _ in told)


def test_a_database_that_goes_away_comes_back(tmp_path: Path, store: Store, server: MetricsServer) -> None:
    file = tmp_path / "xuncha-data" / "xuncha.sqlite3"
    assert value(scraped(server), "store_up") == 1
    with store.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE postings RENAME TO elsewhere")
    assert value(scraped(server), "store_up") == 0
    with store.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO postings")
    assert value(scraped(server), "store_up") == 1
    assert file.is_file()


def test_a_scrape_reads_no_large_table(store: Store, server: MetricsServer) -> None:
    """An ended inspection is summed up once; after that whatever grows with the city and its past stays unread."""
    Night(store).do(YUNXI, found(YUNXI, "甲"), articles=20, pages=30).do(LANSHAN, found(LANSHAN, "乙")).end()
    with opened_reading(store) as (collector, statements):
        list(collector.collect())
        first = list(statements)
        statements.clear()
        list(collector.collect())
    assert any("FROM results" in one for one in first)
    for one in statements:
        assert not [table for table in ("results", "findings", "pages", "links", "visits", "captures") if table in one]
    with store.database.read() as connection:
        plans = {one: list(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}")) for one in statements}
    scans = {row.detail.split()[1] for rows in plans.values() for row in rows if row.detail.startswith("SCAN")}
    assert "targets" not in scans


def test_the_command_serves_until_it_is_stopped(store: Store, xuncha: Xuncha) -> None:
    Night(store).do(YUNXI, found(YUNXI, "甲"), pages=7).end()
    once = parsed(xuncha("metrics", "--once").stdout)
    assert value(once, "inspection_pages", kind="nightly") == 7
    (xuncha.folder / "xuncha-data").rename(xuncha.folder / "elsewhere")
    moved = f"sqlite:///{xuncha.folder / 'elsewhere' / 'xuncha.sqlite3'}"
    assert value(parsed(xuncha("metrics", "--once", "--db", moved).stdout), "disk_free_bytes", place="data") > 0
    (xuncha.folder / "elsewhere").rename(xuncha.folder / "xuncha-data")
    assert "metrics" in xuncha("metrics", code=2).stderr
    process = xuncha.started("metrics", "--listen", "127.0.0.1:0")
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip().removeprefix("指标：")
        told = parsed(httpx.get(url, trust_env=False).raise_for_status().text)
        assert value(told, "inspection_pages", kind="nightly") == 7
    finally:
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=20)
    assert (process.returncode, rest) == (0, "")


def test_a_port_that_is_taken_is_said(store: Store, xuncha: Xuncha) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = xuncha("metrics", "--listen", f"127.0.0.1:{taken.getsockname()[1]}", code=2)
    assert "无法在 127.0.0.1:" in told.stderr


@pytest.mark.parametrize("words", ["9108", ":9108", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000", ""])
def test_a_place_that_is_none_is_refused(words: str) -> None:
    with pytest.raises(BadUsage):
        place_of(words)
