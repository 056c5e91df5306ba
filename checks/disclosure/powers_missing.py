"""disclosure.powers-missing: whether 权责清单 or 公共服务事项清单 stands within three clicks of the home page."""

from __future__ import annotations

from checks import lexicon
from checks.model import Check, Mode, State, Subject, Thresholds, Verdict
from checks.presence import judge_presence
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Pass, fail or undetermined by the entries that name a list; a government owes it on its portal alone."""
    government = facts.unit.kind in lexicon.words("bodies", "governments")
    if government and facts.site.kind != "portal":
        return Verdict(State.NOT_APPLICABLE, "不适用：政府的权责清单由其门户网站公开")
    return judge_presence(facts, "powers", "权责清单（公共服务事项清单）")


CHECK = Check(
    id="disclosure.powers-missing",
    title="未公开权责清单",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="行政机关应当公布权责清单和公共服务事项清单，明确能办什么、由谁负责。",
    rectify="公布本机关权责清单、公共服务事项清单，或者设置指向统一权责清单系统中本机关清单的入口，并随调整及时更新。",
    measured="在首页导航、栏目、列表和距首页 3 次点击以内的页面中查找名为“权责清单”“权力清单”“责任清单”"
    "“公共服务事项清单”等的入口，站外统一平台的入口同样算数。",
    limits="采集不完整、首页由脚本填充、信息公开专栏设在站外平台时为未能判定；不核对清单内容是否完整、"
    "与办事指南是否一致；"
    "政府所办的非门户网站不适用。",
    clause="政府信息公开条例（国令第711号）第二十条；中办发〔2015〕21号；安政办函〔2018〕50号",
    judge=judge,
    needs=("home",),
)
