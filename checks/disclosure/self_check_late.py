"""disclosure.self-check-late: whether the result of the quarterly self-check was published after its deadline."""

from __future__ import annotations

from checks import lexicon, reports
from checks.disclosure.self_check_missing import due
from checks.model import Check, Mode, Subject, Thresholds, Verdict
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Monitored on 2026-11-20: the first result since 2026-08-10 is of 2026-11-16, six days after 2026-11-10 → late."""
    return reports.judge_late(facts, due(facts, thresholds))


CHECK = Check(
    id="disclosure.self-check-late",
    title="季度自查结果发布逾期",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="自查结果按季度按期发布，整改才能跟上。",
    rectify="每季度第二个月 10 日前发布自查结果。",
    measured="取上一期限以后最先发布的自查结果在列表和页面上标注的较早日期，与最近一个已到期季度的期限比较；"
    "期限遇节假日不顺延。",
    limits="期限是当地要求，规则可另定；没有日期、采集不完整时为未能判定；"
    "没有发布的由 disclosure.self-check-missing 判定。",
    clause="国办发〔2017〕47号（每季度自查）；安政办函〔2020〕10号（每季度第二个月10日前发布自查结果）",
    judge=judge,
    needs=("home",),
    thresholds=lexicon.thresholds("disclosure.self-check-late"),
)
