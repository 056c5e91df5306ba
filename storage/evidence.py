"""Evidence: bytes kept under their own hash for as long as a finding stands on them, and who captured them when.

A file is written once (`evidence/ab/cd/<sha256>.zst`), complete or not at all, and checked whenever it is read.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import zstandard
from msgspec import Struct
from msgspec.structs import asdict

from crawler.facts import FetchOutcome
from storage import tables
from storage.bodies import Capture
from storage.database import Database
from storage.errors import EvidenceDamaged, EvidenceMissing, room_on_disk
from storage.run_view import RunView
from storage.statements import PICTURES, decoded, encoded, statement_of
from storage.tables import instant, url_key

_LEVELS = {"html": 9, "headers": 9, "other": 9, "png": 1}
"""The zstd level of each kind: text is kept long and pays for a slow look; a picture is compressed already."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_CHUNK = 256


class EvidenceRecord(Struct, frozen=True):
    """One capture that is kept. `sha256` is the evidence id; `client` who asked.

    `kind` is html for an answer's body, png for a picture, headers for a `Statement`, other for what a source gave.
    """

    sha256: str
    kind: str
    url: str
    at: datetime
    client: str
    run: int | None


class EvidenceStore:
    """The files under `folder`/evidence and their rows; safe from several threads and processes."""

    def __init__(self, folder: Path, database: Database) -> None:
        self._folder = folder / "evidence"
        self._database = database

    def path(self, sha: str) -> Path:
        """Where the bytes of that hash lie. Raises EvidenceMissing for what is no SHA-256."""
        if not _SHA256.fullmatch(sha):
            raise EvidenceMissing(f"不是有效的证据编号：{sha!r}")
        return self._folder / sha[:2] / sha[2:4] / f"{sha}.zst"

    def put(self, data: bytes, *, kind: str) -> str:
        """Keeps bytes and answers their SHA-256 in hex; bytes that are kept already cost a look. Raises DiskFull."""
        level = _LEVELS[kind]
        sha = hashlib.sha256(data).hexdigest()
        path = self.path(sha)
        if path.exists():
            return sha
        with room_on_disk(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(zstandard.ZstdCompressor(level=level).compress(data))
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).chmod(0o644)
                Path(name).replace(path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        return sha

    def get(self, sha: str) -> bytes:
        """The bytes of that hash. Raises EvidenceDamaged where they changed, EvidenceMissing where they are gone."""
        path = self.path(sha)
        try:
            data = zstandard.ZstdDecompressor().decompress(path.read_bytes())
        except FileNotFoundError as error:
            raise EvidenceMissing(f"证据文件不存在：{path}") from error
        except zstandard.ZstdError as error:
            raise EvidenceDamaged(f"证据文件已损坏，无法解压：{path}") from error
        if hashlib.sha256(data).hexdigest() != sha:
            raise EvidenceDamaged(f"证据文件已损坏，内容与编号不符：{path}")
        return data

    def keep(
        self, data: bytes, *, kind: str, url: str, at: datetime, client: str, run: int | None = None
    ) -> EvidenceRecord:
        """Keeps bytes that are no run's capture, such as an account's payload or a screenshot, with their row."""
        record = EvidenceRecord(self.put(data, kind=kind), kind, url, at, client, run)
        self._record([record])
        return record

    def promote(
        self, view: RunView, urls: Iterable[str], *, client: str = ""
    ) -> Mapping[str, tuple[EvidenceRecord, ...]]:
        """Keeps what a run captured of each of these addresses: the bodies, and their headers with the visits so far.

        May be called again, also after the run's bodies are dropped: what was promoted is answered again. `client`
        names who asked; left out, it is the run's setting `user_agent`. Raises EvidenceDamaged, DiskFull.
        """
        asked = client or str(view.record.settings.get("user_agent", ""))
        promoted: dict[str, tuple[EvidenceRecord, ...]] = {}
        waiting = list(dict.fromkeys(urls))
        for start in range(0, len(waiting), _CHUNK):
            some = waiting[start : start + _CHUNK]
            visits = view.visits_to(some)
            records = [
                record
                for capture in view.captures_of(some)
                for record in self._kept(view.record.id, capture, visits[capture.url], asked)
            ]
            if records:
                self._record(records)
            promoted |= self._of_addresses(view.record.id, some)
        return promoted

    def records(self, shas: Collection[str]) -> Mapping[str, tuple[EvidenceRecord, ...]]:
        """For each of these evidence ids the captures that gave these bytes, by time; empty where none is known."""
        found: dict[str, list[EvidenceRecord]] = {sha: [] for sha in shas}
        wanted = list(found)
        table = tables.evidence
        for start in range(0, len(wanted), _CHUNK):
            query = sa.select(table).where(table.c.sha256.in_(wanted[start : start + _CHUNK]))
            with self._database.read() as connection:
                for row in connection.execute(query.order_by(table.c.at, table.c.id)):
                    found[row.sha256].append(_evidence(row))
        return {sha: tuple(records) for sha, records in found.items()}

    def captures(self, run: int) -> Iterator[Capture]:
        """What was promoted of a run, in the order of time: all that there is once its bodies are dropped.

        Raises EvidenceDamaged. A body that is no longer there leaves its statement out.
        """
        table = tables.evidence
        query = sa.select(table.c.id, table.c.at, table.c.sha256).where(table.c.run == run, table.c.kind == "headers")
        query = query.order_by(table.c.at, table.c.id).limit(_CHUNK)
        seen: tuple[int, int] | None = None
        while True:
            rest = query if seen is None else query.where(sa.tuple_(table.c.at, table.c.id) > sa.tuple_(*seen))
            with self._database.read() as connection:
                rows = list(connection.execute(rest))
            for row in rows:
                statement = decoded(self.get(row.sha256))
                with contextlib.suppress(EvidenceMissing):
                    body = self.get(statement.body_sha256) if statement.body_sha256 else b""
                    yield statement.capture_with(body)
            if len(rows) < _CHUNK:
                return
            seen = instant(rows[-1].at), rows[-1].id

    def _kept(self, run: int, capture: Capture, visits: Sequence[FetchOutcome], client: str) -> list[EvidenceRecord]:
        statement = encoded(statement_of(capture, visits, client))
        parts = [("headers", statement)]
        if capture.body:  # an answer to HEAD has none, nor has a refusal
            parts.insert(0, ("png" if capture.kind in PICTURES else "html", capture.body))
        return [
            EvidenceRecord(self.put(data, kind=kind), kind, capture.url, capture.at, client, run)
            for kind, data in parts
        ]

    def _record(self, records: Collection[EvidenceRecord]) -> None:
        rows = [{**asdict(record), "url_key": url_key(record.url)} for record in records]
        with self._database.write() as connection:
            connection.execute(self._database.insert_absent(tables.evidence), rows)

    def _of_addresses(self, run: int, urls: Sequence[str]) -> dict[str, tuple[EvidenceRecord, ...]]:
        table = tables.evidence
        found: dict[str, list[EvidenceRecord]] = {url: [] for url in urls}
        query = sa.select(table).where(table.c.run == run, table.c.url_key.in_(map(url_key, urls)))
        with self._database.read() as connection:
            for row in connection.execute(query.order_by(table.c.at, table.c.id)):
                if row.url in found:
                    found[row.url].append(_evidence(row))
        return {url: tuple(records) for url, records in found.items()}


def _evidence(row: sa.Row[Any]) -> EvidenceRecord:
    return EvidenceRecord(row.sha256, row.kind, row.url, row.at, row.client, row.run)
