"""account.typo: words in an account's posts that stand where a dictionary has another form."""

from __future__ import annotations

from checks import lexicon
from checks.content import typo as of_sites
from checks.model import Check, Mode, Subject, Thresholds, Verdict
from checks.post_texts import judge_posts
from crawler.facts import AccountFacts
from crawler.facts.texts import TextKind


def judge(facts: AccountFacts, thresholds: Thresholds) -> Verdict:
    """One candidate for each wrong form and sentence, however many posts bear it."""
    return judge_posts(facts, thresholds, TextKind.TYPO, of_sites.told, "疑似错别字")


CHECK = Check(
    id="account.typo",
    title="信息中的错别字",
    subject=Subject.ACCOUNT,
    mode=Mode.CONFIRMED,
    why="错别字损害政务新媒体的严肃性，截图传播后难以挽回。",
    rectify="核对原文后更正；平台不能修改的，删除后重新发布。转载的同样处理。",
    measured="以易错词表逐字比对监测时间点前三个月信息的标题和正文，词表和放行规则与网站的同名检查（content.typo）相同。",
    limits="只认词表所列的写法；图片、音视频中的文字不识别；来源只给标题的，正文没有查看，为未能判定；列表没有读全的同样如此。检查单位可用词库文件增补、放行。",
    clause="国办秘函〔2019〕19号 政务新媒体（内容准确）；国办发〔2018〕123号（信息发布审核）",
    judge=judge,
    needs=("posts",),
    thresholds=lexicon.thresholds("account.typo"),
)
