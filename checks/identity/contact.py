"""identity.contact: whether the foot of the pages bears how the site's office can be reached (联系方式)."""

from __future__ import annotations

from checks.footer import judge_mark
from checks.model import Check, Mode, Subject, Thresholds, Verdict
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding where the home page or an inner page lacks the mark."""
    return judge_mark(facts, "contact", "联系方式")


CHECK = Check(
    id="identity.contact",
    title="缺少联系方式",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="公众发现网站问题时应当能够联系到管理单位。",
    rectify="在首页和全部内页底部标明联系电话、邮箱或“联系我们”入口。",
    measured="在首页和抽查内页的底部查找联系电话、邮箱或“联系我们”入口。",
    limits="以图片显示的读不出；页脚由脚本生成的为未能判定；不拨打电话核实。",
    clause="国办发〔2017〕47号（底部功能区）；国办秘函〔2019〕19号 扣分指标“功能设计—网站标识”",
    judge=judge,
    needs=("home",),
)
