"""interpretation.column-missing: whether a column for interpretations of policies (政策解读) stands on the site."""

from __future__ import annotations

from checks.model import Check, Mode, Subject, Thresholds, Verdict
from checks.presence import standing_column
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Pass, fail or undetermined by the columns of the type, else by the entries that name one."""
    return standing_column(facts, "policy-interpretation", "政策解读栏目")


CHECK = Check(
    id="interpretation.column-missing",
    title="未开设政策解读",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="政策文件公布而没有解读，公众难以准确理解；政策解读是政府网站的基本栏目。",
    rectify="开设“政策解读”栏目，集中发布本级文件的解读材料，并保持更新。",
    measured="在首页导航、栏目、列表和距首页 3 次点击以内的页面中查找名为“政策解读”“解读回应”“图解”等的栏目入口，"
    "并确认其能够打开、有内容。",
    limits="单篇解读稿件不算栏目；采集不完整、首页由脚本填充、信息公开专栏设在站外平台时为未能判定；"
    "以图片作入口且无替代文字的识别不出。",
    clause="国办秘函〔2019〕19号 扣分指标“政策解读”；国办发〔2016〕80号",
    judge=judge,
    needs=("home",),
)
