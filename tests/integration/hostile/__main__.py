"""`python -m tests.integration.hostile [NAME…]`: plays every behaviour (or the named ones) and prints the table."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.integration.hostile.report import BEHAVIOURS, HEADING, accused, changed, faults, outcome_of, row, together
from tests.integration.hostile.running import inspect
from tests.integration.hostile.server import HostileServer, Scene


def main(names: list[str]) -> int:
    """0 where every behaviour was survived and told truthfully."""
    bad = 0
    with HostileServer() as server, tempfile.TemporaryDirectory() as folder:
        healthy = inspect(server, Scene(), Path(folder))
        print(HEADING)
        print(row("(none)", "没有干扰", healthy, "ok", sum(healthy.asked.values()), healthy.peak), flush=True)
        for one in BEHAVIOURS:
            if names and one.name not in names:
                continue
            if one.prepare is not None:
                one.prepare()
            try:
                left = inspect(server, one.scene, Path(folder))
            except AssertionError as error:
                print(f"{one.name:18} {error}", flush=True)
                bad += 1
                continue
            asked = sum(count for path, count in left.asked.items() if path.startswith(one.below))
            print(
                row(one.name, one.title, left, outcome_of(one, left, server.home_url), asked, healthy.peak), flush=True
            )
            for fault in faults(one, left, healthy, server.home_url):
                bad += 1
                print("    !", fault, flush=True)
        if not names or "together" in names:
            for one in BEHAVIOURS:
                if one.prepare is not None:
                    one.prepare()
            left = inspect(server, together(), Path(folder))
            print(row("(together)", "全部同时", left, left.row.exit_reason, sum(left.asked.values()), healthy.peak))
            fair = [path for one in BEHAVIOURS for path in one.accuses]
            for fault in changed(left, healthy) + accused(left, healthy, server.home_url, fair):
                bad += 1
                print("    !", fault)
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
