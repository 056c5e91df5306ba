"""identity.organiser: whether the foot of the pages bears who runs the site (主办单位)."""

from __future__ import annotations

from checks.footer import judge_mark
from checks.model import Check, Mode, Subject, Thresholds, Verdict
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding where the home page or an inner page lacks the mark."""
    return judge_mark(facts, "organiser", "主办单位")


CHECK = Check(
    id="identity.organiser",
    title="缺少主办单位",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="公众应当知道网站由谁主办、向谁反映问题。",
    rectify="在首页和全部内页底部标明主办单位全称。",
    measured="在首页和抽查内页的底部查找“主办单位”“主办”“版权所有”等字样及其后的单位名称。",
    limits="以图片显示的读不出；页脚由脚本生成的为未能判定；不核对与登记单位是否一致。",
    clause="国办发〔2017〕47号（底部功能区）；国办秘函〔2019〕19号 扣分指标“功能设计—网站标识”",
    judge=judge,
    needs=("home",),
)
