"""disclosure.publication-late: own documents published more than 20 working days after 成文日期."""

from __future__ import annotations

from datetime import date

from checks import derived, lexicon
from checks.document_doubts import absent, column_doubts, unread_doubt
from checks.model import Check, Finding, Mode, State, Subject, Thresholds, Verdict
from checks.papers import Paper
from checks.policies import DOCUMENTS
from checks.policy_pages import PolicyPages
from checks.settings import integer
from checks.settling import settle, share, undetermined
from checks.window import Window, months_before, window
from checks.working_days import UnknownYear, working_days
from crawler.facts import SiteFacts
from crawler.facts.documents import ToldDay


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding a late document of the window.

    Of two days of publication the earlier counts. A document that came on the site many months after it was made may
    have been moved there from an older site; one that bears a later day than its publication contradicts itself: both
    are 未能判定.
    """
    span = window(facts.as_of, thresholds, "window_months")
    documents = [one.paper for one in derived.gathered(facts, PolicyPages).policies.documents if one.level.is_own]
    if not documents:
        return undetermined(absent(facts, DOCUMENTS))
    recent = [paper for paper in documents if _is_recent(paper, span)]
    findings: list[Finding] = []
    doubts = unread_doubt(recent, "文件")
    in_time = 0
    for paper in recent:
        written = paper.document.written if paper.document else None
        released = _released(paper)
        if paper.unread or written is None or released is None:
            continue
        doubt, days = _lag(written.value, released, thresholds)
        if doubt:
            doubts.append(f"“{paper.title}”{doubt}")
        elif days > integer(thresholds, "working_days"):
            findings.append(_finding(paper, written, released, days, thresholds))
        else:
            in_time += 1
    judged = in_time + len(findings)
    if not findings:
        doubts += column_doubts(facts, DOCUMENTS)
    if not judged and not doubts:
        if not recent:
            return Verdict(State.NOT_APPLICABLE, f"不适用：{span.words}内没有发布本级文件")
        return undetermined(f"{len(recent)} 份文件均未写明成文日期或发布日期")
    return settle(
        findings=findings,
        doubts=doubts,
        failed=f"{judged} 份写明成文日期的本级文件中，{len(findings)} 份超过期限公开",
        passed=f"{judged} 份写明成文日期的本级文件均在期限内公开",
        measurements=(share("按期公开的文件占比", in_time, judged),),
    )


def _is_recent(paper: Paper, span: Window) -> bool:
    released = _released(paper)
    return released is not None and span.holds(released)


def _released(paper: Paper) -> date | None:
    """The earliest day of publication that the page or its list gives."""
    told = paper.document.published.value if paper.document and paper.document.published else None
    return min((day for day in (told, paper.day, paper.listed) if day), default=None)


def _lag(written: date, released: date, thresholds: Thresholds) -> tuple[str, int]:
    """Why the days between cannot be held against the unit ("" where they can), and their number."""
    if written > released:
        return f"的成文日期（{written}）晚于发布日期（{released}）", 0
    if written < months_before(released, integer(thresholds, "gap_months")):
        return f"成文于 {written}，发布于 {released}，可能是历史文件的补录", 0
    days = working_days(written, released)
    return (f"：{days.words}", 0) if isinstance(days, UnknownYear) else ("", days)


def _finding(paper: Paper, written: ToldDay, released: date, days: int, thresholds: Thresholds) -> Finding:
    limit = integer(thresholds, "working_days")
    return Finding(
        url=paper.url,
        message=f"文件“{paper.title}”成文于 {written.value}，{released} 公开，"
        f"相隔 {days} 个工作日，超过 {limit} 个工作日",
        location="政策文件页",
        quote=written.quote,
        observed={
            "title": paper.title,
            "written": written.value.isoformat(),
            "published": released.isoformat(),
            "working_days": days,
            "limit": limit,
        },
        evidence_urls=(paper.url,),
    )


CHECK = Check(
    id="disclosure.publication-late",
    title="主动公开超期",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="属于主动公开范围的政府信息应当自形成或者变更之日起20个工作日内公开，晚了公众就无从知晓和执行。",
    rectify="文件印发时同步上网；建立公文公开属性源头认定和发布时限的台账。",
    measured="政策文件类栏目中本级文件的成文日期（要素表、落款）与发布日期（要素表、页面、列表，取最早）之间的工作日数，"
    "法定节假日不计、调休上班日计入，成文当日不计。",
    limits="只看监测时间点前一定月数内发布的文件；成文与发布相隔过久（可能为历史文件补录）、成文日期晚于发布日期、"
    "节假日安排尚不掌握的年度为未能判定；未写明成文日期的由“文件要素不全”判定；依法可以延期公开的情形由人工说明。",
    clause="政府信息公开条例（国令第711号）第二十六条",
    judge=judge,
    needs=("columns",),
    thresholds=lexicon.thresholds("disclosure.publication-late"),
)
