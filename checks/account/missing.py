"""account.missing: the unit must have an account on a platform and none is registered."""

from __future__ import annotations

from checks.model import Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.posting import platform_words
from crawler.facts import UnitFacts

_NOT_A_PLATFORM = "site"


def judge(facts: UnitFacts, thresholds: Thresholds) -> Verdict:
    """By the registry alone: one finding for each required platform without an account in service."""
    required = [platform for platform in facts.unit.requires if platform != _NOT_A_PLATFORM]
    if not required:
        return Verdict(State.NOT_APPLICABLE, "不适用：台账没有要求该单位开设政务新媒体账号")
    running = {account.platform for account in facts.unit.accounts if account.status == "running"}
    missing = [platform for platform in required if platform not in running]
    if not missing:
        return Verdict(State.PASS, f"已开设{'、'.join(map(platform_words, required))}")
    findings = tuple(_finding(facts, platform) for platform in missing)
    return Verdict(State.FAIL, "；".join(finding.message for finding in findings), findings)


def _finding(facts: UnitFacts, platform: str) -> Finding:
    words = platform_words(platform)
    return Finding(
        url=facts.unit.code,
        message=f"{facts.unit.name}应开设{words}，台账中没有在用的账号",
        location=words,
        quote=platform,
        observed={"platform": platform, "unit_kind": facts.unit.kind},
        severity=Severity.MAJOR,
    )


CHECK = Check(
    id="account.missing",
    title="未开设政务新媒体账号",
    subject=Subject.UNIT,
    mode=Mode.AUTOMATIC,
    why="按要求应当开设微信、微博的单位没有开设，缺少面向公众的发布和互动渠道。",
    rectify="开设并认证账号，登记到台账；已经开设的，补充登记。",
    measured="对照台账：单位要求开设的平台上，是否登记有在用的账号。",
    limits="只看台账登记，不在平台上搜索；台账漏登的会误报，请先核对台账。",
    clause="国办发〔2018〕123号；安政办函〔2018〕50号（扣分项：微博、微信未均开通）",
    judge=judge,
)
