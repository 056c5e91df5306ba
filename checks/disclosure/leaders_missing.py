"""disclosure.leaders-missing: whether the leaders are introduced within three clicks of the home page."""

from __future__ import annotations

from checks.model import Check, Mode, State, Subject, Thresholds, Verdict
from checks.presence import judge_presence
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Pass where leaders were read or an entry names them; else as with every required entry."""
    if facts.leaders:
        return Verdict(State.PASS, f"已提供领导信息，读出 {len(facts.leaders)} 人")
    return judge_presence(facts, "leaders", "领导信息（领导之窗）")


CHECK = Check(
    id="disclosure.leaders-missing",
    title="未开设领导之窗",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="机关负责人姓名属主动公开内容，公众应能看到领导的职务、简历和分工。",
    rectify="开设“领导之窗”或“领导信息”栏目，逐人公布照片、简历、现任职务和分工。",
    measured="在首页导航、栏目、列表和距首页 3 次点击以内的页面中查找领导信息的入口，并确认其能够打开、有内容。",
    limits="采集不完整、首页由脚本填充、信息公开专栏设在站外平台时为未能判定。",
    clause="政府信息公开条例（国令第711号）第二十条；国办秘函〔2019〕19号 扣分指标“领导信息”；安政办函〔2018〕50号",
    judge=judge,
    needs=("home",),
)
