"""The bytes of a run's visits: one append-only spool file a run, one zstd frame a capture.

A frame is written before the row that points to it is committed, so what a killed process leaves at the end of
a spool is never pointed to. Spools are for the time of a run: what proves a finding is promoted to evidence.

A spool lies in the data folder of the machine that made the run, whatever machine the database and the evidence are on.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import zstandard
from msgspec import Struct

from crawler.facts import Exchange
from storage.errors import EvidenceDamaged, room_on_disk

LEVEL = 3
"""The zstd level: a tenth of a millisecond for a page of 29 kB, which leaves a sixth of it."""

_LENGTH_BYTES = 4


class Capture(Struct, frozen=True):
    """What proves a visit: the bytes and headers of one answer.

    `kind` is "response" for what the server sent, "failure" for a request that got no answer (no status, no body),
    "rendered" for a browser's document, "png" or "screenshot" for a picture. `exchange` holds the rest of the wire.
    """

    url: str
    attempt: int
    at: datetime
    status: int | None
    headers: tuple[tuple[str, str], ...]
    body: bytes
    kind: str = "response"
    exchange: Exchange = Exchange()


class _Head(msgspec.Struct, array_like=True):
    """What stands before the body in a frame."""

    url: str
    attempt: int
    at: datetime
    status: int | None
    headers: tuple[tuple[str, str], ...]
    kind: str
    exchange: Exchange = Exchange()  # a spool of before has none


class _Codec(threading.local):
    """A thread's own compressor and decompressor, for neither may be shared."""

    def __init__(self) -> None:
        self.compress = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress
        self.decompress = zstandard.ZstdDecompressor().decompress


class Bodies:
    """The spools under `folder`; safe from several threads and processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._codec = _Codec()
        self._encode = msgspec.json.Encoder().encode
        self._head = msgspec.json.Decoder(_Head).decode

    def path(self, run: int) -> Path:
        """Where a run's spool lies, whether it is there or not."""
        return self._folder / f"{run}.spool"

    def length(self, run: int) -> int:
        """The bytes of a run's spool on this machine; 0 where it is not here."""
        try:
            return self.path(run).stat().st_size
        except FileNotFoundError:
            return 0

    def held(self) -> Mapping[int, tuple[int, datetime]]:
        """The spools on this machine by run: bytes, and when they were last written to."""
        found: dict[int, tuple[int, datetime]] = {}
        for path in self._folder.glob("*.spool"):
            with contextlib.suppress(FileNotFoundError, ValueError):
                told = path.stat()
                found[int(path.stem)] = told.st_size, datetime.fromtimestamp(told.st_mtime, UTC)
        return found

    def append(self, run: int, captures: Sequence[Capture]) -> list[tuple[int, int]]:
        """Writes a frame for each capture; answers (offset, length) of each. Raises DiskFull."""
        if not captures:
            return []
        frames = [self._frame(capture) for capture in captures]
        path = self.path(run)
        with room_on_disk(path):
            self._folder.mkdir(parents=True, exist_ok=True)
            spool = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(spool, fcntl.LOCK_EX)  # a job delivered twice must not tear another's frame
                offset = os.lseek(spool, 0, os.SEEK_END)
                left = memoryview(b"".join(frames))
                while left:
                    left = left[os.write(spool, left) :]
            finally:
                os.close(spool)
        places = []
        for frame in frames:
            places.append((offset, len(frame)))
            offset += len(frame)
        return places

    def read(self, run: int, offset: int, length: int) -> Capture | None:
        """The capture at that place; None where the spool is gone or ends before it. Raises EvidenceDamaged."""
        try:
            with self.path(run).open("rb") as spool:
                spool.seek(offset)
                frame = spool.read(length)
        except FileNotFoundError:
            return None
        if len(frame) < length:
            return None  # the machine lost power before these bytes reached the disk
        try:
            content = self._codec.decompress(frame)
        except zstandard.ZstdError as error:
            raise EvidenceDamaged(f"采集原文已损坏：{self.path(run)} 第 {offset} 字节起") from error
        end = _LENGTH_BYTES + int.from_bytes(content[:_LENGTH_BYTES], "little")
        head = self._head(content[_LENGTH_BYTES:end])
        body = content[end:]
        return Capture(head.url, head.attempt, head.at, head.status, head.headers, body, head.kind, head.exchange)

    def drop(self, run: int) -> None:
        """Removes a run's spool, once its evidence is promoted; no error where there is none."""
        self.path(run).unlink(missing_ok=True)

    def _frame(self, capture: Capture) -> bytes:
        seen = capture
        head = self._encode(_Head(seen.url, seen.attempt, seen.at, seen.status, seen.headers, seen.kind, seen.exchange))
        return self._codec.compress(b"".join((len(head).to_bytes(_LENGTH_BYTES, "little"), head, capture.body)))
