"""What a second night costs where nothing has changed: CPU of the second visit ÷ that of the first, findings equal.

`python -m tests.bench.again [--pages N …] [--rounds N]`. Whole processes, their start included. Two manners of server:
one that sends no validators, so that every page is sent and its bytes compared; one with ETag, which answers 304.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from storage.store import Store
from tests.bench.__main__ import spent
from tests.bench.path import database_in
from tests.bench.server import serving


def main() -> None:
    """Prints one row a round and the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[500, 3000])
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    print("| pages | server | round | first s | second s | **second ÷ first** | unchanged | findings equal |")
    print("|---|---|---|---|---|---|---|---|")
    for pages in arguments.pages:
        for tagged in (False, True):
            ratios = []
            server = "ETag" if tagged else "no validators"
            with serving(pages, tagged=tagged) as home:
                for number in range(1, arguments.rounds + 1):
                    with tempfile.TemporaryDirectory() as kept:
                        folder = Path(kept)
                        with Store(database_in(folder), folder) as store:
                            store.upgrade()
                        (first, one), (second, two) = (_visit(home, folder, name) for name in ("first", "second"))
                    ratios.append(second / first)
                    print(
                        f"| {two['pages']} | {server} | {number} | {first:.2f} | {second:.2f} | {ratios[-1]:.3f} "
                        f"| {two['unchanged']} | {one['found'] == two['found']} ({len(two['found'])}) |",
                        flush=True,
                    )
            print(f"| {pages} | {server} | median | | | **{statistics.median(ratios):.3f}** | | |")


def _visit(home: str, folder: Path, name: str) -> tuple[float, dict[str, Any]]:
    cpu, _, _, said = spent([sys.executable, "-m", "tests.bench.path", home, str(folder), name], Path.cwd())
    return cpu, json.loads(said.strip().splitlines()[-1])


if __name__ == "__main__":
    main()
