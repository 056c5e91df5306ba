"""Scoring from saved results: an account that was not judged leaves its unit's accounts unscored, never clean."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from checks.model import CheckResult, State, Subject, Target
from crawler.facts import Account, Unit
from scheduler.scorecards import score_inspection
from storage.store import Store
from tests.integration.storage.samples import NOON, inspection

UNIT = Unit(
    "shuiwu",
    "砚江市水务局",
    requires=("wechat", "weibo"),
    accounts=(Account("shuiwu", "wechat", "砚江水务", "gh_1"), Account("shuiwu", "weibo", "砚江水务", "1")),
)
WECHAT, WEIBO = (Target(UNIT.code, account.key, Subject.ACCOUNT) for account in UNIT.accounts)
OWN = Target(UNIT.code, UNIT.code, Subject.UNIT)


def passed(target: Target, *checks: str) -> list[CheckResult]:
    return [CheckResult(check, target, State.PASS, "符合", (), ()) for check in checks]


def test_an_account_that_was_not_judged_is_not_stood_for_by_the_other(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path}/x.sqlite3", tmp_path) as store:
        store.upgrade()
        record = replace(inspection(), units=(UNIT,), rulesets=("ankang-2017-newmedia",))
        store.inspections.create(record, [(WECHAT, "砚江水务"), (WEIBO, "砚江水务"), (OWN, UNIT.name)])
        store.results.save(record.id, OWN, passed(OWN, "account.missing"), {}, NOON)
        store.results.save(record.id, WEIBO, passed(WEIBO, "account.zombie", "account.stale"), {}, NOON)
        scores = []
        for _ in range(2):
            score_inspection(store, record)
            (card,) = store.results.cards(record.id)
            scores.append({trace.indicator: trace.score for trace in card.traces if trace.indicator in ("A1", "E1")})
            store.results.save(record.id, WECHAT, passed(WECHAT, "account.zombie", "account.stale"), {}, NOON)
        assert scores == [{"A1": Decimal(10), "E1": None}, {"A1": Decimal(10), "E1": Decimal(5)}]
