"""response.stale: whether the column that answers public concerns (回应关切) was updated in the last months."""

from __future__ import annotations

from checks import columns, derived, lexicon
from checks.columns import freshness
from checks.model import Check, Finding, Mode, State, Subject, Thresholds, Verdict
from checks.settling import settle, undetermined
from checks.window import window
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding where the newest entry of all such columns lies before the window; one fresh column is enough."""
    view, span = derived.of(facts), window(facts.as_of, thresholds, "response_months")
    found = [column for column in columns.distinct(facts.columns) if column.type == "response"]
    listed = [column for column in found if column.items]
    fresh = [(freshness(column.items, view), column) for column in listed]
    for one, column in fresh:
        if one.day and span.holds(one.day):
            return Verdict(State.PASS, f"{columns.words(column)}最新一条发布于 {one.day}")
    doubts = [
        f"{columns.words(column)}（{doubt}）"
        for column in found
        if (doubt := columns.unseen(column) or (column.unread if not columns.is_newest_first(column.items) else ""))
    ]
    doubts += [f"{columns.words(column)}的信息未注明时间" for one, column in fresh if one.day is None]
    if view.gap:
        doubts.append(f"{view.gap}，可能还有未发现的栏目")
    if doubts:
        return undetermined(doubts[0])
    if not listed:
        return Verdict(State.NOT_APPLICABLE, "不适用：没有识别出有列表的回应关切栏目（未开设的另行判定）")
    one, column = max(fresh, key=lambda pair: pair[0].day or span.start)
    age = (view.today - one.day).days if one.day else 0
    finding = Finding(
        url=column.url,
        message=f"{columns.words(column)}最新一条信息发布于 {one.day}，"
        f"距监测时间点 {view.today} 已 {age} 天，超过 {span.words}",
        location=columns.words(column),
        quote=one.newest.title if one.newest else column.name,
        observed={
            "column": column.name,
            "newest": one.day.isoformat() if one.day else None,
            "age_days": age,
            "limit": span.words,
        },
        evidence_urls=column.pages or (column.url,),
    )
    return settle(findings=[finding], doubts=(), failed=finding.message, passed="")


CHECK = Check(
    id="response.stale",
    title="回应关切不更新",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="回应关切栏目长期不更新，等于对公众的疑问没有回应。",
    rectify="结合来信、热线和舆情，及时发布回应；没有专门信息的，可归并到“解读回应”栏目。",
    measured="名为回应关切、热点回应等的栏目，以列表（未注明时间的，以其稿件页）最新一条的日期为准，自监测时间点倒推；"
    "有多个这类栏目的，一个在期限内更新即可。",
    limits="列表由脚本或嵌入页面填充而未能读取、均未注明时间的为未能判定；没有这类栏目的由“未开设回应关切”判定。",
    clause="安政办函〔2018〕50号（舆情反馈更新不及时）；国办发〔2016〕61号",
    judge=judge,
    needs=("columns",),
    thresholds=lexicon.thresholds("response.stale"),
)
