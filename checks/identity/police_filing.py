"""identity.police-filing: whether the foot of the pages bears the public security filing mark."""

from __future__ import annotations

from checks.footer import judge_mark
from checks.model import Check, Mode, Subject, Thresholds, Verdict
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding where the home page or an inner page lacks the mark."""
    return judge_mark(facts, "police_filing", "公安机关备案标识")


CHECK = Check(
    id="identity.police-filing",
    title="缺少公安机关备案标识",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="网站应当在公安机关办理联网备案，并在页面底部标明。",
    rectify="在首页和全部内页底部放置公安机关备案标识和编号，并链接到公安机关备案网站。",
    measured="在首页和抽查内页的底部查找“×公网安备×号”或其链接。",
    limits="以图片显示且无替代文字和链接的读不出；页脚由脚本生成的为未能判定；不核对备案是否真实有效。",
    clause="国办发〔2017〕47号（底部功能区）；国办秘函〔2019〕19号 扣分指标“功能设计—网站标识”",
    judge=judge,
    needs=("home",),
)
