"""disclosure.self-check-missing: whether the 季度自查 result that is due stands on the site."""

from __future__ import annotations

from checks import derived, lexicon, reports
from checks.model import Check, Mode, Subject, Thresholds, Verdict
from crawler.facts import SiteFacts
from crawler.facts.disclosure import ReportKind


def due(facts: SiteFacts, thresholds: Thresholds) -> reports.Due:
    """The quarter's whose deadline has passed last; a result published since the deadline before counts as well."""
    return reports.quarterly(
        ReportKind.SELF_CHECK,
        "网站自查结果",
        derived.of(facts).today,
        thresholds,
        entrance="site_report_entrance",
        missing="disclosure.self-check-missing",
    )


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Monitored on 2026-11-20: a result of 2026's fourth quarter, or any published after 2026-08-10."""
    return reports.judge_missing(facts, due(facts, thresholds))


CHECK = Check(
    id="disclosure.self-check-missing",
    title="未发布季度自查结果",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="网站主办单位应当每季度自查整改并公开结果，问题才能及时发现、及时纠正。",
    rectify="每季度开展网站和政务新媒体自查，在该季度第二个月 10 日前发布自查结果。",
    measured="以监测时间点判断最近一个已到期的季度，在全部页面、列表和链接的标题中查找自查（检查、抽查、"
    "普查）结果：标题写明该季度的，"
    "或者在上一期限以后发布的，均算已发布。",
    limits="期限是当地要求，规则可另定；标题没有“网站”“新媒体”字样的认不出；采集不完整、"
    "有关列表由脚本填充或设在站外时为未能判定；"
    "不评价自查内容是否务实。",
    clause="国办发〔2017〕47号（每季度自查）；安政办函〔2020〕10号（每季度第二个月10日前发布自查结果）",
    judge=judge,
    needs=("home",),
    thresholds=lexicon.thresholds("disclosure.self-check-missing"),
)
