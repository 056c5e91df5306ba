"""disclosure.catalogue-missing: whether a catalogue (公开目录) stands within three clicks of the home page."""

from __future__ import annotations

from checks.model import Check, Mode, Subject, Thresholds, Verdict
from checks.presence import judge_presence
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Pass, fail or undetermined by the entries that name 公开目录 or 法定主动公开内容."""
    return judge_presence(facts, "catalogue", "政府信息公开目录（法定主动公开内容）")


CHECK = Check(
    id="disclosure.catalogue-missing",
    title="未提供公开目录",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="行政机关应当编制、公布政府信息公开目录，公众据此检索已公开的政府信息。",
    rectify="在“政府信息公开”专栏设置“法定主动公开内容”（公开目录），按目录归集已公开的信息并及时更新。",
    measured="在首页导航、栏目、列表和距首页 3 次点击以内的页面中查找名为“公开目录”“法定主动公开内容”的入口，"
    "并确认其能够打开、有内容。",
    limits="采集不完整、首页由脚本填充、信息公开专栏设在站外平台时为未能判定；不逐条核对目录的索引、名称、"
    "内容概述、生成日期。",
    clause="政府信息公开条例（国令第711号）第十二条；国办公开办函〔2019〕61号",
    judge=judge,
    needs=("home",),
)
