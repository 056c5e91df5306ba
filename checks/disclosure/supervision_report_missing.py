"""disclosure.supervision-report-missing: whether a supervising unit's 监管年度报表 stands on its site."""

from __future__ import annotations

from checks import derived, lexicon, reports
from checks.model import Check, Mode, State, Subject, Thresholds, Verdict
from checks.settings import text
from crawler.facts import SiteFacts
from crawler.facts.disclosure import ReportKind


def due(facts: SiteFacts, thresholds: Thresholds) -> reports.Due:
    """The newest year's whose deadline has passed."""
    return reports.yearly(
        ReportKind.SUPERVISION,
        "政府网站监管年度报表",
        derived.of(facts).today,
        text(thresholds, "deadline"),
        entrance="site_report_entrance",
        missing="disclosure.supervision-report-missing",
    )


def exemption(facts: SiteFacts) -> Verdict | None:
    """不适用 for a unit that supervises nobody, and for the sites beside the portal of one that does."""
    if not facts.unit.supervises:
        return Verdict(State.NOT_APPLICABLE, "不适用：台账未登记该单位负责网站监管")
    if facts.site.kind != "portal" and any(site.kind == "portal" for site in facts.unit.sites):
        return Verdict(State.NOT_APPLICABLE, "不适用：监管年度报表由该单位的门户网站发布")
    return None


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """As with 政府网站工作年度报表, for units that are registered as supervising ones."""
    return exemption(facts) or reports.judge_missing(facts, due(facts, thresholds))


CHECK = Check(
    id="disclosure.supervision-report-missing",
    title="未发布网站监管年度报表",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="负责网站监管的单位应当每年公布监管年度报表，说明抽查、整改、找错留言办理等情况。",
    rectify="编制上一年度《政府网站监管年度报表》，在门户网站信息公开目录中发布并在首页突出展示。",
    measured="只检查台账登记为负责网站监管的单位（supervises）；在其门户网站的页面、"
    "列表和链接标题中查找最近一个已到期年度的监管年度报表。",
    limits="台账未登记的不适用；采集不完整、有关栏目未读完或设在站外、同类报表未写明年度时为未能判定。",
    clause="国办函〔2018〕12号；安政办函〔2018〕50号（1月20日前公开监管报表）",
    judge=judge,
    needs=("home",),
    thresholds=lexicon.thresholds("disclosure.supervision-report-missing"),
)
