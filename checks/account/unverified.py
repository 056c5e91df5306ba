"""account.unverified: the platform says that the account is not verified."""

from __future__ import annotations

from checks.model import JSON, Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.posting import account_words
from checks.settling import undetermined
from crawler.facts import AccountFacts, AccountOutcome


def judge(facts: AccountFacts, thresholds: Thresholds) -> Verdict:
    """By what the sources' profiles say outright; a profile that says nothing of it tells nothing."""
    said = [
        (fetch.source, fetch.profile.verified)
        for fetch in facts.fetches
        if fetch.outcome is AccountOutcome.FETCHED and fetch.profile and fetch.profile.verified is not None
    ]
    if not said:
        return undetermined("各来源没有给出认证状态")
    if any(verified for _, verified in said):
        return Verdict(State.PASS, f"{account_words(facts)}已认证")
    sources: list[JSON] = [source for source, _ in said]
    finding = Finding(
        url=facts.account.key,
        message=f"{account_words(facts)}未经平台认证（{'、'.join(source for source, _ in said)}）",
        location=account_words(facts),
        observed={"platform": facts.account.platform, "verified": False, "sources": sources},
        severity=Severity.MINOR,
    )
    return Verdict(State.FAIL, finding.message, (finding,))


CHECK = Check(
    id="account.unverified",
    title="账号未认证",
    subject=Subject.ACCOUNT,
    mode=Mode.AUTOMATIC,
    why="未认证的账号公众难以辨别真伪，容易被冒用。",
    rectify="以开办单位为主体完成平台认证。",
    measured="查看平台给出的账号资料中的认证状态；任一来源显示已认证即为已认证。",
    limits="数据来源不提供认证状态的为未能判定；不判断认证主体是否为政府机构。",
    clause="国办发〔2018〕123号（主体认证）",
    judge=judge,
    needs=("posts",),
)
