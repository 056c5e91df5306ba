"""participation.consultation-few: fewer consultations (征集调查) within a year than are asked of such a site."""

from __future__ import annotations

from checks import lexicon
from checks.consultations import activities, doubt, subject
from checks.model import JSON, Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.offering import columns_of
from checks.settings import integer
from checks.settling import amount, settle
from checks.window import window
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding where too few were seen and nothing was hidden. One subject under several lists is one activity."""
    portal = facts.site.kind == "portal"
    least = integer(thresholds, "portal_count" if portal else "department_count")
    span = window(facts.as_of, thresholds, "window_months")
    found: dict[str, str] = {}
    undated = 0
    for notice in activities(facts):
        if notice.day is None:
            undated += 1
        elif span.holds(notice.day):
            found.setdefault(subject(notice.title) or notice.title, notice.title)
    count = len(found)
    few = count < least
    doubts = [reason] if few and (reason := doubt(facts)) else []
    if few and undated and count + undated >= least:
        doubts.append(f"有 {undated} 项征集调查未注明时间")
    own = columns_of(facts, "consultation")
    titles: list[JSON] = list(found.values())
    finding = Finding(
        url=own[0].url if own else facts.site.home_url,
        message=f"{span.start} 至 {span.end} 开展征集调查 {count} 次，应不少于 {least} 次",
        location=f"栏目“{own[0].name}”" if own else "全站各栏目",
        quote="征集调查次数不足",
        observed={"count": count, "required": least, "titles": titles, "column": bool(own)},
        severity=Severity.MAJOR if not count else Severity.MINOR,
        evidence_urls=tuple(dict.fromkeys((*(column.url for column in own), facts.site.home_url))),
    )
    return settle(
        findings=[finding] if few and not doubts else [],
        doubts=doubts,
        failed=finding.message,
        passed=f"{span.start} 至 {span.end} 开展征集调查 {count} 次，不少于 {least} 次",
        measurements=(amount("一年内征集调查次数", count, "次"),),
    )


CHECK = Check(
    id="participation.consultation-few",
    title="征集调查不足",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="重大决策和民生事项应当通过网站征求公众意见，活动过少说明公众参与渠道虚设。",
    rectify="围绕重要政策、规划和民生项目开展意见征集、网上调查、听证等活动，"
    "门户网站一年不少于 6 次，部门网站不少于 3 次。",
    measured="统计监测时间点前一年内，“征集调查”类栏目的条目和其他栏目中标题为征求意见、问卷调查、听证公告等的信息，"
    "按主题去重；征集结果不计。",
    limits="征集栏目设在站外、由脚本生成或条目未注明时间的，为未能判定；不看标题以外的内容，正文中的征集不计。",
    clause="国办发〔2015〕15号 附件“调查征集”（门户6次、部门3次）；安政办函〔2020〕10号（意见征集不主动）",
    judge=judge,
    needs=("home", "columns"),
    thresholds=lexicon.thresholds("participation.consultation-few"),
)
