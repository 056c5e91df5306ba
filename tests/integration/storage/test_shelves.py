"""Both places for evidence do the same: a folder, and a bucket of a real S3 server."""

from __future__ import annotations

import hashlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
import zstandard
from msgspec.structs import replace

from scheduler.shelving import shelf_at
from storage.bucket import BucketShelf, Keys
from storage.errors import EvidenceDamaged, EvidenceMissing, EvidenceShared, EvidenceStoreUnavailable
from storage.shelves import HERE, LocalShelf, Place, Shelf, sha_of
from storage.store import Store
from tests.integration.storage.conftest import KEYS
from tests.integration.storage.samples import append_pages, capture, opened_run, page

DATA = "<html>云溪县</html>".encode() * 100
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def store(shelf: Shelf, tmp_path: Path) -> Iterator[Store]:
    with Store(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "kept", shelf) as opened:
        opened.upgrade()
        yield opened


def test_what_is_put_is_there_once(shelf: Shelf) -> None:
    shelf.check()
    assert (shelf.has(SHA), list(shelf.all())) == (False, [])
    began = datetime.now(UTC) - timedelta(seconds=2)
    shelf.put(SHA, b"one")
    assert (shelf.has(SHA), shelf.get(SHA)) == (True, b"one")
    (found,) = shelf.all()
    assert (found.sha256, found.size) == (SHA, 3)
    assert began <= found.at <= datetime.now(UTC) + timedelta(seconds=2)
    assert SHA in shelf.where(SHA)


def test_databases_that_keep_evidence_there_are_noted_beside_it(shelf: Shelf) -> None:
    assert shelf.owners() == frozenset()
    shelf.put(SHA, b"one")
    for owner in ("a" * 32, "b" * 32, "a" * 32):
        shelf.note(owner)
    assert shelf.owners() == {"a" * 32, "b" * 32}
    assert [each.sha256 for each in shelf.all()] == [SHA]


def test_two_databases_over_one_place_are_found_out(store: Store, shelf: Shelf, tmp_path: Path) -> None:
    store.evidence.prove_ours()
    store.evidence.note_owner()
    store.evidence.prove_ours()
    with Store(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "other", shelf) as other:
        other.upgrade()
        other.upgrade()
        other.evidence.note_owner()
        for each in (store, other):
            with pytest.raises(EvidenceShared, match="另有 1 个数据库的证据也在"):
                each.evidence.prove_ours()


def test_removing_takes_what_is_named_and_is_no_error_twice(shelf: Shelf) -> None:
    others = [hashlib.sha256(bytes([number])).hexdigest() for number in range(3)]
    for sha in (SHA, *others):
        shelf.put(sha, b"x")
    shelf.remove([])
    shelf.remove([SHA, "0" * 64])
    shelf.remove([SHA])
    assert sorted(each.sha256 for each in shelf.all()) == sorted(others)
    with pytest.raises(EvidenceMissing, match="不存在"):
        shelf.get(SHA)


@pytest.mark.parametrize("id", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n"])
def test_what_is_no_evidence_id_reaches_no_place(store: Store, id: str) -> None:
    with pytest.raises(EvidenceMissing, match="不是有效的证据编号"):
        store.evidence.get(id)
    with pytest.raises(EvidenceMissing):
        store.evidence.shelf.remove([id])


def test_many_threads_put_the_same_bytes(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        shas = set(pool.map(lambda _: store.evidence.put(DATA, kind="png"), range(24)))
    assert shas == {SHA}
    assert [each.sha256 for each in store.evidence.shelf.all()] == [SHA]
    assert store.evidence.get(SHA) == DATA


def test_changed_bytes_are_told_with_their_place(store: Store) -> None:
    store.evidence.put(DATA, kind="html")
    for content, words in ((zstandard.ZstdCompressor().compress(b"other"), "内容与编号不符"), (b"none", "无法解压")):
        store.evidence.shelf.remove([SHA])
        store.evidence.shelf.put(SHA, content)
        with pytest.raises(EvidenceDamaged, match=words) as told:
            store.evidence.get(SHA)
        assert store.evidence.shelf.where(SHA) in str(told.value)


def test_a_run_is_promoted_and_read_back(store: Store) -> None:
    run = opened_run(store)
    append_pages(store, run, 0, 40)
    view = store.runs.view(run)
    urls = [page(number).url for number in range(40)]
    promoted = store.evidence.promote(view, urls)
    assert all(len(promoted[url]) == 2 for url in urls)
    assert len(list(store.evidence.shelf.all())) == 80
    store.bodies.drop(run)
    assert list(store.evidence.captures(run)) == [capture(number) for number in range(40)]


# --------------------------------------------------------------------------- the folder alone


def test_what_a_killed_process_left_is_named_once_it_is_old(tmp_path: Path) -> None:
    shelf = LocalShelf(tmp_path)
    shelf.put(SHA, b"one")
    torn = shelf.path(SHA).with_suffix(".part")
    torn.write_bytes(b"half")
    before = datetime.now(UTC) - timedelta(days=1)
    assert list(shelf.leftovers(before)) == []
    old = time.time() - 100_000
    os.utime(torn, (old, old))
    os.utime(shelf.path(SHA), (old, old))
    assert list(shelf.leftovers(before)) == [(torn.relative_to(tmp_path).as_posix(), 4)]
    shelf.sweep([torn.relative_to(tmp_path).as_posix()])
    assert [each.sha256 for each in shelf.all()] == [SHA]


def test_names_that_are_not_ours_are_passed_over() -> None:
    assert sha_of(f"{SHA[:2]}/{SHA[2:4]}/{SHA}.zst") == SHA
    for name in (f"{SHA}.zst", f"00/11/{SHA}.zst", "readme.txt", f"{SHA[:2]}/{SHA[2:4]}/{SHA}.zst.part"):
        assert sha_of(name) is None


# --------------------------------------------------------------------------- the bucket alone


def test_the_first_bytes_stay(bucket: Place) -> None:
    """The server itself refuses a second object, whoever looked before: no machine changes another's evidence."""
    shelf = BucketShelf(bucket, KEYS)
    shelf.put(SHA, b"one")
    shelf.put(SHA, b"two")
    assert shelf.get(SHA) == b"one"


def test_objects_of_others_are_not_ours(bucket: Place, s3_server: str) -> None:
    name = bucket.address.split("/")[2]
    client = boto3.client(
        "s3", endpoint_url=s3_server, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    client.put_object(Bucket=name, Key="city/evidence/readme.txt", Body=b"x")
    client.put_object(Bucket=name, Key=f"elsewhere/{SHA[:2]}/{SHA[2:4]}/{SHA}.zst", Body=b"x")
    shelf = BucketShelf(bucket, KEYS)
    assert (list(shelf.all()), shelf.has(SHA)) == ([], False)
    shelf.put(SHA, b"one")
    assert client.get_object(Bucket=name, Key=f"city/evidence/{SHA[:2]}/{SHA[2:4]}/{SHA}.zst")["Body"].read() == b"one"
    client.close()


def test_a_bucket_that_is_not_there_is_no_missing_evidence(s3_server: str) -> None:
    shelf = BucketShelf(Place("s3://no-such-bucket", s3_server), KEYS)
    for ask in (shelf.check, lambda: shelf.put(SHA, b"x"), lambda: shelf.get(SHA), lambda: list(shelf.all())):
        with pytest.raises(EvidenceStoreUnavailable, match="没有存储桶 no-such-bucket"):
            ask()


def test_a_server_that_is_away_is_told_plainly(tmp_path: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        away = f"http://127.0.0.1:{held.getsockname()[1]}"
        shelf = BucketShelf(Place("s3://kept", away), KEYS)
        with Store(f"sqlite:///{tmp_path / 'x.db'}", tmp_path, shelf) as store:
            store.upgrade()
            run = opened_run(store)
            append_pages(store, run, 0, 2)
            for ask in (
                shelf.check,
                lambda: store.evidence.put(DATA, kind="html"),
                lambda: store.evidence.get(SHA),
                lambda: store.evidence.promote(store.runs.view(run), [page(1).url]),
            ):
                with pytest.raises(EvidenceStoreUnavailable, match="无法使用证据库：s3://kept") as told:
                    ask()
                assert not isinstance(told.value, EvidenceMissing)
                assert KEYS.secret not in str(told.value) + repr(told.value.__cause__)
            with store.database.read() as connection:
                assert connection.exec_driver_sql("select count(*) from evidence").scalar_one() == 0


@pytest.mark.parametrize(
    ("status", "words"),
    [("403 Forbidden", "拒绝访问"), ("501 Not Implemented", "无法使用|不支持"), ("500 Oops", "无法使用")],
)
def test_a_server_that_refuses_is_told_plainly(status: str, words: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            while True:
                try:
                    asked, _ = listening.accept()
                except OSError:
                    return
                with asked:
                    asked.recv(65536)
                    asked.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())

        server = threading.Thread(target=answer, daemon=True)
        server.start()
        shelf = BucketShelf(Place("s3://kept", f"http://127.0.0.1:{listening.getsockname()[1]}"), KEYS)
        with pytest.raises(EvidenceStoreUnavailable, match=words):
            shelf.put(SHA, b"x")
        listening.shutdown(socket.SHUT_RDWR)
    server.join(5)


def test_an_address_that_is_none_is_refused() -> None:
    for address in ("s3:/kept", "https://kept", "s3://", "s3://UPPER"):
        with pytest.raises(EvidenceStoreUnavailable, match="无法识别"):
            BucketShelf(Place(address), KEYS)


def test_the_keys_come_from_the_environment_or_the_file_of_logins(bucket: Place, tmp_path: Path) -> None:
    assert shelf_at(HERE, {}) is None
    with pytest.raises(EvidenceStoreUnavailable, match="缺少密钥 XUNCHA_EVIDENCE_SECRET"):
        shelf_at(bucket, {"XUNCHA_EVIDENCE_KEY": "a"})
    file = tmp_path / "logins.toml"
    file.write_text('XUNCHA_EVIDENCE_KEY = "a"\nXUNCHA_EVIDENCE_SECRET = "very-secret"\n', "utf-8")
    file.chmod(0o644)
    with pytest.raises(EvidenceStoreUnavailable, match="可被他人读取"):
        shelf_at(replace(bucket, credentials_file=str(file)), {})
    file.chmod(0o600)
    shelf = shelf_at(replace(bucket, credentials_file=str(file)), {})
    assert shelf is not None
    shelf.put(SHA, b"one")
    assert shelf.get(SHA) == b"one"
    assert "very-secret" not in f"{shelf!r}{vars(shelf)}{Keys('a', 'very-secret')!r}"
