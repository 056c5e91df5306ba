"""disclosure.key-areas-missing: whether a column of 重点领域信息公开 stands within three clicks of the home page."""

from __future__ import annotations

from checks import lexicon
from checks.model import Check, Mode, State, Subject, Thresholds, Verdict
from checks.presence import judge_presence
from checks.settings import text
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Pass, fail or undetermined by the entries that name key areas; by default only portals owe the column."""
    if facts.site.kind != "portal" and text(thresholds, "owed_by") == "portals":
        return Verdict(State.NOT_APPLICABLE, "不适用：只要求门户网站开设重点领域专栏")
    return judge_presence(facts, "key_areas", "重点领域信息公开专栏")


CHECK = Check(
    id="disclosure.key-areas-missing",
    title="未设重点领域信息公开专栏",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="财政、征地、教育、医疗、食品药品等重点领域的信息与群众利益关系最密切，应当设专栏集中公开。",
    rectify="开设“重点领域信息公开”专栏，按领域归集公开事项，不以工作动态代替。",
    measured="在首页导航、栏目、列表和距首页 3 次点击以内的页面中查找名为“重点领域”“基层政务公开”“试点领域”等的入口，"
    "并确认其能够打开、有内容。",
    limits="默认只要求门户网站（owed_by 设为 all 时要求所有网站）；各领域分散设栏而没有总入口的会被列为未设；"
    "采集不完整、首页由脚本填充、信息公开专栏设在站外平台时为未能判定。",
    clause="安政办函〔2018〕50号（加强重点领域信息公开专栏建设）；安政办函〔2020〕10号",
    judge=judge,
    needs=("home",),
    thresholds=lexicon.thresholds("disclosure.key-areas-missing"),
)
