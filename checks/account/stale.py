"""account.stale: no post in the two weeks before the monitoring time point."""

from __future__ import annotations

from checks import lexicon
from checks.model import Check, Mode, Severity, Subject, Thresholds, Verdict
from checks.posting import judge_silence
from checks.window import window
from crawler.facts import AccountFacts


def judge(facts: AccountFacts, thresholds: Thresholds) -> Verdict:
    """Fail only where a listing known to be whole back to the window's start shows no live post."""
    span = window(facts.as_of, thresholds, "stale_days")
    return judge_silence(facts, span, f"超过 {span.words}", Severity.VETO)


CHECK = Check(
    id="account.stale",
    title="账号内容不更新",
    subject=Subject.ACCOUNT,
    mode=Mode.AUTOMATIC,
    why="监测时间点前两周内没有更新属政务新媒体单项否决情形。",
    rectify="保持更新，间隔不超过两周；无力维护的账号应按程序关停整合。",
    measured="自监测时间点倒推两周，在各数据来源中查找已发布且未删除的信息；任一来源有一条即为已更新。",
    limits="只有获取成功且列表已完整读到期限之前的来源，才能据以认定不更新；登录失效、频率限制、被拦截、"
    "内容为空等一律为未能判定；"
    "仅有单位填报显示更新而平台列表未见的，转人工复核。",
    clause="国办秘函〔2019〕19号 政务新媒体单项否决“内容不更新”",
    judge=judge,
    needs=("posts",),
    thresholds=lexicon.thresholds("account.stale"),
)
