"""A backup (备份): database, evidence, spools and registers in one sealed folder, taken while inspections run.

    backup.json  xuncha.sqlite3 | xuncha.dump  evidence/ab/cd/<sha>.zst  bodies/<run>.spool  exports.jsonl  lexicons/…

The database is copied first: evidence and spools are written before the rows that point to them, so that whatever the
copy points to is there when files are copied after it. A second backup into the same folder copies what is new.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Collection, Container, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import URL, make_url

from reports.atomic import write_bytes
from reports.manifest import BROKEN_SEAL, NAME, NotSealed, Seal, digest_of, verify
from scheduler.errors import BackupRefused
from storage import condemning
from storage.database import Database
from storage.errors import StorageError
from storage.keeper import sole_keeper
from storage.peer import programs
from storage.shelves import Shelf, is_sha256, name_of, sha_of
from storage.store import Store

ABOUT, SQLITE, DUMP = "backup.json", "xuncha.sqlite3", "xuncha.dump"
_REGISTERS = ("exports.jsonl",)
_FOLDERS = ("lexicons",)
_SPOOL = re.compile(r"bodies/\d+\.spool")


class About(Struct, frozen=True):
    """What a backup is of."""

    made: datetime
    tool_version: str
    database: str


class Backup(Struct, frozen=True):
    """What was copied, and what lay there already. `missing` is evidence that rows name and the store does not have."""

    digest: str
    files: int
    copied: int
    copied_bytes: int
    missing: tuple[str, ...]


def back_up(store: Store, folder: Path, now: datetime, tool_version: str) -> Backup:
    """Makes or renews a backup, also one that was broken off: until its manifest is written it is told as incomplete.

    Raises BackupRefused, KeeperBusy where somebody prunes or backs up, StorageError, OSError.
    """
    folder = folder.absolute()
    if folder.resolve().is_relative_to(store.folder.resolve()):
        raise BackupRefused(f"备份不能放在数据文件夹里面：{folder}")
    if folder.exists() and any(folder.iterdir()) and not _is_a_backup(folder):
        raise BackupRefused(f"备份文件夹不是空的，也不是以前的备份：{folder}")
    with sole_keeper(store.database, store.folder):
        return _back_up(store, folder, About(now, tool_version, store.database.url.get_backend_name()))


def _back_up(store: Store, folder: Path, about: About) -> Backup:
    seal = Seal(folder)
    seal.open()
    write_bytes(folder / ABOUT, msgspec.json.encode(about))  # first, so that a broken-off one is known for what it is
    database = folder / _database_file(about)
    with _whole(database) as part:
        (_copy_sqlite if about.database == "sqlite" else _dump)(store.database.url, part)
    fresh = [folder / ABOUT, database]
    present = {ABOUT, database.name}
    for found in store.evidence.shelf.all():
        path = folder / "evidence" / name_of(found.sha256)
        present.add(path.relative_to(folder).as_posix())
        if not _is_there(seal, folder, path, found.size):
            with _whole(path) as part:
                part.write_bytes(store.evidence.shelf.get(found.sha256))
            fresh.append(path)
    for source in _files_of(store.folder):
        path = folder / source.relative_to(store.folder)
        with suppress(FileNotFoundError):  # a register that was replaced meanwhile
            if source.suffix != ".spool" or not _is_there(seal, folder, path, source.stat().st_size):
                with _whole(path) as part:
                    shutil.copyfile(source, part)
                fresh.append(path)
            present.add(path.relative_to(folder).as_posix())
    seal.add(fresh)
    seal.drop(lambda name: name not in present)
    _sweep(folder, present)
    with store.database.read() as connection:
        named = condemning.referred_to(connection, without_findings=(), without_rows=())
    missing = sorted(sha for sha in named if is_sha256(sha) and f"evidence/{name_of(sha)}" not in present)
    missing = [sha for sha in missing if not store.evidence.shelf.has(sha)]
    return Backup(seal.close(), seal.files, len(fresh), sum(path.stat().st_size for path in fresh), tuple(missing))


def restore(folder: Path, url: str, data: Path, shelf: Shelf | None) -> About:
    """Brings a backup back into an empty data folder, an empty database and an empty evidence store.

    The backup is compared with its manifest before anything is written, and each copy after. Raises BackupRefused
    with the file and the reason; what was begun is taken back. A bucket may hold evidence of this very backup, as a
    restoring that was killed leaves it.
    """
    folder, data = folder.absolute(), data.absolute()
    about, sealed = _checked(folder)
    address = make_url(url)
    _refuse_unlike(about, address)
    evidence = {sha: name for name in sealed if (sha := sha_of(name)) is not None}
    held = _refuse_filled(address, data, shelf, evidence)
    data.parent.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=f".{data.name}-", dir=data.parent))
    put: list[str] = []
    outside: Path | None = None
    try:
        for name, digest in sealed.items():
            if name in (ABOUT, DUMP) or (shelf is not None and name.startswith("evidence/")):
                continue
            to = stage / name
            if name == SQLITE:
                file = Path(address.database or "").absolute()
                outside = None if file.is_relative_to(data) else file
                to = outside or stage / file.relative_to(data)
            _copied(folder / name, to, digest)
        if shelf is not None:
            for sha in evidence.keys() - held:
                shelf.put(sha, (folder / evidence[sha]).read_bytes())
                put.append(sha)
        stage.chmod(0o755)
        if about.database != "sqlite":
            _load(address, folder / DUMP)
        if data.exists():
            data.rmdir()
        stage.replace(data)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        if outside is not None:
            outside.unlink(missing_ok=True)
        if shelf is not None:
            with suppress(StorageError):  # why it was broken off is worth more than why that cannot be taken back
                shelf.remove(put)
        raise
    return about


def _checked(folder: Path) -> tuple[About, Mapping[str, str]]:
    """What a backup is of, and the hashes of its files. Raises BackupRefused where it is not whole, or holds others."""
    try:
        found = verify(folder)
    except NotSealed as error:
        raise BackupRefused(f"备份不能使用：{folder}（{error}）") from error
    for label, names in (("已改动", found.changed), ("缺失", found.missing)):
        if names:
            raise BackupRefused(f"备份已损坏，没有恢复任何内容：{folder / names[0]} {label}（共 {len(names)} 个文件）")
    lines = (folder / NAME).read_text("utf-8").splitlines()
    sealed = {line[66:]: line[:64] for line in lines}
    about = _about(folder)
    if about is None or ABOUT not in sealed or _database_file(about) not in sealed:
        raise BackupRefused(f"不是巡查的备份：{folder}")
    known = {ABOUT, _database_file(about), *_REGISTERS}
    for name in sealed:
        if not (name in known or _is_ours(name) or name.split("/")[0] in _FOLDERS):
            raise BackupRefused(f"备份中有不属于备份的文件，没有恢复任何内容：{folder / name}")
    return about, sealed


def _about(folder: Path) -> About | None:
    try:
        return msgspec.json.decode((folder / ABOUT).read_bytes(), type=About)
    except (OSError, msgspec.DecodeError):  # a ValidationError is one
        return None


def _is_a_backup(folder: Path) -> bool:
    return (folder / NAME).exists() or (folder / BROKEN_SEAL).exists() or _about(folder) is not None


def _database_file(about: About) -> str:
    return SQLITE if about.database == "sqlite" else DUMP


def _is_ours(name: str) -> bool:
    """Whether a path is one of the files of which there are many."""
    sha = sha_of(name)
    return (sha is not None and name == f"evidence/{name_of(sha)}") or _SPOOL.fullmatch(name) is not None


def _sweep(folder: Path, present: Collection[str]) -> None:
    """Removes what a backup that was killed has left: files half written, and whole ones that are no longer there."""
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        half = path.name.startswith(".") and ".part" in path.name
        if (half or (_is_ours(name) and name not in present)) and path.is_file():
            path.unlink()


def _refuse_unlike(about: About, address: URL) -> None:
    if about.database != address.get_backend_name():
        raise BackupRefused(f"备份来自 {about.database} 数据库，不能恢复到 {address.get_backend_name()}")


def _refuse_filled(address: URL, data: Path, shelf: Shelf | None, evidence: Container[str]) -> set[str]:
    """Refuses a place that is not empty; answers what a bucket holds of this backup's evidence already."""
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise BackupRefused(f"数据文件夹不是空的，不在其上恢复：{data}")
    if address.get_backend_name() == "sqlite":
        file = Path(address.database or "").absolute()
        for suffix in ("", "-wal", "-journal", "-shm"):  # SQLite would play an old log into what is restored
            if (there := file.with_name(file.name + suffix)).exists():
                raise BackupRefused(f"数据库文件已经存在，不在其上恢复：{there}")
    else:
        database = Database(address.render_as_string(hide_password=False))
        with database.read() as connection:
            tables = sa.inspect(connection).get_table_names()
        database.close()
        if tables:
            raise BackupRefused(f"数据库不是空的，不在其上恢复：{database.address}（有 {len(tables)} 个表）")
    held = {found.sha256 for found in shelf.all()} if shelf is not None else set()
    if any(sha not in evidence for sha in held):
        raise BackupRefused("证据库不是空的，不在其上恢复")
    return held


def _copy_sqlite(address: URL, part: Path) -> None:
    """SQLite's own online backup, in one step: one moment's state, while others write on."""
    file = Path(address.database or "").absolute()
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as source, closing(sqlite3.connect(part)) as to:
        source.backup(to)
        to.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        told = to.execute("PRAGMA quick_check").fetchone()[0]
    if told != "ok":
        raise BackupRefused(f"数据库文件已损坏，没有备份：{file}（{told}）")


def _dump(address: URL, part: Path) -> None:
    _postgres("pg_dump", address, "--format=custom", "--no-owner", f"--file={part}")


def _load(address: URL, dump: Path) -> None:
    """In one transaction: all of it or nothing."""
    _postgres("pg_restore", address, "--single-transaction", "--no-owner", str(dump))


def _postgres(program: str, address: URL, *words: str) -> None:
    """Runs a program of PostgreSQL; the password goes by the environment, where no list of processes shows it."""
    if shutil.which(program) is None:
        raise BackupRefused(
            f"没有 {program}：请安装 PostgreSQL 客户端（版本不低于服务器），docs/keeping.md 有可照抄的命令"
        )
    plain = programs(address).set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environ = {**os.environ, **({"PGPASSWORD": str(address.password)} if address.password else {})}
    done = subprocess.run([program, f"--dbname={plain}", *words], env=environ, capture_output=True, text=True)
    if done.returncode:
        raise BackupRefused(f"{program} 没有成功：{done.stderr.strip()[-500:]}")


def _files_of(data: Path) -> Iterator[Path]:
    """What lies in a data folder beside the database and the evidence."""
    yield from sorted((data / "bodies").glob("*.spool"))
    yield from (data / name for name in _REGISTERS if (data / name).is_file())
    for name in _FOLDERS:
        yield from (path for path in sorted((data / name).rglob("*")) if path.is_file())


def _is_there(seal: Seal, folder: Path, path: Path, size: int) -> bool:
    return seal.knows(path.relative_to(folder).as_posix()) and path.is_file() and path.stat().st_size == size


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A file to write beside, which takes its place at the end: there whole, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _copied(source: Path, to: Path, digest: str) -> None:
    with _whole(to) as part:
        shutil.copyfile(source, part)
        if digest_of(part) != digest:
            raise BackupRefused(f"备份在恢复时读出的内容与清单不符：{source}")
