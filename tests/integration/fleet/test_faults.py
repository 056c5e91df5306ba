"""The fleet disturbed: after each fault the findings are those of an undisturbed run, and nothing is lost or doubled.

The long set is `make soak` (tests/soak/faults.py).
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scheduler.queue import SILENT
from tests.integration.fleet.fleet import Fleet, Postgres, assert_whole, visits, wait_until
from tests.integration.inspecting.conftest import findings_of, states_of

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(900)]


def test_killed_crawl_processes_lose_nothing(fleet: Fleet, undisturbed: Path) -> None:
    draw = random.Random(5)
    worker = fleet.add_worker(concurrency=6, processes=2)
    sender = fleet.send(fleet.folder / "out")
    for _ in range(4):
        wait_until(lambda: fleet.children(worker) or sender.poll() is not None, "no process crawls")
        time.sleep(draw.uniform(1.5, 3.5))
        for child in fleet.children(worker)[:1]:
            child.kill()
    fleet.finish(sender)
    assert_whole(fleet, fleet.folder / "out", undisturbed)


def test_a_killed_worker_is_found_out_and_its_targets_go_to_another(fleet: Fleet, undisturbed: Path) -> None:
    first = fleet.add_worker(concurrency=6)
    sender = fleet.send(fleet.folder / "out")
    wait_until(lambda: visits(fleet) >= 10, "nothing is visited")
    os.killpg(first.pid, signal.SIGKILL)
    fleet.add_worker(concurrency=6)
    fleet.finish(sender)
    assert_whole(fleet, fleet.folder / "out", undisturbed)


def test_a_worker_on_another_machine_begins_anew(
    postgres_url: str, small_town: Path, undisturbed: Path, tmp_path: Path
) -> None:
    """What was captured lies on the machine that died; its run cannot be gone on with elsewhere."""
    fleet = Fleet(tmp_path, postgres_url, small_town, apart=True)
    try:
        first = fleet.add_worker(concurrency=6)
        sender = fleet.send(fleet.folder / "out")
        wait_until(lambda: visits(fleet) >= 10, "nothing is visited")
        os.killpg(first.pid, signal.SIGKILL)
        fleet.add_worker(concurrency=6)
        fleet.finish(sender)
        with fleet.store() as store:
            rows = store.inspections.targets(store.inspections.all()[0].id)
            assert {row.state for row in rows} == {"done"}
    finally:
        fleet.close()


def test_a_worker_that_slept_may_write_nothing_more(fleet: Fleet, undisturbed: Path) -> None:
    """A machine that was suspended wakes up with targets that others have by then."""
    first = fleet.add_worker(concurrency=6)
    sender = fleet.send(fleet.folder / "out")
    wait_until(lambda: visits(fleet) >= 10, "nothing is visited")
    os.killpg(first.pid, signal.SIGSTOP)
    fleet.add_worker(concurrency=6)
    time.sleep(SILENT + 8)
    os.killpg(first.pid, signal.SIGCONT)
    fleet.finish(sender)
    assert_whole(fleet, fleet.folder / "out", undisturbed)


def test_a_database_that_restarts_loses_nothing(
    postgres: Postgres, small_town: Path, undisturbed: Path, tmp_path: Path
) -> None:
    fleet = Fleet(tmp_path, postgres.url, small_town)
    try:
        fleet.add_worker(concurrency=6)
        sender = fleet.send(fleet.folder / "out")
        wait_until(lambda: visits(fleet) >= 10, "nothing is visited")
        postgres.stop()
        time.sleep(3)
        postgres.start()
        fleet.finish(sender)
        assert_whole(fleet, fleet.folder / "out", undisturbed)
    finally:
        fleet.close()


def test_a_network_of_ours_that_fails_for_a_while_accuses_nobody(
    fleet: Fleet, small_town: Path, undisturbed: Path
) -> None:
    fleet.add_worker(concurrency=6)
    sender = fleet.send(fleet.folder / "out")
    wait_until(lambda: visits(fleet) >= 10, "nothing is visited")
    cut = small_town.with_name("cut")
    try:
        cut.touch()
        time.sleep(12)
    finally:
        cut.unlink()
    fleet.finish(sender)
    assert_whole(fleet, fleet.folder / "out", undisturbed)


def test_a_disk_that_is_full_for_a_while_loses_nothing(small_town: Path, undisturbed: Path, tmp_path: Path) -> None:
    own = ["unshare", "--map-root-user", "--mount"]
    if shutil.which("unshare") is None or subprocess.run([*own, "true"], capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here: unshare is not permitted")
    disk = tmp_path / "disk"
    disk.mkdir()
    words = [
        sys.executable,
        "-m",
        "tests.integration.fleet.full_disk",
        str(disk),
        str(small_town),
        str(tmp_path / "out"),
    ]
    done = subprocess.run([*own, *words], capture_output=True, text=True, cwd=Path(__file__).parents[3])
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) > 0, done.stderr
    assert findings_of(tmp_path / "out") == findings_of(undisturbed)
    assert states_of(tmp_path / "out") == states_of(undisturbed)
