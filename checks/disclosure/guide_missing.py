"""disclosure.guide-missing: whether a 政府信息公开指南 stands within three clicks of the home page."""

from __future__ import annotations

from checks.model import Check, Mode, Subject, Thresholds, Verdict
from checks.presence import judge_presence
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Pass, fail or undetermined by the entries that name the guide."""
    return judge_presence(facts, "guide", "政府信息公开指南")


CHECK = Check(
    id="disclosure.guide-missing",
    title="未提供信息公开指南",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="行政机关应当编制、公布政府信息公开指南，公众据此了解信息的分类、获取方式和联系途径。",
    rectify="编制政府信息公开指南，在“政府信息公开”专栏显著位置发布并及时更新。",
    measured="在首页导航、栏目、列表和距首页 3 次点击以内的页面中查找名为“信息公开指南”的入口或页面，"
    "并确认其能够打开、有内容。",
    limits="采集不完整、首页由脚本填充、信息公开专栏设在站外平台时为未能判定；以图片作入口且无替代文字的识别不出。",
    clause="政府信息公开条例（国令第711号）第十二条；国办公开办函〔2019〕61号",
    judge=judge,
    needs=("home",),
)
