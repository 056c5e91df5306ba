"""disclosure.five-openness-missing: whether 决策、执行、管理、服务、结果 have columns of their own (五公开)."""

from __future__ import annotations

from msgspec.structs import replace

from checks import derived, lexicon
from checks.model import JSON, Check, Mode, State, Subject, Thresholds, Verdict
from checks.presence import judge_presence
from checks.settings import text
from crawler.facts import SiteFacts

PARTS = {
    "决策公开": "decision",
    "执行公开": "execution",
    "管理公开": "management",
    "服务公开": "service_openness",
    "结果公开": "result",
}
"""The five parts and the keys of data/entries.yaml under whose names each stands."""


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Pass where one column bears the name or each of the five stands; else by what was seen, naming what is absent."""
    if facts.site.kind != "portal" and text(thresholds, "owed_by") == "portals":
        return Verdict(State.NOT_APPLICABLE, "不适用：只要求门户网站开设“五公开”专栏")
    view = derived.of(facts)
    unwanted = lexicon.pattern("entries", "not_an_entry")
    absent = [name for name, key in PARTS.items() if not view.find(lexicon.pattern("entries", key), unwanted)]
    if not absent:
        return Verdict(State.PASS, f"{'、'.join(PARTS)}均有入口")
    verdict = judge_presence(facts, "five_openness", "“五公开”专栏")
    if verdict.state is not State.FAIL:
        return verdict
    lacking: list[JSON] = list(absent)
    findings = tuple(
        replace(
            finding,
            message=f"{finding.message}；决策、执行、管理、服务、结果五项中未见{'、'.join(absent)}",
            observed={**finding.observed, "missing": lacking},
        )
        for finding in verdict.findings
    )
    return replace(verdict, findings=findings)


CHECK = Check(
    id="disclosure.five-openness-missing",
    title="未设“五公开”专栏",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="权力运行全流程应当公开：决策、执行、管理、服务、结果各有公开渠道。",
    rectify="开设“五公开”专栏，或者分别开设决策公开、执行公开、管理公开、服务公开、结果公开栏目并及时更新。",
    measured="在首页导航、栏目、列表和距首页 3 次点击以内的页面中查找“五公开”专栏的入口；没有总入口的，"
    "五项各有入口也算已设。",
    limits="默认只要求门户网站（owed_by 设为 all 时要求所有网站）；采集不完整、首页由脚本填充、"
    "信息公开专栏设在站外平台时为未能判定；"
    "不评价各栏目的内容。",
    clause="中办发〔2016〕8号（推进决策、执行、管理、服务、结果公开）；安政办函〔2018〕50号",
    judge=judge,
    needs=("home",),
    thresholds=lexicon.thresholds("disclosure.five-openness-missing"),
)
