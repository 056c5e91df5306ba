"""An inspection whose evidence goes to a bucket; and what becomes of it where that is away."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from storage.shelves import OWNERS, Place
from tests.integration.inspecting.conftest import Xuncha, findings_of, lines
from tests.integration.inspecting.living_site import LivingSite, living_site

WORDS = ("inspect", "--registry", "r.yaml", "--allow-private", "--no-render", "--out")
SECRET = "a-secret-that-is-never-shown"


@pytest.fixture
def site(xuncha: Xuncha) -> Iterator[LivingSite]:
    """A site of three articles; an attachment is missing."""
    logins = xuncha.folder / "logins.toml"
    logins.write_text(f'XUNCHA_EVIDENCE_KEY = "xuncha"\nXUNCHA_EVIDENCE_SECRET = "{SECRET}"\n', "utf-8")
    logins.chmod(0o600)
    with living_site() as living:
        for number in range(1, 4):
            living.article(number)
        living.lists(range(1, 4))
        del living.answers["/files/2.pdf"]
        (xuncha.folder / "r.yaml").write_text(living.registry(), "utf-8")
        yield living


def configure(xuncha: Xuncha, place: Place) -> None:
    (xuncha.folder / "xuncha.toml").write_text(
        f'evidence_store = "{place.address}"\nevidence_endpoint = "{place.endpoint}"\n'
        f'credentials_file = "{xuncha.folder / "logins.toml"}"\n',
        "utf-8",
    )


def test_evidence_goes_to_the_bucket_and_from_there_into_the_outbox(
    xuncha: Xuncha, site: LivingSite, bucket: Place
) -> None:
    xuncha(*WORDS, "local")
    assert (xuncha.folder / "xuncha-data/evidence").is_dir()
    configure(xuncha, bucket)
    (xuncha.folder / "xuncha-data").rename(xuncha.folder / "before")
    xuncha(*WORDS, "far")
    assert not (xuncha.folder / "xuncha-data/evidence").exists()
    assert findings_of(xuncha.folder / "far") == findings_of(xuncha.folder / "local") != []
    for row in lines(xuncha.folder / "far/findings.jsonl"):
        assert row["evidence"]
        assert all((xuncha.folder / "far" / name).is_file() for name in row["evidence"])
    xuncha("verify", "far")
    xuncha("export", "--inspection", "latest", "--format", "json", "--out", "again")
    names = sorted(path.name for path in (xuncha.folder / "far/evidence").iterdir())
    assert sorted(path.name for path in (xuncha.folder / "again/evidence").iterdir()) == names


def test_a_bucket_that_is_away_is_told_before_anything_is_visited(xuncha: Xuncha, site: LivingSite) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        configure(xuncha, Place("s3://kept", f"http://127.0.0.1:{held.getsockname()[1]}"))
        done = xuncha(*WORDS, "out", code=2)
    assert "无法使用证据库：s3://kept" in done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert site.asked() == []
    assert not (xuncha.folder / "out").exists()


def test_a_bucket_that_goes_away_is_our_fault_and_no_finding(xuncha: Xuncha, site: LivingSite) -> None:
    with full_bucket() as place:
        configure(xuncha, place)
        done = xuncha("inspect", "--kind", "on-demand", *WORDS[1:], "out", code=3)
    targets = json.loads((xuncha.folder / "out/run.json").read_text("utf-8"))["targets"]
    (target,) = [target for target in targets if target["target_kind"] == "site"]
    assert "无法使用证据库" in target["exit_reason"]
    assert [row for row in lines(xuncha.folder / "out/findings.jsonl") if row["target"] == site.home] == []
    assert SECRET not in done.stdout + done.stderr


@contextmanager
def full_bucket() -> Iterator[Place]:
    """A server that lists an empty bucket, takes the note of whose it is, and refuses every object."""
    empty = b'<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>'
    answers = {b"GET": (b"200 OK", empty), b"HEAD": (b"404 Not Found", b""), b"PUT": (b"507 Insufficient Storage", b"")}
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            while True:
                try:
                    asked, _ = listening.accept()
                except OSError:
                    return
                with asked:
                    method, path, _ = asked.recv(1 << 20).split(b" ", 2)
                    status, body = (b"200 OK", b"") if f"/{OWNERS}/".encode() in path else answers[method]
                    head = b'HTTP/1.1 %s\r\nETag: "e"\r\nContent-Length: %d\r\n' % (status, len(body))
                    head += b"Connection: close\r\n\r\n"
                    asked.sendall(head + body)

        server = threading.Thread(target=answer, daemon=True)
        server.start()
        yield Place("s3://kept", f"http://127.0.0.1:{listening.getsockname()[1]}")
        listening.shutdown(socket.SHUT_RDWR)
        server.join(5)
