"""A backup (备份): database, evidence, spools and registers in one sealed folder, taken while inspections run.

    backup.json  xuncha.sqlite3 | xuncha.dump  evidence/ab/cd/<sha>.zst  bodies/<run>.spool  exports.jsonl  lexicons/…

The database is copied first: evidence and spools are written before the rows that point to them, so that whatever the
copy points to is there when files are copied after it. A second backup into the same folder copies what is new.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
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
from storage.shelves import Shelf, is_sha256, name_of, sha_of
from storage.store import Store

ABOUT, SQLITE, DUMP = "backup.json", "xuncha.sqlite3", "xuncha.dump"
_REGISTERS = ("exports.jsonl",)
_FOLDERS = ("lexicons",)


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


def back_up(store: Store, url: str, folder: Path, now: datetime, tool_version: str) -> Backup:
    """Makes or renews a backup. Raises BackupRefused, StorageError, OSError; a broken-off one is told as incomplete."""
    folder = folder.absolute()
    if folder.is_relative_to(store.folder.absolute()):
        raise BackupRefused(f"备份不能放在数据文件夹里面：{folder}")
    sealed_before = (folder / NAME).exists() or (folder / BROKEN_SEAL).exists()
    if folder.exists() and any(folder.iterdir()) and not sealed_before:
        raise BackupRefused(f"备份文件夹不是空的，也不是以前的备份：{folder}")
    seal = Seal(folder)
    seal.open()
    kind = make_url(url).get_backend_name()
    database = folder / (SQLITE if kind == "sqlite" else DUMP)
    copy = _copy_sqlite if kind == "sqlite" else _dump
    with _whole(database) as part:
        copy(make_url(url), part)
    about = msgspec.json.encode(About(now, tool_version, kind))
    write_bytes(folder / ABOUT, about)
    fresh = [database, folder / ABOUT]
    present: set[str] = set()
    for found in store.evidence.shelf.all():
        path = folder / "evidence" / name_of(found.sha256)
        present.add(path.relative_to(folder).as_posix())
        if not _is_there(seal, folder, path, found.size):
            with _whole(path) as part:
                part.write_bytes(store.evidence.shelf.get(found.sha256))
            fresh.append(path)
    for source in _files_of(store.folder):
        path = folder / source.relative_to(store.folder)
        present.add(path.relative_to(folder).as_posix())
        is_spool = source.suffix == ".spool"
        if not is_spool or not _is_there(seal, folder, path, source.stat().st_size):
            with suppress(FileNotFoundError), _whole(path) as part:  # a spool that was dropped meanwhile
                shutil.copyfile(source, part)
                fresh.append(path)
    seal.add(fresh)
    seal.drop(lambda name: "/" in name and name not in present)
    with store.database.read() as connection:
        named = condemning.referred_to(connection, without_findings=(), without_rows=())
    missing = sorted(sha for sha in named if is_sha256(sha) and f"evidence/{name_of(sha)}" not in present)
    missing = [sha for sha in missing if not store.evidence.shelf.has(sha)]
    return Backup(seal.close(), seal.files, len(fresh), sum(path.stat().st_size for path in fresh), tuple(missing))


def restore(folder: Path, url: str, data: Path, shelf: Shelf | None) -> About:
    """Brings a backup back into an empty data folder, an empty database and an empty evidence store.

    The backup is compared with its manifest before anything is written, and each copy after. Raises BackupRefused
    with the file and the reason; what was begun is taken back.
    """
    folder, data = folder.absolute(), data.absolute()
    sealed = _checked(folder)
    about = msgspec.json.decode((folder / ABOUT).read_bytes(), type=About)
    address = make_url(url)
    _refuse_unlike(about, address)
    _refuse_filled(address, data, shelf)
    data.parent.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=f".{data.name}-", dir=data.parent))
    put: list[str] = []
    outside: Path | None = None
    try:
        file = Path(address.database or "").absolute() if about.database == "sqlite" else None
        for name in sealed:
            source = folder / name
            if name == SQLITE and file is not None and not file.is_relative_to(data):
                outside = file
                _copied(source, outside, sealed[name])
            elif name == SQLITE and file is not None:
                _copied(source, stage / file.relative_to(data), sealed[name])
            elif name.startswith("evidence/") and shelf is not None:
                sha = sha_of(name)
                if sha is not None:
                    shelf.put(sha, source.read_bytes())
                    put.append(sha)
            elif name not in (ABOUT, DUMP):
                _copied(source, stage / name, sealed[name])
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
            shelf.remove(put)
        raise
    return about


def _checked(folder: Path) -> dict[str, str]:
    try:
        found = verify(folder)
    except NotSealed as error:
        raise BackupRefused(f"备份不能使用：{folder}（{error}）") from error
    for label, names in (("已改动", found.changed), ("缺失", found.missing)):
        if names:
            raise BackupRefused(f"备份已损坏，没有恢复任何内容：{folder / names[0]} {label}（共 {len(names)} 个文件）")
    lines = (folder / NAME).read_text("utf-8").splitlines()
    sealed = {line[66:]: line[:64] for line in lines}
    if ABOUT not in sealed or not {SQLITE, DUMP} & sealed.keys():
        raise BackupRefused(f"不是巡查的备份：{folder}")
    return sealed


def _refuse_unlike(about: About, address: URL) -> None:
    if about.database != address.get_backend_name():
        raise BackupRefused(f"备份来自 {about.database} 数据库，不能恢复到 {address.get_backend_name()}")


def _refuse_filled(address: URL, data: Path, shelf: Shelf | None) -> None:
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise BackupRefused(f"数据文件夹不是空的，不在其上恢复：{data}")
    if address.get_backend_name() == "sqlite":
        file = Path(address.database or "").absolute()
        if file.exists():
            raise BackupRefused(f"数据库文件已经存在，不在其上恢复：{file}")
    else:
        database = Database(address.render_as_string(hide_password=False))
        with database.read() as connection:
            tables = sa.inspect(connection).get_table_names()
        database.close()
        if tables:
            raise BackupRefused(f"数据库不是空的，不在其上恢复：{database.address}（有 {len(tables)} 个表）")
    if shelf is not None and next(iter(shelf.all()), None) is not None:
        raise BackupRefused("证据库不是空的，不在其上恢复")


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
    plain = address.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
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
