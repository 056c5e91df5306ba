"""identity.icp: whether the foot of the pages bears the ICP filing number."""

from __future__ import annotations

from checks.footer import judge_mark
from checks.model import Check, Mode, Subject, Thresholds, Verdict
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding where the home page or an inner page lacks the mark."""
    return judge_mark(facts, "icp", "ICP备案编号")


CHECK = Check(
    id="identity.icp",
    title="缺少ICP备案编号",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="网站应当依法备案，并在页面底部标明备案编号，便于公众核验真伪。",
    rectify="在首页和全部内页底部标明 ICP 备案编号，并链接到备案管理系统。",
    measured="在首页和抽查内页的底部查找“×ICP备×号”。",
    limits="以图片显示且无替代文字的读不出；页脚由脚本生成的为未能判定；不核对备案是否真实有效。",
    clause="国办发〔2017〕47号（底部功能区）；国办秘函〔2019〕19号 扣分指标“功能设计—网站标识”",
    judge=judge,
    needs=("home",),
)
