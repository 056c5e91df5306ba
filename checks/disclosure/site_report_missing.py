"""disclosure.site-report-missing: whether the 政府网站工作年度报表 that is due stands on the site."""

from __future__ import annotations

from checks import derived, lexicon, reports
from checks.model import Check, Mode, Subject, Thresholds, Verdict
from checks.settings import text
from crawler.facts import SiteFacts
from crawler.facts.disclosure import ReportKind


def due(facts: SiteFacts, thresholds: Thresholds) -> reports.Due:
    """The newest year's whose deadline has passed."""
    return reports.yearly(
        ReportKind.SITE,
        "政府网站工作年度报表",
        derived.of(facts).today,
        text(thresholds, "deadline"),
        entrance="site_report_entrance",
        missing="disclosure.site-report-missing",
    )


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Monitored on 2026-01-15 a site owes the report on 2024; on 2026-02-15 that on 2025."""
    return reports.judge_missing(facts, due(facts, thresholds))


CHECK = Check(
    id="disclosure.site-report-missing",
    title="未发布网站工作年度报表",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="各级各类政府网站应当每年公布工作年度报表，接受社会监督。",
    rectify="编制上一年度《政府网站工作年度报表》，在网站首页显著位置发布。",
    measured="以监测时间点判断最近一个已到期的年度（1 月 31 日，规则可另定），在全部页面、"
    "列表和链接的标题中查找该年度的网站工作年度报表。",
    limits="采集不完整、有关栏目未读完或设在站外、同类报表未写明年度时为未能判定；以图片作标题的读不出；"
    "网站当年以后开设的不适用。",
    clause="国办函〔2018〕12号；安政办函〔2018〕50号（1月20日前公开工作报表）",
    judge=judge,
    needs=("home",),
    thresholds=lexicon.thresholds("disclosure.site-report-missing"),
)
