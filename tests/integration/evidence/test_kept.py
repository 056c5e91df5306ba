"""The wire on record: kept with the capture, promoted with it, and had again when the spool is gone."""

from __future__ import annotations

import json
from array import array
from datetime import timedelta
from pathlib import Path

import msgspec
import zstandard
from msgspec.structs import replace

from crawler.facts import Exchange, Hop, Outcome
from storage import statements
from storage.bodies import Bodies, Capture
from storage.exports import ExportRecord, Exports
from storage.runs import RecordedPage
from storage.shelves import LocalShelf
from storage.store import Store
from tests.integration.storage.conftest import store
from tests.integration.storage.samples import HOME, NOON, SITE, append_pages, capture, opened_run, page, visit

__all__ = ["store"]

WIRE = Exchange(
    url=f"{HOME}art/1.html?",
    sent=(("User-Agent", "xuncha-test"), ("Referer", HOME)),
    address="192.0.2.7",
    protocol="HTTP/1.1",
    hops=(Hop(f"{HOME}old", NOON, 302, "/art/1.html", headers=(("Location", "/art/1.html"),), address="192.0.2.8"),),
    encoding="gzip",
    length=77,
    is_cut=True,
    note="说明",
)


def test_the_wire_comes_back_as_it_was_kept(store: Store) -> None:
    run = opened_run(store)
    kept = replace(capture(1), exchange=WIRE)
    failed = Capture(HOME, 2, NOON, None, (), b"", "failure", Exchange(url=HOME, error="ConnectError", words="拒绝"))
    store.runs.append(run, captures=[kept, failed])
    view = store.runs.view(run)
    assert list(view.every_capture()) == [kept, failed]
    assert view.captures(HOME) == (failed,)
    assert view.counted() == (0, 2)


def test_a_spool_from_before_has_no_wire(tmp_path: Path) -> None:
    """What an earlier version wrote is read: a frame whose head ends with the kind."""
    old = msgspec.json.encode((HOME, 1, NOON, 200, (("Content-Type", "text/html"),), "response"))
    frame = zstandard.ZstdCompressor().compress(len(old).to_bytes(4, "little") + old + b"<html>")
    (tmp_path / "7.spool").write_bytes(frame)
    found = Bodies(tmp_path).read(7, 0, len(frame))
    assert found == Capture(HOME, 1, NOON, 200, (("Content-Type", "text/html"),), b"<html>")


def test_a_statement_names_its_body_and_what_went_over_the_wire(store: Store) -> None:
    run = opened_run(store)
    store.runs.append(run, visits=[visit(1), visit(1, attempt=2)], captures=[replace(capture(1), exchange=WIRE)])
    body, headers = store.evidence.promote(store.runs.view(run), [page(1).url])[page(1).url]
    told = statements.decoded(store.evidence.get(headers.sha256))
    assert (told.body_sha256, told.body_bytes) == (body.sha256, len(capture(1).body))
    assert told.exchange == WIRE
    assert (told.client, told.headers, len(told.visits)) == ("xuncha-test", capture(1).headers, 1)
    text = json.loads(store.evidence.get(headers.sha256))
    assert text["at"] == "2026-09-30T12:00:01+08:00", "one clock, with its offset"


def test_a_failure_without_an_answer_is_evidence(store: Store) -> None:
    run = opened_run(store)
    wire = Exchange(url=HOME, address="192.0.2.9", error="TimeoutError", words="took longer than 30 seconds")
    store.runs.append(run, captures=[Capture(HOME, look, NOON, None, (), b"", "failure", wire) for look in (1, 2)])
    records = store.evidence.promote(store.runs.view(run), [HOME])[HOME]
    assert [record.kind for record in records] == ["headers", "headers"]
    told = [statements.decoded(store.evidence.get(record.sha256)) for record in records]
    assert [(each.attempt, each.status, each.exchange) for each in told] == [(1, None, wire), (2, None, wire)]


def test_what_was_promoted_can_be_had_again_without_the_spool(store: Store) -> None:
    run = opened_run(store)
    append_pages(store, run, 0, 3)
    shot = replace(
        capture(1), attempt=2, at=NOON + timedelta(hours=1), kind="screenshot", body=b"\x89PNG", exchange=WIRE
    )
    store.runs.append(run, captures=[shot])
    view = store.runs.view(run)
    for number in (0, 1):
        store.evidence.promote(view, [page(number).url])[page(number).url]
    assert view.has_bodies
    store.bodies.drop(run)
    assert not view.has_bodies
    assert list(view.every_capture()) == [None] * 4
    assert list(store.evidence.captures(run)) == [capture(0), capture(1), shot]
    LocalShelf(store.folder / "evidence").path(statements.statement_of(capture(0), (), "").body_sha256).unlink()
    assert list(store.evidence.captures(run)) == [capture(1), shot], "a body that is gone takes its statement along"


def test_a_run_that_stands_on_another_gives_the_bytes_of_what_it_kept(store: Store) -> None:
    first = opened_run(store)
    append_pages(store, first, 0, 3)
    store.runs.finish(first, NOON, "完成", {})
    numbers = {fact.url: number for number, fact, _ in store.runs.view(first).numbered_pages()}
    second = store.runs.open("q3", SITE, {}, NOON + timedelta(days=1), base=first)
    unchanged = replace(visit(1), at=NOON + timedelta(days=1), outcome=Outcome.OK, status=304)
    store.runs.append(
        second,
        pages=[RecordedPage(page(9), array("I"))],
        visits=[unchanged, visit(9)],
        captures=[capture(9)],
        kept=[numbers[page(1).url]],
    )
    view = store.runs.view(second)
    assert list(view.kept_captures()) == [capture(1)]
    assert list(view.every_capture()) == [capture(9)]
    assert list(store.runs.view(first).kept_captures()) == []


def test_the_register_of_exports_is_only_added_to(tmp_path: Path) -> None:
    register = Exports(tmp_path)
    one = ExportRecord(NOON, "q3", ("html", "json"), "/out", 12, "a" * 64)
    assert register.of("a" * 64) is None
    register.note(one)
    with (tmp_path / "exports.jsonl").open("a") as torn:
        torn.write('{"at": "2026-')
        torn.write("\n")
    register.note(replace(one, digest="b" * 64, files=13))
    assert register.of("a" * 64) == one
    found = register.of("b" * 64)
    assert found is not None
    assert found.files == 13
    assert register.of("c" * 64) is None
