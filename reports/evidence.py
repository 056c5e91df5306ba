"""Evidence files beside the problem list: for every address one page that tells what was seen, and the bytes.

An evidence page (证据页) opens offline. The original bytes of every look stand beside it unchanged, with a readable
copy that does nothing and the record of the visit; `index.json` lists them all with their SHA-256 for programs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from crawler.read.charset import decode
from reports.atomic import write_bytes
from reports.evidence_page import LONGEST_TEXT, AddressEvidence, Claim, Look, Proof, render
from reports.records import Record, encode_pretty
from reports.saved_page import harmless
from reports.wording import stamp
from storage import statements
from storage.statements import Statement

FOLDER = "evidence"
"""The folder's name inside an outbox; problems point to `evidence/<file>`."""
INDEX = "index.json"

_UTF8_PAGE = "text/html; charset=utf-8"
"""How a browser's document is kept, whatever the page says of itself."""


class CaptureKind(StrEnum):
    """What a capture holds; HEADERS is the record of a visit (`storage.statements.Statement`)."""

    HTML = "html"
    PNG = "png"
    OTHER = "other"
    HEADERS = "headers"


class Capture(Struct, frozen=True):
    """One kept capture. `id` is what the reader is asked for, `client` who captured it."""

    id: str
    url: str
    at: datetime
    kind: CaptureKind
    client: str = ""


class Exported(Struct, frozen=True):
    """What was written: by address the pages that prove it, as paths from the outbox, and every file."""

    proofs: Mapping[str, tuple[str, ...]]
    files: tuple[Path, ...]


def export(
    captures: Iterable[Capture],
    read: Callable[[str], bytes | None],
    folder: Path,
    *,
    claims: Mapping[str, Sequence[Claim]] | None = None,
    related: Mapping[str, Collection[str]] | None = None,
    pictures: Iterable[Capture] = (),
) -> Exported:
    """Write the captures into `folder`.

    An address's page is `<12 hex digits of the SHA-256 of the address>.html`. Bytes are named by the first 12 digits of
    their own SHA-256: `<sha12>.bin` the original, `<sha12>.page.html` its readable copy, `<sha12>.png` a picture,
    `<sha12>.visit.json` the record of a visit. `read` gives a capture's bytes by id, None where they are no longer
    kept: the page and the index then say so. `claims` are the problems that rest on an address, `related` the other
    addresses that they rest on. `pictures` are screenshots of problems, each under a name of its own: they have no page
    but stand with their problem wherever it is told. Equal captures give equal bytes.
    """
    writer = _Writer(read, folder)
    shown = writer.pictures(pictures)
    of_address: dict[str, list[Capture]] = {}
    for capture in captures:
        of_address.setdefault(capture.url, []).append(capture)
    pages = {url: f"{hashlib.sha256(url.encode('utf-8', 'replace')).hexdigest()[:12]}.html" for url in of_address}
    proofs = {name: (f"{FOLDER}/{file}",) for name, file in shown.items()}
    for url in sorted(of_address):
        looks = writer.looks(of_address[url], pages[url])
        neighbours = sorted(set((related or {}).get(url, ())) & pages.keys() - {url})
        evidence = AddressEvidence(
            url=url,
            number=pages[url].removesuffix(".html"),
            looks=looks,
            claims=tuple(_pictured(claim, shown) for claim in (claims or {}).get(url, ())),
            related=tuple((other, pages[other]) for other in neighbours),
        )
        writer.write(pages[url], render(evidence))
        proofs[url] = (f"{FOLDER}/{pages[url]}",)
    writer.write(INDEX, encode_pretty(writer.index))
    return Exported(proofs, tuple(folder / name for name in writer.written))


class _Writer:
    """Writes the files of one folder, each once, and the index of what they are."""

    def __init__(self, read: Callable[[str], bytes | None], folder: Path) -> None:
        self._read, self._folder = read, folder
        self.index: list[Record] = []
        self.written: dict[str, None] = {}

    def looks(self, captures: Sequence[Capture], page: str) -> tuple[Look, ...]:
        """The looks at one address by time, their files written. A body belongs to the record that names it."""
        ordered = sorted(captures, key=_order)
        bodies: dict[str, Capture] = {}
        for capture in ordered:
            if capture.kind is not CaptureKind.HEADERS:
                bodies.setdefault(capture.id, capture)
        looks: list[Look] = []
        shown: set[str] = set()
        for capture in (each for each in ordered if each.kind is CaptureKind.HEADERS):
            content = self._read(capture.id)
            if content is None:
                self._list(capture, page, None, "", "")
                looks.append(Look("html", capture.at, capture.client, gone=True))
                continue
            statement = statements.decoded(content)
            digest = hashlib.sha256(content).hexdigest()
            file = f"{digest[:12]}.visit.json"
            self.write(file, content)
            self._list(capture, page, content, file, digest)
            proof, gone = None, False
            body = bodies.get(statement.body_sha256)
            if body is not None:
                proof = self._proof(body, page, statement, listed=body.id not in shown)
                gone = proof is None
                shown.add(body.id)
            elif statement.body_sha256:
                gone = True
            looks.append(_look(capture, statement, file, digest, proof, gone))
        for capture in (each for each in bodies.values() if each.id not in shown):
            proof = self._proof(capture, page, None, listed=True)
            looks.append(Look(capture.kind.value, capture.at, capture.client, proof=proof, gone=proof is None))
        return _numbered(sorted(looks, key=lambda look: (look.at, look.kind)))

    def pictures(self, captures: Iterable[Capture]) -> dict[str, str]:
        """The files of screenshots by the names they are kept under, those that are still kept."""
        files: dict[str, str] = {}
        for capture in sorted(captures, key=lambda one: (one.url, _order(one))):  # of one name the last stands
            proof = self._proof(capture, "", None, listed=True)
            if proof is not None:
                files[capture.url] = proof.picture
        return files

    def write(self, name: str, content: bytes) -> None:
        """A file of the folder; one that is written already holds the same bytes."""
        if name not in self.written:
            write_bytes(self._folder / name, content)
            self.written[name] = None

    def _proof(self, capture: Capture, page: str, statement: Statement | None, *, listed: bool) -> Proof | None:
        body = self._read(capture.id)
        if body is None:
            if listed:
                self._list(capture, page, None, "", "")
            return None
        digest = hashlib.sha256(body).hexdigest()
        picture = capture.kind is CaptureKind.PNG
        original = f"{digest[:12]}.{'png' if picture else 'bin'}"
        self.write(original, body)
        kind = _content_type(statement)
        view = text = ""
        if not picture and capture.kind is CaptureKind.HTML and _is_page(body, kind):
            view = f"{digest[:12]}.page.html"
            charset = decode(body, kind).used
            self.write(view, harmless(body, url=capture.url, at=capture.at, charset=charset, digest=digest))
        elif not picture:
            text = _shown_text(body, kind)
        if listed:
            self._list(capture, page, body, original, digest, view)
        return Proof(digest, len(body), original, view, original if picture else "", text)

    def _list(self, capture: Capture, page: str, content: bytes | None, file: str, digest: str, view: str = "") -> None:
        self.index.append(
            {
                "url": capture.url,
                "at": stamp(capture.at),
                "kind": capture.kind.value,
                "id": capture.id,
                "page": page or None,
                "file": file or None,
                "view": view or None,
                "sha256": digest or None,
                "bytes": None if content is None else len(content),
            }
        )


def _pictured(claim: Claim, files: Mapping[str, str]) -> Claim:
    """The problem with the files of its screenshots."""
    return replace(claim, pictures=tuple(files[name] for name in claim.pictures if name in files))


def _numbered(looks: Sequence[Look]) -> tuple[Look, ...]:
    """The looks, each that has the bytes of an earlier one with that one's number (from 1)."""
    first: dict[str, int] = {}
    numbered = []
    for number, look in enumerate(looks, start=1):
        digest = look.proof.sha256 if look.proof else ""
        numbered.append(replace(look, same_as=first[digest]) if digest in first else look)
        if digest:
            first.setdefault(digest, number)
    return tuple(numbered)


def _look(capture: Capture, statement: Statement, file: str, digest: str, proof: Proof | None, gone: bool) -> Look:
    # A visit and its capture bear the same time; a browser's document is of the visit that received the page.
    visit = next((visit for visit in statement.visits if visit.at == statement.at), None)
    return Look(statement.capture, statement.at, capture.client, statement, file, digest, visit, proof, gone)


def _order(capture: Capture) -> tuple[datetime, str, str]:
    return capture.at, capture.kind.value, capture.id


def _content_type(statement: Statement | None) -> str:
    if statement is None:
        return ""
    if statement.capture == "rendered":
        return _UTF8_PAGE
    return next((value for name, value in statement.headers if name.lower() == "content-type"), "")


def _is_page(body: bytes, content_type: str) -> bool:
    """Whether a body is to be shown as a page: by its type, or by its looks where none is given."""
    kind = content_type.lower()
    if "html" in kind or "xml" in kind:
        return True
    return not kind and body.lstrip()[:1] == b"<"


def _shown_text(body: bytes, content_type: str) -> str:
    """A body that is no page as text, cut where it is long; "" where it is no text."""
    head = body[: LONGEST_TEXT * 4]
    if b"\0" in head:
        return ""
    try:
        msgspec.json.decode(body)
        text = head.decode("utf-8", "replace")
    except (msgspec.DecodeError, UnicodeDecodeError):
        text = decode(head, content_type).text
    if text.count("\ufffd") * 10 > len(text):
        return ""
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}\n……（以下略，全文见上列文件）"
