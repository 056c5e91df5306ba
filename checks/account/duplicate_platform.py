"""account.duplicate-platform: more than one account of a unit in service on one platform."""

from __future__ import annotations

from collections import defaultdict

from checks.model import JSON, Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.posting import platform_words
from crawler.facts import Account, UnitFacts


def judge(facts: UnitFacts, thresholds: Thresholds) -> Verdict:
    """By the registry alone: one finding for each platform with several accounts."""
    by_platform: dict[str, list[Account]] = defaultdict(list)
    for account in facts.unit.accounts:
        if account.status == "running":
            by_platform[account.platform].append(account)
    if not by_platform:
        return Verdict(State.NOT_APPLICABLE, "不适用：台账没有登记该单位的在用账号")
    findings = tuple(_finding(facts, p, accounts) for p, accounts in by_platform.items() if len(accounts) > 1)
    if findings:
        return Verdict(State.FAIL, "；".join(finding.message for finding in findings), findings)
    return Verdict(State.PASS, f"登记的 {len(by_platform)} 个平台上各有一个在用账号")


def _finding(facts: UnitFacts, platform: str, accounts: list[Account]) -> Finding:
    words = platform_words(platform)
    keys: list[JSON] = [account.key for account in accounts]
    names = "、".join(f"“{account.name}”" for account in accounts)
    return Finding(
        url=facts.unit.code,
        message=f"{facts.unit.name}在{words}登记有 {len(accounts)} 个在用账号：{names}",
        location=words,
        quote=platform,
        observed={"platform": platform, "accounts": keys},
        severity=Severity.MINOR,
    )


CHECK = Check(
    id="account.duplicate-platform",
    title="一单位多账号",
    subject=Subject.UNIT,
    mode=Mode.AUTOMATIC,
    why="一个单位原则上在同一平台只开设一个账号，多头开设分散力量、容易疏于管理。",
    rectify="清理整合同一平台上的账号，保留一个主账号；确需保留的，报主管部门同意并在台账中注明。",
    measured="对照台账：同一单位在同一平台登记的在用账号是否多于一个。",
    limits="只看台账登记；经批准保留的多个账号也会列出，可在复核中豁免。",
    clause="国办发〔2018〕123号（一个单位原则上在同一第三方平台只开设一个账号）",
    judge=judge,
)
