"""disclosure.request-channel-missing: whether an entry 依申请公开 stands within three clicks of the home page."""

from __future__ import annotations

from checks.model import Check, Mode, Subject, Thresholds, Verdict
from checks.presence import judge_presence
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Pass, fail or undetermined by the entries that name the channel."""
    return judge_presence(facts, "request", "依申请公开入口")


CHECK = Check(
    id="disclosure.request-channel-missing",
    title="未设置依申请公开",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="公民、法人和其他组织有权申请获取政府信息，网站应当提供申请渠道。",
    rectify="在“政府信息公开”专栏设置“依申请公开”入口，提供申请说明、申请表和受理联系方式。",
    measured="在首页导航、栏目、列表和距首页 3 次点击以内的页面中查找名为“依申请公开”的入口，"
    "并确认其能够打开、有内容。",
    limits="采集不完整、首页由脚本填充、信息公开专栏设在站外平台时为未能判定；不实际提交申请，渠道是否受理需人工模拟。",
    clause="政府信息公开条例（国令第711号）第二十七条、第二十九条；国办公开办函〔2019〕61号",
    judge=judge,
    needs=("home",),
)
