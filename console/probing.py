"""`xuncha probe`: availability probes of every home page of a registry, once or as a loop until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import random
import signal
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct
from rich.console import Console

from console.errors import BadUsage
from console.ordering import canaries_of, narrowed, refuse_private
from console.output import say_json
from console.settings import settings
from crawler.clock import now
from crawler.facts import BEIJING, Outcome, ProbeFact
from crawler.fetch.client import visiting_client
from crawler.fetch.limits import Limits
from crawler.fetch.network import Canaries
from crawler.fetch.policy import AddressPolicy
from crawler.fetch.spaced import SpacedVisits
from scheduler import pulse
from scheduler.probing import MOST_SPACING, Clock, keep_watch, probe_all
from scheduler.registry import load
from storage.errors import DatabaseUnavailable, DiskFull
from storage.probes import Probes
from storage.store import Store

logger = logging.getLogger(__name__)

USUAL_MINUTES = 45.0
LEAST_MINUTES = 15.0
"""Probes closer together are counted once (threshold spacing_minutes of availability.unreachable)."""
_MOST_WAITING = 100_000


class Keeper(Struct):
    """Writes each probe as it comes. What a busy or full database does not take is written with the next."""

    probes: Probes
    waiting: list[ProbeFact]

    async def keep(self, fact: ProbeFact) -> None:
        """Adds a probe; returns when it is in the database, or is known to have to wait."""
        self.waiting.append(fact)
        batch, self.waiting = self.waiting, []
        try:
            await asyncio.to_thread(self.probes.add, batch)
        except (DatabaseUnavailable, DiskFull) as error:
            self.waiting = [*batch, *self.waiting][-_MOST_WAITING:]
            logger.warning("%s；%d 次探测记录待写入", error, len(self.waiting))


class WallClock:
    """Real time, until `stop` is set."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop

    def now(self) -> datetime:
        """The moment in Beijing time."""
        return now()

    async def wait_until(self, moment: datetime) -> bool:
        """Waits in short naps, so that a machine that was suspended notices the hour when it wakes."""
        while not self._stop.is_set() and (left := (moment - self.now()).total_seconds()) > 0:
            try:
                await asyncio.wait_for(self._stop.wait(), timeout=min(left, 60))
            except TimeoutError:
                continue
        return not self._stop.is_set()


def probe_registry(
    path: Path,
    *,
    once: bool,
    every: float | None,
    units: str,
    database: str,
    allow_private: bool,
    json_output: bool,
) -> int:
    """Probes every running site of a registry. Once: 0, or 3 and 4 where our own network let some or all of it down."""
    if once and every is not None:
        raise BadUsage("--once 与 --every 只能选一个")
    minutes = USUAL_MINUTES if every is None else every
    most = MOST_SPACING / timedelta(minutes=1)
    if not LEAST_MINUTES <= minutes <= most:
        raise BadUsage(f"--every 应为 {LEAST_MINUTES:g} 至 {most:g} 分钟：再密不另计次，再疏则一天不足 20 次")
    registry = narrowed(load(path), units)
    names = {site.home_url: site.name for unit in registry.units for site in unit.sites if site.status == "running"}
    if not names:
        raise BadUsage("台账中没有运行中的网站")
    for address in names:
        refuse_private(address, allow_private=allow_private, hosts=registry.hosts)
    configured = settings()
    configured.folder.mkdir(parents=True, exist_ok=True)
    with Store(database or configured.database_url, configured.folder) as store:
        store.upgrade()
        limits = Limits(contact=configured.contact)
        policy = AddressPolicy(allow_private=allow_private, hosts=registry.hosts)
        watch = _Watch(names, store.probes, limits, canaries_of(registry, configured), policy, json_output)
        facts = asyncio.run(pulse.accompany(watch.once() if once else watch.on(timedelta(minutes=minutes))))
    if not once:
        return 0
    if json_output:
        say_json({"probes": [_row(fact) for fact in facts]})
    down = sum(fact.outcome is Outcome.OWN_NETWORK for fact in facts)
    return 0 if not down else 4 if down == len(facts) else 3


class _Watch:
    """One registry's home pages under watch."""

    def __init__(
        self,
        names: dict[str, str],
        probes: Probes,
        limits: Limits,
        canaries: tuple[str, ...],
        policy: AddressPolicy,
        json_output: bool,
    ) -> None:
        self._names, self._probes, self._limits, self._canaries = names, probes, limits, canaries
        self._policy = policy
        self._json = json_output
        self._console = Console(stderr=json_output)

    async def once(self) -> tuple[ProbeFact, ...]:
        """Every home page now."""
        keeper = Keeper(self._probes, [])

        async def keep(fact: ProbeFact) -> None:
            await keeper.keep(fact)
            if not self._json:
                self._tell(fact)

        clock = WallClock(asyncio.Event())
        async with visiting_client(self._policy, self._limits) as client:
            visits = SpacedVisits(client, Canaries(client, self._canaries), self._limits, clock.now)
            facts = await probe_all(self._names, visits.visit, keep)
        self._probes.add(keeper.waiting)
        return facts

    async def on(self, spacing: timedelta) -> tuple[ProbeFact, ...]:
        """Until SIGTERM or Ctrl-C; what is under way is ended and kept."""
        stop, keeper = asyncio.Event(), Keeper(self._probes, [])
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)

        async def keep(fact: ProbeFact) -> None:
            await keeper.keep(fact)
            if self._json:
                say_json(_row(fact))
            else:
                self._tell(fact)

        clock: Clock = WallClock(stop)
        if not self._json:
            minutes = spacing / timedelta(minutes=1)
            self._console.print(f"每 {minutes:g} 分钟左右访问一次 {len(self._names)} 个网站的首页，Ctrl-C 停止。")
        async with visiting_client(self._policy, self._limits) as client:
            visits = SpacedVisits(client, Canaries(client, self._canaries), self._limits, clock.now)
            last = self._probes.latest(self._names)
            draw = random.Random()
            await keep_watch(self._names, visits.visit, keep, clock, spacing=spacing, last=last, draw=draw)
        self._probes.add(keeper.waiting)
        return ()

    def _tell(self, fact: ProbeFact) -> None:
        at = fact.at.astimezone(BEIJING).strftime("%m-%d %H:%M:%S")
        words = f"{fact.outcome.label}{f'（{fact.reason}）' if fact.reason else ''}"
        name = self._names[fact.url] or fact.url
        self._console.print(f"{at}  {words}  {fact.elapsed_ms / 1000:.1f} 秒  {name}", highlight=False, soft_wrap=True)


def _row(fact: ProbeFact) -> dict[str, object]:
    return {
        "url": fact.url,
        "at": fact.at.isoformat(),
        "outcome": fact.outcome.value,
        "elapsed_ms": fact.elapsed_ms,
        "canaries_ok": fact.canaries_ok,
        "reason": fact.reason,
    }
