"""The seal of a folder that is handed over: `manifest-sha256.txt`, one line `<sha256>  <path>` a file.

The form is that of `sha256sum`, so that anybody can check it without this program (`sha256sum -c`, or `certutil
-hashfile` line by line). It is written last: a folder without one is incomplete. Its own hash is told to whoever
exported (and kept by the register of exports), for whoever changes a file can also write a new manifest.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct

from reports.atomic import write_bytes

NAME = "manifest-sha256.txt"
BROKEN_SEAL = ".manifest-sha256.previous"
"""What the manifest is called while its folder is being written: whoever goes on knows what had been there."""
UNSEALED = frozenset({".work"})
"""Folders at the top that are no part of what is handed over: the demo's own database and bodies."""

_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


class NotSealed(Exception):
    """A folder without a manifest that can be read; the text says why, in Chinese."""


class Verification(Struct, frozen=True):
    """How a folder compares with its manifest; paths are relative, with slashes, sorted. `digest` is the manifest's."""

    digest: str
    intact: int
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    @property
    def is_intact(self) -> bool:
        """Nothing was changed, taken away or added."""
        return not (self.changed or self.missing or self.added)


class Seal:
    """The manifest of `folder` while the folder is being written: opened first, closed last.

    From `open()` to `close()` the folder has no manifest, so that a process killed in between leaves a folder that is
    told to be incomplete. A file that was sealed before and is not written again keeps the hash it had: what
    somebody changed in between is not sealed anew.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._before: dict[str, str] = {}
        self._now: dict[str, str] = {}

    def open(self) -> None:
        """Breaks the seal that there is. Raises OSError where the folder cannot be written."""
        self._folder.mkdir(parents=True, exist_ok=True)
        manifest, broken = self._folder / NAME, self._folder / BROKEN_SEAL
        if manifest.exists():
            manifest.replace(broken)
            _settle(self._folder)
        if broken.exists():
            try:
                self._before = dict(_read(broken))
            except NotSealed:
                self._before = {}  # a manifest that says nothing seals nothing: its files are told as added

    def knows(self, name: str) -> bool:
        """Whether a file of that path was sealed before, whatever became of it."""
        return name in self._before

    def add(self, paths: Iterable[Path]) -> None:
        """Takes in files that were just written into the folder."""
        for path in paths:
            self._now[path.relative_to(self._folder).as_posix()] = digest_of(path)

    def drop(self, is_outdated: Callable[[str], bool]) -> None:
        """Removes files that an earlier export left, that were not written again and that nobody has changed since."""
        for name, digest in self._before.items():
            if name in self._now or not is_outdated(name):
                continue
            path = self._folder / name
            if _is_plain(path) and digest_of(path) == digest:
                path.unlink()
        self._before = {name: digest for name, digest in self._before.items() if not is_outdated(name)}

    @property
    def files(self) -> int:
        """How many files the manifest holds."""
        return len(self._before.keys() | self._now.keys())

    def close(self) -> str:
        """Writes the manifest and answers its SHA-256 in hex."""
        sealed = {**self._before, **self._now}
        content = "".join(f"{digest}  {name}\n" for name, digest in sorted(sealed.items())).encode()
        write_bytes(self._folder / NAME, content)
        (self._folder / BROKEN_SEAL).unlink(missing_ok=True)
        return hashlib.sha256(content).hexdigest()


def verify(folder: Path) -> Verification:
    """Compares every file of a folder with its manifest. Raises NotSealed where there is none that can be read."""
    manifest = folder / NAME
    if not manifest.is_file():
        begun = (folder / BROKEN_SEAL).exists()
        raise NotSealed(
            "导出没有完成：写入中断，清单尚未生成" if begun else f"没有清单文件 {NAME}：导出没有完成，或清单已被删除"
        )
    digest = digest_of(manifest)
    sealed = _read(manifest)
    changed, missing = [], []
    for name, expected in sealed.items():
        path = folder / name
        if not path.exists() and not path.is_symlink():
            missing.append(name)
        elif not _is_plain(path) or digest_of(path) != expected:
            changed.append(name)
    added = [name for name in _files(folder) if name not in sealed]
    return Verification(
        digest=digest,
        intact=len(sealed) - len(changed) - len(missing),
        changed=tuple(sorted(changed)),
        missing=tuple(sorted(missing)),
        added=tuple(sorted(added)),
    )


def digest_of(path: Path) -> str:
    """A file's SHA-256 in hex, read piece by piece."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read(manifest: Path) -> Mapping[str, str]:
    """The manifest's hashes by path. A path that leads out of the folder, or that stands twice, makes it unreadable."""
    sealed: dict[str, str] = {}
    try:
        lines = manifest.read_text("utf-8").splitlines()
    except UnicodeDecodeError:
        raise NotSealed(f"清单文件 {NAME} 不是文本，无法读取") from None
    for number, line in enumerate(lines, start=1):
        hit = _LINE.fullmatch(line)
        if hit is None or hit[2] in sealed or not _is_inside(hit[2]):
            raise NotSealed(f"清单文件 {NAME} 第 {number} 行无法识别：{line[:120]}")
        sealed[hit[2]] = hit[1]
    return sealed


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _files(folder: Path) -> Iterator[str]:
    """Every file below the folder but the manifest itself and what is never sealed; links count as files."""
    for root, folders, names in os.walk(folder):
        place = Path(root)
        if place == folder:
            folders[:] = [name for name in folders if name not in UNSEALED]
        for name in (*names, *(each for each in folders if (place / each).is_symlink())):
            relative = (place / name).relative_to(folder).as_posix()
            if relative != NAME:
                yield relative


def _settle(folder: Path) -> None:
    """Has the folder's own entries reach the disk, so that a lost power cannot bring a broken seal back."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
