"""update.column-stale: whether each column was updated within the time its type is given."""

from __future__ import annotations

from checks import columns, derived, lexicon
from checks.columns import Freshness, freshness
from checks.model import JSON, Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.settling import settle, share
from checks.window import Window, window
from crawler.facts import ColumnFact, SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding a stale column. The newest entry decides, so the first page of a list is enough.

    Columns without an entry belong to update.column-empty or are mere entrances, and are never counted here too.
    """
    view = derived.of(facts)
    findings: list[Finding] = []
    doubts: list[str] = []
    updated = spared = 0
    for column in columns.distinct(facts.columns):
        if columns.exemption(column):
            spared += 1
            continue
        hidden = columns.unseen(column)
        if not column.items:
            if not column.children and (hidden or column.unread):
                doubts.append(f"{columns.words(column)}（{hidden or column.unread}）")
            continue
        span = window(facts.as_of, thresholds, columns.deadline_key(column))
        fresh = freshness(column.items, view)
        if fresh.day and span.holds(fresh.day):
            updated += 1
        elif fresh.day is None and not fresh.later and not columns.publishes(column, view):
            spared += 1  # a standing list, of offices or of topics, need not bear dates
        elif doubt := hidden or _doubt(column, fresh, view):
            doubts.append(f"{columns.words(column)}（{doubt}）")
        else:
            findings.append(_finding(column, fresh, view, span))
    if view.gap:
        doubts.append(f"{view.gap}，可能还有未发现的栏目")
    judged = updated + len(findings)
    if not judged and not doubts:
        return Verdict(State.NOT_APPLICABLE, f"不适用：{len(facts.columns)} 个栏目均不按更新期限要求或没有列表")
    return settle(
        findings=findings,
        doubts=doubts,
        failed=f"判定 {judged} 个栏目，其中 {len(findings)} 个超过期限未更新",
        passed=f"判定 {judged} 个栏目，均在期限内更新；{spared} 个不按更新期限要求",
        measurements=(share("按期更新的栏目占比", updated, judged),),
    )


def _doubt(column: ColumnFact, fresh: Freshness, view: derived.SiteView) -> str:
    """Why a list that shows nothing new may still have been updated; "" where it cannot."""
    if not column.complete and not columns.is_newest_first(column.items):
        return f"列表不是由新到旧排列，且未读完{f'：{column.unread}' if column.unread else ''}"
    if fresh.day is None and fresh.later:
        return "只见晚于监测时间点的信息"
    if fresh.unknown and view.gap:
        return f"{fresh.unknown} 条信息未注明时间，其页面未能查看"
    return ""


def _finding(column: ColumnFact, fresh: Freshness, view: derived.SiteView, span: Window) -> Finding:
    observed: dict[str, JSON] = {
        "column": column.name,
        "type": column.type,
        "level": column.level,
        "items": len(column.items),
        "limit": span.words,
        "window_start": span.start.isoformat(),
        "as_of": view.today.isoformat(),
        "newest": None,
        "age_days": None,
    }
    quote = ""
    if fresh.day is None or fresh.newest is None:
        message = f"{columns.words(column)}的 {len(column.items)} 条信息均未注明发布时间，视为不更新"
    else:
        age = (view.today - fresh.day).days
        observed |= {"newest": fresh.day.isoformat(), "age_days": age}
        quote = fresh.newest.title
        message = (
            f"{columns.words(column)}最新一条信息发布于 {fresh.day}，"
            f"距监测时间点 {view.today} 已 {age} 天，超过 {span.words}"
        )
    return Finding(
        url=column.url,
        message=message,
        location=columns.words(column),
        quote=quote,
        observed=observed,
        severity=Severity.MAJOR,
        evidence_urls=column.pages or (column.url,),
    )


CHECK = Check(
    id="update.column-stale",
    title="栏目不更新",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="应更新而长期未更新的栏目达到一定数量属单项否决情形，也是公众反映最多的问题。",
    rectify="在期限内更新栏目；无法保障更新的栏目应归并或关停；列表和稿件页注明发布时间。",
    measured="按栏目类型取期限，自监测时间点倒推；以列表中（未注明时间的，以其稿件页）最新一条的日期为准，"
    "置顶信息一并计算。"
    "通知公告、政策文件仅一级栏目按 6 个月，下级栏目按其他栏目的期限。"
    "列表与稿件页均未注明时间的，视为不更新。",
    limits="在线访谈、调查征集、信访举报、专题等栏目不在此判定；空白栏目另计，不重复；"
    "列表由脚本或嵌入页面填充而未能读取的为未能判定；条目不是稿件的列表（如机构列表）未注明时间的，不作判定。",
    clause="国办秘函〔2019〕19号 政府网站单项否决“栏目不更新”；扣分指标“发布解读”",
    judge=judge,
    needs=("columns",),
    thresholds=lexicon.thresholds("update.column-stale"),
)
