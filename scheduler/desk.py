"""What the targets of one worker share, and the errand that one target is to it."""

from __future__ import annotations

import asyncio
import contextvars
import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import httpx

from checks.model import JSON
from crawler.accounts.credentials import logins
from crawler.accounts.pacing import Pacer
from crawler.facts import Unit
from crawler.fetch.client import platform_client
from crawler.fetch.crawl import Equipment
from crawler.fetch.policy import AddressPolicy
from crawler.fetch.spider import SiteSpider
from crawler.words.wordbook import wordbook
from scheduler.judge import Bench
from scheduler.plan import Plan, Tick
from scheduler.shelving import shelf_at
from scheduler.task import Task
from storage.inspections import TargetRow
from storage.lease import Lease
from storage.store import Store

T = TypeVar("T")
Ended = tuple[str, str, dict[str, JSON]]
"""How work on a target ended: its state, the reason in Chinese, and its figures."""


class Desk:
    """One worker's store, words, threads and logins. `tell` sends a tick away."""

    def __init__(self, plan: Plan, name: str, tell: Callable[[Tick], None]) -> None:
        self.plan, self.name, self.tell = plan, name, tell
        self.machine, self.terms, self.limits = plan.machine, plan.terms, plan.terms.limits
        self.store = Store(self.machine.database, Path(self.machine.folder), shelf_at(self.machine.evidence))
        record = self.store.inspections.get(plan.inspection)
        self.units: Mapping[str, Unit] = {unit.code: unit for unit in record.units}
        self.as_of = record.as_of
        self.tool_version = record.tool_version
        self.words = wordbook(Path(self.machine.lexicons) if self.machine.lexicons else None)
        self.writer = ThreadPoolExecutor(1, thread_name_prefix="store")
        self.judges = ThreadPoolExecutor(1, thread_name_prefix="judge")
        self.pacer = Pacer(ledger=self.store.budgets)
        self.logins = logins(os.environ, Path(self.machine.credentials_file) if self.machine.credentials_file else None)
        self._judging_since: float | None = None

    @property
    def judging(self) -> float:
        """Seconds for which the judges' thread has been at the target that it judges; 0 where it judges none."""
        since = self._judging_since
        return 0.0 if since is None else time.monotonic() - since

    @property
    def policy(self) -> AddressPolicy:
        """Which addresses may be visited, and where the registry leads their names."""
        return AddressPolicy(allow_private=self.terms.allow_private, hosts=self.terms.hosts)

    @cached_property
    def platforms(self) -> httpx.AsyncClient:
        """Who asks the accounts' platforms; made for the first account, for its list of authorities takes 30 ms.

        A login goes where DNS says: the registry leads no platform elsewhere.
        """
        plain = AddressPolicy(allow_private=self.terms.allow_private)
        return platform_client(plain, self.limits, self.machine.roots)

    def asking(self) -> dict[str, JSON]:
        """Who asks, as it is kept with a run: what evidence and archives name as their client and operator."""
        return {"user_agent": self.limits.user_agent, "contact": self.limits.contact}

    async def judge(self, work: Callable[[], T]) -> T:
        """Runs what takes the core for a while in the judges' thread; what is logged there still says for whom."""
        context = contextvars.copy_context()

        def judged() -> T:
            self._judging_since = time.monotonic()
            try:
                return context.run(work)
            finally:
                self._judging_since = None

        return await asyncio.get_running_loop().run_in_executor(self.judges, judged)

    async def close(self) -> None:
        """Gives everything back."""
        if "platforms" in self.__dict__:
            await self.platforms.aclose()
        self.writer.shutdown()
        self.judges.shutdown()
        self.store.close()


class Errand:
    """One target that this worker has taken: what it writes goes through a store that proves its lease."""

    def __init__(self, desk: Desk, row: TargetRow, kit: Equipment) -> None:
        self.desk, self.row, self.kit = desk, row, kit
        self.unit = desk.units[row.target.unit]
        self.task: Task | None = desk.plan.rechecks.get(row.number)
        self.store = desk.store.held(Lease(row.inspection, row.number, desk.name))
        self.bench = Bench(self.store, row.inspection, desk.as_of)
        self.is_stopped = False
        self._spiders: list[SiteSpider] = []
        self._ending: list[asyncio.Task[None]] = []

    @property
    def spider(self) -> SiteSpider | None:
        """The crawl under way or just ended."""
        return self._spiders[-1] if self._spiders else None

    def started(self, spider: SiteSpider) -> None:
        """A crawl has begun."""
        self._spiders.append(spider)
        if self.is_stopped:
            self._end(spider)

    def stop(self) -> None:
        """Ends the errand cleanly; what was gathered is kept, and another may go on with it."""
        self.is_stopped = True
        for spider in self._spiders:
            self._end(spider)

    def end_crawl(self) -> None:
        """Ends the crawl alone: what it sees cannot be written any more."""
        for spider in self._spiders:
            self._end(spider)

    def _end(self, spider: SiteSpider) -> None:
        self._ending.append(asyncio.create_task(_ended(spider)))


async def _ended(spider: SiteSpider) -> None:
    """Stops a crawl. Scrapy forgets a stop that comes before the engine runs, so that is waited for."""
    crawler = spider.crawler
    while crawler.crawling and not (crawler.engine and crawler.engine.running):  # noqa: ASYNC110
        await asyncio.sleep(0.02)  # Scrapy tells nobody when that is
    await crawler.stop_async()
