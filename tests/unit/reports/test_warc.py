"""A run as a web archive, read again by a public reader that checks every digest."""

from __future__ import annotations

import gzip
import hashlib
import json
import tracemalloc
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from crawler.facts import BEIJING, Exchange, FetchOutcome, Hop, Outcome
from reports.warc import Kept, WarcFigures, WarcInfo, write
from storage.bodies import Capture

AT = datetime(2026, 11, 20, 1, 14, 7, 250_000, tzinfo=BEIJING)
HOME = "http://www.yunxi.example/"
INFO = WarcInfo(
    "q4", 7, HOME, "云溪县人民政府网", "xuncha/0.1", "https://office.example/", "Xuncha/0.1", "obey", AT, AT
)
SENT = (("Host", "www.yunxi.example"), ("User-Agent", "Xuncha/0.1"))


def _capture(path: str, body: bytes, *, second: int = 0, kind: str = "response", **more: Any) -> Capture:
    wire = {"url": HOME + path, "sent": SENT, "address": "192.0.2.7", "protocol": "HTTP/1.1", **more}
    status = wire.pop("status", 200)
    headers = wire.pop("headers", (("Content-Type", "text/html; charset=gbk"), ("Content-Length", str(len(body)))))
    at = AT + timedelta(seconds=second)
    return Capture(HOME + path, 1, at, status, headers, body, kind, Exchange(**wire))


def _written(path: Path, *kept: Kept | Capture) -> tuple[list[Any], WarcFigures]:
    figures = WarcFigures(visits=len(kept))
    write(INFO, [each if isinstance(each, Kept) else Kept(each) for each in kept], figures, path)
    return _read(path), figures


def _read(path: Path) -> list[Any]:
    records = []
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            content = record.content_stream().read()
            records.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), record, content))
    return records


def _header(record: Any, name: str) -> str | None:
    value: str | None = record.rec_headers.get_header(name)
    return value


def _of(records: list[Any], kind: str) -> list[tuple[str, Any, bytes]]:
    return [(url, record, content) for each, url, record, content in records if each == kind]


def test_who_made_it_stands_first_and_what_is_missing_last(tmp_path: Path) -> None:
    records, figures = _written(tmp_path / "a.warc.gz", _capture("", b"<html>"))
    assert [kind for kind, *_ in records] == ["warcinfo", "response", "request", "resource"]
    info = records[0][3].decode()
    for line in ("software: xuncha/0.1", "operator: https://office.example/", "robots: obey", "isPartOf: q4"):
        assert line in info
    assert "http-header-user-agent: Xuncha/0.1" in info
    summary = json.loads(records[-1][3])
    assert (summary["run"], summary["visits"], summary["responses"]) == (7, 1, 1)
    assert figures.kept == 1


def test_every_record_is_a_gzip_member_of_its_own(tmp_path: Path) -> None:
    records, _ = _written(tmp_path / "a.warc.gz", _capture("", b"<html>"))
    content = (tmp_path / "a.warc.gz").read_bytes()
    starts = [at for at in range(len(content)) if content.startswith(b"\x1f\x8b\x08", at)]
    assert len(starts) >= len(records)
    assert gzip.decompress(content).count(b"WARC/1.1\r\n") == len(records)


def test_headers_fit_the_body_that_is_kept_and_what_they_replaced_stands_beside(tmp_path: Path) -> None:
    body = "<html>云溪县</html>".encode("gbk")
    name = '附件名.doc"'.encode("gbk").decode("latin-1")
    headers = (
        ("Content-Type", "text/html; charset=gbk"),
        ("Content-Length", "14"),
        ("Transfer-Encoding", "chunked"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("Content-Disposition", f'inline; filename="{name}'),
    )
    capture = _capture("a.html", body, headers=headers, encoding="gzip", length=14)
    records, _ = _written(tmp_path / "a.warc.gz", capture)
    ((url, record, content),) = _of(records, "response")
    assert (url, content) == (HOME + "a.html", body)
    http = record.http_headers
    assert (http.get_statuscode(), http.get_header("Content-Length")) == ("200", str(len(body)))
    assert http.get_header("Content-Encoding") is None
    assert http.get_header("Transfer-Encoding") is None
    assert http.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
    assert http.get_header("X-Archive-Orig-Content-Length") == "14"
    assert http.get_header("X-Archive-Orig-Transfer-Encoding") == "chunked"
    assert [value for key, value in http.headers if key == "Set-Cookie"] == ["a=1", "b=2"]
    assert '附件名.doc"'.encode("gbk") in gzip.decompress((tmp_path / "a.warc.gz").read_bytes()), "bytes as they came"
    assert _header(record, "WARC-IP-Address") == "192.0.2.7"
    assert _header(record, "WARC-Date") == "2026-11-19T17:14:07.250000Z"
    assert _header(record, "Xuncha-Body-SHA256") == hashlib.sha256(body).hexdigest()
    ((_, request, sent),) = _of(records, "request")
    assert str(request.http_headers).startswith("GET /a.html HTTP/1.1\r\nHost: www.yunxi.example\r\n")
    assert _header(request, "WARC-Concurrent-To") == _header(record, "WARC-Record-ID")
    assert sent == b""


def test_a_line_break_in_a_header_starts_no_header(tmp_path: Path) -> None:
    capture = _capture("", b"<html>", headers=(("X-Odd", "a\r\nSet-Cookie: forged=1\r\n\r\n<script>"),))
    records, _ = _written(tmp_path / "a.warc.gz", capture)
    ((_, record, content),) = _of(records, "response")
    assert record.http_headers.get_header("Set-Cookie") is None
    assert content == b"<html>"


def test_a_body_that_repeats_is_written_once(tmp_path: Path) -> None:
    same = b"<html>not found</html>"
    first, again = _capture("a", same, status=404), _capture("b?c=1", same, second=5, status=404)
    records, figures = _written(tmp_path / "a.warc.gz", first, again, _capture("c", b"", second=6, status=500))
    ((url, record, content),) = _of(records, "revisit")
    assert (url, content) == (HOME + "b?c=1", b"")
    assert record.http_headers.get_statuscode() == "404"
    assert _header(record, "WARC-Refers-To-Target-URI") == HOME + "a"
    assert _header(record, "WARC-Refers-To-Date") == "2026-11-19T17:14:07.250000Z"
    original = _of(records, "response")[0][1]
    assert _header(record, "WARC-Payload-Digest") == _header(original, "WARC-Payload-Digest")
    assert (figures.responses, figures.revisits) == (2, 1)


def test_redirects_stand_before_where_they_led(tmp_path: Path) -> None:
    moved = Hop(
        HOME + "old", AT, 301, "/new", "GET", SENT, (("Location", "/new"), ("Content-Length", "31")), "192.0.2.8"
    )
    bare = Hop(HOME + "new", AT, 302, "/a", "GET", SENT, (("Location", "/a"), ("Content-Length", "0")))
    records, figures = _written(tmp_path / "a.warc.gz", _capture("a", b"<html>", hops=(moved, bare)))
    (old, new, final) = _of(records, "response")
    assert [each[0] for each in (old, new, final)] == [HOME + "old", HOME + "new", HOME + "a"]
    assert old[1].http_headers.get_header("Location") == "/new"
    assert old[1].http_headers.get_header("X-Archive-Orig-Content-Length") == "31"
    assert (_header(old[1], "WARC-Truncated"), _header(new[1], "WARC-Truncated")) == ("unspecified", None)
    assert _header(old[1], "WARC-IP-Address") == "192.0.2.8"
    assert figures.redirects == 2


def test_a_request_without_an_answer_is_told_as_metadata(tmp_path: Path) -> None:
    failed = _capture(
        "",
        b"",
        kind="failure",
        status=None,
        headers=(),
        error="ConnectError",
        words="refused\r\nby peer",
        note="对照可达",
    )
    records, figures = _written(tmp_path / "a.warc.gz", failed)
    ((url, record, content),) = _of(records, "metadata")
    assert url == HOME
    assert _header(record, "WARC-IP-Address") == "192.0.2.7"
    lines = content.decode().splitlines()
    assert lines[:3] == ["fetchAttempt: 1", "method: GET", "error: ConnectError"]
    assert {"errorText: refused by peer", "note: 对照可达", "user-agent: Xuncha/0.1"} <= set(lines)
    assert not _of(records, "response")
    assert figures.failures == 1


def test_what_a_browser_showed_and_its_picture_never_pass_for_an_answer(tmp_path: Path) -> None:
    page = _capture("", b"<html>")
    shown = _capture("", b"<html>filled</html>", second=1, kind="rendered", headers=())
    picture = _capture("", b"\x89PNG", second=2, kind="screenshot", headers=())
    records, _ = _written(tmp_path / "a.warc.gz", page, shown, picture)
    ((_, response, _),) = _of(records, "response")
    ((url, document, content),) = _of(records, "conversion")
    assert (url, content) == (HOME, b"<html>filled</html>")
    assert _header(document, "WARC-Refers-To") == _header(response, "WARC-Record-ID")
    named = {url: record for url, record, _ in _of(records, "resource")}
    assert _header(named[f"urn:view:{HOME}"], "Content-Type") == "image/png"


def test_a_page_kept_from_an_earlier_run_bears_its_own_date_and_this_runs_look(tmp_path: Path) -> None:
    later = AT + timedelta(days=1)
    looks = (
        FetchOutcome(HOME, HOME, later, Outcome.OK, 304),
        FetchOutcome(HOME, HOME, later + timedelta(hours=1), Outcome.OK, 200),
    )
    records, figures = _written(tmp_path / "a.warc.gz", Kept(_capture("", b"<html>"), looks, earlier=True))
    first, second = (record for _, record, _ in _of(records, "revisit"))
    assert str(_header(first, "WARC-Profile")).endswith("server-not-modified")
    assert str(_header(second, "WARC-Profile")).endswith("identical-payload-digest")
    assert _header(first, "WARC-Date") == "2026-11-20T17:14:07.250000Z"
    assert _header(first, "WARC-Refers-To-Date") == "2026-11-19T17:14:07.250000Z"
    assert figures.revisits == 2


def test_only_the_beginning_is_told_as_truncated(tmp_path: Path) -> None:
    records, figures = _written(tmp_path / "a.warc.gz", _capture("big", b"x" * 100, is_cut=True, length=9_000))
    assert _header(_of(records, "response")[0][1], "WARC-Truncated") == "length"
    assert figures.truncated == 1


def test_a_public_checker_finds_no_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hop = Hop(HOME + "old", AT, 302, "/", headers=(("Location", "/"),))
    _written(tmp_path / "a.warc.gz", _capture("", b"<html>", hops=(hop,)), _capture("b", b"<html>"), _capture("c", b""))
    checker = Checker(type("Options", (), {"inputs": [str(tmp_path / "a.warc.gz")], "verbose": True})())
    checker.process_all()
    assert checker.exit_value == 0, capsys.readouterr().out


def test_a_fault_in_the_middle_leaves_no_file(tmp_path: Path) -> None:
    def failing() -> Iterator[Kept]:
        yield Kept(_capture("", b"<html>"))
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        write(INFO, failing(), WarcFigures(), tmp_path / "a.warc.gz")
    assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_the_run(tmp_path: Path) -> None:
    def many(count: int) -> Iterator[Kept]:
        for number in range(count):
            yield Kept(_capture(f"{number}.html", f"{number}".encode() * 10_000))

    def peak(count: int) -> int:
        tracemalloc.start()
        write(INFO, many(count), WarcFigures(), tmp_path / "a.warc.gz")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(400) - peak(40) < 360 * 2_000, "a page of 30 kB leaves less than 2 kB behind"
