"""Rows of the fault table that need a network: links are cut between real machines (`tests/integration/fleet/premises.py`).

Every row ends with the findings of an undisturbed run. What is to end or to take over does so in a time that is told.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import psutil

from crawler.facts import BEIJING
from storage.store import Store
from tests.integration.fleet.fleet import Fleet, visits, wait_until
from tests.integration.fleet.network import Machine, Network
from tests.integration.fleet.premises import KEYS, NetworkedPostgres, Premises, gives_up

SITES, DELAY = 6, 0.2
ENDS_IN = 300.0

Sender = subprocess.Popen[bytes]
Fault = Callable[[Premises, Fleet, NetworkedPostgres, Sender], str]


def worker_cut(premises: Premises, fleet: Fleet, postgres: NetworkedPostgres, sender: Sender) -> str:
    """A worker's link is down for a minute; it has lost database, bucket and sites, and serves again afterwards."""
    premises.w1.cut()
    fleet.add_worker(concurrency=6, on=premises.w2)
    time.sleep(60)
    premises.w1.mend()
    fleet.finish(sender)
    fleet.workers[0].send_signal(signal.SIGTERM)
    return f"断 60 秒，之后停机 {gives_up(fleet.workers[0], ENDS_IN):.0f} 秒"


def worker_gone(premises: Premises, fleet: Fleet, postgres: NetworkedPostgres, sender: Sender) -> str:
    """A worker's link is down for good; told to stop half a minute later, it ends by itself."""
    premises.w1.cut()
    fleet.add_worker(concurrency=6, on=premises.w2)
    time.sleep(30)
    fleet.workers[0].send_signal(signal.SIGTERM)
    words = f"不再恢复，停机 {gives_up(fleet.workers[0], ENDS_IN):.0f} 秒"
    assert not fleet.children(fleet.workers[0])
    return words


def database_cut(premises: Premises, fleet: Fleet, postgres: NetworkedPostgres, sender: Sender) -> str:
    """The database's link is down for 75 seconds."""
    premises.db.cut()
    time.sleep(75)
    premises.db.mend()
    return "断 75 秒"


def database_without_power(premises: Premises, fleet: Fleet, postgres: NetworkedPostgres, sender: Sender) -> str:
    """The database's machine dies and comes back at its address: who was connected hears so when it sends something."""
    premises.db.cut()
    postgres.power_off()
    time.sleep(25)
    postgres.start()
    premises.db.mend()
    return "掉电 25 秒"


def sender_cut(premises: Premises, fleet: Fleet, postgres: NetworkedPostgres, sender: Sender) -> str:
    """The sender's link is down for a minute: workers go on, it finds what they did."""
    before = visits(fleet)
    premises.office.cut()
    time.sleep(60)
    assert visits(fleet) > before + 5
    premises.office.mend()
    return "断 60 秒"


def town_lost(premises: Premises, fleet: Fleet, postgres: NetworkedPostgres, sender: Sender) -> str:
    """One worker alone does not reach the sites any more, nor the canary: another gets its targets.

    It takes ten requests to doubt one's own network, each of half a minute where nothing comes back.
    """
    premises.w1.knows(premises.town, lost=True)
    fleet.add_worker(concurrency=6, on=premises.w2)
    fleet.finish(sender, 1200)
    with Store(fleet.database, fleet.folder / "data") as store:
        rows = store.inspections.targets(store.inspections.all()[0].id)
    return f"不再恢复，一个网站最多试 {max(row.attempts for row in rows)} 次"


def bucket_lost(premises: Premises, fleet: Fleet, postgres: NetworkedPostgres, sender: Sender) -> str:
    """One worker does not reach the bucket for two minutes, which is when it would put its evidence."""
    premises.w1.knows(premises.store, lost=True)
    time.sleep(120)
    premises.w1.knows(premises.store)
    return "断 120 秒"


FAULTS: dict[str, Fault] = {
    "断工作机": worker_cut,
    "断工作机不恢复": worker_gone,
    "断数据库": database_cut,
    "数据库掉电": database_without_power,
    "断发起机": sender_cut,
    "单机断网": town_lost,
    "单机断证据库": bucket_lost,
}
LEAD = "断调度机"
NAMES = (*FAULTS, LEAD)

_SCHEDULER = """
import sys
from pathlib import Path
from console.scheduling import run_scheduler
sys.exit(run_scheduler(Path(sys.argv[1]), rulesets=(), database="", allow_private=True))
"""


def play(scratch: Path, names: list[str]) -> None:
    """Prints a row each. Raises NoNetwork where no network can be made; an AssertionError names what did not hold."""
    network = Network()
    try:
        premises = Premises(scratch / "premises", network, SITES, DELAY)
        try:
            for name in names:
                if name == LEAD:
                    _lead(scratch, premises)
                    continue
                with premises.fleet(scratch / name) as (fleet, postgres):
                    _fault(name, premises, fleet, postgres)
        finally:
            premises.close()
    finally:
        network.close()


def _fault(name: str, premises: Premises, fleet: Fleet, postgres: NetworkedPostgres) -> None:
    fleet.add_worker(concurrency=6, on=premises.w1)
    wait_until(lambda: "已就绪" in fleet.said(), "no worker is ready")
    began = time.monotonic()
    sender = fleet.send(fleet.folder / "out", on=premises.office)
    wait_until(lambda: visits(fleet) >= 30, "nothing is visited")
    words = FAULTS[name](premises, fleet, postgres, sender)
    fleet.finish(sender)
    seconds = time.monotonic() - began
    premises.assert_whole(fleet, fleet.folder / "out")
    print(f"{name} | {words} | {seconds:.0f} | {visits(fleet)} | 是 | 是 | 是 | 是", flush=True)


def _lead(scratch: Path, premises: Premises) -> None:
    """A scheduler with workers of its own loses its link in the middle of a night: a second one has the lead and goes

    on with the night, and whatever the first one had started has ended before. It is whole as a night of one alone.
    """
    with premises.fleet(scratch / "alone") as (fleet, postgres), contextlib.ExitStack() as stack:
        _scheduler("only", premises, fleet, postgres, premises.w2, stack)
        alone = _night_of(stack.enter_context(Store(postgres.inside, fleet.folder / "look")))
    with premises.fleet(scratch / LEAD) as (fleet, postgres), contextlib.ExitStack() as stack:
        first, _ = _scheduler("first", premises, fleet, postgres, premises.office, stack)
        began = time.monotonic()
        wait_until(lambda: visits(fleet) >= 20, "nothing is visited")
        second, said = _scheduler("second", premises, fleet, postgres, premises.w2, stack)
        wait_until(lambda: "另一个调度程序正在运行" in said.read_text(), "the second does not wait")
        started = psutil.Process(first.pid).children(recursive=True)
        premises.office.cut()
        cut = time.monotonic()
        wait_until(lambda: "已取得调度权" in said.read_text(), "the lead is not taken")
        took = time.monotonic() - cut
        store = stack.enter_context(Store(postgres.inside, fleet.folder / "look"))
        wait_until(lambda: _round(store)[1] == 2, "the night is not gone on with", 400)
        went_on = time.monotonic() - cut
        assert not [one for one in started if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
        assert _night_of(store) == alone
        seconds = time.monotonic() - began
        words = f"不再恢复，{took:.0f} 秒后接替，{went_on:.0f} 秒后接着做"
        print(f"{LEAD} | {words} | {seconds:.0f} | {visits(fleet)} | 是 | 是 | 是 | 未查", flush=True)
        for process in (first, second):
            process.terminate()
            gives_up(process, ENDS_IN)


def _round(store: Store) -> tuple[str, int]:
    """How the only night stands, and how often it was begun; "" where it was not."""
    nights = [one for one in store.rounds.recent(datetime.now(BEIJING)) if one.kind == "nightly"]
    return (str(nights[0].outcome), nights[0].attempts) if nights else ("", 0)


def _night_of(store: Store) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Findings and states of the only night, once it is done."""
    wait_until(lambda: store.is_current and _round(store)[0] == "done", "the night is not whole", 400)
    (record,) = store.inspections.all()
    assert {row.state for row in store.inspections.targets(record.id)} == {"done"}
    stamped = [row.stamped for row in store.results.findings(record.id)]
    assert stamped
    results = store.results.results(record.id)
    return (
        sorted((one.check, one.target.address, one.fingerprint, one.state.value) for one in stamped),
        sorted((one.check, one.target.address, one.state.value) for one in results),
    )


def _scheduler(
    name: str, premises: Premises, fleet: Fleet, postgres: NetworkedPostgres, on: Machine, stack: contextlib.ExitStack
) -> tuple[Sender, Path]:
    """Starts one, in the middle of the night; it and what it says."""
    now = datetime.now(BEIJING)
    folder = fleet.folder / name
    folder.mkdir(parents=True)
    kept = {key: value for key, value in os.environ.items() if not key.startswith("XUNCHA_")}
    mine = {
        **KEYS,
        "COLUMNS": "200",
        "XUNCHA_DATABASE": postgres.url,
        "XUNCHA_FOLDER": str(folder),
        "XUNCHA_EVIDENCE_STORE": premises.place.address,
        "XUNCHA_EVIDENCE_ENDPOINT": premises.place.endpoint,
        "XUNCHA_NIGHT_STARTS": f"{now - timedelta(hours=2):%H:%M}",
        "XUNCHA_NIGHT_ENDS": f"{now + timedelta(hours=3):%H:%M}",
        "XUNCHA_MAX_RENDERED": "0",
    }
    log = folder / "said.log"
    with log.open("ab") as said:
        process = subprocess.Popen(
            on.command(sys.executable, "-c", _SCHEDULER, str(premises.registry)),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            env={**kept, **mine},
            start_new_session=True,
        )
    stack.callback(process.kill)
    return process, log
