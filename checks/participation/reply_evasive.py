"""participation.reply-evasive: answers that say nothing: stock phrases, too short, one for many, off the subject."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from checks import lexicon
from checks.likeness import pairs
from checks.model import JSON, Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.settings import integer
from checks.settling import settle, undetermined
from crawler.facts import SiteFacts
from crawler.facts.participation import MessageFact

_PLAIN = re.compile(r"[^\w]+")
_NUMBERED = re.compile(r"\d{3,}|\*\*")
_REFERRAL = 60
"""Characters up to which an answer that gives a number may be nothing but the number to call."""
_CUT = 380
"""Texts are kept cut; one of about that length is not known to its end, and long enough to be an answer."""


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One candidate a message with the reason, one for each text that many got; a person decides.

    您好！您的来信已收悉，感谢您的支持。→ nothing but courtesy. 请到政务大厅3号窗口办理，电话0915-… → an answer.
    """
    known = facts.participation
    replied = [message for message in (known.messages if known else ()) if message.reply]
    if not replied:
        return undetermined((known.messages_unread if known else "") or "没有读到公开的答复内容")
    same = _same_replies(replied, integer(thresholds, "same_replies"))
    findings = [_same(group) for group in same.values()]
    repeated = {id(message) for group in same.values() for message in group}
    for message in replied:
        reason = "" if id(message) in repeated or "附件" in message.reply else _reason(message, thresholds)
        if reason:
            findings.append(_one(message, reason))
    return settle(
        findings=findings,
        doubts=[known.messages_unread] if known and known.messages_unread and not findings else (),
        failed=f"读出答复 {len(replied)} 条，其中 {len(findings)} 处疑似敷衍，待人工复核",
        passed=f"读出答复 {len(replied)} 条，未见疑似敷衍",
    )


def _reason(message: MessageFact, thresholds: Thresholds) -> str:
    """Why a reply may be evasive; "" where it is an answer."""
    substance = _without(message.reply, "courtesies")
    least = integer(thresholds, "reply_chars")
    if len(_PLAIN.sub("", substance)) < least and not _NUMBERED.search(substance):
        return f"除客套话外不足 {least} 字"
    said = _PLAIN.sub("", _without(substance, "stock"))
    if len(said) < least // 2 and not _NUMBERED.search(message.reply):
        return "只有套话，没有说明办理情况"
    if len(message.reply) < _REFERRAL and _NUMBERED.search(message.reply):
        return ""
    question = _PLAIN.sub("", message.question)
    if len(question) < integer(thresholds, "question_chars") or len(message.question) > _CUT:
        return ""
    common = frozenset(lexicon.words("replies", "common"))
    asked = pairs(question) | pairs(_PLAIN.sub("", message.title))
    if not (asked - common) & (pairs(_PLAIN.sub("", message.reply)) - common):
        return "答复与提问没有相同的用词"
    return ""


def _without(text: str, key: str) -> str:
    return lexicon.pattern("replies", key).sub("", text)


def _same_replies(replied: Sequence[MessageFact], least: int) -> Mapping[str, list[MessageFact]]:
    """Replies that several different questions got, by their text without courtesies."""
    groups: dict[str, list[MessageFact]] = {}
    for message in replied:
        groups.setdefault(_PLAIN.sub("", _without(message.reply, "courtesies")), []).append(message)
    return {
        text: group
        for text, group in groups.items()
        if len({_PLAIN.sub("", one.question or one.title) for one in group}) >= least
    }


def _one(message: MessageFact, reason: str) -> Finding:
    return Finding(
        url=message.url,
        message=f"留言“{message.title}”的答复疑似敷衍：{reason}",
        location=f"留言“{message.title}”的答复",
        quote=message.reply[:80],
        observed={"title": message.title, "reason": reason, "chars": len(message.reply)},
        severity=Severity.MINOR,
        evidence_urls=(message.url,),
    )


def _same(group: Sequence[MessageFact]) -> Finding:
    first = group[0]
    listed: list[JSON] = [message.url for message in group[:200]]
    return Finding(
        url=first.url,
        message=f"{len(group)} 条不同的留言得到同样的答复：“{first.reply[:40]}”",
        location="公开的留言及答复",
        quote=first.reply[:80],
        observed={"reason": "同样的答复", "count": len(group), "pages": listed},
        severity=Severity.MINOR,
        evidence_urls=tuple(message.url for message in group[:12]),
    )


CHECK = Check(
    id="participation.reply-evasive",
    title="答复敷衍",
    subject=Subject.SITE,
    mode=Mode.CONFIRMED,
    why="答复应当针对问题、说明情况；敷衍推诿、答非所问会损害政府公信力。",
    rectify="对列出的留言重新答复：说明办理情况、政策依据和联系方式；不以套话、转办代替答复。",
    measured="去除问候、致谢等客套话后，看答复是否过短、是否只有“将认真研究”“已转有关部门”之类的套话、"
    "是否同一答复用于多条不同留言、是否与提问没有任何相同用词。手机号码和人名已作遮盖。",
    limits="只列为待人工复核，不判断答复是否正确；答复以附件、图片给出的读不出。",
    clause="国办秘函〔2019〕19号 扣分指标“办理答复”；安政办函〔2020〕10号（敷衍推诿、答非所问、语言生硬冷淡）",
    judge=judge,
    needs=("home",),
    thresholds=lexicon.thresholds("participation.reply-evasive"),
)
