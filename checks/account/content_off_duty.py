"""account.content-off-duty: how many of the posts are on government affairs, and how many are originals."""

from __future__ import annotations

import re
from decimal import Decimal

from checks import lexicon
from checks.model import Check, Finding, Measurement, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.post_listing import Listing, listing, pace
from checks.posting import account_words, why_unproved
from checks.settings import integer, number
from checks.settling import settle, share, undetermined
from checks.window import window
from crawler.facts import AccountFacts, PostFact

_MENTION = re.compile(r"@[\w\-·]+")


def judge(facts: AccountFacts, thresholds: Thresholds) -> Verdict:
    """A candidate where the share of posts with words of government affairs is low in a whole listing."""
    span = window(facts.as_of, thresholds, "content_days")
    found = listing(facts, span)
    if found is None:
        return undetermined(why_unproved(facts, span))
    measured = pace(found)
    words = f"{account_words(facts)}{found.words}"
    if not found.posts:
        return Verdict(State.NOT_APPLICABLE, f"不适用：{words}，没有可判断的内容", measurements=measured)
    off = [post for post in found.posts if not is_on_affairs(post, facts.account.name)]
    affairs = share("政务信息占比", len(found.posts) - len(off), len(found.posts))
    told = [post.original for post in found.posts if post.original is not None]
    originals = share("原创信息占比", told.count(True), len(told)) if told else None
    measured = (*measured, affairs, *([originals] if originals else []))
    words += f"，其中政务信息 {affairs.numerator} 条（{_percent(affairs.value)}）"
    words += f"，原创 {originals.numerator}／{originals.denominator} 条" if originals else "，来源不说明是否原创"
    if len(found.posts) < integer(thresholds, "posts_min"):
        return undetermined(f"{words}，条数不足以判断占比", measured)
    findings, doubts = [], []
    if affairs.value is not None and affairs.value < number(thresholds, "affairs_share_min"):
        findings.append(_finding(facts, found, "政务信息占比", affairs, off))
    least = number(thresholds, "original_share_min")
    if least and (originals is None or len(told) < len(found.posts)):
        doubts.append("来源没有说明每条信息是否原创")
    elif least and originals and originals.value is not None and originals.value < least:
        reprints = [post for post in found.posts if post.original is False]
        findings.append(_finding(facts, found, "原创信息占比", originals, reprints))
    return settle(findings=findings, doubts=doubts, failed=f"{words}，待人工确认", passed=words, measurements=measured)


def is_on_affairs(post: PostFact, account: str) -> bool:
    """Whether a word of government affairs stands in a post's title or text; names of accounts (@云溪发布) are none."""
    words = _MENTION.sub("", f"{post.title}\n{post.text}").replace(account, "")
    return lexicon.pattern("affairs", "words").search(words) is not None


_LISTED = 20


def _finding(facts: AccountFacts, found: Listing, part: str, measured: Measurement, others: list[PostFact]) -> Finding:
    words = f"近 {found.window.words} {len(found.posts)} 条信息中，{part}为 {_percent(measured.value)}"
    return Finding(
        url=facts.account.key,
        message=f"{account_words(facts)}{words}",
        location=account_words(facts),
        quote=part,
        observed={
            "platform": facts.account.platform,
            "unit_kind": facts.unit.kind,
            "part": part,
            "share": float(measured.value or 0),
            "posts": len(found.posts),
            "source": found.source,
            "others": [post.title or post.text[:40] for post in others[:_LISTED]],
        },
        severity=Severity.MINOR,
        evidence_urls=tuple(fetch.url for fetch in facts.fetches if fetch.source == found.source and fetch.url),
    )


def _percent(value: Decimal | None) -> str:
    return "" if value is None else f"{value * 100:.0f}%"


CHECK = Check(
    id="account.content-off-duty",
    title="公开内容占比低",
    subject=Subject.ACCOUNT,
    mode=Mode.CONFIRMED,
    why="政务新媒体应当围绕中心工作和职责发布信息，长期以娱乐、鸡汤和商业内容为主的偏离了政务定位。",
    rectify="聚焦本单位职责和群众关切发布信息，减少与政务无关的内容，增加原创。",
    measured="自监测时间点倒推一个月，取一个完整的信息列表，标题或文字中有政务用语的计为政务信息，算出占比；"
    "来源说明是否原创的，另算原创占比。",
    limits="按用语判断，只列出供人工确认，不直接认定；只有标题的来源会低估占比；图片和视频中的内容不识别；"
    "原创占比默认只测量，设定阈值后才列出；条数过少的为未能判定。",
    clause="国办发〔2018〕123号（发布政务信息，聚焦职责）；安政办函〔2020〕10号（公开）",
    judge=judge,
    needs=("posts",),
    thresholds=lexicon.thresholds("account.content-off-duty"),
)
