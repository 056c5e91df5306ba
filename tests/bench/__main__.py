"""`make bench`: CPU a page of the whole path as a paired ratio to bare Scrapy.

Each round runs three processes one after the other on the same served site: bare Scrapy; the path (crawl, checks,
scores, storage) in a worker's process, its start included; and the whole command `xuncha inspect` with registry, process
start and reports. What counts is the ratio of a round's CPU seconds (user + system, whole tree) and the median over
rounds. Walls mean little on a shared machine and are not shown.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

from msgspec import Struct

from crawler.read.urls import normalise
from tests.bench.inspection import visit
from tests.bench.server import serving
from tests.bench.site import generated
from tests.bench.spending import Spent, spent


class Cost(Struct, frozen=True):
    """What was spent on how many pages."""

    spent: Spent
    pages: int

    @property
    def per_page(self) -> float:
        """CPU seconds a page."""
        return self.spent.cpu / self.pages


class Whole(Struct, frozen=True):
    """What the whole command cost, how many of the dead addresses it found, and how many others it called dead."""

    cost: Cost
    dead_found: int
    false: int


def bare(home: str) -> Cost:
    """Bare Scrapy over the served site."""
    cost = spent([sys.executable, "-m", "tests.bench.bare", home], Path.cwd())
    return Cost(cost, json.loads(cost.said.strip().splitlines()[-1])["pages"])


def path(home: str, folder: Path) -> Cost:
    """Crawl, checks, scores, storage in a worker's process; the database has its tables already, as every night."""
    done = visit(home, folder, "first")
    return Cost(done.spent, done.pages)


def xuncha(home: str, folder: Path, dead: frozenset[str]) -> Whole:
    """The whole command over a registry of that one site."""
    registry = folder / "registry.yaml"
    registry.write_text(
        "units:\n  - code: bench\n    name: 基准单位\n    kind: county\n    sites:\n"
        f"      - {{name: 示例市人民政府, home_url: {home}, site_code: '3300000001', kind: portal, "
        "pace: {interval: 0, connections: 8}}\n"
        f"canaries: [{home}]\n",
        encoding="utf-8",
    )
    command = [str(Path(sys.executable).parent / "xuncha"), "inspect", "--registry", str(registry), "--allow-private"]
    command += ["--out", str(folder / "out"), "--max-pages", "100000", "--workers", "1", "--json"]
    cost = spent([*command, "--as-of", "2026-11-20"], folder)
    figures = json.loads((folder / "out/run.json").read_text("utf-8"))["targets"][0]
    findings = [json.loads(line) for line in (folder / "out/findings.jsonl").read_text("utf-8").splitlines()]
    found = {finding["problem_url"] for finding in findings if finding["check"] == "link.broken"}
    expected = {normalise(home.rstrip("/") + place) for place in dead}
    return Whole(Cost(cost, figures["pages"]), len(found & expected), len(found - expected))


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
                bare(home)
                path(home, Path(scratch))
            for number in range(1, arguments.rounds + 1):
                with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory() as kept:
                    yardstick = bare(home)
                    ours = path(home, Path(kept))
                    whole = xuncha(home, Path(scratch), dead)
                ratios.append(ours.per_page / yardstick.per_page)
                wholes.append(whole.cost.per_page / yardstick.per_page)
                print(
                    f"| {ours.pages} | {number} | {yardstick.per_page * 1000:.2f} | {ours.per_page * 1000:.2f} "
                    f"| {ratios[-1]:.3f} | {wholes[-1]:.3f} | {ours.spent.peak_mb:.0f} "
                    f"| {whole.dead_found}/{len(dead)} | {whole.false} |",
                    flush=True,
                )
        print(f"| {pages} | median | | | **{statistics.median(ratios):.3f}** | {statistics.median(wholes):.3f} | | | |")


if __name__ == "__main__":
    main()
