"""A writer that is killed in the middle of its work leaves a run that can be read, and gone on with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage.store import Store
from tests.integration.storage.samples import append_pages, capture, link, opened_run, page

BATCH = 8
ROOT = Path(__file__).parents[3]

_WRITER = """
import sys
from pathlib import Path
from storage.store import Store
from tests.integration.storage.samples import append_pages
url, folder, run, batch = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
store = Store(url, folder)
done = 0
while True:
    append_pages(store, run, done, done + batch)
    done += batch
    print(done, flush=True)
"""


@pytest.mark.parametrize("batches", [1, 5, 23])
def test_a_killed_writer_loses_at_most_its_last_batch(store: Store, database_url: str, batches: int) -> None:
    run = opened_run(store)
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, database_url, str(store.folder), str(run), str(BATCH)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert writer.stdout is not None
    with writer, writer.stdout as told:
        for _ in range(batches):
            acknowledged = int(told.readline())
        writer.send_signal(signal.SIGKILL)
        rest = told.read().split()
    # The pipe still holds what was acknowledged before the signal arrived.
    acknowledged = int(rest[-1]) if rest else acknowledged

    view = store.runs.view(run)
    pages = list(view.pages())
    assert len(pages) in (acknowledged, acknowledged + BATCH)
    assert pages == [page(number) for number in range(len(pages))]
    assert len(view.visited()) == len(pages)
    assert list(view.links()) == [(number, link(number)) for number in range(4 * len(pages))]
    assert all(view.body(fact.url) == capture(number).body for number, fact in enumerate(pages))

    append_pages(store, run, len(pages), len(pages) + BATCH)
    assert view.body(page(len(pages)).url) == capture(len(pages)).body


def test_a_torn_tail_of_a_spool_is_passed_over(store: Store) -> None:
    run = opened_run(store)
    append_pages(store, run, 0, 2)
    with store.bodies.path(run).open("ab") as spool:
        spool.write(b"\x28\xb5\x2f\xfd half a frame")
    append_pages(store, run, 2, 4)
    view = store.runs.view(run)
    assert [view.body(page(number).url) for number in range(4)] == [capture(number).body for number in range(4)]
