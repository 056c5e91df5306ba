"""A round's process in a simulated quarter: `python -m tests.soak.round KIND PERIOD REGISTRY FOLDER [--resume]`.

The inspection is the real one (workers, table of targets, second nights), as of the simulated moment. Every start is
written to a ledger, which knows nothing of claims.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from pathlib import Path

from console.attended import end_with_starter

LEDGER, MOMENT = "ledger.jsonl", "moment"
INSPECTING = ("quarterly", "nightly", "accounts")
RULESETS = ("cn-2019-website",)


def inspect(kind: str, registry: Path, folder: Path, *, resume: bool) -> None:
    """Inspects the town."""
    from msgspec.structs import replace  # loaded by those that inspect alone: a quarter has hundreds of processes

    from checks.model import Subject
    from console.ordering import order_of
    from console.settings import settings
    from console.watching import Silent
    from scheduler.inspection import begin, finish, work_off
    from scheduler.processes import RECORDED_AS
    from scheduler.registry import load
    from scheduler.timetable import Kind
    from storage.store import Store

    as_of = datetime.fromisoformat((folder / MOMENT).read_text())
    order = order_of(
        load(registry),
        settings().model_copy(update={"folder": folder, "database": "", "workers": 2}),
        rulesets=RULESETS,
        as_of=as_of,
        kind=RECORDED_AS[Kind(kind)],
        name=f"{Kind(kind).label} {as_of:%Y-%m-%d}",
        allow_private=True,
        rendering=False,
    )
    if kind == Kind.ACCOUNTS:
        order = replace(order, subjects=frozenset({Subject.ACCOUNT, Subject.UNIT}))
    with Store(order.machine.database, Path(order.machine.folder)) as store:
        record = begin(store, order, resume=resume)
        if work_off(store, record, order, Silent()):
            finish(store, record)


def main() -> None:
    """Does one round, and says so in the ledger."""
    kind, period, registry, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
    resume = "--resume" in sys.argv
    line = json.dumps({"kind": kind, "period": period, "pid": os.getpid(), "resumed": resume}) + "\n"
    file = os.open(folder / LEDGER, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(file, line.encode())
    os.close(file)
    if kind in INSPECTING:
        inspect(kind, registry, folder, resume=resume)


if __name__ == "__main__":
    end_with_starter()
    main()
