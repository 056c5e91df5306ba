"""Evidence: bytes kept under their own hash for as long as a finding stands on them, and who captured them when.

An object is written once (`ab/cd/<sha256>.zst` on a shelf), complete or not at all, and checked whenever it is read.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
import zstandard
from msgspec import Struct
from msgspec.structs import asdict

from crawler.facts import FetchOutcome
from storage import condemning, tables
from storage.bodies import Capture
from storage.database import Database
from storage.errors import EvidenceDamaged, EvidenceMissing, EvidenceShared
from storage.run_view import RunView
from storage.shelves import OWNERS, Shelf
from storage.statements import PICTURES, decoded, encoded, statement_of
from storage.tables import instant, url_key

_LEVELS = {"html": 9, "headers": 9, "other": 9, "png": 1}
"""The zstd level of each kind: text is kept long and pays for a slow look; a picture is compressed already."""

_CHUNK = 256

T = TypeVar("T")


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
    """What lies on a shelf and its rows; safe from several threads and processes. Hashes and frames are known here.

    Whatever touches the shelf raises EvidenceStoreUnavailable where that is away.
    """

    def __init__(self, shelf: Shelf, database: Database) -> None:
        self.shelf = shelf
        self._database = database

    def note_owner(self) -> None:
        """Notes at the place that this database keeps evidence there; before anything is put."""
        self.shelf.note(self._name())

    def prove_ours(self) -> None:
        """Raises EvidenceShared where another database keeps evidence at the place as well.

        Pruning removes what no row of this database refers to, which would be all that findings of the other stand on.
        """
        if others := self.shelf.owners() - {self._name()}:
            raise EvidenceShared(
                f"另有 {len(others)} 个数据库的证据也在 {self.shelf.place}，清理会删除其问题所依据的证据，没有清理。"
                "请为每个数据库另设文件夹或前缀（evidence_store）；"
                f"确已不用的，删除其中的 {OWNERS}/{min(others)} 后再清理"
            )

    def _name(self) -> str:
        with self._database.read() as connection:
            return str(connection.execute(sa.select(tables.identity.c.id)).scalar_one())

    def put(self, data: bytes, *, kind: str) -> str:
        """Keeps bytes and answers their SHA-256 in hex; bytes that are kept already cost a look. Raises DiskFull."""
        level = _LEVELS[kind]
        sha = hashlib.sha256(data).hexdigest()
        condemning.spare(self._database, sha)  # before looking: what is spared is not removed any more
        if not self.shelf.has(sha):
            self.shelf.put(sha, zstandard.ZstdCompressor(level=level).compress(data))
        return sha

    def get(self, sha: str) -> bytes:
        """The bytes of that hash. Raises EvidenceDamaged where they changed, EvidenceMissing where they are gone."""
        content = self.shelf.get(sha)
        try:
            data = zstandard.ZstdDecompressor().decompress(content)
        except zstandard.ZstdError as error:
            raise EvidenceDamaged(f"证据文件已损坏，无法解压：{self.shelf.where(sha)}") from error
        if hashlib.sha256(data).hexdigest() != sha:
            raise EvidenceDamaged(f"证据文件已损坏，内容与编号不符：{self.shelf.where(sha)}")
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

            def kept(capture: Capture, visits: Mapping[str, Sequence[FetchOutcome]] = visits) -> list[EvidenceRecord]:
                return self._kept(view.record.id, capture, visits[capture.url], asked)

            records = [record for part in self._side_by_side(kept, view.captures_of(some)) for record in part]
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

    def _side_by_side(self, kept: Callable[[Capture], T], captures: Iterator[Capture]) -> Iterator[T]:
        """`kept` of each capture in order; on a far shelf many at a time, never more in memory than that."""
        if self.shelf.at_once == 1:
            yield from map(kept, captures)
            return
        with ThreadPoolExecutor(self.shelf.at_once, thread_name_prefix="evidence") as pool:
            while some := list(islice(captures, self.shelf.at_once)):
                yield from pool.map(kept, some)

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
