"""`make bench`: CPU a page of the whole path as a paired ratio to bare Scrapy.

Each round runs three processes one after the other on the same served site: bare Scrapy; the path (crawl, checks,
scores, storage) in a worker's process, its start included; and the whole command `xuncha inspect` with registry, process
start and reports. What counts is the ratio of a round's CPU seconds (user + system, whole tree) and the median over
rounds. Walls mean little on a shared machine and are not shown.
"""

from __future__ import annotations

import argparse
import atexit
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from storage.store import Store
from tests.bench.path import database_in
from tests.bench.server import serving
from tests.bench.site import generated


@dataclass(frozen=True, slots=True)
class Cost:
    cpu: float
    wall: float
    peak_mb: float
    pages: int
    dead_found: int = 0
    false: int = 0


@cache
def _environment() -> dict[str, str]:
    """Where modules are compiled once, as on a machine where the program is installed, in a folder of the run's own."""
    compiled = tempfile.mkdtemp(prefix="xuncha-bench-")
    atexit.register(shutil.rmtree, compiled)
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(Path.cwd()), "PYTHONPYCACHEPREFIX": compiled}


def spent(command: list[str], cwd: Path) -> tuple[float, float, float, str]:
    """CPU seconds of the whole tree, wall seconds, peak MB and standard output of a command that must succeed."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, env=_environment())
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{command}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, wall, after.ru_maxrss / 1024, done.stdout


def bare(home: str, folder: Path) -> Cost:
    cpu, wall, peak, said = spent([sys.executable, "-m", "tests.bench.bare", home], Path.cwd())
    return Cost(cpu, wall, peak, json.loads(said.strip().splitlines()[-1])["pages"])


def path(home: str, folder: Path) -> Cost:
    """Crawl, checks, scores and storage, in one process; the database has its tables already, as every night."""
    with Store(database_in(folder), folder) as store:
        store.upgrade()
    cpu, wall, peak, said = spent([sys.executable, "-m", "tests.bench.path", home, str(folder), "first"], Path.cwd())
    return Cost(cpu, wall, peak, json.loads(said.strip().splitlines()[-1])["pages"])


def xuncha(home: str, folder: Path, dead: frozenset[str]) -> Cost:
    registry = folder / "registry.yaml"
    registry.write_text(
        "units:\n  - code: bench\n    name: 基准单位\n    kind: county\n    sites:\n"
        f"      - {{name: 示例市人民政府, home_url: {home}, site_code: '3300000001', kind: portal, "
        "pace: {interval: 0, connections: 8}}\n"
        f"canaries: [{home}]\n",
        encoding="utf-8",
    )
    command = [str(Path(sys.executable).parent / "xuncha"), "inspect", "--registry", str(registry), "--allow-private"]
    command += [
        "--out",
        str(folder / "out"),
        "--max-pages",
        "100000",
        "--workers",
        "1",
        "--json",
        "--as-of",
        "2026-11-20",
    ]
    cpu, wall, peak, _ = spent(command, folder)
    figures = json.loads((folder / "out/run.json").read_text("utf-8"))["targets"][0]
    found = set()
    for line in (folder / "out/findings.jsonl").read_text("utf-8").splitlines():
        finding = json.loads(line)
        if finding["check"] == "link.broken":
            found.add(finding["problem_url"])
    from crawler.read.urls import normalise

    expected = {normalise(home.rstrip("/") + path) for path in dead}
    return Cost(cpu, wall, peak, figures["pages"], len(found & expected), len(found - expected))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[500, 3000])
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    print(
        "| pages | round | bare ms/page | path ms/page | **path ÷ bare** | whole ÷ bare | peak MB | dead found | false |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for pages in arguments.pages:
        dead = generated(pages).dead
        ratios, wholes = [], []
        with serving(pages) as home:
            with tempfile.TemporaryDirectory() as scratch:  # compiles what the rounds load, and warms the disk's cache
                for warming in (bare, path):
                    warming(home, Path(scratch))
            for number in range(1, arguments.rounds + 1):
                with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory() as kept:
                    yardstick = bare(home, Path(scratch))
                    ours = path(home, Path(kept))
                    whole = xuncha(home, Path(scratch), dead)
                unit = yardstick.cpu / yardstick.pages
                ratios.append(ours.cpu / ours.pages / unit)
                wholes.append(whole.cpu / whole.pages / unit)
                print(
                    f"| {ours.pages} | {number} | {unit * 1000:.2f} | {ours.cpu / ours.pages * 1000:.2f} "
                    f"| {ratios[-1]:.3f} | {wholes[-1]:.3f} | {ours.peak_mb:.0f} | {whole.dead_found}/{len(dead)} "
                    f"| {whole.false} |",
                    flush=True,
                )
        print(f"| {pages} | median | | | **{statistics.median(ratios):.3f}** | {statistics.median(wholes):.3f} | | | |")


if __name__ == "__main__":
    main()
