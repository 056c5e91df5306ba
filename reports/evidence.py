"""Evidence files beside the problem list: saved pages that open offline and do nothing, headers, screenshots.

A saved page is a readable copy: decoded to UTF-8, marked, and forbidden to load or run anything. The original
bytes stand beside it unchanged, and the manifest holds their SHA-256, so that anyone can verify a capture.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote

from selectolax.lexbor import LexborHTMLParser

from reports.atomic import write_bytes
from reports.records import Record, encode_pretty
from reports.wording import stamp

FOLDER = "evidence"
"""The folder's name inside an outbox; problems point to `evidence/<file>`."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"
_UNSTOPPED = "script, iframe, frame, object, embed, link, base, meta[http-equiv], meta[charset]"
"""Elements a page's own policy does not wholly stop (refresh, prefetching of names) or that are dead under it."""
_DOCTYPE = re.compile(r"\A\s*(?:<!--.*?-->\s*)*<!doctype[^>]*>", re.IGNORECASE | re.DOTALL)


class CaptureKind(StrEnum):
    """What a capture holds, in the order in which a reader wants to see it."""

    HTML = "html"
    PNG = "png"
    OTHER = "other"
    HEADERS = "headers"


@dataclass(frozen=True, slots=True)
class Capture:
    """One kept capture. `id` is what the reader is asked for; `charset` is the one the page was read in."""

    id: str
    url: str
    at: datetime
    kind: CaptureKind
    charset: str = "utf-8"


def export(
    captures: Iterable[Capture], read: Callable[[str], bytes | None], folder: Path
) -> Mapping[str, tuple[str, ...]]:
    """Write the captures into `folder` and say which files prove which address.

    Files are named by the first 12 hex digits of the SHA-256 of the original bytes: `<sha12>.html` with
    `<sha12>.bin` beside it, `<sha12>.headers.txt`, `<sha12>.png`; what is none of these is `<sha12>.bin` alone.
    `read` gives a capture's bytes by id, None where they are no longer kept: the manifest then says so, and no
    path is given out for it. Paths in the answer are relative to the outbox, pages before screenshots before headers.
    """
    kinds = list(CaptureKind)
    manifest: list[Record] = []
    proofs: dict[str, list[str]] = {}
    written: set[str] = set()
    for capture in sorted(captures, key=lambda item: (kinds.index(item.kind), item.url, item.at, item.id)):
        entry: Record = {"url": capture.url, "at": stamp(capture.at), "kind": capture.kind.value, "id": capture.id}
        manifest.append(entry)
        body = read(capture.id)
        if body is None:
            entry.update(file=None, original=None, sha256=None, bytes=None)
            continue
        digest = hashlib.sha256(body).hexdigest()
        name, original = _names(capture.kind, digest)
        entry.update(file=name, original=original, sha256=digest, bytes=len(body))
        if name not in written:
            written.add(name)
            write_bytes(folder / original, body)
            if capture.kind is CaptureKind.HTML:
                write_bytes(folder / name, harmless(body, capture, digest))
        path = f"{FOLDER}/{name}"
        if path not in proofs.setdefault(capture.url, []):
            proofs[capture.url].append(path)
    write_bytes(folder / "manifest.json", encode_pretty(manifest))
    return {url: tuple(paths) for url, paths in proofs.items()}


def harmless(body: bytes, capture: Capture, digest: str) -> bytes:
    """The page as UTF-8 that loads nothing, runs nothing and goes nowhere by itself, with a banner comment on top.

    Scripts, frames, plug-ins, refreshes and prefetches are taken out, and a content security policy forbids the rest
    (event handlers, `javascript:` addresses, outside images and styles). The policy stands before the page's own
    first tag, where no attribute of the page can swallow it; a parser then takes it into the head. A byte order
    mark settles the charset, and a doctype is kept where there was one, so that the page is laid out as it was.
    """
    text = _decoded(body, capture.charset)
    tree = LexborHTMLParser(text)
    for node in tree.css(_UNSTOPPED):
        node.decompose()
    root = tree.root
    page = root.html if root is not None else ""
    top = (
        ("<!DOCTYPE html>" if _DOCTYPE.match(text.removeprefix("\ufeff")) else "")
        + f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        + f"<!-- saved by xuncha | url {_comment(capture.url)} | at {stamp(capture.at)} | sha256 {digest} -->\n"
    )
    return codecs.BOM_UTF8 + f"{top}{page}\n".encode("utf-8", "replace")


def _names(kind: CaptureKind, digest: str) -> tuple[str, str]:
    """The file to open and the file that holds the original bytes."""
    stem = digest[:12]
    if kind is CaptureKind.HTML:
        return f"{stem}.html", f"{stem}.bin"
    suffix = {CaptureKind.HEADERS: "headers.txt", CaptureKind.PNG: "png", CaptureKind.OTHER: "bin"}[kind]
    return f"{stem}.{suffix}", f"{stem}.{suffix}"


def _decoded(body: bytes, charset: str) -> str:
    """The bytes as text; GB2312 and GBK are read as their superset, what is no text encoding as UTF-8."""
    name = "gb18030" if charset.lower() in ("gb2312", "gbk", "gb_2312-80", "x-gbk") else charset
    try:
        return body.decode(name, errors="replace")
    except LookupError:
        return body.decode("utf-8", errors="replace")


def _comment(text: str) -> str:
    """Text that cannot end a comment: percent-encoded, hyphens too."""
    return quote(text, safe=":/?&=#%+,;@~_.", errors="replace").replace("-", "%2D")
