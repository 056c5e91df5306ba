"""content.wording: wrong names, titles, regions and bodies, where they are wrong at the time of writing."""

from __future__ import annotations

import re
from datetime import timedelta

from checks import lexicon, texts
from checks.model import Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.settings import integer
from checks.text_gathering import Text
from crawler.facts import SiteFacts
from crawler.facts.texts import TextHit, TextKind

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)\s*年?(?!\d)")
_FORMER = 8
"""Characters before a name within which 原 makes it a former one."""
_NUMBERED = re.compile(r"[^，。；]{0,10}(?:令|公告|通告|文件)?[〔\[（(]?\d{0,4}[〕\]）)]?第?\s*\d+\s*号")


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One candidate for each wrong form and sentence. What became wrong on a day is held against later texts only."""
    listed = integer(thresholds, "pages_listed")
    found = texts.candidates(facts, TextKind.WORDING, by_then(thresholds))
    return texts.verdict(facts, [told(candidate, listed) for candidate in found], "疑似表述错误")


def by_then(thresholds: Thresholds) -> texts.Weigh:
    """Whether a form counts: it was always wrong, or had been for `grace_days` when the text was published."""
    grace = timedelta(days=integer(thresholds, "grace_days"))

    def weigh(text: Text, hit: TextHit) -> bool:
        """A text whose day is not known is held to nothing that was right once."""
        if hit.since is None:
            return True
        return text.published is not None and text.published >= hit.since + grace and not _speaks_of_then(hit)

    return weigh


def _speaks_of_then(hit: TextHit) -> bool:
    """Whether the sentence tells of the time when the name was right, or cites a numbered document of that body."""
    if hit.since is None:
        return False
    end = hit.offset + hit.length
    before = hit.sentence[max(0, hit.offset - _FORMER) : hit.offset]
    if "原" in before or "前身" in before or _NUMBERED.match(hit.sentence, end):
        return True
    return any(int(year) <= hit.since.year for year in _YEAR.findall(hit.sentence))


def told(candidate: texts.Candidate, listed: int) -> Finding:
    """The finding of a wrong wording, on a site or in a post."""
    hit = candidate.hit
    since = f"（{hit.since:%Y年%-m月%-d日}起）" if hit.since else ""
    should = f"规范表述为“{hit.correction}”{since}" if hit.correction else f"为不当表述{since}"
    return texts.finding(
        candidate,
        f"“{hit.entry}”{should}：{hit.sentence}",
        Severity.MAJOR,
        listed,
        correction=hit.correction,
        since=hit.since.isoformat() if hit.since else None,
        source=hit.source,
        note=hit.note,
    )


CHECK = Check(
    id="content.wording",
    title="严重表述错误",
    subject=Subject.SITE,
    mode=Mode.CONFIRMED,
    why="党和国家领导人姓名、职务，涉台涉港涉澳、民族、领土和机构名称表述错误，属严重表述错误，可导致单项否决。",
    rectify="按规范表述改正；引文和史料中的旧称加引号或注明“原”。",
    measured="以表述词库比对页面主要文字部分，每条注明规范表述和依据；书名号和引号内的字样放行；易与普通人名混淆的，"
    "同句出现领导职务时才提示；有生效日期的（机构改革后的旧称等），只看生效满一段时间以后发布、且句中没有更早年份的文字，"
    "“原××”和文号中的机构名放行。",
    limits="只认词库所列的表述；语义上的错误、领导人排序和图片中的文字不识别；发布日期不明的页面不判断机构旧称。"
    "附件只抽查一部分；检查单位可用词库文件增补、放行。",
    clause="国办秘函〔2019〕19号 单项否决“安全、泄密事故等严重问题”（严重表述错误）",
    judge=judge,
    needs=("pages",),
    thresholds=lexicon.thresholds("content.wording"),
)
