"""`xuncha scheduler`: every night one inspection of a registry, in a process of its own, until it is told to stop."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

from console.errors import BadUsage
from scheduler.registry import load


def serve_nightly(registry: Path, *, at: str, rulesets: tuple[str, ...], allow_private: bool) -> int:
    """Blocks until SIGTERM or Ctrl-C. The registry is read anew each night; a wrong one is said at once."""
    from scheduler.nightly import serve

    matched = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", at)
    if matched is None:
        raise BadUsage(f"“{at}”不是有效的时刻，应为 22:00 这样的形式")
    load(registry)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    command = [sys.executable, "-m", "console.cli", "inspect", "--registry", str(registry), "--kind", "nightly"]
    command += [word for ruleset in rulesets for word in ("--ruleset", ruleset)]
    command += ["--allow-private"] if allow_private else []

    def night() -> None:
        with subprocess.Popen(command) as process:
            while process.poll() is None:
                if stop.wait(timeout=1):
                    process.send_signal(signal.SIGINT)  # ends cleanly; `inspect --resume` goes on from there
                    process.wait()

    serve(night, hour=int(matched[1]), minute=int(matched[2]), stop=stop)
    return 0
