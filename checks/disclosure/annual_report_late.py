"""disclosure.annual-report-late: whether the 年报 that is due was published after its deadline."""

from __future__ import annotations

from checks import lexicon, reports
from checks.model import Check, Mode, Subject, Thresholds, Verdict
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Monitored on 2026-11-20, a department's report on 2025 of 2026-02-09 is nine days late (due on 2026-01-31)."""
    return reports.judge_late(facts, reports.annual_due(facts, thresholds))


CHECK = Check(
    id="disclosure.annual-report-late",
    title="年报发布逾期",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="年报有法定的公布期限，逾期公布影响社会监督。",
    rectify="按期编制、发布年报（部门 1 月 31 日前、政府 3 月 31 日前）；提前安排数据汇总和审签。",
    measured="以监测时间点判断最近一个已到期的年度，取该年报在列表和页面上标注的较早日期与期限比较；"
    "期限遇节假日不顺延。",
    limits="没有日期、采集不完整时为未能判定；该日期与另外两个以上年度的年报相同时，疑为网站迁移日期，为未能判定；"
    "以后来的修订日期代替首次发布日期的无从分辨。",
    clause="政府信息公开条例（国令第711号）第四十九条；安政办函〔2018〕50号（未按规定时间发布年报）",
    judge=judge,
    needs=("home",),
    thresholds=lexicon.thresholds("disclosure.annual-report-late"),
)
