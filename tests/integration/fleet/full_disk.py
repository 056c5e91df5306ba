"""An inspection whose disk fills up on its way and has room again after a while.

Run as `unshare -rm python -m tests.integration.fleet.full_disk FOLDER REGISTRY OUT`, in a mount namespace of its own: a
small disk is mounted on FOLDER. Prints how often the full disk was met; exits as the inspection does.
"""

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

from tests.integration.inspecting.conftest import XUNCHA

SIZE = "24m"
FULL_FOR = 12.0


def visits(database: Path) -> int:
    """How many visits are recorded by now."""
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as reader:
        return int(reader.execute("select count(*) from visits").fetchone()[0])
    return 0


def main(folder: Path, registry: Path, out: Path) -> int:
    """The inspection's exit code."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], check=True)
    words = ["inspect", "--registry", str(registry), "--allow-private", "--no-render", "--kind", "quarterly"]
    environment = {**os.environ, "XUNCHA_FOLDER": str(folder)}
    with subprocess.Popen([str(XUNCHA), *words, "--out", str(out)], stderr=subprocess.PIPE, env=environment) as running:
        while visits(folder / "xuncha.sqlite3") < 10 and running.poll() is None:
            time.sleep(0.05)
        filler = folder / "filler"
        with suppress(OSError), filler.open("wb") as file:
            while True:
                file.write(bytes(4096))
                file.flush()
        time.sleep(FULL_FOR)
        filler.unlink()
        assert running.stderr is not None
        said = running.stderr.read().decode()
    print(said[-2000:], file=sys.stderr)
    print(said.count("磁盘空间不足"))
    return running.returncode


if __name__ == "__main__":
    raise SystemExit(main(*map(Path, sys.argv[1:])))
