"""identity.sitemap: whether the foot of the pages bears a site map (站点地图)."""

from __future__ import annotations

from checks.footer import judge_mark
from checks.model import Check, Mode, Subject, Thresholds, Verdict
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding where the home page or an inner page lacks the mark."""
    return judge_mark(facts, "sitemap", "站点地图")


CHECK = Check(
    id="identity.sitemap",
    title="缺少站点地图",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="站点地图使公众能够从任一页面了解网站全部栏目。",
    rectify="制作站点地图（网站地图）页面，并在首页和全部内页底部提供入口。",
    measured="在首页和抽查内页的底部查找“网站地图”“站点地图”等入口。",
    limits="以图片作入口且无替代文字的读不出；页脚由脚本生成的为未能判定；不检查地图内容是否完整。",
    clause="国办发〔2017〕47号（底部功能区）；国办秘函〔2019〕19号 扣分指标“功能设计—网站标识”",
    judge=judge,
    needs=("home",),
)
