"""A worker process: one reactor for its life, many targets side by side, taken one by one from the inspection's table.

It is told what to do by a Plan and tells how it goes by Ticks; the table of targets is the truth of what is done.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import cached_property
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx
import msgspec

from checks import runner
from checks.model import JSON, CheckResult, Subject
from crawler.accounts.credentials import logins
from crawler.accounts.pacing import Pacer
from crawler.facts import (
    BEIJING,
    Account,
    AccountFacts,
    AccountFetch,
    PageKind,
    RunFacts,
    Site,
    Trials,
    Unit,
    UnitFacts,
)
from crawler.fetch.client import platform_client
from crawler.fetch.crawl import CrawlEnd, Equipment, crawl, equipment
from crawler.fetch.limits import Limits
from crawler.fetch.log import Baseline, Progress
from crawler.fetch.policy import AddressPolicy
from crawler.fetch.settings import EVENT_LOOP, REACTOR
from crawler.fetch.spider import SiteSpider
from crawler.read.platforms import platform_of
from crawler.read.scope import own_hosts_of
from crawler.read.urls import normalise
from crawler.words.wordbook import wordbook
from scheduler.baseline import base_of, baseline_of, reading_settings
from scheduler.judge import (
    ACCOUNT_WINDOW_DAYS,
    Bench,
    facts_of,
    judge_account,
    judge_site,
    judge_unit,
    problems_in,
    undetermined_in,
)
from scheduler.picturing import keep_pictures
from scheduler.plan import Plan, Tick
from scheduler.progress import progress_of
from scheduler.recheck import addresses, counted, narrowed, only, seen_anew, steps_of, steps_of_site
from scheduler.recorder import RunRecorder
from scheduler.shelving import shelf_at
from scheduler.task import Task
from storage.errors import StorageError
from storage.inspections import TargetRow
from storage.rectifications import Step
from storage.run_view import RunView
from storage.store import Store

logger = logging.getLogger(__name__)


def run_worker(plan: Plan, name: str, reports: Connection) -> None:
    """The process's main: works until the table has no target left, or until SIGTERM ends it cleanly."""
    from scrapy.utils.reactor import install_reactor

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    # Names nobody can act on: one line for every page that a server cut off.
    logging.getLogger("scrapy.core.scraper").setLevel(logging.ERROR)
    install_reactor(REACTOR, EVENT_LOOP)
    from twisted.internet import reactor as installed

    reactor: Any = installed  # its type is chosen at run time
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    loop = asyncio.get_event_loop()
    worker = Worker(plan, name, reports)
    fault: list[BaseException] = []

    parent = multiprocessing.parent_process()

    def orphaned() -> None:
        """Whoever started us was killed: end as at SIGTERM, so that a resumed run meets no second visitor."""
        if parent is not None:
            loop.remove_reader(parent.sentinel)
        worker.stop()

    def begin() -> None:
        task = loop.create_task(worker.serve())
        loop.add_signal_handler(signal.SIGTERM, worker.stop)
        if parent is not None:
            loop.add_reader(parent.sentinel, orphaned)
        task.add_done_callback(end)

    def end(task: asyncio.Task[None]) -> None:
        error = task.exception()
        if error is not None:
            fault.append(error)
            logger.error("worker failed", exc_info=error)
        reactor.stop()

    # What is loaded by now lives as long as the process, and facts are trees without cycles: look rarely for garbage.
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()
    reactor.callWhenRunning(begin)
    reactor.run(installSignalHandlers=False)
    reports.close()
    if fault:
        raise SystemExit(1)


class Worker:
    """Takes targets, gathers, judges, and marks them in the table."""

    def __init__(self, plan: Plan, name: str, reports: Connection) -> None:
        self._plan, self._name, self._reports = plan, name, reports
        self._store = Store(plan.database, Path(plan.folder), shelf_at(plan.evidence))
        record = self._store.inspections.get(plan.inspection)
        self._units: Mapping[str, Unit] = {unit.code: unit for unit in record.units}
        self._as_of = record.as_of
        self._tool_version = record.tool_version
        self._bench = Bench(self._store, plan.inspection, record.as_of)
        self._words = wordbook(Path(plan.lexicons) if plan.lexicons else None)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._judges = ThreadPoolExecutor(1, thread_name_prefix="judge")
        self._pacer = Pacer(ledger=self._store.budgets)
        self._logins = logins(os.environ, Path(plan.credentials_file) if plan.credentials_file else None)
        self._kit: Equipment | None = None
        self._stopping = False

    def stop(self) -> None:
        """Ends all crawls cleanly; what was gathered is kept and the targets can be resumed."""
        self._stopping = True
        if self._kit is not None:
            self._stopped = asyncio.ensure_future(self._kit.runner.stop())

    async def serve(self) -> None:
        """Works off the table, at most `at_once` targets side by side."""
        plan = self._plan
        async with equipment(
            limits=plan.limits,
            policy=AddressPolicy(allow_private=plan.allow_private, hosts=plan.hosts),
            canaries=plan.canaries,
            rendering=plan.rendering,
            words=self._words,
            roots=plan.roots,
        ) as kit:
            self._kit = kit
            underway: set[asyncio.Task[None]] = set()
            while True:
                row = None
                if not self._stopping and len(underway) < plan.at_once:
                    row = self._store.inspections.take(plan.inspection, self._name, _now())
                if row is not None:
                    underway.add(asyncio.create_task(self._work(row, kit)))
                elif underway:
                    _, underway = await asyncio.wait(underway, return_when=asyncio.FIRST_COMPLETED)
                else:
                    break
        if "_platforms" in self.__dict__:
            await self._platforms.aclose()
        self._writer.shutdown()
        self._judges.shutdown()
        self._store.close()

    @cached_property
    def _platforms(self) -> httpx.AsyncClient:
        """Who asks the accounts' platforms; made for the first account, for its list of authorities takes 30 ms."""
        return platform_client(
            AddressPolicy(allow_private=self._plan.allow_private), self._plan.limits, self._plan.roots
        )

    async def _work(self, row: TargetRow, kit: Equipment) -> None:
        started, cpu = time.monotonic(), time.process_time()
        try:
            state, reason, stats = await self._dispatch(row, kit)
        except Exception as error:
            logger.exception("target %s failed", row.target.address)
            state, reason, stats = "failed", f"出错：{type(error).__name__}：{error}", {}
        spent = stats.pop("cpu", None)
        stats["wall_seconds"] = round(time.monotonic() - started, 2)
        stats["cpu_seconds"] = round(spent if isinstance(spent, float) else time.process_time() - cpu, 2)
        self._store.inspections.complete(
            self._plan.inspection, row.number, state=state, exit_reason=reason, stats=stats, now=_now()
        )
        self._tell(Tick(row.number, state, *(int(str(stats.get(key, 0))) for key in ("pages", "links", "problems"))))

    async def _dispatch(self, row: TargetRow, kit: Equipment) -> tuple[str, str, dict[str, JSON]]:
        unit = self._units[row.target.unit]
        task = self._plan.rechecks.get(row.number)
        if row.target.kind is Subject.SITE:
            site = next(site for site in unit.sites if site.home_url == row.target.address)
            if task is not None:
                return await self._recheck_site(row, unit, site, kit, task)
            return await self._inspect_site(row, unit, site, kit)
        if row.target.kind is Subject.ACCOUNT:
            account = next(account for account in unit.accounts if account.key == row.target.address)
            return await self._inspect_account(row, unit, account, kit)
        if task is not None:
            found = runner.run(UnitFacts(unit, self._as_of), checks=task.checks)
            steps = steps_of(task, found, self._plan.inspection, _now())
            self._store.rectifications.step(steps)
            return "done", "完成", counted(steps)
        results = judge_unit(self._bench, unit, row.target, _now())
        return "done", "完成", {"problems": problems_in(results), "undetermined": undetermined_in(results)}

    async def _inspect_site(
        self, row: TargetRow, unit: Unit, site: Site, kit: Equipment
    ) -> tuple[str, str, dict[str, JSON]]:
        runs, own = self._store.runs, own_hosts_of(site)
        reading = reading_settings(own, self._words.digest)
        progress = Progress()
        if row.run is None:
            base = None
            if self._plan.incremental:
                base = base_of(runs, row.target, reading, self._tool_version, self._as_of, _now())
            run = runs.open(self._plan.inspection, row.target, {**self._asking(), **reading}, _now(), base=base)
            self._store.inspections.attach_run(self._plan.inspection, row.number, run)
        else:
            run = row.run
            progress = await asyncio.to_thread(progress_of, runs.view(run), normalise(site.home_url), own)
        line = runs.view(run).line
        baseline = Baseline()
        if line:
            trials = msgspec.convert(runs.notes(line[0]).get("trials", {}), Trials)
            baseline = await asyncio.to_thread(baseline_of, runs.view(line[0]), own, trials)
        end, spider = await self._gather(row, site, kit, run, progress, baseline, self._plan.limits)
        if self._stopping:
            return "interrupted", "用户中断", {"pages": spider.pages if spider else 0}
        self._note(run, end)
        judging = time.process_time()
        results = await asyncio.get_running_loop().run_in_executor(
            self._judges,
            lambda: judge_site(
                self._bench,
                unit,
                site,
                row.target,
                runs.view(run),
                truncated_by=end.truncated_by,
                note=end.note,
                trials=end.trials,
                now=_now(),
            ),
        )
        pictures = await self._picture(row, runs.view(run), results, kit)
        stats: dict[str, JSON] = {
            **_figures(end, spider),
            "platform": _platform(runs.view(run)),
            "problems": problems_in(results),
            "undetermined": undetermined_in(results),
            "pictures": pictures,
            "cpu": end.cpu + time.process_time() - judging,
        }
        runs.finish(run, _now(), end.exit_reason, stats)
        return "done", end.exit_reason, stats

    async def _gather(
        self,
        row: TargetRow,
        site: Site,
        kit: Equipment,
        run: int,
        progress: Progress,
        baseline: Baseline,
        limits: Limits,
    ) -> tuple[CrawlEnd, SiteSpider | None]:
        """Visits a site and records what it shows."""
        recorder = RunRecorder(self._store.runs, run, self._writer)
        spiders: list[SiteSpider] = []
        ticking = asyncio.create_task(self._tick(row.number, recorder, spiders))

        def recorded() -> RunFacts:
            recorder.flush()
            return self._store.runs.view(run)

        try:
            end = await crawl(
                site,
                self._as_of,
                limits,
                recorder,
                progress,
                baseline,
                kit,
                recorded=recorded,
                started=spiders.append,
            )
        finally:
            ticking.cancel()
            recorder.flush()
        return end, spiders[0] if spiders else None

    async def _recheck_site(
        self, row: TargetRow, unit: Unit, site: Site, kit: Equipment, task: Task
    ) -> tuple[str, str, dict[str, JSON]]:
        """Looks at the problems of a site again; what they do not concern is taken over from the run they are of."""
        runs, own = self._store.runs, own_hosts_of(site)
        before = runs.view(task.base)
        afresh = await asyncio.to_thread(addresses, before, task, normalise(site.home_url), own)
        if row.run is None:
            run = runs.open(self._plan.inspection, row.target, self._asking(), _now(), base=task.base)
            runs.take_over(run, task.base, afresh)
            self._store.inspections.attach_run(self._plan.inspection, row.number, run)
        else:
            run = row.run
        whole = await asyncio.to_thread(progress_of, runs.view(run), normalise(site.home_url), own)
        baseline = Baseline(links={link: number for number, link in before.numbered_links()})
        progress = only(whole, afresh, own)
        end, spider = await self._gather(row, site, kit, run, progress, baseline, narrowed(self._plan.limits, task))
        if self._stopping:
            return "interrupted", "用户中断", {"pages": spider.pages if spider else 0}
        self._note(run, end)
        cut = end.truncated_by or str(runs.notes(task.base).get("truncated_by", ""))
        view = runs.view(run)

        def judged() -> list[tuple[int, Step]]:
            facts = facts_of(self._bench, unit, site, view, truncated_by=cut, note=end.note, trials=end.trials)
            facts = seen_anew(facts, view, own)
            results = runner.run(facts, checks=task.checks)
            return steps_of_site(task, results, facts, view, afresh, own, end.truncated_by, self._bench, _now())

        steps = await asyncio.get_running_loop().run_in_executor(self._judges, judged)
        self._store.rectifications.step(steps)
        stats: dict[str, JSON] = {**_figures(end, spider), **counted(steps), "cpu": end.cpu}
        runs.finish(run, _now(), end.exit_reason, stats)
        return "done", end.exit_reason, stats

    def _asking(self) -> dict[str, JSON]:
        """Who asks, as it is kept with a run: what evidence and archives name as their client and operator."""
        limits = self._plan.limits
        return {"user_agent": limits.user_agent, "contact": limits.contact}

    async def _picture(self, row: TargetRow, run: RunView, results: tuple[CheckResult, ...], kit: Equipment) -> int:
        """Screenshots of what was found; how many. They come after the results are saved and change none of them."""
        if kit.renderer is None or not kit.renderer.is_available or self._stopping:
            return 0
        try:
            kept = await keep_pictures(self._store, run, results, kit.renderer, self._plan.limits.screenshots, _now)
            await asyncio.to_thread(self._store.results.attach, self._plan.inspection, row.target, kept)
        except (StorageError, OSError) as error:
            logger.warning("no screenshots of %s: %s", row.target.address, error)
            return 0
        return len(kept)

    def _note(self, run: int, end: CrawlEnd) -> None:
        """Keeps with the run what judging it again will need."""
        notes = self._store.runs.note
        notes(run, "robots", {"text": end.robots_text, "note": end.robots_note})
        notes(run, "trials", msgspec.to_builtins(end.trials))
        notes(run, "truncated_by", end.truncated_by)
        notes(run, "coverage_note", end.note)

    async def _inspect_account(
        self, row: TargetRow, unit: Unit, account: Account, kit: Equipment
    ) -> tuple[str, str, dict[str, JSON]]:
        run, facts, pages = await self._account_facts(row, unit, account, kit)
        task = self._plan.rechecks.get(row.number)
        stats: dict[str, JSON] = {
            "posts": sum(len(fetch.posts) for fetch in facts.fetches),
            "followed": len(facts.links or ()),
        }
        if task is None:
            results = judge_account(self._bench, row.target, facts, pages, _now())
            stats |= {"problems": problems_in(results), "undetermined": undetermined_in(results)}
        else:
            steps = steps_of(task, runner.run(facts, checks=task.checks), self._plan.inspection, _now())
            self._store.rectifications.step(steps)
            stats |= counted(steps)
        reason = "；".join(dict.fromkeys(fetch.outcome.label for fetch in facts.fetches)) or "未登记数据来源"
        self._store.runs.finish(run, _now(), reason, stats)
        return "done", reason, stats

    async def _account_facts(
        self, row: TargetRow, unit: Unit, account: Account, kit: Equipment
    ) -> tuple[int, AccountFacts, Mapping[str, str]]:
        """The run, what an account's sources gave, and the SHA-256 of pages that were followed and kept, by address."""
        # What reads feeds, workbooks and pages of articles is loaded only where there are accounts.
        from crawler.accounts.links import Follower, links_of
        from crawler.accounts.post_texts import post_texts
        from crawler.accounts.sources import fetch_account

        def clock() -> datetime:
            return self._plan.account_time or _now()

        since = self._as_of - timedelta(days=ACCOUNT_WINDOW_DAYS)
        run = self._store.runs.open(self._plan.inspection, row.target, self._asking(), _now())
        self._store.inspections.attach_run(self._plan.inspection, row.number, run)
        fetches: tuple[AccountFetch, ...] = await fetch_account(
            account,
            since,
            self._as_of,
            clock=clock,
            client=self._platforms,  # a login goes where DNS says: the registry leads no platform elsewhere
            base_folder=Path(self._plan.registry_folder),
            routes=self._plan.routes,
            pacer=self._pacer,
            environ=self._logins,
            keep=lambda _, payload: self._keep(run, account, payload),
        )
        self._store.runs.note(run, "fetches", msgspec.to_builtins(fetches))
        for fetch in fetches:
            self._store.accounts.record(account.key, fetch, clock())
        pages: dict[str, str] = {}
        wanted = links_of(account, fetches)
        follower = Follower(
            kit.client, _now, self._pacer, lambda url, body: pages.update({url: self._keep_page(run, url, body)})
        )
        links = await follower.follow(wanted) if wanted else None
        self._store.runs.note(run, "links", msgspec.to_builtins(links))
        facts = AccountFacts(
            unit,
            account,
            self._as_of,
            fetches,
            history=self._store.accounts.history(account.key, since, self._as_of),
            links=links,
            texts=post_texts(fetches, self._words, links or ()),
        )
        return run, facts, pages

    def _keep(self, run: int, account: Account, payload: bytes) -> None:
        """Keeps what an account's source answered, under the account's own address."""
        client = self._plan.limits.user_agent
        self._store.evidence.keep(payload, kind="other", url=account.key, at=_now(), client=client, run=run)

    def _keep_page(self, run: int, url: str, body: bytes) -> str:
        """Keeps a page that an account leads to and that was not in order; its SHA-256."""
        client = self._plan.limits.user_agent
        return self._store.evidence.keep(body, kind="html", url=url, at=_now(), client=client, run=run).sha256

    async def _tick(self, number: int, recorder: RunRecorder, spiders: list[SiteSpider]) -> None:
        while True:
            await asyncio.sleep(1)
            recorder.tick()
            if recorder.fault is not None and spiders:
                await self._kit_stop()
            for spider in spiders:
                self._tell(Tick(number, "running", spider.pages, spider.links))

    async def _kit_stop(self) -> None:
        if self._kit is not None:
            await self._kit.runner.stop()

    def _tell(self, tick: Tick) -> None:
        try:
            self._reports.send(tick)
        except OSError:
            logger.debug("nobody listens any more")


def _figures(end: CrawlEnd, spider: SiteSpider | None) -> dict[str, JSON]:
    """What a visit came to, in numbers."""
    counts = spider.counts if spider else {}
    return {
        "pages": spider.pages if spider else 0,
        "unchanged": spider.unchanged if spider else 0,
        "links": spider.links if spider else 0,
        "requests": end.requests,
        "offsite": end.offsite,
        "too_deep": end.too_deep,
        "outcomes": {outcome.value: count for outcome, count in sorted(counts.items())},
        "blocked": sum(count for outcome, count in counts.items() if outcome.value == "blocked"),
        "attachments": len(end.trials.attachments.tried),
    }


def _platform(view: RunView) -> str:
    """The builder's system that the run's home page shows."""
    return next((platform_of(home, view.links_of(home.url)) for home in view.pages(PageKind.HOME)), "")


def _now() -> datetime:
    return datetime.now(BEIJING)
