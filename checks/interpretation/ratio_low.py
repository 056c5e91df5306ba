"""interpretation.ratio-low: how many of the unit's own documents of the window have an interpretation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from checks import derived, lexicon
from checks.document_doubts import absent, column_doubts
from checks.model import Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.papers import Paper
from checks.policies import DOCUMENTS, INTERPRETATIONS, Document
from checks.policy_pages import PolicyPages
from checks.settings import integer, number
from checks.settling import settle, share, undetermined
from checks.window import window
from crawler.facts import SiteFacts

_LISTED = 200
_EVIDENCE = 5


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding where the ratio stays below the line even if all that is in doubt were counted in the unit's favour.

    Denominator: own-level documents published in the window, those of the last days aside; numerator: those that any
    interpretation on the site names or is linked with.
    """
    family = derived.gathered(facts, PolicyPages)
    policies, span = family.policies, window(facts.as_of, thresholds, "window_months")
    newest = span.end - timedelta(days=integer(thresholds, "grace_days"))
    own = [one for one in policies.own(span) if _is_older(one, newest)]
    unknown = [one for one in policies.unknown(span) if _is_older(one, newest)]
    least = integer(thresholds, "documents_min")
    if not policies.documents:
        return undetermined(absent(facts, DOCUMENTS))
    if len(own) < least:
        doubts = column_doubts(facts, DOCUMENTS)
        if unknown:
            doubts.insert(0, f"{len(unknown)} 份文件未写明发文机关，不能断定是否本级文件")
        if doubts:
            return undetermined(doubts[0])
        return Verdict(State.NOT_APPLICABLE, f"不适用：{span.words}内可确认的本级文件 {len(own)} 份，少于 {least} 份")
    interpreted = policies.interpreted()
    told = [one for one in own if one.paper.url in interpreted]
    bare = [one.paper for one in own if one.paper.url not in interpreted]
    line = number(thresholds, "ratio_min")
    measured = share("本级文件解读比例", len(told), len(own))
    gained = sum(one.paper.url in interpreted for one in unknown)
    is_low = len(told) < line * len(own)
    doubts = column_doubts(facts, INTERPRETATIONS)
    if is_low and not doubts and len(told) + gained >= line * (len(own) + gained):
        doubts.append(f"{gained} 份有解读的文件未写明发文机关，不能断定是否本级文件")
    if is_low and doubts:
        return undetermined(f"读到的解读比例为 {len(told)}/{len(own)}，但{doubts[0]}", (measured,))
    return settle(
        findings=[_finding(facts, told, bare, len(own), span.words)] if is_low else [],
        doubts=(),
        failed=f"{span.words}内 {len(own)} 份本级文件，有解读的 {len(told)} 份，比例偏低",
        passed=f"{span.words}内 {len(own)} 份本级文件，有解读的 {len(told)} 份",
        measurements=(measured,),
    )


def _is_older(document: Document, newest: date) -> bool:
    day = document.paper.released
    return day is None or day <= newest


def _finding(facts: SiteFacts, told: Sequence[Document], bare: Sequence[Paper], total: int, words: str) -> Finding:
    columns = derived.gathered(facts, PolicyPages).columns(INTERPRETATIONS)
    return Finding(
        url=columns[0].url if columns else facts.site.home_url,
        message=f"{words}内发布本级政策文件 {total} 份，其中 {len(told)} 份有解读，"
        f"解读比例 {100 * len(told) // total}%",
        location="政策解读",
        quote="本级文件解读比例",
        observed={
            "documents": total,
            "interpreted": len(told),
            "without": [{"url": paper.url, "title": paper.title} for paper in bare[:_LISTED]],
        },
        severity=Severity.MAJOR,
        evidence_urls=(
            *(url for column in columns for url in (column.pages or (column.url,))[:_EVIDENCE]),
            *(paper.url for paper in bare[:_EVIDENCE]),
        ),
    )


CHECK = Check(
    id="interpretation.ratio-low",
    title="本级文件解读比例低",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="只转发上级解读而不解读本级文件，公众最需要了解的本地规定反而没有说明。",
    rectify="按照“谁起草、谁解读”，解读材料与文件同步组织、同步审签、同步发布。",
    measured="分母为窗口内在政策文件类栏目发布的本级文件（转发上级的不计），分子为其中有解读的："
    "解读的标题或正文写明该文件名称，或者文件页与解读页有链接。不能断定的一律按有利于单位计算后仍低于标准线的才列出。",
    limits="是否政策文件按文号和标题文种认定，会议、人事、招投标、公示等不计；依规定无需解读的文件不能识别，"
    "因此标准线取得较低；政策解读栏目未读完、设在站外而链接未写明文件名称的为未能判定。",
    clause="安政办函〔2018〕50号（对本级政策文件解读比例较低）；国办发〔2016〕80号（解读比例）",
    judge=judge,
    needs=("columns",),
    thresholds=lexicon.thresholds("interpretation.ratio-low"),
)
