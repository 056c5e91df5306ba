"""account.dormant: opened but not run: never a post, or none in a year."""

from __future__ import annotations

from checks import lexicon
from checks.model import Check, Mode, Severity, Subject, Thresholds, Verdict
from checks.posting import judge_silence
from checks.window import window
from crawler.facts import AccountFacts


def judge(facts: AccountFacts, thresholds: Thresholds) -> Verdict:
    """Fail only where a listing known to be whole back over the year shows no live post."""
    span = window(facts.as_of, thresholds, "dormant_months")
    return judge_silence(facts, span, f"超过 {span.words}，属开通未运营", Severity.MAJOR)


CHECK = Check(
    id="account.dormant",
    title="开通未运营",
    subject=Subject.ACCOUNT,
    mode=Mode.AUTOMATIC,
    why="账号开通认证后不运营，占用名称又不提供服务，评估中只计规范分。",
    rectify="正式启用并保持更新；不打算运营的，按程序注销。",
    measured="自监测时间点倒推一年，在各数据来源中查找已发布且未删除的信息。",
    limits="只有获取成功且列表已完整读到一年之前的来源，才能据以认定；其余一律为未能判定。"
    "开通不足一年的新账号请人工留意。",
    clause="安政办函〔2020〕10号（开通认证但未正常运营）；国办发〔2018〕123号",
    judge=judge,
    needs=("posts",),
    thresholds=lexicon.thresholds("account.dormant"),
)
