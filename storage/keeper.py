"""Who keeps house: of those that remove what is kept or copy all of it (清理、备份), one works at a time.

A backup copies the database first and files after it: whoever removed files between the two would leave it with rows
whose evidence it has not. One machine's processes are told apart by a file in the data folder, machines that share a
PostgreSQL by a session's lock there; both go with the process that holds them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from storage.database import Database
from storage.errors import KeeperBusy
from storage.leadership import FileLeadership, Leadership, SessionLeadership

_FILE = "keeping.lock"
_KEY = int.from_bytes(blake2b(b"keeping", digest_size=8).digest(), "big", signed=True)


@contextmanager
def sole_keeper(database: Database, folder: Path) -> Iterator[None]:
    """Nobody else prunes or backs up while the block runs. Raises KeeperBusy where somebody does."""
    folder.mkdir(parents=True, exist_ok=True)
    held: list[Leadership] = []
    wanted: list[Leadership] = [FileLeadership(folder / _FILE)]
    if not database.is_sqlite:
        wanted.append(SessionLeadership(database.url, _KEY))
    try:
        for each in wanted:
            if not each.acquire():
                raise KeeperBusy(f"另一个清理或备份正在进行（{each.leader()}），请等它结束后再试")
            held.append(each)
        yield
    finally:
        for each in held:
            each.release()
