"""content.typo: words that stand where a dictionary has another form."""

from __future__ import annotations

from checks import lexicon, texts
from checks.model import Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.settings import integer
from crawler.facts import SiteFacts
from crawler.facts.texts import TextKind


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One candidate for each wrong form and sentence, however many pages bear that sentence."""
    listed = integer(thresholds, "pages_listed")
    found = texts.candidates(facts, TextKind.TYPO)
    return texts.verdict(facts, [told(candidate, listed) for candidate in found], "疑似错别字")


def told(candidate: texts.Candidate, listed: int) -> Finding:
    """The finding of a wrong form, on a site or in a post."""
    hit = candidate.hit
    return texts.finding(
        candidate,
        f"“{hit.entry}”疑为“{hit.correction}”之误：{hit.sentence}",
        Severity.MINOR,
        listed,
        correction=hit.correction,
        source=hit.source,
    )


CHECK = Check(
    id="content.typo",
    title="错别字",
    subject=Subject.SITE,
    mode=Mode.CONFIRMED,
    why="错别字损害政府网站的严肃性，严重的会造成误解和负面舆情。",
    rectify="核对原文后改正错字；转载的稿件同样改正并注明。确属专名或引文的，请告知检查单位放行该词语。",
    measured="以易错词表逐字比对页面主要文字部分（导航、页脚和链接文字不计），词表每条注明正确写法、依据和不算错的例外；"
    "书名号内、短引文内、机构场所名称和人名中的字样放行。同一句话只列一次，注明所在页面数。",
    limits="只认词表所列的写法，词表以外的错字、语法错误、搭配不当和“的地得”误用发现不了；图片中的文字不识别；附件只抽查一部分。"
    "检查单位可用词库文件增补、放行。",
    clause="国办秘函〔2019〕19号 扣分指标“信息发布—内容准确”；国办发〔2017〕47号 第三部分（信息发布）",
    judge=judge,
    needs=("pages",),
    thresholds=lexicon.thresholds("content.typo"),
)
