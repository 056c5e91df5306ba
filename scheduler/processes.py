"""Rounds and the watch over availability as processes of their own, which end when the scheduler does."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from crawler.clock import now
from scheduler.conductor import Ending
from scheduler.errors import RegistryErrors
from scheduler.registry import load
from scheduler.timetable import Kind, Slot
from storage.rounds import Round
from storage.store import Store

logger = logging.getLogger(__name__)

PROGRAM = ("-m", "console.attended")
"""What runs a command of ours."""
PATIENCE = 900.0
"""Seconds for a clean end before a process is killed: its workers end within 30, then it writes what it has."""
RECORDED_AS = {Kind.NIGHTLY: "nightly", Kind.QUARTERLY: "quarterly", Kind.ACCOUNTS: "on-demand"}
"""The kinds that inspect, with the kind under which their inspections are recorded."""
RESUMED = frozenset({Kind.NIGHTLY, Kind.QUARTERLY})
"""The kinds whose inspection is gone on with where it was broken off."""
SHORTEST_REST, LONGEST_REST = 5.0, 600.0
"""Seconds before a watch that ended is started again: doubled each time, until it has lived as long."""


class Process:
    """A command in a process group of its own. What it says goes to a file."""

    def __init__(self, words: Sequence[str], log: IO[bytes]) -> None:
        self._log = log
        self._began = log.tell()
        self._process = subprocess.Popen(
            [sys.executable, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        )
        self._asked: float | None = None

    @property
    def code(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.poll()

    def interrupt(self) -> None:
        """SIGINT once; SIGKILL to the whole group where that was too long ago."""
        if self._process.poll() is not None:
            return
        if self._asked is None:
            self._asked = time.monotonic()
            self._process.send_signal(signal.SIGINT)
        elif time.monotonic() - self._asked > PATIENCE:
            kill_group(self._process.pid)

    def wait(self, seconds: float) -> None:
        """Waits for its end, and kills it after so long."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            kill_group(self._process.pid)
            self._process.wait()

    def close(self) -> str:
        """Frees what it held; the last line that it wrote."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        with self._log:
            self._log.seek(self._began)
            lines = self._log.read().decode("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


def kill_group(leader: int) -> None:
    """Kills a process and all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


class RoundProcess:
    """A round's process, and the inspection that it works on."""

    def __init__(self, process: Process, find: Callable[[], str]) -> None:
        self._process, self._find = process, find
        self._found = ""

    def poll(self) -> Ending | None:
        """How it ended."""
        code = self._process.code
        if code is None:
            return None
        said = self._process.close()
        if code == 0:
            return Ending(is_done=True)
        return Ending(False, f"退出码 {code}" + (f"：{said[:300]}" if said else ""))

    def inspection(self) -> str:
        """The inspection, once it is recorded. Raises StorageError."""
        self._found = self._found or self._find()
        return self._found

    def interrupt(self) -> None:
        """Asks it to end."""
        self._process.interrupt()


class Launcher:
    """Starts rounds over one registry: `commands` has the words of each kind."""

    def __init__(
        self,
        store: Store,
        registry: Path,
        commands: Mapping[Kind, Sequence[str]],
        logs: Path,
        program: Sequence[str] = PROGRAM,
    ) -> None:
        self._store, self._registry, self._commands = store, registry, commands
        self._logs, self._program = logs, program

    def __call__(self, slot: Slot, before: Round | None) -> RoundProcess:
        """Starts a slot's command; with `--resume` where its own inspection is the one that would be gone on with."""
        words = [word.format(period=slot.period) for word in self._commands[slot.kind]]
        kind, since, digest = RECORDED_AS.get(slot.kind, ""), now(), self._digest()
        resumed = self._resumed(before, kind, digest) if before and slot.kind in RESUMED else ""
        if resumed:
            words.append("--resume")
        self._logs.mkdir(parents=True, exist_ok=True)
        log = (self._logs / f"{slot.kind.value}-{slot.period}.log").open("a+b")
        log.seek(0, 2)
        process = Process([*self._program, *words], log)
        rounds = self._store.rounds
        return RoundProcess(process, lambda: resumed or (rounds.begun(kind, digest, since) if kind and digest else ""))

    def _digest(self) -> str:
        try:
            return load(self._registry).digest
        except (RegistryErrors, OSError):
            return ""  # the command says what is wrong with it

    def _resumed(self, before: Round, kind: str, digest: str) -> str:
        """The round's unfinished inspection, where no other of that registry was begun and left after it."""
        mine = before.inspection or self._store.rounds.begun(kind, digest, before.claimed_at)
        unfinished = self._store.inspections.latest_unfinished(digest) if mine else None
        return mine if unfinished is not None and unfinished.id == mine else ""


class Watch:
    """A command that is to run without end: started again when it ends, after a rest that grows."""

    def __init__(self, words: Sequence[str], program: Sequence[str] = PROGRAM) -> None:
        self._words = [*program, *words]
        self._process: Process | None = None
        self._born, self._rest, self._free_at = 0.0, SHORTEST_REST, 0.0

    def attend(self) -> None:
        """Starts it where it does not run and has rested."""
        now = time.monotonic()
        if self._process is not None:
            if self._process.code is None:
                return
            said = self._process.close()
            if now - self._born > self._rest:
                self._rest = SHORTEST_REST
            self._free_at = now + self._rest
            logger.error("可用性探测停止（退出码 %s，%s），%d 秒后重新开始", self._process.code, said[:300], self._rest)
            self._rest, self._process = min(LONGEST_REST, self._rest * 2), None
        if now >= self._free_at:
            self._born = now
            self._process = Process(self._words, tempfile.TemporaryFile())  # noqa: SIM115 (closed by Process.close)

    def stop(self) -> None:
        """Ends it cleanly."""
        if self._process is not None:
            self._process.interrupt()
            self._process.wait(30)
            self._process.close()
            self._process = None
