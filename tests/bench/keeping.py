"""What `xuncha db prune` costs a city: wall, CPU, memory, and how long it keeps another writer waiting.

`python -m tests.bench.keeping [--sites N] [--nights N] [--folder DIR] [--postgres]`. The past is laid into the folder where
it has none; then the real command runs dry, for the first time, and once more. Beside it a writer commits a row every
twenty milliseconds, as a running inspection does.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from crawler.facts import BEIJING
from storage import tables
from storage.store import Store
from tests.bench.nights import laid
from tests.bench.spending import Spent, spent
from tests.integration.fleet.fleet import Postgres


class Neighbour:
    """Another writer; `longest` is what it had to wait at worst, in seconds, `failed` how often it gave up."""

    def __init__(self, url: str, folder: Path) -> None:
        self.longest, self.writes, self.failed = 0.0, 0, 0
        self._url, self._folder = url, folder
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> Neighbour:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _write(self) -> None:
        with Store(self._url, self._folder) as store:
            while not self._stop.wait(0.02):
                began = time.monotonic()
                try:
                    with store.database.write() as connection:
                        connection.execute(sa.update(tables.budgets).values(in_minute=0))
                    self.writes += 1
                except Exception:  # whatever it is, the neighbour did not come to write
                    self.failed += 1
                self.longest = max(self.longest, time.monotonic() - began)


def pruned(url: str, folder: Path, *words: str) -> tuple[Spent, Neighbour]:
    """One prune by the command, with a neighbour."""
    command = ["env", f"XUNCHA_FOLDER={folder}", str(Path(sys.executable).parent / "xuncha"), "db", "prune"]
    with Neighbour(url, folder) as neighbour:
        cost = spent([*command, "--db", url, "--json", *words], folder)
    return cost, neighbour


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=500)
    parser.add_argument("--nights", type=int, default=120)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--postgres", action="store_true")
    arguments = parser.parse_args()
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="xuncha-keeping-"))
    folder.mkdir(parents=True, exist_ok=True)
    server = Postgres(folder / "server") if arguments.postgres else None
    try:
        url = server.url if server else f"sqlite:///{folder / 'xuncha.sqlite3'}"
        began = time.monotonic()
        with Store(url, folder) as store:
            store.upgrade()
            if not store.inspections.every():
                for night in laid(store, arguments.sites, arguments.nights, datetime.now(BEIJING)):
                    print(f"\rnight {night + 1}", end="", file=sys.stderr, flush=True)
        print(f"\nlaid in {time.monotonic() - began:.0f} s: {_size(folder) >> 20} MB", flush=True)
        print("| prune | wall s | CPU s | peak MB | neighbour waited at most s | its writes | failed |")
        print("|---|---|---|---|---|---|---|")
        for name, words in (("dry run", ("--dry-run",)), ("first", ()), ("second, at once", ())):
            cost, neighbour = pruned(url, folder, *words)
            print(
                f"| {name} | {cost.wall:.1f} | {cost.cpu:.1f} | {cost.peak_mb:.0f} | {neighbour.longest:.2f} "
                f"| {neighbour.writes} | {neighbour.failed} |",
                flush=True,
            )
        print(f"left: {_size(folder) >> 20} MB")
    finally:
        if server:
            server.close()
        if arguments.folder is None:
            shutil.rmtree(folder, ignore_errors=True)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
