"""account.naming: an account's name, introduction and picture, as far as its platform shows them."""

from __future__ import annotations

import re

from checks.model import Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.posting import account_words, platform_words
from checks.settling import settle, undetermined
from crawler.facts import AccountFacts, AccountProfile

_MARKS = re.compile(r"[\s\W_]+")
_COMPLETE = frozenset({"weibo"})
"""Platforms whose sources show a whole profile; elsewhere an absent introduction or picture tells nothing."""


def judge(facts: AccountFacts, thresholds: Thresholds) -> Verdict:
    """One finding a fault: another name than registered, no introduction, no picture."""
    profiles = [fetch.profile for fetch in facts.fetches if fetch.profile is not None]
    if not profiles:
        return undetermined("各来源没有给出账号资料")
    names = [profile.name for profile in profiles if profile.name]
    findings = []
    doubts = [] if names else ["各来源没有给出账号名称"]
    registered = facts.account.name
    if names and _bare(registered) not in {_bare(name) for name in names}:
        findings.append(_finding(facts, "名称", names[0], f"名称为“{names[0]}”，与登记的“{registered}”不一致"))
    findings += _other_names(facts)
    whole = facts.account.platform in _COMPLETE
    for part, values in (("简介", [p.introduction for p in profiles]), ("头像", [p.avatar for p in profiles])):
        if any(value.strip() for value in values):
            continue
        if whole and all(_is_shown(profile) for profile in profiles):
            findings.append(_finding(facts, part, "", f"没有{part}"))
        else:
            doubts.append(f"来源不提供{part}")
    return settle(
        findings=findings,
        doubts=doubts,
        failed="；".join(finding.message for finding in findings),
        passed=f"{account_words(facts)}名称与登记一致，简介、头像齐全",
    )


def _other_names(facts: AccountFacts) -> list[Finding]:
    """A finding where the unit's accounts on other platforms are registered under another name.

    Those that are called like another account of the unit on this platform have their match: of two accounts on one
    platform one needs must differ, which is account.duplicate-platform's business.
    """
    running = [one for one in facts.unit.accounts if one.status == "running"]
    here = {_bare(one.name) for one in running if one.platform == facts.account.platform} | {_bare(facts.account.name)}
    others = [one for one in running if one.platform != facts.account.platform]
    differing = [one for one in others if _bare(one.name) not in here]
    if not differing or len(differing) < len(others):
        return []
    words = "、".join(f"{platform_words(one.platform)}“{one.name}”" for one in differing)
    return [_finding(facts, "跨平台名称", words, f"与本单位{words}名称不统一")]


def _is_shown(profile: AccountProfile) -> bool:
    """Whether a source shows more of a profile than its name, so that a gap in it is the account's."""
    return profile.verified is not None or profile.followers is not None


def _finding(facts: AccountFacts, part: str, shown: str, words: str) -> Finding:
    return Finding(
        url=facts.account.key,
        message=f"{account_words(facts)}{words}",
        location=f"{account_words(facts)}的{part}",
        quote=shown or part,
        observed={"platform": facts.account.platform, "part": part, "shown": shown, "registered": facts.account.name},
        severity=Severity.MINOR,
    )


def _bare(name: str) -> str:
    return _MARKS.sub("", name).lower()


CHECK = Check(
    id="account.naming",
    title="名称简介不规范",
    subject=Subject.ACCOUNT,
    mode=Mode.AUTOMATIC,
    why="账号名称、头像和简介是公众辨认政务新媒体真伪的依据，名称与备案不符的容易被冒用。",
    rectify="使用备案名称，补充简介和头像；更名的及时更新台账和“全国政务新媒体信息报送系统”。",
    measured="取各数据来源给出的账号名称、简介、头像；名称去掉空格和符号后与台账登记的比较；"
    "本单位在其他平台登记的账号均用别的名称的，列为名称不统一。",
    limits="订阅源等不提供简介、头像的，该项为未能判定；不判断名称是否体现地区或部门；同一平台有多个账号的，"
    "其中一个与其他平台同名即可。",
    clause="国办发〔2018〕123号（名称、头像、简介）；安政办函〔2020〕10号 三（二）",
    judge=judge,
)
