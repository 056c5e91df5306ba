"""update.date-forged: articles that we first saw days after the date they claim, in a list that lacked them before."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from checks import columns, derived, lexicon
from checks.model import Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.settings import integer
from checks.settling import settle, undetermined
from crawler.facts import ColumnFact, ListItem, SiteFacts
from crawler.facts.history import History

_YEAR = re.compile(r"(?:19|20)\d\d")


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding an article.

    It claims 11-02. On 11-09 a whole run had read the column down to 10-01, and had not met it anywhere; on 11-16 it is
    there → a candidate. Met before, or the column not read down to 11-02, or read on 11-04 → none.
    """
    history = facts.earlier
    if history is None or not history.runs:
        return undetermined("没有更早的完整采集可以比较（首次采集不判断）")
    days, batch = integer(thresholds, "late_days"), integer(thresholds, "batch_max")
    judged = 0
    doubts: list[str] = []
    findings: list[Finding] = []
    for column in columns.distinct(facts.columns):
        if column.type in lexicon.words("forged", "other_day_types") or not any(
            column.url in run.read_back for run in history.runs
        ):
            continue
        judged += 1
        late = [found for item in column.items if (found := _late(item, column, history, days)) is not None]
        arrived = Counter(seen for _, _, seen in late)
        for item, lacking, seen in late:
            if arrived[seen] <= batch:
                findings.append(_finding(column, item, lacking, seen))
        for seen, count in arrived.items():
            if count > batch:
                doubts.append(f"{columns.words(column)}（{seen} 首次见到 {count} 条较早日期的信息，可能是整批迁入）")
    gap = derived.of(facts).gap
    if gap:
        doubts.append(gap)
    if not judged and not doubts:
        return undetermined("更早的采集没有读到可比较的栏目列表")
    return settle(
        findings=findings,
        doubts=doubts,
        failed=f"对照此前 {len(history.runs)} 次完整采集，{judged} 个栏目中有 {len(findings)} 篇稿件的发布时间可疑",
        passed=f"对照此前 {len(history.runs)} 次完整采集，{judged} 个栏目中未见补填日期的稿件",
    )


def _late(item: ListItem, column: ColumnFact, history: History, days: int) -> tuple[ListItem, date, date] | None:
    """The entry, the day of the latest run that lacked it, and the day it was first seen; None where all is well."""
    if not item.url or item.date is None or item.pinned or not _YEAR.search(item.date.quote):
        return None
    place = history.first_seen.get(item.url, len(history.runs))
    seen = history.runs[place].day if place < len(history.runs) else history.day
    for run in reversed(history.runs[:place]):
        oldest = run.read_back.get(column.url)
        if oldest is not None:
            is_late = oldest < item.date.value and (run.day - item.date.value).days > days
            return (item, run.day, seen) if is_late else None
    return None


def _finding(column: ColumnFact, item: ListItem, lacking: date, seen: date) -> Finding:
    claimed = item.date.value if item.date else seen
    return Finding(
        url=column.url,
        message=f"{columns.words(column)}的“{item.title}”注明发布于 {claimed}，"
        f"而 {lacking} 的采集已将该栏目读到更早的信息，其中没有这一篇；{seen} 才首次见到，疑似补发后填写了较早的日期",
        location=columns.words(column),
        quote=item.title,
        problem_url=item.url,
        observed={
            "claimed": claimed.isoformat(),
            "absent_on": lacking.isoformat(),
            "first_seen": seen.isoformat(),
            "column": column.name,
        },
        severity=Severity.VETO,
        evidence_urls=(column.url, item.url),
    )


CHECK = Check(
    id="update.date-forged",
    title="疑似伪造发稿日期",
    subject=Subject.SITE,
    mode=Mode.CONFIRMED,
    why="补发稿件却填写较早的日期，用以掩盖长期不更新，属于弄虚作假，是单项否决情形。",
    rectify="如实填写发布时间；确因系统故障、审核延误等补发的，注明原因。",
    measured="对照本系统此前的完整采集：某次采集已将栏目列表读到早于该稿件日期之处而没有见到该稿件，且该次采集比稿件注明的日期"
    "晚超过规定天数，其后才首次见到的，列为待人工核对。",
    limits="首次采集不判断；栏目改版、稿件更换地址、撤下后重新发布、整批迁入会造成类似现象，同一天出现较多的只提示不列出；"
    "政策文件等可能标注成文日期的栏目不判断；置顶信息和没有年份的日期不判断。",
    clause="国办秘函〔2019〕19号 政府网站单项否决“安全、泄密事故等严重问题”⑤（弄虚作假，如伪造发稿日期）",
    judge=judge,
    needs=("columns",),
    thresholds=lexicon.thresholds("update.date-forged"),
)
