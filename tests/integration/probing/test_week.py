"""A week of probes under a simulated clock: real requests to a server of loopback that fails at scheduled hours."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

from checks.model import CheckResult, State
from checks.runner import run
from crawler.facts import Maintenance, Outcome, ProbeFact, Site, Unit
from crawler.fetch.client import visiting_client
from crawler.fetch.limits import Limits
from crawler.fetch.network import Canaries
from crawler.fetch.policy import AddressPolicy
from crawler.fetch.spaced import SpacedVisits
from scheduler.probing import keep_watch
from storage.store import Store
from tests.integration.inspecting.test_own_network import closed_port
from tests.unit.checks.sites import AS_OF, site

DAY = timedelta(days=1)


class SimulatedClock:
    """Time that passes only where somebody waits for it, until `end`."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self.moment, self.end = start, end

    def now(self) -> datetime:
        return self.moment

    async def wait_until(self, moment: datetime) -> bool:
        self.moment = max(self.moment, moment)
        return self.moment < self.end


@contextmanager
def serving(clock: SimulatedClock, *spells: tuple[datetime, datetime], status: int = 503) -> Iterator[str]:
    """A home page that answers with `status` during these spells of the clock's time."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            down = any(start <= clock.moment < end for start, end in spells)
            body = "<html><title>云溪县人民政府</title><p>首页</p></html>".encode() * 20
            self.send_response(status if down else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(f"sqlite:///{tmp_path / 'x.db'}", tmp_path) as opened:
        opened.upgrade()
        yield opened


def watched(store: Store, clock: SimulatedClock, home: str, canary: str, *, minutes: float = 45) -> None:
    """Probes the home page until the clock has run out."""

    async def keep(fact: ProbeFact) -> None:
        store.probes.add([fact])

    async def watch() -> None:
        limits = Limits()
        async with visiting_client(AddressPolicy(allow_private=True), limits) as client:
            visits = SpacedVisits(client, Canaries(client, [canary]), limits, clock.now)
            spacing, draw = timedelta(minutes=minutes), random.Random(7)
            last = store.probes.latest([home])
            await keep_watch([home], visits.visit, keep, clock, spacing=spacing, last=last, draw=draw)

    asyncio.run(watch())


def judged(store: Store, home: str, as_of: datetime, *maintenance: Maintenance) -> CheckResult:
    """What the check says of the stored probes."""
    told = Site("a", "云溪县人民政府网", home, maintenance=maintenance)
    history = store.probes.of(home, as_of - 31 * DAY, as_of)
    facts = replace(site(history=history), site=told, unit=Unit("a", "云溪县人民政府"), as_of=as_of)
    return run(facts, checks={"availability.unreachable"})[0]


def test_a_week_with_an_outage_and_its_planned_twin(store: Store) -> None:
    start = AS_OF - 8 * DAY
    outage = (AS_OF - 3 * DAY, AS_OF - 3 * DAY + timedelta(hours=12))
    clock = SimulatedClock(start, AS_OF)
    with serving(clock, outage) as home, serving(clock) as canary:
        watched(store, clock, home, canary)
    history = store.probes.of(home, start, AS_OF)
    gaps = [later.at - earlier.at for earlier, later in pairwise(history)]
    assert min(gaps) >= timedelta(minutes=36) and max(gaps) <= timedelta(minutes=54) and len(set(gaps)) > 100
    failed = [probe for probe in history if probe.outcome is Outcome.SERVER_ERROR]
    assert failed and all(outage[0] <= probe.at < outage[1] and probe.canaries_ok for probe in failed)

    result = judged(store, home, AS_OF)
    assert result.state is State.FAIL, result.summary
    assert result.findings[0].finding.observed["unopened"] == len(failed)
    assert judged(store, home, AS_OF, Maintenance(*outage, "服务器迁移")).state is State.PASS
    assert judged(store, home, AS_OF - 4 * DAY).state is State.UNDETERMINED  # four days of probes are no week


def test_a_short_outage_is_below_the_line(store: Store) -> None:
    clock = SimulatedClock(AS_OF - 8 * DAY, AS_OF)
    with serving(clock, (AS_OF - DAY, AS_OF - DAY + timedelta(hours=3))) as home, serving(clock) as canary:
        watched(store, clock, home, canary)
    result = judged(store, home, AS_OF)
    assert result.state is State.PASS and "未能打开 4 次" in result.summary


def test_silent_canaries_make_an_outage_ours(store: Store) -> None:
    clock = SimulatedClock(AS_OF - 8 * DAY, AS_OF)
    with serving(clock, (AS_OF - 2 * DAY, AS_OF - DAY)) as home, closed_port() as port:
        watched(store, clock, home, f"http://127.0.0.1:{port}/")
    outcomes = {probe.outcome for probe in store.probes.of(home, clock.now() - 9 * DAY, AS_OF)}
    assert outcomes == {Outcome.OK, Outcome.OWN_NETWORK}
    assert judged(store, home, AS_OF).state is State.UNDETERMINED  # a day without probes that tell anything


def test_a_firewall_s_page_is_no_outage(store: Store) -> None:
    clock = SimulatedClock(AS_OF - 8 * DAY, AS_OF)
    with serving(clock, (AS_OF - DAY, AS_OF - timedelta(hours=14)), status=403) as home, serving(clock) as canary:
        watched(store, clock, home, canary, minutes=30)
    assert judged(store, home, AS_OF).state is State.PASS


def test_a_watch_goes_on_where_it_was_stopped(store: Store) -> None:
    middle = AS_OF - 4 * DAY
    first = SimulatedClock(AS_OF - 8 * DAY, middle)
    with serving(first) as home, serving(first) as canary:
        watched(store, first, home, canary)
        last = store.probes.latest([home])[home]
        second = SimulatedClock(middle, AS_OF)
        watched(store, second, home, canary)
    after = next(probe.at for probe in store.probes.of(home, AS_OF - 9 * DAY, AS_OF) if probe.at > last)
    assert timedelta(minutes=36) <= after - last <= timedelta(minutes=60)
    assert judged(store, home, AS_OF).state is State.PASS
