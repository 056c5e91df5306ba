"""identity.badge: whether the foot of the pages bears the mark of Party and government websites (党政机关网站标识)."""

from __future__ import annotations

from checks.footer import judge_mark
from checks.model import Check, Mode, Subject, Thresholds, Verdict
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding where the home page or an inner page lacks the mark."""
    return judge_mark(facts, "badge", "党政机关网站标识")


CHECK = Check(
    id="identity.badge",
    title="缺少党政机关网站标识",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="党政机关网站标识由机构编制部门核发，是公众识别政府网站真伪的依据。",
    rectify="向机构编制部门申请网站标识，放置在首页和全部内页底部中间显著位置，并确认点击可打开标识页。",
    measured="在首页和抽查内页的底部查找党政机关网站标识的图片或链接。",
    limits="标识由机构编制网的脚本写入的，以能识别的脚本地址为准；页脚由脚本生成的为未能判定。",
    clause="国办发〔2017〕47号（底部功能区）；国办秘函〔2019〕19号 扣分指标“功能设计—网站标识”",
    judge=judge,
    needs=("home",),
)
