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
from scheduler.errors import RetentionRefused
from scheduler.history import MOST
from scheduler.retention import Decision, Rule, decide, thinnable
from storage import condemning
from storage.clearing import RunRow
from storage.inspections import InspectionRecord
from storage.keeper import sole_keeper
from storage.space import Space, lacks_room, rewrite, space
from storage.store import Store
from storage.tally import Tally, totals

_OWN = "xuncha.sqlite3"
"""The database that a data folder has where none is set."""
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
    """What is to be done: the runs to clear by target, and what becomes of inspections; `claimed` people built on.

    `thinned` has by target the inspections whose results of it go.
    """

    runs: Mapping[Target, frozenset[int]]
    cleared: frozenset[str]
    thinned: Mapping[Target, frozenset[str]]
    let_go: frozenset[str]
    claimed: frozenset[str]
    inspections: Mapping[int, str]


def prune(store: Store, rule: Rule, now: datetime, *, trial: bool = False) -> Pruned:
    """Removes what the rule lets go. A `trial` changes nothing and answers the same figures.

    May run beside inspections, not beside a backup or another prune (KeeperBusy). Raises RetentionRefused where the
    data folder is another database's, EvidenceShared where evidence of another lies beside its own, StorageError; what
    was done until then is whole.
    """
    own = store.folder / _OWN
    if store.database.is_sqlite and own.exists() and not own.samefile(store.database.url.database or ""):
        raise RetentionRefused(f"数据文件夹 {store.folder} 属于其中的数据库 {_OWN}，不按另一个数据库清理它的文件")
    if trial:
        return _prune(store, rule, now, trial=True)
    with sole_keeper(store.database, store.folder):
        store.evidence.prove_ours()
        return _prune(store, rule, now, trial=False)


def _prune(store: Store, rule: Rule, now: datetime, *, trial: bool) -> Pruned:
    records = store.inspections.every()
    every = store.clearing.runs()
    whole = Counter(run.inspection for run in every if run.is_whole)
    decisions = decide(records, rule, now, in_rectification=_in_rectification(store), read_whole=whole)
    plan = _plan(store, records, every, decisions, rule)
    before = space(store.database)
    spared: frozenset[str] = frozenset()
    if not trial:
        every_thinned = frozenset().union(*plan.thinned.values())
        spared = store.clearing.mark(cleared=plan.cleared, thinned=every_thinned, known=plan.claimed, now=now)
    tallies: dict[str, Tally] = {}
    lost: set[int] = set()
    cleared: set[int] = set()
    empty: set[int] = set()
    for target in dict.fromkeys((*plan.runs, *plan.thinned)):
        going = [run for run in plan.runs.get(target, ()) if plan.inspections[run] not in spared]
        done = store.clearing.clear(target, going, history=MOST, now=now, trial=trial)
        thinned, without = store.clearing.thin(
            target, plan.thinned.get(target, frozenset()) - spared, let_go=plan.let_go - spared, trial=trial
        )
        if trial:  # or the database says it itself
            lost |= without
        cleared |= done.runs
        empty |= done.without_captures
        tallies = _added(_added(tallies, done.tallies), thinned)
    for kind, total in totals(store.database).items():
        gone = tallies.get(kind, Tally())
        tallies[kind] = gone + (total - gone if trial else total)
    tallies["spools"] = _spools(store, empty, now, trial=trial)
    tallies |= _evidence(store, cleared, lost, rule, now, trial=trial)
    counted = Counter((record.kind, decisions[record.id].whole, decisions[record.id].why) for record in records)
    unreclaimed = "" if trial or before is None else _reclaim(store, now, rule)
    return Pruned(counted, tallies, before, space(store.database), unreclaimed)


def _plan(
    store: Store,
    records: tuple[InspectionRecord, ...],
    every: tuple[RunRow, ...],
    decisions: Mapping[str, Decision],
    rule: Rule,
) -> _Plan:
    by_target: dict[Target, list[RunRow]] = defaultdict(list)
    for run in every:
        by_target[run.target].append(run)
    runs: dict[Target, frozenset[int]] = {}
    touched: set[str] = set()
    for target, mine in by_target.items():
        # The next night stands on the last run, and a registry without the target must not cost its last state.
        latest = max((run.id for run in mine if run.is_ended and not run.is_recheck), default=0)
        going = [run for run in mine if not (decisions[run.inspection].whole or run.is_cleared or run.id == latest)]
        runs[target] = frozenset(run.id for run in going)
        touched.update(run.inspection for run in going)
        touched.update(run.inspection for run in mine if run.is_cleared)
    claimed = store.handovers.claimed()
    whole = {id for id, decision in decisions.items() if decision.whole}
    thinned: dict[Target, set[str]] = defaultdict(set)
    for id, targets in thinnable(records, store.clearing.targets(), rule.judged, protected=whole | claimed).items():
        for target in targets:
            thinned[target].add(id)
    return _Plan(
        runs,
        frozenset(touched),
        {target: frozenset(ids) for target, ids in thinned.items()},
        frozenset(touched - whole - claimed),
        claimed,
        {run.id: run.inspection for run in every},
    )


def _in_rectification(store: Store) -> frozenset[str]:
    """The inspections that a notice with open problems names."""
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


def _reclaim(store: Store, now: datetime, rule: Rule) -> str:
    """Gives empty pages back to the disk; why it does not, "" where it did."""
    held = space(store.database)
    if held is None or not held.is_worth_it:
        return "空页不多，留给以后的检查使用"
    recent = timedelta(days=rule.unfinished_days)
    if any(now - record.started <= recent for record in store.inspections.unfinished()):
        return "有检查正在进行或没有结束，空页留给以后的检查使用"
    if not held.is_quick:
        return "数据库文件较大，重写会让其他程序久等，空页留给以后的检查使用"
    if lacking := lacks_room(store.database, held.size - held.free):
        return f"磁盘剩余空间不足以重写数据库文件：{lacking}"
    rewrite(store.database)
    return ""


def _added(one: Mapping[str, Tally], other: Mapping[str, Tally]) -> dict[str, Tally]:
    return {kind: one.get(kind, Tally()) + other.get(kind, Tally()) for kind in {**one, **other}}
