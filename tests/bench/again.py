"""What a second night costs where nothing has changed: CPU of the second visit ÷ that of the first, findings equal.

`python -m tests.bench.again [--pages N …] [--rounds N]`. Whole processes, their start included. Two manners of server:
one that sends no validators, so that every page is sent and its bytes compared; one with ETag, which answers 304.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from tests.bench.inspection import visit
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
                        first, second = (visit(home, Path(kept), name) for name in ("first", "second"))
                    ratios.append(second.spent.cpu / first.spent.cpu)
                    print(
                        f"| {second.pages} | {server} | {number} | {first.spent.cpu:.2f} | {second.spent.cpu:.2f} "
                        f"| {ratios[-1]:.3f} | {second.unchanged} "
                        f"| {first.found == second.found} ({len(second.found)}) |",
                        flush=True,
                    )
            print(f"| {pages} | {server} | median | | | **{statistics.median(ratios):.3f}** | | |")


if __name__ == "__main__":
    main()
