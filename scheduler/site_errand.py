"""One site of an inspection: visited, judged, pictured; or in a recheck looked at again."""

from __future__ import annotations

import asyncio
import logging
import time

import msgspec

from checks import runner
from checks.model import JSON, CheckResult
from crawler.clock import now
from crawler.facts import PageKind, RunFacts, Site, Trials
from crawler.fetch.crawl import CrawlEnd, crawl
from crawler.fetch.limits import Limits
from crawler.fetch.log import Baseline, Progress
from crawler.fetch.spider import OWN_NETWORK, SiteSpider
from crawler.read.platforms import platform_of
from crawler.read.scope import own_hosts_of
from crawler.read.urls import normalise
from scheduler.baseline import base_of, baseline_of, reading_settings
from scheduler.desk import Ended, Errand
from scheduler.judge import facts_of, judge_site, problems_in, undetermined_in
from scheduler.logs import bind
from scheduler.picturing import keep_pictures
from scheduler.plan import TRIES, Tick
from scheduler.progress import progress_of
from scheduler.recheck import addresses, counted, narrowed, only, seen_anew, steps_of_site
from scheduler.recorder import RunRecorder
from scheduler.task import Task
from storage.errors import StorageError
from storage.rectifications import Step
from storage.run_view import RunView

logger = logging.getLogger(__name__)


async def run_site(errand: Errand) -> Ended:
    """Works on the site of the errand. What it answers is written nowhere yet but in its run."""
    site = next(site for site in errand.unit.sites if site.home_url == errand.row.target.address)
    return await (_inspect(errand, site) if errand.task is None else _recheck(errand, site, errand.task))


async def _inspect(errand: Errand, site: Site) -> Ended:
    desk, runs, own = errand.desk, errand.store.runs, own_hosts_of(site)
    reading = reading_settings(own, desk.words.digest)
    progress = Progress()
    begun = _begun(errand)
    if begun is None:
        base = None
        if desk.plan.incremental:
            base = base_of(runs, errand.row.target, reading, desk.tool_version, desk.as_of, now())
        run = await asyncio.to_thread(_opened, errand, {**desk.asking(), **reading}, base)
    else:
        run = begun
        progress = await asyncio.to_thread(progress_of, runs.view(run), normalise(site.home_url), own)
    bind(run=run)
    line = runs.view(run).line
    baseline = Baseline()
    if line:
        trials = msgspec.convert(runs.notes(line[0]).get("trials", {}), Trials)
        baseline = await asyncio.to_thread(baseline_of, runs.view(line[0]), own, trials)
    end, spider = await _gather(errand, site, run, progress, baseline, desk.limits)
    if errand.is_stopped:
        return "interrupted", "用户中断", {"pages": spider.ledger.pages if spider else 0}
    if end.truncated_by == OWN_NETWORK and errand.row.attempts < TRIES and not desk.plan.awaited:
        await asyncio.to_thread(runs.forget_unanswered, run)  # or they would count as looks at the addresses
        return "interrupted", OWN_NETWORK, {}  # nobody waits for it: our network may be back in a while
    await asyncio.to_thread(_note, errand, run, end)
    judging = time.process_time()
    results = await desk.judge(
        lambda: judge_site(
            errand.bench,
            errand.unit,
            site,
            errand.row.target,
            runs.view(run),
            truncated_by=end.truncated_by,
            note=end.note,
            trials=end.trials,
            now=now(),
        )
    )
    pictures = await _picture(errand, runs.view(run), results)
    stats: dict[str, JSON] = {
        **_figures(end, spider),
        "platform": _platform(runs.view(run)),
        "problems": problems_in(results),
        "undetermined": undetermined_in(results),
        "pictures": pictures,
        "cpu": end.cpu + time.process_time() - judging,
    }
    await asyncio.to_thread(runs.finish, run, now(), end.exit_reason, stats)
    return "done", end.exit_reason, stats


async def _recheck(errand: Errand, site: Site, task: Task) -> Ended:
    """Looks at the problems of a site again; what they do not concern is taken over from the run they are of."""
    desk, runs, own = errand.desk, errand.store.runs, own_hosts_of(site)
    before = runs.view(task.base)
    afresh = await asyncio.to_thread(addresses, before, task, normalise(site.home_url), own)
    begun = _begun(errand)
    if begun is None:
        run = _opened(errand, desk.asking(), task.base, attached=False)
        runs.take_over(run, task.base, afresh)
        errand.store.inspections.attach_run(errand.row.inspection, errand.row.number, run)
    else:
        run = begun
    bind(run=run)
    whole = await asyncio.to_thread(progress_of, runs.view(run), normalise(site.home_url), own)
    baseline = Baseline(links={link: number for number, link in before.numbered_links()})
    progress = only(whole, afresh, own)
    end, spider = await _gather(errand, site, run, progress, baseline, narrowed(desk.limits, task))
    if errand.is_stopped:
        return "interrupted", "用户中断", {"pages": spider.ledger.pages if spider else 0}
    await asyncio.to_thread(_note, errand, run, end)
    cut = end.truncated_by or str(runs.notes(task.base).get("truncated_by", ""))
    view = runs.view(run)

    def judged() -> list[tuple[int, Step]]:
        facts = facts_of(errand.bench, errand.unit, site, view, truncated_by=cut, note=end.note, trials=end.trials)
        facts = seen_anew(facts, view, own)
        results = runner.run(facts, checks=task.checks)
        return steps_of_site(task, results, facts, view, afresh, own, end.truncated_by, errand.bench, now())

    steps = await desk.judge(judged)
    errand.store.rectifications.step(steps)
    stats: dict[str, JSON] = {**_figures(end, spider), **counted(steps), "cpu": end.cpu}
    await asyncio.to_thread(runs.finish, run, now(), end.exit_reason, stats)
    return "done", end.exit_reason, stats


def _begun(errand: Errand) -> int | None:
    """The run to go on with; None where there is none, or what it captured lies on another machine."""
    run = errand.row.run
    return run if run is not None and errand.store.runs.has_bodies(run) else None


def _opened(errand: Errand, settings: dict[str, JSON], base: int | None, *, attached: bool = True) -> int:
    row = errand.row
    run = errand.store.runs.open(row.inspection, row.target, settings, now(), base=base)
    if attached:
        errand.store.inspections.attach_run(row.inspection, row.number, run)
    return run


async def _gather(
    errand: Errand, site: Site, run: int, progress: Progress, baseline: Baseline, limits: Limits
) -> tuple[CrawlEnd, SiteSpider | None]:
    """Visits a site and records what it shows. Raises StorageError where that could not be written."""
    recorder = RunRecorder(errand.store.runs, run, errand.desk.writer)
    ticking = asyncio.create_task(_tick(errand, recorder))

    def recorded() -> RunFacts:
        recorder.flush()
        return errand.store.runs.view(run)

    try:
        end = await crawl(
            site,
            errand.desk.as_of,
            limits,
            recorder,
            progress,
            baseline,
            errand.kit,
            recorded=recorded,
            started=errand.started,
        )
    finally:
        ticking.cancel()
        await asyncio.to_thread(recorder.flush)
    return end, errand.spider


async def _tick(errand: Errand, recorder: RunRecorder) -> None:
    while True:
        await asyncio.sleep(1)
        recorder.tick()
        if recorder.fault is not None:
            errand.end_crawl()
        if (spider := errand.spider) is not None:
            errand.desk.tell(Tick(errand.row.number, "running", spider.ledger.pages, spider.ledger.links))


async def _picture(errand: Errand, run: RunView, results: tuple[CheckResult, ...]) -> int:
    """Screenshots of what was found; how many. They come after the results are saved and change none of them."""
    renderer = errand.kit.renderer
    if renderer is None or not renderer.is_available or errand.is_stopped:
        return 0
    row, most = errand.row, errand.desk.limits.screenshots
    try:
        kept = await keep_pictures(errand.store, run, results, renderer, most, now)
        await asyncio.to_thread(errand.store.results.attach, row.inspection, row.target, kept)
    except (StorageError, OSError) as error:
        logger.warning("no screenshots of %s: %s", row.target.address, error)
        return 0
    return len(kept)


def _note(errand: Errand, run: int, end: CrawlEnd) -> None:
    """Keeps with the run what judging it again will need."""
    notes = errand.store.runs.note
    notes(run, "robots", {"text": end.robots_text, "note": end.robots_note})
    notes(run, "trials", msgspec.to_builtins(end.trials))
    notes(run, "truncated_by", end.truncated_by)
    notes(run, "coverage_note", end.note)


def _figures(end: CrawlEnd, spider: SiteSpider | None) -> dict[str, JSON]:
    """What a visit came to, in numbers."""
    counts = spider.tally.counts if spider else {}
    return {
        "pages": spider.ledger.pages if spider else 0,
        "unchanged": spider.ledger.unchanged if spider else 0,
        "links": spider.ledger.links if spider else 0,
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
