"""A run's facts: what was appended is streamed back equal, in order, all of a batch or nothing of it."""

from __future__ import annotations

from array import array
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from crawler.facts import FetchOutcome, Link, PageFact, PageKind, RunFacts
from storage.errors import EvidenceDamaged, RecordConflict, RecordMissing
from storage.run_view import CHUNK
from storage.runs import Capture, RecordedLink, RecordedPage
from storage.store import Store
from tests.integration.storage import samples
from tests.integration.storage.samples import HOME, NOON, SITE, append_pages, capture, link, opened_run, page, visit

# An example makes an inspection of its own, so that the database may be shared by all of them.
shared_store = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_an_appended_batch_comes_back(store: Store) -> None:
    run = opened_run(store)
    append_pages(store, run, 0, 3)
    view: RunFacts = store.runs.view(run)
    assert list(view.pages()) == [page(0), page(1), page(2)]
    assert list(view.visits()) == [visit(0), visit(1), visit(2)]
    assert list(view.links()) == [(number, link(number)) for number in range(12)]
    assert view.links_of(page(1).url) == tuple(link(number) for number in range(4, 8))
    assert view.parents([5, 11, 99]) == {5: (page(1).url,), 11: (page(2).url,), 99: ()}
    assert view.body(page(2).url) == capture(2).body


@shared_store
@given(
    pages=st.lists(samples.pages, max_size=4, unique_by=lambda each: each.url),
    links=st.lists(samples.links, max_size=4),
    visits=st.lists(samples.visits, max_size=4),
    captures=st.lists(samples.captures, max_size=3, unique_by=lambda each: each.url),
)
def test_any_facts_come_back_equal(
    store: Store, pages: list[PageFact], links: list[Link], visits: list[FetchOutcome], captures: list[Capture]
) -> None:
    run = opened_run(store, f"example-{len(store.inspections.all())}")
    numbers = array("I", range(len(links)))
    store.runs.append(
        run,
        pages=[RecordedPage(fact, numbers) for fact in pages],
        links=[RecordedLink(number, each) for number, each in enumerate(links)],
        visits=visits,
        captures=captures,
    )
    view = store.runs.view(run)
    assert list(view.pages()) == pages
    assert [view.page(fact.url) for fact in pages] == pages
    assert list(view.links()) == list(enumerate(links))
    assert list(view.visits()) == sorted(visits, key=lambda each: each.at)
    assert view.visited() == {each.requested_url for each in visits}
    for each in captures:
        assert view.captures(each.url) == (each,)
    for fact in pages:
        assert view.links_of(fact.url) == tuple(links)


def test_only_the_kinds_asked_for_are_streamed(store: Store) -> None:
    run = opened_run(store)
    kinds = [PageKind.HOME, *[PageKind.ARTICLE, PageKind.COLUMN] * CHUNK]
    facts = [page(number, kind) for number, kind in enumerate(kinds)]
    store.runs.append(run, pages=[RecordedPage(fact, array("I")) for fact in facts])
    view = store.runs.view(run)
    assert list(view.pages(PageKind.ARTICLE)) == facts[1::2]
    assert list(view.pages(PageKind.HOME, PageKind.COLUMN)) == facts[0::2]
    assert list(view.pages(PageKind.DOCUMENT)) == []
    assert list(view.pages()) == facts


def test_streams_may_be_open_side_by_side_while_the_run_goes_on(store: Store) -> None:
    run = opened_run(store)
    append_pages(store, run, 0, CHUNK + 40)
    view = store.runs.view(run)
    first, second, links = view.pages(), view.pages(PageKind.ARTICLE), view.links()
    assert [fact.url for fact in islice(first, 10)] == [page(number).url for number in range(10)]
    assert next(second) == page(0)
    assert next(links) == (0, link(0))
    append_pages(store, run, CHUNK + 40, CHUNK + 50)
    assert sum(1 for _ in first) == CHUNK + 40
    assert sum(1 for _ in second) == CHUNK + 49
    assert sum(1 for _ in links) == 4 * (CHUNK + 50) - 1


def test_visits_are_in_order_of_time_across_batches(store: Store) -> None:
    run = opened_run(store)
    late_first = [visit(number) for number in reversed(range(CHUNK * 2))]
    store.runs.append(run, visits=late_first[:CHUNK])
    store.runs.append(run, visits=[*late_first[CHUNK:], visit(7, attempt=2)])
    view = store.runs.view(run)
    times = [each.at for each in view.visits()]
    assert len(times) == CHUNK * 2 + 1
    assert times == sorted(times)
    assert [each.attempt for each in view.visits_of(visit(7).requested_url)] == [1, 2]


def test_visits_of_one_moment_are_all_streamed(store: Store) -> None:
    run = opened_run(store)
    store.runs.append(run, visits=[replace(visit(number), at=NOON) for number in range(CHUNK * 2 + 3)])
    urls = [each.requested_url for each in store.runs.view(run).visits()]
    assert urls == [visit(number).requested_url for number in range(CHUNK * 2 + 3)]


def test_a_page_recorded_again_takes_the_place_of_the_first(store: Store) -> None:
    run = opened_run(store)
    append_pages(store, run, 0, 3)
    rendered = replace(page(1), rendered=True, links=(link(1),))
    store.runs.append(run, pages=[RecordedPage(rendered, array("I", [2, 2]))])
    view = store.runs.view(run)
    assert list(view.pages()) == [page(0), replace(rendered, links=()), page(2)]
    assert view.links_of(rendered.url) == (link(2), link(2))
    assert view.parents([2, 5]) == {2: (page(0).url, page(1).url), 5: ()}


def test_a_batch_is_appended_whole_or_not_at_all(store: Store) -> None:
    run = opened_run(store)
    append_pages(store, run, 0, 2)
    with pytest.raises(RecordConflict):
        store.runs.append(
            run,
            pages=[RecordedPage(page(9), array("I", [3]))],
            links=[RecordedLink(3, link(3))],
            visits=[visit(9)],
            captures=[capture(9)],
        )
    view = store.runs.view(run)
    assert [fact.url for fact in view.pages()] == [page(0).url, page(1).url]
    assert page(9).url not in view.visited()
    assert view.captures(page(9).url) == ()
    append_pages(store, run, 2, 4)
    assert store.runs.view(run).body(page(3).url) == capture(3).body


def test_facts_belong_to_a_run_that_is_open(store: Store) -> None:
    with pytest.raises(RecordConflict):
        store.runs.append(77, visits=[visit(1)])
    with pytest.raises(RecordConflict):
        store.runs.open("none", SITE, {}, NOON)
    with pytest.raises(RecordMissing, match="没有采集记录 77"):
        store.runs.view(77)
    with pytest.raises(RecordMissing):
        store.runs.finish(77, NOON, "完成", {})


def test_runs_keep_apart(store: Store) -> None:
    first = opened_run(store)
    second = store.runs.open("q3", SITE, {}, NOON)
    append_pages(store, first, 0, 2)
    append_pages(store, second, 1, 4)
    assert [len(list(store.runs.view(run).pages())) for run in (first, second)] == [2, 3]
    assert store.runs.view(first).body(page(3).url) is None
    assert store.runs.view(second).visited() == {page(number).url for number in (1, 2, 3)}


def test_a_run_has_its_record_and_notes(store: Store) -> None:
    run = opened_run(store)
    record = store.runs.get(run)
    assert (record.inspection, record.target, record.settings) == ("q3", SITE, {"user_agent": "xuncha-test"})
    assert (record.started, record.ended, record.stats) == (NOON, None, {})
    store.runs.note(run, "robots", {"status": 200, "text": "User-agent: *\n"})
    store.runs.note(run, "probes", [])
    store.runs.note(run, "probes", [1, None, {"好": 2.5}])
    assert store.runs.notes(run) == {
        "robots": {"status": 200, "text": "User-agent: *\n"},
        "probes": [1, None, {"好": 2.5}],
    }
    store.runs.finish(run, NOON + timedelta(hours=1), "完成", {"pages": 3})
    record = store.runs.view(run).record
    assert (record.ended, record.exit_reason, record.stats) == (NOON + timedelta(hours=1), "完成", {"pages": 3})


def test_half_an_emoji_stops_no_batch(store: Store) -> None:
    run = opened_run(store)
    store.runs.append(run, pages=[RecordedPage(replace(page(1), title="放假通知\ud83d"), array("I"))])
    store.runs.note(run, "posts", ["全文\ud83d", {"原文": "\ud83d\ude00"}])
    assert [fact.title for fact in store.runs.view(run).pages()] == ["放假通知\ufffd"]
    assert store.runs.notes(run) == {"posts": ["全文\ufffd", {"原文": "😀"}]}


def test_a_body_is_what_a_browser_showed_else_what_the_server_sent_last(store: Store) -> None:
    run = opened_run(store)
    plain, shown = page(1).url, page(2).url
    kept = [
        capture(1, body=b"busy"),
        capture(1, attempt=2, body="正文".encode("gb18030")),
        capture(1, attempt=2, kind="png", body=b"\x89PNG"),
    ]
    scripted = [
        capture(2, kind="rendered", body=b"<html>loading"),
        capture(2, attempt=2, kind="rendered", body=b"<html>after scripts"),
        capture(2, attempt=2, body=b"<html><script>"),
    ]
    store.runs.append(run, captures=kept + scripted)
    view = store.runs.view(run)
    assert view.body(plain) == "正文".encode("gb18030")
    assert view.body(shown) == b"<html>after scripts"
    assert view.captures(plain) == tuple(kept)
    assert view.captures(shown) == tuple(scripted)
    assert view.body(HOME) is None
    store.bodies.drop(run)
    store.bodies.drop(run)
    assert view.body(plain) is None
    assert view.captures(plain) == ()


def test_a_damaged_body_is_never_read_as_another(store: Store) -> None:
    run = opened_run(store)
    append_pages(store, run, 0, 2)
    spool = store.bodies.path(run)
    content = bytearray(spool.read_bytes())
    content[40] ^= 0xFF
    spool.write_bytes(content)
    view = store.runs.view(run)
    with pytest.raises(EvidenceDamaged, match="已损坏"):
        view.body(page(0).url)
    assert view.body(page(1).url) == capture(1).body
    spool.write_bytes(content[:-3])  # what a loss of power leaves
    assert view.body(page(1).url) is None


def test_threads_append_to_their_runs_and_to_one(store: Store) -> None:
    runs = [opened_run(store), *(store.runs.open("q3", SITE, {}, NOON) for _ in range(3))]

    def work(worker: int) -> None:
        for batch in range(5):
            append_pages(store, runs[worker], batch * 4, batch * 4 + 4)
            number = 1_000 + worker * 100 + batch
            store.runs.append(runs[0], visits=[visit(number)], captures=[capture(number)])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    for run in runs:
        view = store.runs.view(run)
        assert list(view.pages()) == [page(number) for number in range(20)]
        assert all(view.body(page(number).url) == capture(number).body for number in range(20))
    first = store.runs.view(runs[0])
    for number in (1_000, 1_104, 1_303):
        assert first.body(page(number).url) == capture(number).body


def test_link_numbers_are_four_bytes(store: Store) -> None:
    run = opened_run(store)
    last = 2**32 - 1
    store.runs.append(run, pages=[RecordedPage(page(1), array("I", [last]))], links=[RecordedLink(last, link(1))])
    assert store.runs.view(run).links_of(page(1).url) == (link(1),)
    with pytest.raises(ValueError, match="array"):
        store.runs.append(run, pages=[RecordedPage(page(2), array("Q", [1]))])


def test_whether_this_machine_holds_the_bytes(database_url: str, tmp_path: Path) -> None:
    """Two machines over one database: each has only the spools of the runs that it made."""
    with Store(database_url, tmp_path / "a") as here, Store(database_url, tmp_path / "b") as there:
        here.upgrade()
        first = opened_run(here)
        assert there.runs.has_bodies(first), "a run without captures has no bytes to miss"
        append_pages(here, first, 0, 3)
        second = here.runs.open("q3", SITE, {}, NOON, base=first)
        here.runs.append(second, captures=[capture(9)])
        third = there.runs.open("q3", SITE, {}, NOON, base=first)
        there.runs.append(third, captures=[capture(9)])
        assert [here.runs.has_bodies(run) for run in (first, second, third)] == [True, True, False]
        assert [there.runs.has_bodies(run) for run in (first, second, third)] == [False, False, False]
        spool = here.bodies.path(first)
        spool.write_bytes(spool.read_bytes()[:-1])
        assert [here.runs.has_bodies(run) for run in (first, second)] == [False, False]
