"""Evidence: kept once under its hash, checked when read, promoted from a run before its bodies go."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import zstandard
from msgspec.structs import replace

from storage.errors import EvidenceDamaged, EvidenceMissing
from storage.shelves import LocalShelf
from storage.store import Store
from tests.integration.storage.samples import HOME, NOON, append_pages, capture, opened_run, page, visit


def test_bytes_lie_once_under_their_hash(store: Store) -> None:
    data = "<html>云溪县</html>".encode() * 100
    sha = store.evidence.put(data, kind="html")
    assert sha == hashlib.sha256(data).hexdigest()
    path = store.folder / "evidence" / sha[:2] / sha[2:4] / f"{sha}.zst"
    written = path.stat()
    assert store.evidence.put(data, kind="html") == sha
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (written.st_ino, written.st_mtime_ns)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert store.evidence.get(sha) == data
    assert store.evidence.get(store.evidence.put(b"", kind="html")) == b""


def test_many_threads_put_the_same_bytes(store: Store) -> None:
    data = b"x" * 200_000
    with ThreadPoolExecutor(8) as pool:
        shas = set(pool.map(lambda _: store.evidence.put(data, kind="png"), range(32)))
    assert [store.evidence.get(sha) for sha in shas] == [data]
    assert len([each for each in (store.folder / "evidence").rglob("*") if each.is_file()]) == 1


def test_damage_is_told(store: Store) -> None:
    sha = store.evidence.put(b"what was seen", kind="html")
    path = LocalShelf(store.folder / "evidence").path(sha)
    path.write_bytes(zstandard.ZstdCompressor().compress(b"what was not seen"))
    with pytest.raises(EvidenceDamaged, match="内容与编号不符"):
        store.evidence.get(sha)
    path.write_bytes(b"no frame")
    with pytest.raises(EvidenceDamaged, match="无法解压"):
        store.evidence.get(sha)
    path.unlink()
    with pytest.raises(EvidenceMissing, match="不存在"):
        store.evidence.get(sha)


@pytest.mark.parametrize("id", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n"])
def test_what_is_no_evidence_id_reads_no_file(store: Store, id: str) -> None:
    with pytest.raises(EvidenceMissing, match="不是有效的证据编号"):
        store.evidence.get(id)


def test_a_page_is_promoted_with_its_headers_and_visits(store: Store) -> None:
    run = opened_run(store)
    append_pages(store, run, 0, 3)
    view = store.runs.view(run)
    url = page(1).url
    body, headers = records = store.evidence.promote(view, [url])[url]
    assert [(each.kind, each.url, each.at, each.client, each.run) for each in records] == [
        ("html", url, capture(1).at, "xuncha-test", run),
        ("headers", url, capture(1).at, "xuncha-test", run),
    ]
    assert store.evidence.get(body.sha256) == capture(1).body
    told = json.loads(store.evidence.get(headers.sha256))
    assert (told["url"], told["status"], told["attempt"]) == (url, 200, 1)
    assert told["headers"] == [list(each) for each in capture(1).headers]
    assert [each["requested_url"] for each in told["visits"]] == [visit(1).requested_url]

    store.bodies.drop(run)
    assert store.evidence.promote(view, [url])[url] == records
    assert store.evidence.promote(view, [page(2).url])[page(2).url] == ()
    assert store.evidence.records([body.sha256, "0" * 64]) == {body.sha256: (body,), "0" * 64: ()}


def test_promoting_again_adds_only_what_is_new(store: Store) -> None:
    run = opened_run(store)
    append_pages(store, run, 0, 2)
    view = store.runs.view(run)
    once = store.evidence.promote(view, [page(1).url])[page(1).url]
    store.runs.append(run, captures=[capture(1, attempt=2, kind="png", body=b"\x89PNG screenshot")])
    twice = store.evidence.promote(view, [page(1).url])[page(1).url]
    assert set(once) < set(twice)
    assert sorted(each.kind for each in twice) == ["headers", "headers", "html", "png"]
    assert store.evidence.promote(view, [page(1).url])[page(1).url] == twice


def test_an_answer_without_a_body_is_proved_by_its_headers(store: Store) -> None:
    run = opened_run(store)
    store.runs.append(run, captures=[replace(capture(1), status=404, body=b"")])
    (record,) = store.evidence.promote(store.runs.view(run), [page(1).url])[page(1).url]
    assert record.kind == "headers"
    assert json.loads(store.evidence.get(record.sha256))["status"] == 404


def test_what_no_run_captured_is_kept_by_itself(store: Store) -> None:
    record = store.evidence.keep(b'{"list": []}', kind="headers", url=HOME, at=NOON, client="weibo-mobile")
    assert store.evidence.records([record.sha256]) == {record.sha256: (record,)}
    assert store.evidence.get(record.sha256) == b'{"list": []}'
