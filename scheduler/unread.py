"""What becomes of targets that an inspection has no answer for: ours broke on them, or it was broken off before them.

A list of problems without such a target would read as if it had none, and a ranking as if it were not inspected at
all. So each of its checks answers that it could not tell, and why; going on with the inspection replaces that.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from checks.model import CheckResult, State
from checks.registry import of_subject
from checks.settings import merge
from storage.inspections import InspectionRecord, TargetRow
from storage.store import Store


def say_unread(store: Store, record: InspectionRecord, now: datetime) -> None:
    """Saves an answer of every check on every target that has none: 出错 where ours broke, else 未能判定."""
    for row in store.inspections.targets(record.id):
        if row.state != "done":
            store.results.save_unread(row, tuple(_unread(row)), now)


def _unread(row: TargetRow) -> Iterator[CheckResult]:
    if row.state == "failed":
        state, words = State.ERROR, f"检查程序出错，未作判断：{row.exit_reason.removeprefix('出错：')}"
    else:
        state, words = State.UNDETERMINED, "未能判定：检查中断，尚未查完"
    for check in of_subject(row.target.kind):
        yield CheckResult(check.id, row.target, state, words, config=merge(check.id, check.thresholds, {}))
