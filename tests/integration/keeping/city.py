"""Histories of inspections of one site for these tests: nights that keep unchanged pages, quarters that read all anew."""

from __future__ import annotations

import shutil
from array import array
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from checks.model import State, Target
from crawler.facts import BEIJING
from scheduler.past import past_of
from scheduler.retention import Rule, Span
from storage.inspections import InspectionRecord
from storage.results import FindingRow
from storage.run_view import RunView
from storage.runs import RecordedLink, RecordedPage
from storage.store import Store
from tests.integration.storage.samples import SITE, capture, inspection, link, page, result, visit

START = datetime(2026, 1, 5, 1, tzinfo=BEIJING)  # a Monday
PAGES = 5
CHECKS = ("link.broken", "update.column-stale")
RULE = Rule(
    source="tests",
    kinds={"nightly": Span(7, 183), "on-demand": Span(183), "recheck": Span(183), "quarterly": Span()},
    judged=40,
    grace_days=1,
    unfinished_days=7,
)


def opened(folder: Path) -> Store:
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(f"sqlite:///{folder / 'xuncha.sqlite3'}", folder)
    store.upgrade()
    return store


def copied(folder: Path, to: Path) -> Store:
    """The same once more; nobody may have the first open."""
    shutil.copytree(folder, to)
    return opened(to)


def body(number: int, version: int) -> bytes:
    return f"<html>第{number}号，第{version}版</html>".encode() * 20


def inspect(
    store: Store,
    at: datetime,
    *,
    kind: str = "nightly",
    changed: Collection[int] = (),
    version: int = 0,
    verdicts: Mapping[str, tuple[State, tuple[str, ...]]] | None = None,
    ended: bool = True,
    target: Target = SITE,
    cut_short: bool = False,
) -> str:
    """One inspection of the site. A nightly one stands on the last run, unless every page has changed.

    One that was `cut_short` was not read whole. `verdicts` gives by check its state and the fingerprints of its findings; each is found on page number 0.
    """
    id = f"{at:%Y%m%d-%H%M}-{kind}"
    record = replace(inspection(id, started=at), kind=kind, as_of=at, tool_version="0.2.0")
    store.inspections.create(record, [(target, "云溪县人民政府网")])
    last = store.runs.latest(target, "0.2.0") if kind == "nightly" and len(set(changed)) < PAGES else None
    run = store.runs.open(id, target, {"user_agent": "xuncha-test"}, at, base=last.id if last else None)
    store.inspections.attach_run(id, 1, run)
    known = {} if last is None else {fact.url: number for number, fact, _ in store.runs.view(last.id).numbered_pages()}
    first = 0 if last is None else 1 + max(number for number, _ in store.runs.view(last.id).numbered_links())
    for number in range(PAGES):
        seen = replace(visit(number), at=at + timedelta(seconds=number))
        fact = page(number)
        if number not in changed and fact.url in known:
            store.runs.append(run, visits=[seen], kept=[known[fact.url]])
            continue
        store.runs.append(
            run,
            pages=[RecordedPage(replace(fact, title=f"第{version}版"), array("I", [first]))],
            links=[RecordedLink(first, replace(link(number), text=f"{version}:{number}"))],
            visits=[seen],
            captures=[replace(capture(number), at=at + timedelta(seconds=number), body=body(number, version))],
        )
        first += 1
    store.runs.note(run, "trials", {})
    if not cut_short:
        store.runs.note(run, "read_back", {"http://www.yunxi.example/tzgg/": "2026-01-01"})
    given = verdicts if verdicts is not None else dict.fromkeys(CHECKS, (State.PASS, ()))
    results = [
        replace(
            found, findings=tuple(replace(one, finding=replace(one.finding, url=page(0).url)) for one in found.findings)
        )
        for found in (result(state, *names, check=check, target=target) for check, (state, names) in given.items())
    ]
    urls = {one.finding.url for found in results for one in found.findings}
    promoted = store.evidence.promote(store.runs.view(run), urls)
    proofs = {url: tuple(kept.sha256 for kept in records) for url, records in promoted.items()}
    store.results.save(id, target, results, proofs, at)
    store.runs.finish(run, at + timedelta(hours=1), "完成", {})
    store.inspections.complete(id, 1, state="done", exit_reason="完成", stats={}, now=at + timedelta(hours=1))
    if ended:
        store.inspections.finish(id, at + timedelta(hours=1), "完成")
    return id


def read(view: RunView) -> dict[str, Any]:
    """All that a run can be asked for."""
    pages = list(view.pages())
    urls = [fact.url for fact in pages]
    return {
        "pages": pages,
        "numbered": [(fact.url, list(links)) for _, fact, links in view.numbered_pages()],
        "links": list(view.links()),
        "links of": [view.links_of(url) for url in urls],
        "visits": list(view.visits()),
        "bodies": [view.body(url) for url in urls],
        "captures": [view.captures(url) for url in urls],
        "kept": list(view.kept_captures()),
        "own": list(view.every_capture()),
    }


def run_of(store: Store, id: str) -> int:
    (row,) = store.inspections.targets(id)
    assert row.run is not None
    return row.run


def told(store: Store, id: str) -> list[FindingRow]:
    return [*store.results.findings(id), *store.results.fixed(id)]


def lives(store: Store, id: str) -> list[tuple[str, str, str, datetime]]:
    """The life of every finding of an inspection."""
    return sorted((row.stamped.check, row.stamped.fingerprint, row.life, row.first_seen) for row in told(store, id))


def opens(store: Store) -> int:
    """Opens the evidence of every finding that there is; how many there were. Raises what is wrong with one."""
    count = 0
    for record in store.inspections.every():
        for row in told(store, record.id):
            known = store.evidence.records(row.evidence)
            for sha in row.evidence:
                assert store.evidence.get(sha) is not None
                assert known[sha], "the record that says whose bytes they are"
                count += 1
    return count


def compared(store: Store, id: str) -> object:
    """What statistics compare an inspection with."""
    return past_of(store, store.inspections.get(id))


def whole(store: Store, record: InspectionRecord) -> bool:
    return not store.runs.view(run_of(store, record.id)).is_cleared
