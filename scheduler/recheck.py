"""复查: what must be visited anew for the problems of a notice, and what the new look says of each.

A recheck stands on the run that the problems were found in. It takes over every page and visit that they do not
concern, so that it costs only the pages concerned, and judges the whole by the same checks. "Gone" is said only where
the place was seen again; whatever could not be seen or told stays open as 未能判定.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from checks.model import JSON, CheckResult, StampedFinding, State
from crawler.facts import Outcome, PageKind, Resource, SiteFacts
from crawler.fetch.limits import Limits
from crawler.fetch.log import Place, Progress
from crawler.read.timings import Timings
from crawler.read.urls import host_of, normalise
from scheduler.judge import Bench
from scheduler.task import Asked, Task
from storage.rectifications import Step, StepKind
from storage.run_view import RunView

MOST_BEARERS = 30
"""Pages that bear a link at fault and are visited again; a footer's link stands on all pages of a site."""
MOST_TURNED = 20
"""Further pages of a column's list that are visited again."""
MISSING = frozenset({Outcome.GONE, Outcome.SOFT_404})
DISPLAYED = frozenset({"function.accessibility", "function.responsive"})
"""Checks that look at a few pages in a browser."""
SAMPLED = frozenset({"content.advertising", "function.page-labels", "function.share"})
"""Checks that look at the home page and a sample, beside those of the family identity."""
_UNTOLD = frozenset({State.UNDETERMINED, State.ERROR, State.NOT_CHECKED, State.NOT_APPLICABLE})


def addresses(run: RunView, task: Task, home: str, own: frozenset[str]) -> frozenset[str]:
    """What is visited anew: the home page, the place of every problem, and what the problem itself is about.

    A column is read back again as far as it was; for what is missing on the whole site (the place is the home page)
    the columns that the home page names are looked through again.
    """
    homes = {home, *(page.url for page in run.pages(PageKind.HOME))}
    wanted = set(homes)
    for one in task.asked:
        finding = one.finding.finding
        wanted.update(url for url in (finding.url, *finding.evidence_urls) if host_of(url) in own)
        wanted.update(_turned(run, finding.url))
        if finding.problem_url:
            wanted.add(finding.problem_url)
        elif finding.url in homes:
            wanted.update(_columns(run, finding.url))
        if one.url and (url := normalise(one.url)):
            wanted.add(url)
    wanted.update(_bearers(run, {one.finding.finding.problem_url for one in task.asked} - {""}))
    return frozenset(wanted)


def _turned(run: RunView, url: str) -> Iterator[str]:
    """The further pages of a list."""
    seen, waiting = {url}, [url]
    while waiting and len(seen) <= MOST_TURNED:
        page = run.page(waiting.pop())
        for following in page.next_pages if page is not None else ():
            if following not in seen:
                seen.add(following)
                waiting.append(following)
                yield following


def _columns(run: RunView, home: str) -> Iterator[str]:
    named = {link.url for link in run.links_of(home)}
    for page in run.pages(PageKind.COLUMN):
        if page.url in named:
            yield page.url


def _bearers(run: RunView, problems: Collection[str]) -> Iterator[str]:
    """Pages that bear a link at fault, some of each."""
    numbers = [number for number, link in run.links() if link.url in problems] if problems else []
    for pages in run.parents(numbers).values():
        yield from pages[:MOST_BEARERS]


def only(whole: Progress, afresh: frozenset[str], own: frozenset[str]) -> Progress:
    """The progress of a run that has these addresses left to visit and no others."""
    seeds = {url: Place(1, Resource.PAGE, "") for url in sorted(afresh) if host_of(url) in own}
    left = {url: place for url, place in whole.to_visit.items() if url in afresh}
    open_ones = {url: place for url, place in whole.to_confirm.items() if url in afresh}
    done = whole.pages | whole.visits.keys()
    unseen = {url: place for url, place in {**seeds, **left}.items() if url not in done and url not in open_ones}
    return replace(whole, to_visit=unseen, to_confirm=open_ones)


def narrowed(limits: Limits, task: Task) -> Limits:
    """The budgets of a visit that tries only what the problems need."""
    families = {check.split(".")[0] for check in task.checks}
    shown = not task.checks.isdisjoint(DISPLAYED)
    return replace(
        limits,
        displays=limits.displays if shown else 0,
        attachments=limits.attachments if "content" in families else 0,
        sights=limits.sights if "link" in families else 0,
        search_titles=limits.search_titles if "function.search" in task.checks else 0,
        screenshots=0,
    )


def steps_of(task: Task, results: Sequence[CheckResult], inspection: str, now: datetime) -> list[tuple[int, Step]]:
    """What the results say of each problem of an account or a unit."""
    return [
        (one.item, Step(kind, now, text, inspection=inspection))
        for one in task.asked
        for kind, text in [_told(one, results, task.known)]
    ]


def seen_anew(facts: SiteFacts, run: RunView, own: frozenset[str]) -> SiteFacts:
    """The facts with the timings of this run's own visits: those it took over tell how fast the site was then."""
    timings = Timings(own)
    for _ in timings.noting(visit for visit in run.visits() if visit.at >= run.record.started):
        pass
    return replace(facts, timings=timings.sample())


def steps_of_site(
    task: Task,
    results: Sequence[CheckResult],
    facts: SiteFacts,
    run: RunView,
    afresh: frozenset[str],
    own: frozenset[str],
    cut: str,
    bench: Bench,
    now: datetime,
) -> list[tuple[int, Step]]:
    """What the results and the visits say of each problem of a site; what proves a problem that stands is kept."""
    steps = []
    for one in task.asked:
        kind, text = _told(one, results, task.known)
        if kind is StepKind.GONE and (why := cut or _unseen(one, run, own) or _passed_over(one, facts, run)):
            kind, text = StepKind.UNTOLD, why
        if kind is StepKind.STANDING and not _is_afresh(one, results, afresh):
            kind, text = StepKind.UNTOLD, "复查过的页面上已不再出现，其余页面未复查"
        proofs: tuple[str, ...] = ()
        if kind is StepKind.STANDING:
            finding = one.finding.finding
            urls = [url for url in (finding.url, finding.problem_url, *finding.evidence_urls) if url]
            promoted = bench.store.evidence.promote(run, dict.fromkeys(urls))
            proofs = tuple(dict.fromkeys(kept.sha256 for records in promoted.values() for kept in records))
        steps.append((one.item, Step(kind, now, text, inspection=bench.inspection, evidence=proofs)))
    return steps


def counted(steps: Sequence[tuple[int, Step]]) -> dict[str, JSON]:
    """How many problems stand and how many could not be told, as a target's figures have it."""
    kinds = [step.kind for _, step in steps]
    return {"problems": kinds.count(StepKind.STANDING), "undetermined": kinds.count(StepKind.UNTOLD)}


def _told(one: Asked, results: Sequence[CheckResult], known: frozenset[str]) -> tuple[StepKind, str]:
    """What the results alone say of a problem."""
    wanted = one.finding
    result = next((result for result in results if result.check == wanted.check), None)
    if result is None:
        return StepKind.UNTOLD, "检查项已不存在"
    found = next((each for each in result.findings if each.fingerprint == wanted.fingerprint), None)
    if found is not None:
        return StepKind.STANDING, found.finding.message
    if result.state in _UNTOLD:
        return StepKind.UNTOLD, f"{result.state.label}：{result.summary}"
    like = next((each for each in result.findings if _is_in_its_place(each, wanted, known)), None)
    if like is not None:
        return StepKind.UNTOLD, f"原问题已变化，同一位置另有同类问题，需人工查看：{like.finding.message}"
    return StepKind.GONE, result.summary


def _is_in_its_place(found: StampedFinding, wanted: StampedFinding, known: frozenset[str]) -> bool:
    """Whether a new finding may be the old one in other words."""
    return found.fingerprint not in known and found.finding.url == wanted.finding.url


def _unseen(one: Asked, run: RunView, own: frozenset[str]) -> str:
    """Why it cannot be said that a problem is gone: its place was not seen; "" where it was, or is surely gone."""
    finding = one.finding.finding
    if host_of(finding.url) in own:
        visits = run.visits_of(finding.url)
        last = visits[-1] if visits else None
        if last is None and run.page(finding.url) is None:
            return "没有再次访问到该页面"
        removed = last is not None and len(visits) > 1 and {visit.outcome for visit in visits[-2:]} <= MISSING
        if last is not None and not last.outcome.is_seen and not removed:
            return f"该页面未能再次读到：{last.outcome.label}"
    if finding.problem_url and any(link.url == finding.problem_url for link in run.links_of(finding.url)):
        visits = run.visits_of(finding.problem_url)
        if not visits or not visits[-1].outcome.is_seen:
            return f"所指的地址未能再次看到：{visits[-1].outcome.label if visits else '未访问'}"
    return ""


def _passed_over(one: Asked, facts: SiteFacts, run: RunView) -> str:
    """Why it cannot be said that a problem is gone: its check looks at some pages only, and not at this one again."""
    check, url = one.finding.check, one.finding.finding.url
    if check in DISPLAYED:
        looked = any(page.url == url and not page.error for page in facts.displays or ())
    elif check in SAMPLED or check.startswith("identity."):
        looked = url in {page.url for page in (facts.home, *facts.sample) if page is not None}
    elif check.startswith("content.") and run.page(url) is None and run.visits_of(url):
        looked = any(read.url == url and not read.unread for read in facts.attachments.tried)
    else:
        return ""
    return "" if looked else "本次抽查未包括该页面或附件"


def _is_afresh(one: Asked, results: Sequence[CheckResult], afresh: frozenset[str]) -> bool:
    """Whether the finding that stands was seen on a page that was visited again."""
    found: Mapping[str, StampedFinding] = {each.fingerprint: each for result in results for each in result.findings}
    return found[one.finding.fingerprint].finding.url in afresh
