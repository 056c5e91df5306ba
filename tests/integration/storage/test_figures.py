"""Figures over what is stored, on both databases."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from checks.model import State
from crawler.facts import PageKind
from storage.runs import RecordedPage
from storage.store import Store
from tests.integration.storage.samples import ACCOUNT, NOON, SITE, append_pages, inspection, page, recorded, result

DAY = timedelta(days=1)


def night(store: Store, id: str, days: int, *, kind: str = "nightly", ended: bool = True, state: str = "done") -> int:
    record = replace(inspection(id, started=NOON + days * DAY), kind=kind)
    store.inspections.create(record, [(SITE, "云溪县人民政府网"), (ACCOUNT, "云溪发布")])
    run = store.runs.open(id, SITE, {}, record.started)
    store.inspections.attach_run(id, 1, run)
    stats = {"pages": 10 * (days + 1)}
    store.inspections.complete(id, 1, state=state, exit_reason="完成", stats=stats, now=record.started)
    if ended:
        store.inspections.finish(id, record.started + DAY / 2, "完成")
    return run


def test_the_last_of_a_kind_and_what_waits(store: Store) -> None:
    assert store.figures.last("nightly") is None
    assert store.figures.queue().oldest is None
    night(store, "n1", 0)
    night(store, "n2", 1, ended=False)
    night(store, "q", 2, kind="quarterly", ended=False)
    last, ended = store.figures.last("nightly"), store.figures.last("nightly", ended=True)
    assert last is not None and ended is not None
    assert (last.id, last.ended, ended.id) == ("n2", None, "n1")
    assert [one.id for one in store.figures.unfinished()] == ["n2", "q"]
    store.inspections.take("q", 2, "w", NOON)
    queue = store.figures.queue()
    assert (queue.pending, queue.running, queue.oldest) == (1, 1, NOON + DAY)


def test_each_target_as_earlier_nights_left_it(store: Store) -> None:
    oldest = night(store, "n0", -1)
    first = night(store, "n1", 0)
    night(store, "n2", 1, state="failed")
    night(store, "other", 2, kind="on-demand")
    night(store, "running", 3, ended=False)
    night(store, "n5", 4)
    before = store.figures.before("n5")
    assert {target: [(one.inspection, one.run, one.stats) for one in told] for target, told in before.items()} == {
        SITE: [("n1", first, {"pages": 10}), ("n0", oldest, {"pages": 0})]
    }
    assert store.figures.before("n0") == {}


def test_when_anything_was_worked_off(store: Store) -> None:
    kinds = ("nightly", "quarterly")
    assert store.figures.worked(kinds) is None
    night(store, "q", 0, kind="quarterly", ended=False)
    night(store, "other", 5, kind="on-demand")
    store.inspections.complete("q", 2, state="done", exit_reason="完成", stats={}, now=NOON + DAY)
    assert store.figures.worked(kinds) == NOON + DAY
    store.inspections.create(
        replace(store.inspections.get("q"), id="begun", started=NOON + 2 * DAY), [(SITE, "县政府")]
    )
    assert store.figures.worked(kinds) == NOON + 2 * DAY


def test_states_lives_pages_and_bytes(store: Store) -> None:
    run = night(store, "n1", 0)
    store.results.save("n1", SITE, [result(State.FAIL, "a", "b"), result(State.UNDETERMINED, check="x.y")], {}, NOON)
    append_pages(store, run, 0, 4)
    later = night(store, "n2", 1)
    store.results.save("n2", SITE, [result(State.FAIL, "b", "c")], {}, NOON + DAY)
    view = store.runs.view(run)
    store.runs.append(
        later,
        kept=[row[0] for row in view.numbered_pages()],
        pages=[RecordedPage(page(9, PageKind.COLUMN), recorded(9)[0].links)],
    )
    assert store.figures.states("n1") == {SITE: {State.FAIL: 1, State.UNDETERMINED: 1}}
    assert store.figures.lives("n2") == {"new": 1, "persisting": 1, "fixed": 1}
    assert store.figures.page_kinds([run, later]) == {run: {"article": 4}, later: {"article": 4, "column": 1}}
    assert store.figures.captured_bytes("n1") > 100
    assert store.figures.captured_bytes("n2") == 0
    assert [(one.state, one.exit_reason) for one in store.figures.targets("n1")] == [("done", "完成"), ("pending", "")]
