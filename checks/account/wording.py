"""account.wording: wrong names, titles, regions and bodies in an account's posts."""

from __future__ import annotations

from checks import lexicon
from checks.content import wording as of_sites
from checks.model import Check, Mode, Subject, Thresholds, Verdict
from checks.post_texts import judge_posts
from crawler.facts import AccountFacts
from crawler.facts.texts import TextKind


def judge(facts: AccountFacts, thresholds: Thresholds) -> Verdict:
    """One candidate for each wrong form and sentence. What became wrong on a day is held against later posts only."""
    return judge_posts(facts, thresholds, TextKind.WORDING, of_sites.told, "疑似表述错误", of_sites.by_then(thresholds))


CHECK = Check(
    id="account.wording",
    title="信息中的严重表述错误",
    subject=Subject.ACCOUNT,
    mode=Mode.CONFIRMED,
    why="党和国家领导人姓名、职务，涉台涉港涉澳、民族、领土和机构名称表述错误，属严重表述错误，可导致单项否决。",
    rectify="立即按规范表述更正或删除；引文和史料中的旧称加引号或注明“原”。",
    measured="以表述词库比对监测时间点前三个月信息的标题和正文，词库、生效日期和放行规则与网站的同名检查（content.wording）相同。",
    limits="只认词库所列的表述；图片、音视频中的文字不识别；来源只给标题的，正文没有查看，为未能判定；列表没有读全的同样如此。检查单位可用词库文件增补、放行。",
    clause="国办秘函〔2019〕19号 政务新媒体单项否决“严重表述错误”；国办发〔2018〕123号",
    judge=judge,
    needs=("posts",),
    thresholds=lexicon.thresholds("account.wording"),
)
