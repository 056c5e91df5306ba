"""The register of exports (导出登记): the hash of every manifest that was handed over, in the order of handing over.

A manifest shows that a file was changed, but not that somebody changed a file and wrote a new manifest. What was
noted here, away from the folder that was handed over, shows that too.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from storage.encoding import text_of
from storage.errors import room_on_disk


class ExportRecord(Struct, frozen=True):
    """One export. `digest` is its manifest's SHA-256; `formats` what was written, `out` where, `files` how many."""

    at: datetime
    inspection: str
    formats: tuple[str, ...]
    out: str
    files: int
    digest: str


_decode = msgspec.json.Decoder(ExportRecord).decode


class Exports:
    """`exports.jsonl` in the data folder; lines are only ever added."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "exports.jsonl"

    def note(self, record: ExportRecord) -> None:
        """Adds an export, on the disk when this returns. Raises DiskFull."""
        with room_on_disk(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                os.write(handle, text_of(record).encode() + b"\n")
                os.fsync(handle)
            finally:
                os.close(handle)

    def of(self, digest: str) -> ExportRecord | None:
        """The last export that ended with that manifest; None where none is noted here."""
        if not self._path.exists():
            return None
        found = None
        with self._path.open("rb") as lines:
            for line in lines:
                try:
                    record = _decode(line)
                except msgspec.DecodeError:
                    continue  # a line that a lost power left half written
                if record.digest == digest:
                    found = record
        return found
