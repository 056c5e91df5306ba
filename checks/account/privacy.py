"""account.privacy: whole identity numbers, bank cards and private persons' mobile numbers in an account's posts."""

from __future__ import annotations

from checks import lexicon
from checks.content import privacy as of_sites
from checks.model import Check, Mode, Subject, Thresholds, Verdict
from checks.post_texts import judge_posts
from crawler.facts import AccountFacts
from crawler.facts.texts import TextKind


def judge(facts: AccountFacts, thresholds: Thresholds) -> Verdict:
    """One candidate for each post and kind of number, with how many there are."""
    return judge_posts(facts, thresholds, TextKind.PRIVACY, of_sites.told, "疑似泄露个人隐私")


CHECK = Check(
    id="account.privacy",
    title="信息泄露个人隐私",
    subject=Subject.ACCOUNT,
    mode=Mode.CONFIRMED,
    why="公开完整的身份证号码、银行卡号和个人手机号码侵害公民个人信息权益，易被用于诈骗。",
    rectify="立即删除或遮挡后重新发布，保留首尾数位、中间以星号代替。",
    measured="在监测时间点前三个月信息的标题和正文中查找完整的居民身份证号码、银行卡号和与个人姓名相邻的手机号码，规则与网站的同名检查（content.privacy）相同；问题清单中的号码一律遮挡显示。",
    limits="公务联系方式不作为问题；住址、病情等其他隐私不识别；图片、音视频中的文字不识别；来源只给标题的，正文没有查看，为未能判定；列表没有读全的同样如此。检查单位可用词库文件增补、放行。",
    clause="个人信息保护法 第二十八条；国办发〔2018〕123号（信息发布审核）；国办秘函〔2019〕19号 政务新媒体",
    judge=judge,
    needs=("posts",),
    thresholds=lexicon.thresholds("account.privacy"),
)
