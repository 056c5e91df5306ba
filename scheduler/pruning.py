"""Carries the rule of retention out, or only tells what it would do: for `xuncha db prune`, and weekly for a scheduler.

Order: inspections are marked, rows go target by target, then rows of evidence, then spools, then evidence that nothing
has referred to for a time. Killed in between it leaves nothing that points to what is gone; the next time goes on.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from checks.model import Target
from scheduler.history import MOST
from scheduler.retention import Decision, Rule, decide, thinnable
from storage import condemning
from storage.clearing import RunRow, Tally
from storage.inspections import InspectionRecord
from storage.space import Space, has_room, rewrite, space
from storage.store import Store

_HALF_WRITTEN = timedelta(days=1)
"""After so long without a byte a file that is half written, or belongs to no run, is nobody's."""


class Pruned(Struct, frozen=True):
    """What went and what stays. `decisions` counts inspections by (kind, whole, why); `tallies` rows and files by kind.

    `before` and `after` are the database's file, None for PostgreSQL; `unreclaimed` says why it was not rewritten, "".
    """

    decisions: Mapping[tuple[str, bool, str], int]
    tallies: Mapping[str, Tally]
    before: Space | None = None
    after: Space | None = None
    unreclaimed: str = ""


class _Plan(Struct, frozen=True):
    """What is to be done: the runs to clear by target, and what becomes of their inspections."""

    runs: Mapping[Target, frozenset[int]]
    cleared: frozenset[str]
    thinned: frozenset[str]
    let_go: frozenset[str]


def prune(store: Store, rule: Rule, now: datetime, *, trial: bool = False) -> Pruned:
    """Removes what the rule lets go. A `trial` changes nothing and answers the same figures.

    May run beside inspections. Raises StorageError; what was done until then is whole.
    """
    records = store.inspections.every()
    decisions = decide(records, rule, now, in_rectification=_in_rectification(store))
    plan = _plan(store, records, decisions, rule)
    before = space(store.database)
    tallies = {"cards": store.clearing.cards(plan.thinned)}
    if not trial:
        store.clearing.mark(cleared=plan.cleared, thinned=plan.thinned, now=now)
    lost: set[int] = set()
    dead: set[int] = set()
    for target, runs in plan.runs.items():
        done = store.clearing.clear(
            target, runs, thin=plan.thinned, let_go=plan.let_go, history=MOST, now=now, trial=trial
        )
        lost |= done.findings
        dead |= done.without_captures
        tallies = _added(tallies, done.tallies)
    tallies["spools"] = _spools(store, dead, now, trial=trial)
    cleared = {run.id for run in store.clearing.runs() if run.is_cleared}
    cleared.update(run for runs in plan.runs.values() for run in runs)
    tallies |= _evidence(store, cleared, lost, rule, now, trial=trial)
    counted = Counter((record.kind, decisions[record.id].whole, decisions[record.id].why) for record in records)
    unreclaimed = "" if trial or before is None else _reclaim(store, records, now, rule)
    return Pruned(counted, tallies, before, space(store.database), unreclaimed)


def _plan(store: Store, records: tuple[InspectionRecord, ...], decisions: Mapping[str, Decision], rule: Rule) -> _Plan:
    by_target: dict[Target, list[RunRow]] = defaultdict(list)
    for run in store.clearing.runs():
        by_target[run.target].append(run)
    runs: dict[Target, frozenset[int]] = {}
    touched: set[str] = set()
    for target, mine in by_target.items():
        # The next night stands on the last run, and a registry without the target must not cost its last state.
        latest = max((run.id for run in mine if run.is_ended and not run.is_recheck), default=0)
        dead = [run for run in mine if not decisions[run.inspection].whole and not run.is_cleared and run.id != latest]
        runs[target] = frozenset(run.id for run in dead)
        touched.update(run.inspection for run in mine if run in dead or run.is_cleared)
    handed_over = store.handovers.inspections()
    whole = {id for id, decision in decisions.items() if decision.whole}
    targets = store.clearing.targets()
    protected = whole | handed_over | store.clearing.with_entries()
    thinned = thinnable(records, targets, rule.judged, protected=protected)
    for id in thinned:
        for target in targets.get(id, ()):
            runs.setdefault(target, frozenset())
    return _Plan(runs, frozenset(touched), thinned, frozenset(touched - whole - handed_over))


def _in_rectification(store: Store) -> frozenset[str]:
    """The inspections that a notice with open problems names, and the rechecks that looked at these."""
    open_notices = {item.notice for item in store.rectifications.items() if not item.is_closed}
    return frozenset(notice.inspection for notice in store.rectifications.all() if notice.id in open_notices)


def _spools(store: Store, dead: set[int], now: datetime, *, trial: bool) -> Tally:
    every = store.clearing.all_spools()
    idle = list(store.clearing.spools(dead, now - _HALF_WRITTEN))
    if not trial:
        for run, _ in idle:
            store.bodies.drop(run)
    size = sum(size for _, size in idle)
    return Tally(len(idle), size, every.stays - len(idle), every.stays_bytes - size)


def _evidence(
    store: Store, cleared: set[int], lost: set[int], rule: Rule, now: datetime, *, trial: bool
) -> dict[str, Tally]:
    """Rows of evidence, objects, and what was left half written."""
    database, shelf = store.database, store.evidence.shelf
    with database.read() as connection:
        rows = condemning.rows_to_go(connection, cleared, lost)
        referred = condemning.referred_to(connection, without_findings=lost, without_rows=rows)
    if not trial:
        condemning.delete_rows(database, rows)
    known = condemning.condemned(database)
    ripe = now - timedelta(days=rule.grace_days)
    sizes: dict[str, int] = {}
    stays = waits = Tally()
    for found in shelf.all():
        if found.sha256 in referred:
            stays += Tally(stays=1, stays_bytes=found.size)
            continue
        sizes[found.sha256] = found.size
    going = [sha for sha in sizes if sha in known and known[sha] <= ripe]
    waits = Tally(stays=len(sizes) - len(going), stays_bytes=sum(sizes.values()) - sum(sizes[sha] for sha in going))
    if not trial:
        condemning.forget(database, [sha for sha in known if sha not in sizes])
        condemning.condemn(database, [sha for sha in sizes if sha not in known], now)
        going = list(condemning.remove(database, shelf, going))
    torn = list(shelf.leftovers(now - _HALF_WRITTEN))
    if not trial:
        shelf.sweep([name for name, _ in torn])
    return {
        "evidence": Tally(len(going), sum(sizes[sha] for sha in going), stays.stays, stays.stays_bytes),
        "condemned": waits,
        "torn": Tally(len(torn), sum(size for _, size in torn)),
    }


def _reclaim(store: Store, records: tuple[InspectionRecord, ...], now: datetime, rule: Rule) -> str:
    """Gives empty pages back to the disk; why it does not, "" where it did."""
    held = space(store.database)
    if held is None or not held.is_worth_it:
        return "空页不多，留给以后的检查使用"
    recent = timedelta(days=rule.unfinished_days)
    if any(record.ended is None and now - record.started <= recent for record in records):
        return "有检查正在进行或没有结束，空页留给以后的检查使用"
    if not has_room(store.database, held.size - held.free):
        return "磁盘剩余空间不足以重写数据库文件"
    rewrite(store.database)
    return ""


def _added(one: Mapping[str, Tally], other: Mapping[str, Tally]) -> dict[str, Tally]:
    return {kind: one.get(kind, Tally()) + other.get(kind, Tally()) for kind in {**one, **other}}
