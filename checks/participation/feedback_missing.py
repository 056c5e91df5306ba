"""participation.feedback-missing: consultations that ended and whose result was not published within ten days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from checks import lexicon
from checks.consultations import Notice, doubt, is_result, results, subject
from checks.likeness import likeness
from checks.model import Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.settings import integer
from checks.settling import settle, share, undetermined
from checks.window import beijing_day, window
from crawler.facts import SiteFacts
from crawler.facts.participation import ConsultationFact

_ALIKE = 0.6
"""Shared pairs from which on two titles may be about one subject: better to believe a result than to deny it."""


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding a consultation without a result, or with a late one. What has not ended is not asked for one.

    Ended 2026-10-31, monitored on 2026-11-20: a result was due on 2026-11-10. Ended 2026-11-15: not yet due.
    """
    known = facts.participation
    asked = [one for one in (known.consultations if known else ()) if not is_result(one.title)]
    if not asked:
        return undetermined((known.consultations_unread if known else "") or "没有读到征集调查")
    today = beijing_day(facts.as_of)
    grace = timedelta(days=integer(thresholds, "feedback_days"))
    span = window(facts.as_of, thresholds, "window_months")
    published = list(results(facts))
    due = [one for one in asked if one.end is not None and one.end + grace < today and one.end >= span.start]
    unended = sum(one.end is None for one in asked)
    missing, late, given = [], [], 0
    for one in due:
        found, day = _result(one, published)
        if not found:
            missing.append(one)
        elif day is not None and one.end is not None and day > one.end + grace:
            late.append(_late(one, day, grace.days))
        else:
            given += 1
    hidden = doubt(facts) if missing else ""
    doubts = [f"{len(missing)} 项征集未见结果，但{hidden}"] if hidden else []
    if unended:
        doubts.append(f"{unended} 项征集没有注明截止时间")
    if not due and not doubts:
        return Verdict(State.NOT_APPLICABLE, f"不适用：读到征集调查 {len(asked)} 项，近一年内没有已到反馈期限的")
    settled = len(due) - (len(missing) if hidden else 0)
    return settle(
        findings=[*([] if hidden else [_missing(one, today, grace.days) for one in missing]), *late],
        doubts=doubts,
        failed=f"已到反馈期限的征集 {len(due)} 项，"
        f"未见结果 {0 if hidden else len(missing)} 项，结果公开超期 {len(late)} 项",
        passed=f"已到反馈期限的征集 {len(due)} 项，均已公开结果",
        measurements=(share("征集结果按期反馈率", given, settled),),
    )


def _result(one: ConsultationFact, published: Sequence[Notice]) -> tuple[bool, date | None]:
    """Whether a consultation's result is published, and the earliest day known of it."""
    about = subject(one.title)
    hits = [
        notice
        for notice in published
        if about
        and likeness(about, subject(notice.title)) >= _ALIKE
        and (notice.day is None or one.start is None or notice.day >= one.start)
    ]
    days = [day for day in (one.result_day, *(hit.day for hit in hits)) if day is not None]
    unknown = any(hit.day is None for hit in hits) or (bool(one.result or one.links) and one.result_day is None)
    return bool(one.result or one.links or hits), None if unknown else min(days, default=None)


def _missing(one: ConsultationFact, today: date, days: int) -> Finding:
    assert one.end is not None
    return Finding(
        url=one.url,
        message=f"“{one.title}”于 {one.end} 结束，至监测时间点 {today} 未见公开结果（应在 {days} 天内）",
        location=f"征集调查“{one.title}”",
        quote=one.title,
        observed={"kind": "missing", "end": one.end.isoformat(), "days": (today - one.end).days},
        severity=Severity.MAJOR,
        evidence_urls=tuple(dict.fromkeys(filter(None, (one.url, one.column)))),
    )


def _late(one: ConsultationFact, day: date, days: int) -> Finding:
    assert one.end is not None
    return Finding(
        url=one.url,
        message=f"“{one.title}”于 {one.end} 结束，{day} 才公开结果，超过 {days} 天",
        location=f"征集调查“{one.title}”",
        quote=one.title,
        observed={"kind": "late", "end": one.end.isoformat(), "result": day.isoformat()},
        severity=Severity.MINOR,
        evidence_urls=tuple(dict.fromkeys(filter(None, (one.url, one.column)))),
    )


CHECK = Check(
    id="participation.feedback-missing",
    title="征集结果未反馈",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="征集、调查、听证结束后应当公开意见采纳情况，群众才知道意见有没有用。",
    rectify="补充公开列出的征集活动的意见汇总和采纳情况；今后在活动结束后 10 天内公开结果，并与征集页面相互链接。",
    measured="读取“征集调查”类栏目条目的页面（每站最多 30 个，抽取方法固定），找出截止时间；已结束超过 10 天的，"
    "在其页面、页面上的链接和全站列表的标题中查找结果，按主题用词对应。",
    limits="没有注明截止时间、未到期限、栏目未读全的为未能判定；发布在征集栏目以外的征集不查；"
    "结果另用完全不同标题的会误列。",
    clause="安政办函〔2020〕10号（活动结束后10日内公开结果；意见征集无结果反馈）；"
    "国办秘函〔2019〕19号 扣分指标“征集调查”",
    judge=judge,
    needs=("home",),
    thresholds=lexicon.thresholds("participation.feedback-missing"),
)
