"""One site's run as a web archive (WARC 1.1, ISO 28500), which public tools can check, index and replay.

Records are made from what was kept, one gzip member each: `response` and `request` of every answer and of every
redirect before it, `revisit` where a body repeats, `metadata` for a request without an answer, `conversion` for
what a browser showed, `resource` for a screenshot, and at the end a `resource` that counts what is and is not there.

Bodies were kept with their Content-Encoding taken off. As archives do in that case, a response's headers then fit the
body that it has, and what they replaced stands beside them under `X-Archive-Orig-…`.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import asdict
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.facts import FetchOutcome, Header, Hop
from reports.atomic import replacing
from reports.records import encode_pretty
from storage.bodies import Capture
from storage.statements import PICTURES

_VERSION = "WARC/1.1"
_ORIGINAL = "X-Archive-Orig-"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_PNG, _HTML, _FIELDS, _JSON = "image/png", "text/html; charset=utf-8", "application/warc-fields", "application/json"


class WarcInfo(Struct, frozen=True):
    """Who made the archive of what: the warcinfo record. `robots` is obey or ignore; times and names as recorded."""

    inspection: str
    run: int
    target: str
    name: str
    software: str
    operator: str
    user_agent: str
    robots: str
    started: datetime
    ended: datetime | None


class WarcFigures(Struct):
    """What an archive holds and what it does not. `visits` and `kept` are what the run recorded and what was handed

    over; `without_bytes` are visits of which only the outcome was ever kept (a resource that answered well, a link to
    another site that opened), `lost` captures whose bytes are no longer stored.
    """

    visits: int = 0
    kept: int = 0
    lost: int = 0
    without_bytes: int = 0
    responses: int = 0
    redirects: int = 0
    revisits: int = 0
    failures: int = 0
    documents: int = 0
    pictures: int = 0
    truncated: int = 0


class Kept(NamedTuple):
    """A capture; where an `earlier` run made it, with the visits of this run that found the page unchanged."""

    capture: Capture
    unchanged: tuple[FetchOutcome, ...] = ()
    earlier: bool = False


def write(info: WarcInfo, kept: Iterable[Kept], figures: WarcFigures, path: Path) -> WarcFigures:
    """Writes the archive of a run to `path`, whole or not at all, and answers `figures` with what was written.

    `figures` comes with what the run recorded (`visits`, `without_bytes`) and `kept` one after another: memory
    holds one capture at a time, and about two hundred bytes for each distinct body. Raises OSError where the disk
    refuses.
    """
    with replacing(path) as draft, draft.open("wb") as stream:
        archive = _Archive(WARCWriter(stream, gzip=True, warc_version=_VERSION), figures)
        archive.about(info, path.name)
        for each in kept:
            archive.add(each)
        archive.close(info)
    return figures


class _First(NamedTuple):
    """The first record that has certain bytes."""

    url: str
    date: str


class _Archive(Struct):
    writer: WARCWriter
    figures: WarcFigures
    bodies: dict[bytes, _First] = field(default_factory=dict)
    responses: dict[str, str] = field(default_factory=dict)

    def about(self, info: WarcInfo, filename: str) -> None:
        """The first record: who, what, how."""
        fields = {
            "software": info.software,
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "operator": info.operator,
            "http-header-user-agent": info.user_agent,
            "robots": info.robots,
            "isPartOf": info.inspection,
            "description": f"{info.name} {info.target} run {info.run}",
            "created": _date(info.ended or info.started),
        }
        self.writer.write_record(self.writer.create_warcinfo_record(filename, fields))

    def add(self, kept: Kept) -> None:
        """One capture with all that belongs to it."""
        capture = kept.capture
        self.figures.kept += 1
        for hop in capture.exchange.hops:
            self._hop(hop)
        if capture.kind == "failure":
            self._failure(capture)
        elif capture.kind in PICTURES:
            self._picture(capture)
        elif capture.kind == "rendered":
            self._document(capture)
        else:
            self._response(capture)
            for visit in kept.unchanged:
                self._unchanged(capture, visit)

    def close(self, info: WarcInfo) -> None:
        """The last record: what is here and what is not."""
        told = {"inspection": info.inspection, "run": info.run, "target": info.target, **asdict(self.figures)}
        warc_headers = {"WARC-Date": _date(info.ended or info.started), "Content-Type": _JSON}
        self._write(f"urn:xuncha:run:{info.run}:summary", "resource", encode_pretty(told), warc_headers)

    def _hop(self, hop: Hop) -> None:
        self.figures.redirects += 1
        date = _date(hop.at)
        headers = [(name, value) for name, value in hop.headers if name.lower() not in _BODY_HEADERS]
        body = [(name, value) for name, value in hop.headers if name.lower() in _BODY_HEADERS]
        named = {"WARC-Date": date, **_address(hop.address)}
        if body != [("Content-Length", "0")]:  # its few bytes of text were not kept
            named["WARC-Truncated"] = "unspecified"
            headers += [(_ORIGINAL + name, value) for name, value in body]
        http = _answer(hop.status, [*headers, ("Content-Length", "0")], "HTTP/1.1")
        record = self._write(hop.url, "response", b"", named, http)
        self._request(hop.url, hop.method, hop.sent, "", date, record)

    def _response(self, capture: Capture) -> None:
        wire = capture.exchange
        url, date = wire.url or capture.url, _date(capture.at)
        named = {"WARC-Date": date, **_address(wire.address), "Xuncha-Attempt": str(capture.attempt)}
        if wire.protocol.startswith("HTTP/2"):
            named["WARC-Protocol"] = "h2"
        if capture.body:
            named["Xuncha-Body-SHA256"] = hashlib.sha256(capture.body).hexdigest()
        if wire.is_cut:
            named["WARC-Truncated"] = "length"
            self.figures.truncated += 1
        http = _answer(capture.status or 0, _fitting(capture), wire.protocol)
        digest = hashlib.sha1(capture.body, usedforsecurity=False).digest()
        first = self.bodies.get(digest) if capture.body else None
        if first is None:
            self.figures.responses += 1
            self.bodies[digest] = _First(url, date)
            record = self._write(url, "response", capture.body, named, http)
        else:
            self.figures.revisits += 1
            record = self._revisit(url, digest, first, named, http)
        self.responses[capture.url] = record
        self._request(url, wire.method, wire.sent, wire.sent_body, date, record)

    def _unchanged(self, capture: Capture, visit: FetchOutcome) -> None:
        """A visit of this run that found an earlier run's page unchanged; its own headers were not kept."""
        url = capture.exchange.url or capture.url
        digest = hashlib.sha1(capture.body, usedforsecurity=False).digest()
        self.figures.revisits += 1
        record = self.writer.create_revisit_record(
            url,
            _sha1(digest),
            url,
            _date(capture.at),
            http_headers=_answer(visit.status or 200, [], "HTTP/1.1"),
            warc_headers_dict={"WARC-Date": _date(visit.at)},
        )
        if visit.status == HTTPStatus.NOT_MODIFIED:
            record.rec_headers.replace_header("WARC-Profile", _NOT_MODIFIED)
        self.writer.write_record(record)

    def _failure(self, capture: Capture) -> None:
        self.figures.failures += 1
        wire = capture.exchange
        lines = {
            "fetchAttempt": str(capture.attempt),
            "method": wire.method,
            "error": wire.error,
            "errorText": wire.words,
            "note": wire.note,
            "user-agent": next((value for name, value in wire.sent if name.lower() == "user-agent"), ""),
        }
        block = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in lines.items() if value)
        named = {"WARC-Date": _date(capture.at), **_address(wire.address), "Content-Type": _FIELDS}
        self._write(wire.url or capture.url, "metadata", block.encode(), named)

    def _document(self, capture: Capture) -> None:
        self.figures.documents += 1
        origin = self.responses.get(capture.url)
        named = {"WARC-Date": _date(capture.at), "Content-Type": _HTML}
        if origin:
            named["WARC-Refers-To"] = origin
        self._write(capture.url, "conversion", capture.body, named)

    def _picture(self, capture: Capture) -> None:
        self.figures.pictures += 1
        named = {"WARC-Date": _date(capture.at), "Content-Type": _PNG}
        self._write(f"urn:view:{capture.url}", "resource", capture.body, named)

    def _request(self, url: str, method: str, sent: tuple[Header, ...], body: str, date: str, concurrent: str) -> None:
        parts = urlsplit(url)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        http = _Lines(f"{path} HTTP/1.1", list(sent), protocol=method)
        named = {"WARC-Date": date, "WARC-Concurrent-To": concurrent}
        self._write(url, "request", body.encode(), named, http)

    def _revisit(self, url: str, digest: bytes, first: _First, named: Mapping[str, str], http: _Lines) -> str:
        record = self.writer.create_revisit_record(
            url, _sha1(digest), first.url, first.date, http_headers=http, warc_headers_dict=dict(named)
        )
        self.writer.write_record(record)
        return str(record.rec_headers.get_header("WARC-Record-ID"))

    def _write(self, url: str, kind: str, body: bytes, named: Mapping[str, str], http: _Lines | None = None) -> str:
        """Writes a record and answers its id."""
        record = self.writer.create_warc_record(
            url,
            kind,
            payload=BytesIO(body),
            length=len(body),
            warc_content_type=named.get("Content-Type", ""),
            warc_headers_dict={name: value for name, value in named.items() if name != "Content-Type"},
            http_headers=http,
        )
        self.writer.write_record(record)
        return str(record.rec_headers.get_header("WARC-Record-ID"))


class _Lines(StatusAndHeaders):  # type: ignore[misc]  # warcio has no types
    """HTTP's head with every byte as it was: warcio alone would percent-encode what is not ASCII."""

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        """The head's bytes. What was read as Latin-1 goes back to the bytes it was; no line holds a line break."""
        lines = [f"{self.protocol} {self.statusline}", *(f"{name}: {value}" for name, value in self.headers)]
        clean = (line.replace("\r", " ").replace("\n", " ") for line in lines)
        self.headers_buff = ("\r\n".join(clean) + "\r\n\r\n").encode("latin-1", "replace")


_BODY_HEADERS = frozenset({"content-length", "content-encoding", "transfer-encoding"})
"""Headers that tell how a body came over the wire; they no longer hold of a body that is kept decoded."""


def _fitting(capture: Capture) -> list[Header]:
    """The response's headers as they fit the body that is kept, with those that were replaced."""
    wire = capture.exchange
    length = str(len(capture.body))
    fitting: list[Header] = []
    replaced: list[Header] = []
    for name, value in capture.headers:
        lower = name.lower()
        if lower == "transfer-encoding" or (lower == "content-length" and value.strip() != length):
            replaced.append((_ORIGINAL + name, value))
        elif lower != "content-length":
            fitting.append((name, value))
    if wire.encoding:
        replaced.append((f"{_ORIGINAL}Content-Encoding", wire.encoding))
    return [*fitting, ("Content-Length", length), *replaced]


def _answer(status: int, headers: list[Header], protocol: str) -> _Lines:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    shown = protocol if protocol in ("HTTP/1.0", "HTTP/1.1") else "HTTP/1.1"
    return _Lines(f"{status} {phrase}", headers, protocol=shown)


def _address(address: str) -> dict[str, str]:
    return {"WARC-IP-Address": address.strip("[]")} if address else {}


def _sha1(digest: bytes) -> str:
    return f"sha1:{b32encode(digest).decode()}"


def _date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
