"""What a second night costs where nothing has changed: CPU of the second visit ÷ that of the first, findings equal.

`python -m tests.bench.again [--pages N …] [--rounds N]`. Whole processes; beside them the two visits without the start of
their process, which a night pays once a worker and not once a site. Two manners of server: one that sends no validators,
so that every page is sent and its bytes compared; one with ETag, which answers 304.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from tests.bench.inspection import start, visit
from tests.bench.server import serving


def main() -> None:
    """Prints one row a round and the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[500, 3000])
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    print(
        "| pages | server | round | start s | first s | second s | second ÷ first | **without starts** | unchanged | findings equal |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for pages in arguments.pages:
        for tagged in (False, True):
            whole, bare = [], []
            server = "ETag" if tagged else "no validators"
            with serving(pages, tagged=tagged) as home:
                with tempfile.TemporaryDirectory() as scratch:  # compiles what the rounds load
                    start(Path(scratch))
                for number in range(1, arguments.rounds + 1):
                    with tempfile.TemporaryDirectory() as kept:
                        idle = start(Path(kept))
                        first, second = (visit(home, Path(kept), name) for name in ("first", "second"))
                    whole.append(second.spent.cpu / first.spent.cpu)
                    bare.append((second.spent.cpu - idle) / (first.spent.cpu - idle))
                    print(
                        f"| {second.pages} | {server} | {number} | {idle:.2f} | {first.spent.cpu:.2f} "
                        f"| {second.spent.cpu:.2f} | {whole[-1]:.3f} | {bare[-1]:.3f} | {second.unchanged} "
                        f"| {first.found == second.found} ({len(second.found)}) |",
                        flush=True,
                    )
            medians = f"{statistics.median(whole):.3f} | **{statistics.median(bare):.3f}**"
            print(f"| {pages} | {server} | median | | | | {medians} | | |")


if __name__ == "__main__":
    main()
