"""Metrics for Prometheus, read from the store when they are asked for: nobody has to count while a site is visited.

No series bears a target, a unit or an address: a fleet of a thousand sites has as many series as one of ten.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.metadata import version
from types import TracebackType
from typing import Self

from msgspec import Struct
from prometheus_client import CollectorRegistry, generate_latest, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from checks.model import Target
from crawler.clock import now
from crawler.facts import Outcome
from reports.night_figures import count, outcomes, untold
from reports.night_model import limits
from scheduler.night import KINDS
from scheduler.posting import medium_of
from storage.errors import StorageError
from storage.figures import Brief
from storage.store import Store

logger = logging.getLogger(__name__)

TARGET_STATES = ("pending", "running", "done", "failed", "interrupted")
LIVES = ("new", "persisting", "fixed")


class Totals(Struct, frozen=True):
    """What an inspection came to. `own_network` counts the targets that a fault of our own network struck,
    `undetermined` those of which most could not be told, as the report of the night does.
    """

    pages: int
    problems: dict[str, int]
    states: dict[str, int]
    outcomes: dict[str, int]
    own_network: int
    undetermined: int
    undetermined_share: float


def totals_of(store: Store, inspection: str) -> Totals:
    """The sums over an inspection's targets and results."""
    states: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    pages = struck = 0
    done: set[Target] = set()
    for row in store.figures.targets(inspection):
        states[row.state] += 1
        pages += count(row.stats, "pages")
        mine = outcomes(row.stats)
        answers.update(mine)
        struck += row.exit_reason == Outcome.OWN_NETWORK.label or bool(mine.get(Outcome.OWN_NETWORK.value))
        done |= {row.target} if row.state == "done" else set()
    told = {target: untold(results) for target, results in store.figures.states(inspection).items()}
    undetermined = sum(
        target in done and bool(of) and many / of >= limits().undetermined_share for target, (many, of) in told.items()
    )
    many, of = sum(many for many, _ in told.values()), sum(of for _, of in told.values())
    lives = dict(store.figures.lives(inspection))
    return Totals(pages, lives, dict(states), dict(answers), struck, undetermined, many / of if of else 0.0)


class StoreCollector(Collector):
    """Reads the store at each scrape. An ended inspection is summed up once, for it no longer changes.

    The store is opened at the first scrape and kept; where it cannot be read `xuncha_store_up` is 0 and nothing else
    is told.
    """

    def __init__(self, opened: Callable[[], Store]) -> None:
        self._opened = opened
        self._store: Store | None = None
        self._totals: dict[str, Totals] = {}
        self._lock = threading.Lock()

    def collect(self) -> Iterator[Metric]:
        """Every family, or the one that says that there are none."""
        build = GaugeMetricFamily("xuncha_build_info", "Version of the program", labels=["version"])
        build.add_metric([version("xuncha")], 1)
        yield build
        try:
            with self._lock:
                families = list(self._families())
        except Exception as error:  # whatever it is, it is told as this, and not by a scrape that fails
            logger.warning("metrics could not be read: %s", error, exc_info=not isinstance(error, StorageError))
            yield GaugeMetricFamily("xuncha_store_up", "Whether the database could be read", value=0)
            return
        yield GaugeMetricFamily("xuncha_store_up", "Whether the database could be read", value=1)
        yield from families

    def close(self) -> None:
        """Closes the store."""
        with self._lock:
            if self._store is not None:
                self._store.close()
                self._store = None

    def _families(self) -> Iterator[Metric]:
        if self._store is None:
            self._store = self._opened()
        store = self._store
        yield from self._inspections(store)
        queue = store.figures.queue()
        waiting = GaugeMetricFamily(
            "xuncha_queue_targets", "Targets of inspections that have not ended", labels=["state"]
        )
        waiting.add_metric(["pending"], queue.pending)
        waiting.add_metric(["running"], queue.running)
        yield waiting
        if queue.oldest is not None:
            name, about = (
                "xuncha_queue_oldest_timestamp_seconds",
                "When the inspection began whose targets wait longest",
            )
            yield GaugeMetricFamily(name, about, value=queue.oldest.timestamp())
        unfinished = len(store.figures.unfinished())
        yield GaugeMetricFamily("xuncha_inspections_unfinished", "Inspections that have not ended", value=unfinished)
        about = "When an inspection of a kind last worked on anything"
        worked = GaugeMetricFamily("xuncha_worked_timestamp_seconds", about, labels=["kind"])
        for kind in KINDS:
            if (when := store.figures.worked((kind,), now()) or store.figures.worked((kind,))) is not None:
                worked.add_metric([kind], when.timestamp())
        yield worked
        about = "Free bytes of each disk that the data lie on, by the first place on it"
        disks = GaugeMetricFamily("xuncha_disk_free_bytes", about, labels=["place"])
        for place, free in store.free_by_place().items():
            disks.add_metric([place], free)
        yield disks
        posted = GaugeMetricFamily(
            "xuncha_posting_timestamp_seconds",
            "When the last message of a kind was handled by a medium, by what came of it for anybody",
            labels=["kind", "medium", "outcome"],
        )
        latest: dict[tuple[str, str, str], float] = {}
        for posting in store.postings.latest():  # no series bears a mailbox
            labels = (posting.kind, medium_of(posting.channel), posting.outcome.value)
            latest[labels] = max(latest.get(labels, 0.0), posting.at.timestamp())
        for labels, at in latest.items():
            posted.add_metric(labels, at)
        yield posted

    def _inspections(self, store: Store) -> Iterator[Metric]:
        lasts = [(kind, _last(store, kind)) for kind in KINDS]
        found = [(kind, last) for kind, last in lasts if last is not None]
        totals = {last.id: self._totals.get(last.id) or totals_of(store, last.id) for _, last in found}
        self._totals = totals
        yield _gauge("ended_timestamp_seconds", "When the last inspection of a kind ended", found, _ended)
        yield _gauge("duration_seconds", "How long the last inspection of a kind took", found, _duration)
        yield _gauge("pages", "Pages that the last inspection of a kind saw", found, lambda one: totals[one.id].pages)
        about = "Share of the applicable results of the last inspection of a kind that could not be told (未能判定)"
        yield _gauge("undetermined_share", about, found, lambda one: totals[one.id].undetermined_share)
        about = "Targets of the last inspection of a kind that were done and of which most could not be told (未能判定)"
        yield _gauge("undetermined_targets", about, found, lambda one: totals[one.id].undetermined)
        about = "Targets of the last inspection of a kind that a fault of our own network struck"
        yield _gauge("own_network_targets", about, found, lambda one: totals[one.id].own_network)
        targets, problems, answers = (
            GaugeMetricFamily(
                f"xuncha_inspection_{what}", f"{about} of the last inspection of a kind", labels=["kind", by]
            )
            for what, about, by in (
                ("targets", "Targets by state", "state"),
                ("problems", "Problems by life", "life"),
                ("outcomes", "Visits by outcome", "outcome"),
            )
        )
        for kind, last in found:
            mine = totals[last.id]
            for state in TARGET_STATES:
                targets.add_metric([kind, state], mine.states.get(state, 0))
            for life in LIVES:
                problems.add_metric([kind, life], mine.problems.get(life, 0))
            for outcome in Outcome:
                answers.add_metric([kind, outcome.value], mine.outcomes.get(outcome.value, 0))
        yield from (targets, problems, answers)


def _last(store: Store, kind: str) -> Brief | None:
    """The last that ended; one that a wrong clock dated into the future hides no other."""
    return store.figures.last(kind, ended=True, until=now()) or store.figures.last(kind, ended=True)


def _gauge(name: str, about: str, found: list[tuple[str, Brief]], value: Callable[[Brief], float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"xuncha_inspection_{name}", about, labels=["kind"])
    for kind, last in found:
        family.add_metric([kind], value(last))
    return family


def _ended(one: Brief) -> float:
    return one.ended.timestamp() if one.ended else 0.0


def _duration(one: Brief) -> float:
    return (one.ended - one.started).total_seconds() if one.ended else 0.0


class MetricsServer:
    """An endpoint that is being served, until it is closed."""

    def __init__(self, opened: Callable[[], Store], address: str, port: int) -> None:
        self._collector = StoreCollector(opened)
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self._collector)
        self._server, self._thread = start_http_server(port, address, registry)
        self.address = f"{address}:{self._server.server_port}"

    def close(self) -> None:
        """Stops serving and closes the store."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._collector.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def serve_metrics(store_factory: Callable[[], Store], address: str, port: int) -> MetricsServer:
    """Serves `http://address:port/metrics` in a thread until it is closed; port 0 takes a free one.

    `store_factory` opens the store that is read; it is called at the first scrape. Raises OSError where the port is
    taken.
    """
    return MetricsServer(store_factory, address, port)


def text_of(store_factory: Callable[[], Store]) -> str:
    """What a scrape would read now."""
    collector = StoreCollector(store_factory)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(collector)
    try:
        return generate_latest(registry).decode()
    finally:
        collector.close()
