"""What the checks answer of a target that was not inspected."""

from __future__ import annotations

import pytest

from checks.model import State, Subject, Target
from checks.registry import of_subject
from crawler.facts import Account, Site, Unit
from scheduler.unread import unread
from storage.inspections import TargetRow

HOME, CLOSED = "http://www.yunxi.example/", "http://old.yunxi.example/"
UNIT = Unit(
    "yunxi",
    "云汐县人民政府",
    sites=(Site("yunxi", "云汐县人民政府网", HOME), Site("yunxi", "云汐旧网", CLOSED, status="closed")),
    accounts=(Account("yunxi", "wechat", "云汐发布", "gh_1", status="merged"),),
)


def row(address: str, kind: Subject, state: str, reason: str = "") -> TargetRow:
    return TargetRow("q3", 1, Target("yunxi", address, kind), "云汐", state, None, "", 0, None, None, reason, {})


@pytest.mark.parametrize(
    ("of", "state", "words"),
    [
        (row(HOME, Subject.SITE, "pending"), State.UNDETERMINED, "未能判定：本次检查尚未查完该对象"),
        (row(HOME, Subject.SITE, "failed", "出错：甲"), State.ERROR, "检查程序出错，未作判断：甲"),
        (row("yunxi", Subject.UNIT, "interrupted"), State.UNDETERMINED, "未能判定：本次检查尚未查完该对象"),
        (row(CLOSED, Subject.SITE, "pending"), State.NOT_APPLICABLE, "不适用：网站登记状态为已关停"),
        (
            row("wechat:gh_1", Subject.ACCOUNT, "failed", "出错：甲"),
            State.NOT_APPLICABLE,
            "不适用：账号登记状态为已整合迁移",
        ),
    ],
)
def test_each_check_says_why_there_is_no_answer(of: TargetRow, state: State, words: str) -> None:
    said = list(unread(of, UNIT))
    assert [one.check for one in said] == [check.id for check in of_subject(of.target.kind)]
    assert {(one.state, one.summary, one.target) for one in said} == {(state, words, of.target)}


def test_what_is_done_has_the_answers_that_it_has() -> None:
    assert not list(unread(row(HOME, Subject.SITE, "done"), UNIT))
