"""Availability probes: kept in order, by address, for good, on both databases."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from crawler.facts import Outcome, ProbeFact
from storage.store import Store
from tests.unit.checks.sites import AS_OF, HOME

ROOT = Path(__file__).parents[3]
OTHER = "http://www.songxi.gov.cn/"

_PROBER = """
import sys
from pathlib import Path
from datetime import timedelta
from storage.store import Store
from tests.integration.storage.test_probes import probe
store = Store(sys.argv[1], Path(sys.argv[2]))
done = 0
while True:
    store.probes.add([probe(done)])
    done += 1
    print(done, flush=True)
"""


def probe(number: int, url: str = HOME) -> ProbeFact:
    """One of many probes, an hour apart."""
    down = number % 3 == 0
    outcome = Outcome.TIMEOUT if down else Outcome.OK
    reason = "在规定时间内没有应答" if down else ""
    return ProbeFact(url, AS_OF + timedelta(hours=number), outcome, 400 + number, True if down else None, reason)


def test_probes_come_back_equal_and_in_order(store: Store) -> None:
    store.probes.add([probe(2), probe(0), probe(1)])
    store.probes.add([probe(1, OTHER)])
    store.probes.add([])
    assert store.probes.of(HOME, AS_OF, probe(2).at) == (probe(0), probe(1), probe(2))
    assert store.probes.of(HOME, probe(1).at, probe(1).at) == (probe(1),)
    assert store.probes.of(OTHER, AS_OF, probe(9).at) == (probe(1, OTHER),)
    assert store.probes.of("http://nobody.example/", AS_OF, probe(9).at) == ()


def test_the_latest_probe_of_each_address(store: Store) -> None:
    store.probes.add([probe(4), probe(2), probe(3, OTHER)])
    wanted = [HOME, OTHER, "http://nobody.example/"]
    assert store.probes.latest(wanted) == {HOME: probe(4).at, OTHER: probe(3).at}
    assert store.probes.latest([]) == {}


def test_a_killed_prober_loses_nothing_that_it_added(store: Store, database_url: str) -> None:
    prober = subprocess.Popen(
        [sys.executable, "-c", _PROBER, database_url, str(store.folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert prober.stdout is not None
    with prober, prober.stdout as told:
        for _ in range(12):
            added = int(told.readline())
        prober.send_signal(signal.SIGKILL)
        rest = told.read().split()
    added = int(rest[-1]) if rest else added
    kept = store.probes.of(HOME, AS_OF, probe(100_000).at)
    assert len(kept) in (added, added + 1)
    assert kept == tuple(probe(number) for number in range(len(kept)))
    store.probes.add([probe(len(kept))])
    assert store.probes.latest([HOME]) == {HOME: probe(len(kept)).at}
