"""What a command costs: CPU of its whole process tree, wall and memory."""

from __future__ import annotations

import atexit
import os
import resource
import shutil
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path

from msgspec import Struct


class Spent(Struct, frozen=True):
    """CPU seconds (user + system, whole tree), wall seconds, peak MB, and what was printed."""

    cpu: float
    wall: float
    peak_mb: float
    said: str


def spent(command: list[str], cwd: Path) -> Spent:
    """Runs a command that must succeed. Raises SystemExit with what it said where it does not."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, env=_environment())
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{command}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(cpu, wall, after.ru_maxrss / 1024, done.stdout)


@cache
def _environment() -> dict[str, str]:
    """Where modules are compiled once, as on a machine where the program is installed, in a folder of the run's own."""
    compiled = tempfile.mkdtemp(prefix="xuncha-bench-")
    atexit.register(shutil.rmtree, compiled)
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(Path.cwd()), "PYTHONPYCACHEPREFIX": compiled}
