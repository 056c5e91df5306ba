"""Where evidence lies: a shelf holds compressed bytes under the SHA-256 of what they were, once, whole or not at all.

`LocalShelf` is a folder; `storage.bucket.BucketShelf` an S3-compatible bucket that many machines share. A shelf knows
no hashes and no rows: what it is given it gives back, and `EvidenceStore` looks whether it is what it was.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from storage.errors import EvidenceMissing, room_on_disk

_SHA256 = re.compile(r"[0-9a-f]{64}")
_FILE = re.compile(r"([0-9a-f]{64})\.zst")
OWNERS = "owners"
"""Where a place says which databases keep evidence there, by their names."""


class Place(Struct, frozen=True):
    """The address of a bucket without its keys, fit to cross a process boundary; empty means the data folder.

    `address` is `s3://BUCKET` or `s3://BUCKET/PREFIX`; `endpoint` the server's address, "" for Amazon's own;
    `credentials_file` names the file that the keys may stand in.
    """

    address: str = ""
    endpoint: str = ""
    region: str = ""
    credentials_file: str = ""


HERE = Place()
"""Evidence in the data folder of this machine."""


class Shelved(Struct, frozen=True):
    """One object on a shelf; `size` in bytes as it lies there."""

    sha256: str
    size: int
    at: datetime


class Shelf(Protocol):
    """What every place for evidence can do. Safe from several threads and processes.

    Raises EvidenceStoreUnavailable wherever the place cannot be reached; nothing is ever half there.
    """

    place: str
    """The place in words for a person."""
    at_once: int
    """How many objects are worth putting side by side."""

    def where(self, sha: str) -> str:
        """The place of those bytes in words for a person."""

    def check(self) -> None:
        """Does nothing where the place can be reached and read."""

    def note(self, owner: str) -> None:
        """Notes that this database keeps evidence here."""

    def owners(self) -> frozenset[str]:
        """The databases that were noted."""

    def has(self, sha: str) -> bool:
        """Whether something lies under that hash."""

    def put(self, sha: str, content: bytes) -> None:
        """Lays bytes there, whole; what lies there already stays. Raises DiskFull."""

    def get(self, sha: str) -> bytes:
        """What lies there. Raises EvidenceMissing."""

    def all(self) -> Iterator[Shelved]:
        """Everything that lies there, in no order; what is none of ours is passed over."""

    def remove(self, shas: Collection[str]) -> None:
        """Takes objects away; no error for one that is not there."""

    def leftovers(self, before: datetime) -> Iterator[tuple[str, int]]:
        """Names and sizes of what killed processes left half written before that time."""

    def sweep(self, names: Collection[str]) -> None:
        """Removes leftovers."""


def is_sha256(text: str) -> bool:
    """Whether a text can be an evidence id."""
    return _SHA256.fullmatch(text) is not None


def name_of(sha: str) -> str:
    """The name of an object, the same on every shelf: `ab/cd/<sha256>.zst`. Raises EvidenceMissing for no SHA-256."""
    if not is_sha256(sha):
        raise EvidenceMissing(f"不是有效的证据编号：{sha!r}")
    return f"{sha[:2]}/{sha[2:4]}/{sha}.zst"


def sha_of(name: str) -> str | None:
    """The hash that a name stands for; None where it is no object of ours."""
    found = _FILE.fullmatch(name.rsplit("/", 1)[-1])
    return found[1] if found and name.endswith(name_of(found[1])) else None


class LocalShelf:
    """Files under one folder."""

    at_once = 1

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.place = str(folder)

    def path(self, sha: str) -> Path:
        """The file of that hash. Raises EvidenceMissing for what is no SHA-256."""
        return self._folder / name_of(sha)

    def where(self, sha: str) -> str:
        """The file's path."""
        return str(self.path(sha))

    def check(self) -> None:
        """A folder that is not there yet is made with the first file."""

    def note(self, owner: str) -> None:
        """An empty file of that name."""
        path = self._folder / OWNERS / owner
        with room_on_disk(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()

    def owners(self) -> frozenset[str]:
        """The files' names."""
        return frozenset(path.name for path in (self._folder / OWNERS).glob("*"))

    def has(self, sha: str) -> bool:
        """Whether the file is there."""
        return self.path(sha).exists()

    def put(self, sha: str, content: bytes) -> None:
        """Writes beside, then renames: another process sees the whole file or none."""
        path = self.path(sha)
        with room_on_disk(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).chmod(0o644)
                Path(name).replace(path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise

    def get(self, sha: str) -> bytes:
        """The file's bytes."""
        path = self.path(sha)
        try:
            return path.read_bytes()
        except FileNotFoundError as error:
            raise EvidenceMissing(f"证据文件不存在：{path}") from error

    def all(self) -> Iterator[Shelved]:
        """Every file; one that goes while they are walked is left out."""
        for path in self._folder.glob("*/*/*.zst"):
            sha = sha_of(path.as_posix())
            if sha is not None and (found := _seen(path)) is not None:
                yield Shelved(sha, *found)

    def remove(self, shas: Collection[str]) -> None:
        """Unlinks files; folders stay, for another process may be about to write into one."""
        for sha in shas:
            self.path(sha).unlink(missing_ok=True)

    def leftovers(self, before: datetime) -> Iterator[tuple[str, int]]:
        """`.part` files that nobody has written to since that time."""
        for path in self._folder.glob("*/*/*.part"):
            found = _seen(path)
            if found is not None and found[1] < before:
                yield path.relative_to(self._folder).as_posix(), found[0]

    def sweep(self, names: Collection[str]) -> None:
        """Unlinks leftovers."""
        for name in names:
            (self._folder / name).unlink(missing_ok=True)


def _seen(path: Path) -> tuple[int, datetime] | None:
    try:
        told = path.stat()
    except FileNotFoundError:
        return None
    return told.st_size, datetime.fromtimestamp(told.st_mtime, UTC)
