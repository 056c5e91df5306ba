"""content.privacy: whole identity numbers, bank cards and private persons' mobile numbers that anybody can read."""

from __future__ import annotations

from checks import lexicon, texts
from checks.model import Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.settings import integer
from crawler.facts import SiteFacts
from crawler.facts.texts import TextKind

_NAMES = {"identity-number": "居民身份证号码", "bank-card": "银行卡号", "mobile": "个人手机号码"}


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One candidate for each kind of number and sentence, with all places where that sentence stands."""
    listed = integer(thresholds, "pages_listed")
    found = texts.candidates(facts, TextKind.PRIVACY)
    return texts.verdict(facts, [told(candidate, listed) for candidate in found], "疑似泄露个人隐私")


def told(candidate: texts.Candidate, listed: int) -> Finding:
    """The finding of a private number, on a site or in a post."""
    hit = candidate.hit
    name = _NAMES[hit.entry]
    return texts.finding(
        candidate,
        f"公开了未作遮挡的{name} {candidate.count} 个，如：{hit.sentence}",
        Severity.MAJOR,
        listed,
        rule=hit.entry,
    )


CHECK = Check(
    id="content.privacy",
    title="泄露个人隐私",
    subject=Subject.SITE,
    mode=Mode.CONFIRMED,
    why="公开完整的身份证号码、银行卡号和个人手机号码侵害公民个人信息权益，易被用于诈骗。",
    rectify="立即撤下或遮挡，保留首尾数位、中间以星号代替；附件重新制作后替换，并清理搜索引擎缓存。",
    measured="身份证号码：十八位，地区代码、出生日期和校验码均有效；银行卡号：发卡行识别码和校验位有效，且文中有账户字样；"
    "手机号码：与个人姓名相邻且不是公务联系方式。已遮挡的号码、统一社会信用代码和示例放行。问题清单中的号码一律遮挡显示。",
    limits="图片和扫描件中的号码不识别；联系人、负责人等公务联系方式不作为问题；住址、病情等其他隐私不识别；"
    "附件只抽查一部分，扫描件等读不了的附件为未能判定。",
    clause="政府信息公开条例（国令第711号）第十五条；个人信息保护法 第二十八条；国办发〔2017〕47号（信息发布审核）",
    judge=judge,
    needs=("pages",),
    thresholds=lexicon.thresholds("content.privacy"),
)
