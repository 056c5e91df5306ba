"""account.zombie: no post in a month (a tendency) or in three (a zombie)."""

from __future__ import annotations

from msgspec.structs import replace

from checks import lexicon
from checks.model import Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.posting import judge_silence
from checks.window import window
from crawler.facts import AccountFacts


def judge(facts: AccountFacts, thresholds: Thresholds) -> Verdict:
    """One finding, with `degree` zombie or tendency; the longer silence is tried first.

    A listing read back two months proves a tendency, though it cannot tell whether the account is a zombie.
    """
    months = window(facts.as_of, thresholds, "zombie_months")
    verdict = judge_silence(facts, months, f"超过 {months.words}，属僵尸账号", Severity.MAJOR)
    degree = "zombie"
    if verdict.state in (State.PASS, State.UNDETERMINED):
        month = window(facts.as_of, thresholds, "tendency_months")
        verdict = judge_silence(facts, month, f"超过 {month.words}，有僵尸化倾向", Severity.MINOR)
        degree = "tendency"
    findings = tuple(_of_degree(finding, degree) for finding in verdict.findings)
    return replace(verdict, findings=findings)


def _of_degree(finding: Finding, degree: str) -> Finding:
    return replace(finding, observed={**finding.observed, "degree": degree})


CHECK = Check(
    id="account.zombie",
    title="僵尸账号",
    subject=Subject.ACCOUNT,
    mode=Mode.AUTOMATIC,
    why="长期不更新的“僵尸”“睡眠”账号损害政府形象，应当清理整合。",
    rectify="恢复正常更新；确无必要保留的，按程序注销并向社会公告。",
    measured="自监测时间点倒推一个月和三个月，在各数据来源中查找已发布且未删除的信息；"
    "一个月没有的为有僵尸化倾向，三个月没有的为僵尸账号。",
    limits="只有获取成功且列表已完整读到期限之前的来源，才能据以认定；其余一律为未能判定；来源不一致的转人工复核。",
    clause="国办发〔2018〕123号（清理“僵尸”“睡眠”账号）；安政办函〔2018〕50号、安政办函〔2020〕10号",
    judge=judge,
    needs=("posts",),
    thresholds=lexicon.thresholds("account.zombie"),
)
