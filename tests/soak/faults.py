"""The fault table: a fleet over twenty sites is disturbed in every way that nights bring, and must find the same.

`python -m tests.soak.faults [--kills 50] [--sites 20] [NAME…]`
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from scheduler.queue import SILENT
from tests.integration.fleet.fleet import Fleet, Postgres, assert_whole, town, visits, wait_until
from tests.integration.fleet.network import NoNetwork
from tests.integration.inspecting.conftest import XUNCHA, findings_of
from tests.soak import links

DELAY = 0.4
"""Seconds that each answer takes: an inspection of twenty sites lasts some minutes."""

Fault = Callable[[Fleet, "subprocess.Popen[bytes]", Postgres, Path, int], str]


def nothing(fleet: Fleet, sender: subprocess.Popen[bytes], postgres: Postgres, registry: Path, kills: int) -> str:
    """Two workers, undisturbed."""
    return "—"


def killed_at_random(
    fleet: Fleet, sender: subprocess.Popen[bytes], postgres: Postgres, registry: Path, kills: int
) -> str:
    """SIGKILL of a crawl process or of a whole worker (one in five), which is then started again."""
    draw, done = random.Random(20261129), 0
    while done < kills and sender.poll() is None:
        time.sleep(draw.uniform(0.5, 4.0))
        standing = [worker for worker in fleet.workers if worker.poll() is None]
        worker = draw.choice(standing)
        if draw.random() < 0.2:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
            fleet.add_worker(concurrency=10)
            done += 1
        elif children := fleet.children(worker):
            draw.choice(children).kill()
            done += 1
    return f"SIGKILL {done} 次"


def database_restarted(
    fleet: Fleet, sender: subprocess.Popen[bytes], postgres: Postgres, registry: Path, kills: int
) -> str:
    """PostgreSQL stopped and started three times, for two to ten seconds."""
    for pause in (2, 5, 10):
        before = visits(fleet)
        wait_until(lambda before=before: visits(fleet) > before + 5 or sender.poll() is not None, "nothing moves")
        postgres.stop()
        time.sleep(pause)
        postgres.start()
    return "重启 3 次"


def network_cut(fleet: Fleet, sender: subprocess.Popen[bytes], postgres: Postgres, registry: Path, kills: int) -> str:
    """Sites and canaries silent for a minute."""
    cut = registry.with_name("cut")
    cut.touch()
    time.sleep(60)
    cut.unlink()
    return "断网 60 秒"


def disk_full(fleet: Fleet, sender: subprocess.Popen[bytes], postgres: Postgres, registry: Path, kills: int) -> str:
    """No byte left on the disk of bodies and evidence, three times for twelve seconds; PostgreSQL has another disk."""
    filler = fleet.folder / "data" / "filler"
    for _ in range(3):
        before = visits(fleet)
        wait_until(lambda before=before: visits(fleet) > before + 5 or sender.poll() is not None, "nothing moves")
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        time.sleep(12)
        filler.unlink()
    met = fleet.said().count("磁盘空间不足")
    assert met, "no worker met the full disk"
    return "写满 3 次，各 12 秒"


def suspended(fleet: Fleet, sender: subprocess.Popen[bytes], postgres: Postgres, registry: Path, kills: int) -> str:
    """A worker sleeps until others have its targets, then wakes."""
    os.killpg(fleet.workers[0].pid, signal.SIGSTOP)
    time.sleep(SILENT + 15)
    os.killpg(fleet.workers[0].pid, signal.SIGCONT)
    return f"挂起 {SILENT + 15:.0f} 秒"


def drained(fleet: Fleet, sender: subprocess.Popen[bytes], postgres: Postgres, registry: Path, kills: int) -> str:
    """Every worker told to stop, one after the other, each replaced."""
    for worker in list(fleet.workers):
        worker.send_signal(signal.SIGTERM)
        worker.wait(120)
        fleet.add_worker(concurrency=10)
    return "SIGTERM 2 次"


FAULTS: dict[str, Fault] = {
    "无故障": nothing,
    "随机杀死": killed_at_random,
    "数据库重启": database_restarted,
    "断网": network_cut,
    "磁盘写满": disk_full,
    "挂起": suspended,
    "停机交还": drained,
}


SMALL_DISK = "48m"


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A disk of its own of 48 MB on that folder. False where none may be mounted."""
    folder.mkdir(parents=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", str(folder)]
    if subprocess.run(words, capture_output=True).returncode:
        yield False
        return
    try:
        yield True
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def main() -> None:
    """Prints the table; an AssertionError names what did not hold."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--sites", type=int, default=20)
    parser.add_argument("names", nargs="*", default=[*FAULTS, *links.NAMES])
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="xuncha-soak-") as scratch,
        town(Path(scratch) / "town", asked.sites, DELAY) as registry,
    ):
        undisturbed = Path(scratch) / "undisturbed"
        kept = {key: value for key, value in os.environ.items() if not key.startswith("XUNCHA_")}
        kept["XUNCHA_FOLDER"] = str(Path(scratch) / "data")
        words = ["inspect", "--registry", str(registry), "--allow-private", "--no-render", "--kind", "quarterly"]
        subprocess.run([str(XUNCHA), *words, "--out", str(undisturbed)], check=True, capture_output=True, env=kept)
        print(f"{asked.sites} 个网站，未受干扰时 {len(findings_of(undisturbed))} 个问题")
        print("故障 | 干扰 | 秒 | 访问次数 | 问题相同 | 对象齐全 | 无重复 | 证据完好", flush=True)
        for name in [name for name in asked.names if name in FAULTS]:
            folder = Path(scratch) / name
            with contextlib.ExitStack() as stack:
                if FAULTS[name] is disk_full and not stack.enter_context(small_disk(folder / "fleet" / "data")):
                    print(f"{name} | 未做：这里不能挂载磁盘（需要 root）", flush=True)
                    continue
                _play(name, FAULTS[name], folder, registry, undisturbed, asked.kills)
        if cut := [name for name in asked.names if name in links.NAMES]:
            try:
                links.play(Path(scratch) / "links", cut)
            except NoNetwork as error:
                print(f"{'、'.join(cut)} | 未做：这里不能建立网络（{error}）", flush=True)


def _play(name: str, fault: Fault, folder: Path, registry: Path, undisturbed: Path, kills: int) -> None:
    folder.mkdir(exist_ok=True)
    postgres = Postgres(folder / "postgres")
    fleet = Fleet(folder / "fleet", postgres.url, registry)
    try:
        fleet.add_worker(concurrency=10)
        fleet.add_worker(concurrency=10)
        started = time.monotonic()
        sender = fleet.send(fleet.folder / "out")
        wait_until(lambda: visits(fleet) >= 10, "nothing is visited")
        words = fault(fleet, sender, postgres, registry, kills)
        fleet.finish(sender, patience=900)  # what died often waits longest
        seconds = time.monotonic() - started
        assert_whole(fleet, fleet.folder / "out", undisturbed)
        print(f"{name} | {words} | {seconds:.0f} | {visits(fleet)} | 是 | 是 | 是 | 是", flush=True)
    finally:
        fleet.close()
        postgres.close()


if __name__ == "__main__":
    main()
