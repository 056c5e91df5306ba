"""disclosure.rules-missing: whether 政府信息公开制度 stand within three clicks of the home page."""

from __future__ import annotations

from checks.model import Check, Mode, Subject, Thresholds, Verdict
from checks.presence import judge_presence
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Pass, fail or undetermined by the entries that name the rules."""
    return judge_presence(facts, "rules", "政府信息公开制度")


CHECK = Check(
    id="disclosure.rules-missing",
    title="未公开信息公开制度",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="政府信息公开专栏应当公开本机关执行的信息公开制度，公众据此知道信息由谁、按什么程序公开。",
    rectify="在“政府信息公开”专栏设置“政府信息公开制度”，发布条例和本机关的公开、审查、依申请办理等制度。",
    measured="在首页导航、栏目、列表和距首页 3 次点击以内的页面中查找名为“信息公开制度”（含制度、办法、规定、"
    "条例、依据）"
    "的入口，并确认其能够打开、有内容。",
    limits="采集不完整、首页由脚本填充、信息公开专栏设在站外平台时为未能判定；不核对制度是否齐全、现行有效。",
    clause="政府信息公开条例（国令第711号）第四条；国办公开办函〔2019〕61号",
    judge=judge,
    needs=("home",),
)
