"""One visitor a host (同一主机一次只查一个网站): the lock under which local workers visit sites.

Of all workers over one data folder, whichever commands they belong to, one visits a host at a time. In the file each
host is one byte, locked by the process that visits it: the kernel frees it when that process ends, however it does.
The queue of many machines has a lock of its own for the same name (`scheduler.queue`).
"""

from __future__ import annotations

import fcntl
import os
from hashlib import blake2b
from pathlib import Path

from checks.model import Subject, Target
from crawler.read.urls import host_of

_FILE = "hosts.lock"
_BITS = 62
"""A file may be locked at any byte below 2**63, whether it is there or not."""


def host_visited(target: Target) -> str:
    """The host that visits of a target go to, with a port that is not the scheme's own; "" for what is no site."""
    return host_of(target.address) if target.kind is Subject.SITE else ""


class HostLocks:
    """The hosts that this process visits. One a process: another one's end would free what this one holds."""

    def __init__(self, folder: Path) -> None:
        self._file = os.open(folder / _FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self._mine: set[str] = set()

    def take(self, host: str) -> bool:
        """Whether nobody visits that host and this process may; no host ("") is anybody's."""
        if not host:
            return True
        if host in self._mine:
            return False
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _byte(host))
        except (BlockingIOError, PermissionError):  # POSIX allows either answer
            return False
        self._mine.add(host)
        return True

    def free(self, host: str) -> None:
        """The visit is over."""
        if host in self._mine:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, _byte(host))
            self._mine.remove(host)  # last: another thread that takes it in between must not lose it again

    def close(self) -> None:
        """Frees every host."""
        os.close(self._file)


def _byte(host: str) -> int:
    return int.from_bytes(blake2b(host.encode(), digest_size=8).digest(), "big") >> (64 - _BITS)
