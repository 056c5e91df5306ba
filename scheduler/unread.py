"""What the checks answer of a target that was not inspected: ours broke on it, or it was not got to.

A list of problems without such a target would read as if it had none, and a ranking as if it were not inspected at
all. So each of its checks answers that it could not tell, and why. Nothing of it is stored: the table of targets is
the only truth, and going on with the inspection gives true answers.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.model import CheckResult, State, Subject, Target
from checks.registry import of_subject
from checks.runner import out_of_service
from checks.settings import merge
from crawler.facts import Account, Site, Unit
from storage.inspections import TargetRow
from storage.store import Store


def answers(store: Store, row: TargetRow, unit: Unit) -> tuple[CheckResult, ...]:
    """The stored results of a target, or those of one that was not inspected; none of one that is done without any."""
    return tuple(store.results.results(row.inspection, row.target)) or tuple(unread(row, unit))


def unread(row: TargetRow, unit: Unit) -> Iterator[CheckResult]:
    """An answer of every check on a target of a unit without results: 不适用 where it is out of service, 出错 where

    ours broke, else 未能判定. None if done.
    """
    if row.state == "done":
        return
    if retired := out_of_service(_registered(row.target, unit)):
        state, words = State.NOT_APPLICABLE, retired
    elif row.state == "failed":
        state, words = State.ERROR, f"检查程序出错，未作判断：{row.exit_reason.removeprefix('出错：')}"
    else:
        state, words = State.UNDETERMINED, "未能判定：本次检查尚未查完该对象"
    for check in of_subject(row.target.kind):
        yield CheckResult(check.id, row.target, state, words, config=merge(check.id, check.thresholds, {}))


def _registered(target: Target, unit: Unit) -> Site | Account | Unit:
    for site in unit.sites:
        if (target.kind, target.address) == (Subject.SITE, site.home_url):
            return site
    for account in unit.accounts:
        if (target.kind, target.address) == (Subject.ACCOUNT, account.key):
            return account
    return unit
