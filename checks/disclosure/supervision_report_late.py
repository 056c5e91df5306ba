"""disclosure.supervision-report-late: whether a supervising unit's 监管年度报表 was published after its deadline."""

from __future__ import annotations

from checks import lexicon, reports
from checks.disclosure.supervision_report_missing import due, exemption
from checks.model import Check, Mode, Subject, Thresholds, Verdict
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """As with 政府网站工作年度报表, for units that are registered as supervising ones."""
    return exemption(facts) or reports.judge_late(facts, due(facts, thresholds))


CHECK = Check(
    id="disclosure.supervision-report-late",
    title="网站监管年度报表发布逾期",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="网站监管年度报表有统一的发布期限，逾期发布影响社会监督和上级汇总。",
    rectify="每年 1 月 31 日前（当地另有规定的从其规定）发布上一年度监管年度报表。",
    measured="只检查台账登记为负责网站监管的单位；取最近一个已到期年度报表在列表和页面上标注的较早日期，"
    "与期限比较；期限遇节假日不顺延。",
    limits="没有日期、采集不完整时为未能判定；该日期与另外两个以上年度的报表相同时，疑为网站迁移日期，为未能判定。",
    clause="国办函〔2018〕12号；安政办函〔2018〕50号（1月20日前公开监管报表）",
    judge=judge,
    needs=("home",),
    thresholds=lexicon.thresholds("disclosure.supervision-report-late"),
)
