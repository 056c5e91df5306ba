"""`python -m tests.integration.hostile.broken HOME FOLDER WHERE`: a visit during which our own program breaks down.

WHERE is `page` (it cannot take in one column of the site) or `story` (it cannot take in what has not changed, which
belongs to the visit's own course). Prints one JSON object: how the visit ended, or the fault that it raised.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from array import array
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from scrapy.utils.reactor import install_reactor

from checks.model import Subject, Target
from crawler.clock import now
from crawler.facts import Pace, PageFact, PageKind, Site, Unit
from crawler.fetch.crawl import crawl, equipment
from crawler.fetch.log import Baseline, KnownPage, Progress
from crawler.fetch.policy import AddressPolicy
from crawler.fetch.settings import REACTOR
from crawler.words.wordbook import Wordbook
from scheduler.inspection import Order, begin
from scheduler.plan import Machine, Terms
from scheduler.recorder import RunRecorder
from storage.store import Store
from tests.integration.hostile.healthy import PAGES
from tests.integration.hostile.running import AS_OF, LIMITS

BROKEN = "tzgg/"


class Broken(RunRecorder):
    """A recorder that fails as a program may."""

    def page(self, fact: PageFact, links: array[int]) -> None:
        if fact.url.endswith(BROKEN):
            raise RecursionError("a page that our program cannot take")
        super().page(fact, links)

    def unchanged(self, page: int) -> None:
        raise LookupError("a page that our program has lost")


async def visited(home: str, folder: Path, where: str) -> dict[str, object]:
    """What became of the visit."""
    site = Site("yunxi", "云汐县人民政府网", home, kind="portal", pace=Pace(0, 4))
    known = KnownPage(
        1, PageKind.COLUMN, hashlib.sha256(PAGES[f"/{BROKEN}"].encode()).hexdigest(), "", "",
        "text/html; charset=utf-8", (), array("I"),
    )  # fmt: skip
    baseline = Baseline(pages={home + BROKEN: known}) if where == "story" else Baseline()
    unit = Unit("yunxi", site.name, kind="county", sites=(site,))
    database = f"sqlite:///{folder / 'xuncha.sqlite3'}"
    with Store(database, folder) as store, ThreadPoolExecutor(1) as writer:
        store.upgrade()
        order = Order(
            (unit,), "0", (), AS_OF, "on-demand", "抗扰", Machine(database, str(folder)), Terms(LIMITS, str(folder)),
            "test",
        )  # fmt: skip
        run = store.runs.open(begin(store, order, resume=False).id, Target("yunxi", home, Subject.SITE), {}, now())
        recorder = Broken(store.runs, run, writer)
        policy = AddressPolicy(allow_private=True)
        async with equipment(limits=LIMITS, policy=policy, canaries=(), rendering=False, words=Wordbook((), "")) as kit:
            try:
                end = await crawl(
                    site, AS_OF, LIMITS, recorder, Progress(), baseline, kit, recorded=lambda: store.runs.view(run)
                )
            except LookupError as fault:
                return {"raised": str(fault)}
        recorder.flush()
        pages = sorted(page.url for page in store.runs.view(run).pages())
        return {"exit_reason": end.exit_reason, "truncated_by": end.truncated_by, "note": end.note, "pages": pages}


def main(home: str, folder: Path, where: str) -> None:
    """Runs one visit under a reactor of its own."""
    install_reactor(REACTOR)
    from twisted.internet import reactor as installed

    reactor: Any = installed

    async def tell() -> None:
        try:
            print(json.dumps(await visited(home, folder, where)))
        finally:
            reactor.stop()

    tasks: list[asyncio.Task[None]] = []
    reactor.callWhenRunning(lambda: tasks.append(asyncio.get_event_loop().create_task(tell())))
    reactor.run()
    tasks[0].result()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
