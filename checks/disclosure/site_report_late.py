"""disclosure.site-report-late: whether the 政府网站工作年度报表 that is due was published after its deadline."""

from __future__ import annotations

from checks import lexicon, reports
from checks.disclosure.site_report_missing import due
from checks.model import Check, Mode, Subject, Thresholds, Verdict
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """A report on 2025 of 2026-02-09 is nine days late (due on 2026-01-31)."""
    return reports.judge_late(facts, due(facts, thresholds))


CHECK = Check(
    id="disclosure.site-report-late",
    title="网站工作年度报表发布逾期",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="网站工作年度报表有统一的发布期限，逾期发布影响社会监督和上级汇总。",
    rectify="每年 1 月 31 日前（当地另有规定的从其规定）在首页显著位置发布上一年度报表。",
    measured="取最近一个已到期年度报表在列表和页面上标注的较早日期，与期限比较；期限遇节假日不顺延。",
    limits="没有日期、采集不完整时为未能判定；该日期与另外两个以上年度的报表相同时，疑为网站迁移日期，为未能判定。",
    clause="国办函〔2018〕12号；安政办函〔2018〕50号（1月20日前公开工作报表）",
    judge=judge,
    needs=("home",),
    thresholds=lexicon.thresholds("disclosure.site-report-late"),
)
