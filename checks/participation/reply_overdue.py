"""participation.reply-overdue: messages unanswered for months, and answers later than seven working days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from checks import lexicon
from checks.model import JSON, Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.offering import away_words, only_elsewhere
from checks.settings import integer
from checks.settling import amount, settle, share, undetermined
from checks.window import beijing_day, months_before
from checks.working_days import UnknownYear, working_days
from crawler.facts import SiteFacts
from crawler.facts.participation import MessageFact


class _Sorted(Struct):
    """The messages of the window by what is known of their answers; `late` and `timely` with their working days."""

    overdue: list[MessageFact]
    waiting: list[MessageFact]
    late: list[tuple[MessageFact, int]]
    timely: list[tuple[MessageFact, int]]
    untold: dict[str, int]


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding a message unanswered for three months (涉单项否决), one for all that were answered late.

    Asked 2026-07-01 and marked 未回复 on 2026-11-20: overdue. Asked 2026-09-01: not yet. Marked 已受理: the answer may
    be kept from the public, not known. Asked Friday 2026-09-04, answered Wednesday 2026-09-16: eight working days.
    """
    known = facts.participation
    if known is None or not known.messages:
        return _without(facts, known.messages_unread if known else "")
    today = beijing_day(facts.as_of)
    line = integer(thresholds, "answer_workdays")
    since = months_before(today, integer(thresholds, "window_months"))
    before = months_before(today, integer(thresholds, "unanswered_months"))
    sorted_ = _sort(known.messages, since, before, today, line)
    findings = [_unanswered(message, today) for message in sorted_.overdue]
    if sorted_.late:
        findings.append(_late(sorted_.late, line, integer(thresholds, "listed")))
    doubts = [f"{count} 条留言{reason}" for reason, count in sorted_.untold.items()]
    if known.messages_unread and not findings:
        doubts.append(known.messages_unread)
    timed = len(sorted_.late) + len(sorted_.timely)
    answered = [days for _, days in (*sorted_.late, *sorted_.timely)]
    measurements = [
        share("留言按期答复率", len(sorted_.timely), timed),
        amount("超期未答复留言数", len(sorted_.overdue), "条"),
    ]
    if answered:
        measurements.append(amount("最长答复工作日", max(answered), "个工作日"))
    judged = timed + len(sorted_.overdue) + len(sorted_.waiting)
    if not judged and not doubts:
        return Verdict(State.NOT_APPLICABLE, f"不适用：{since} 以来没有公开的留言")
    return settle(
        findings=findings,
        doubts=doubts,
        failed=f"判定 {since} 以来的留言 {judged} 条，超过 3 个月未答复 {len(sorted_.overdue)} 条，"
        f"超过 {line} 个工作日答复 {len(sorted_.late)} 条",
        passed=f"判定 {since} 以来的留言 {judged} 条，均按期答复或未到期限",
        measurements=measurements,
    )


def _without(facts: SiteFacts, unread: str) -> Verdict:
    away = only_elsewhere(facts, "channel") or only_elsewhere(facts, "participation")
    if away:
        return undetermined(f"咨询建言渠道{away_words(away)}")
    return undetermined(unread or "没有读到公开的留言")


def _sort(messages: Sequence[MessageFact], since: date, before: date, today: date, line: int) -> _Sorted:
    """The valid messages asked from `since` on; those unanswered and asked before `before` are overdue."""
    found = _Sorted([], [], [], [], {})
    for message in messages:
        asked, answered = message.asked, message.answered
        if not message.is_valid or (asked is not None and not since <= asked <= today):
            continue
        if message.is_answered is False:
            if asked is None:
                _count(found, "未注明留言时间，不能计算未答复的时长")
            else:
                (found.overdue if asked < before else found.waiting).append(message)
        elif message.is_answered is None:
            if asked is None or asked < before:
                _count(
                    found, f"没有显示答复{f'（状态为“{message.state}”）' if message.state else ''}，也未说明没有答复"
                )
        elif asked is None or answered is None:
            if asked is not None or answered is None or answered >= since:
                _count(found, "已答复，但没有同时注明留言时间和答复时间")
        elif answered < asked:
            _count(found, "答复时间早于留言时间，不能计算")
        else:
            days = working_days(asked, answered)
            if isinstance(days, UnknownYear):
                _count(found, f"因{days.words}，不能计算工作日")
            else:
                (found.late if days > line else found.timely).append((message, days))
    return found


def _count(found: _Sorted, reason: str) -> None:
    found.untold[reason] = found.untold.get(reason, 0) + 1


def _unanswered(message: MessageFact, today: date) -> Finding:
    assert message.asked is not None
    days = (today - message.asked).days
    state = f"，页面显示“{message.state}”" if message.state else ""
    return Finding(
        url=message.url,
        message=f"留言“{message.title}”提交于 {message.asked}，至监测时间点 {today} 已 {days} 天未答复{state}",
        location=f"留言“{message.title}”",
        quote=message.title,
        observed={"kind": "unanswered", "asked": message.asked.isoformat(), "age_days": days, "state": message.state},
        severity=Severity.VETO,
        evidence_urls=tuple(dict.fromkeys(filter(None, (message.url, message.column)))),
    )


def _late(late: Sequence[tuple[MessageFact, int]], line: int, most: int) -> Finding:
    ordered = sorted(late, key=lambda pair: (-pair[1], pair[0].url, pair[0].title))
    slowest, days = ordered[0]
    listed: list[JSON] = [
        {"url": one.url, "title": one.title, "asked": str(one.asked), "answered": str(one.answered), "workdays": taken}
        for one, taken in ordered[:most]
    ]
    return Finding(
        url=slowest.column or slowest.url,
        message=f"{len(late)} 条留言超过 {line} 个工作日才答复，最长 {days} 个工作日"
        f"（“{slowest.title}”，{slowest.asked} 提交，{slowest.answered} 答复）",
        location="公开的留言及答复",
        quote="超过规定工作日答复",
        observed={"kind": "late", "count": len(late), "longest_workdays": days, "messages": listed},
        severity=Severity.MINOR,
        evidence_urls=tuple(dict.fromkeys(one.url for one, _ in ordered[:12])),
    )


CHECK = Check(
    id="participation.reply-overdue",
    title="留言超期未答复",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="群众留言应当及时答复；一年内有效留言超过 3 个月未答复的，属于“互动回应差”，单项否决。",
    rectify="立即答复列出的留言并公开答复内容；建立留言受理、转办、答复、督办制度，一般留言 7 个工作日内答复。",
    measured="读取留言栏目的列表和留言页面（每站最多 60 条，抽取方法固定）中的留言时间、答复时间、办理状态和答复内容。"
    "页面写明未答复、办理中的才算未答复；工作日按国务院办公厅公布的节假日安排计算。"
    "不予受理、无效、重复的留言不计。",
    limits="只显示答复时间或发布时间的、状态为“已受理”“已转办”而答复可能不公开的、须登录或由脚本显示的，为未能判定；"
    "在线访谈、征集调查、信访举报不在其列；未公开的留言看不到。",
    clause="国办秘函〔2019〕19号 单项否决“互动回应差”；安政办函〔2018〕50号（一般信件7个工作日内回复）",
    judge=judge,
    needs=("home",),
    thresholds=lexicon.thresholds("participation.reply-overdue"),
)
