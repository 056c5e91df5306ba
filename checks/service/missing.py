"""service.missing: whether the site offers services (办事服务) within three clicks of the home page."""

from __future__ import annotations

from checks.model import Check, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.offering import away_words, only_elsewhere, unless_nobody_is_served
from checks.presence import judge_presence
from checks.settling import undetermined
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Pass where a guide was read or an entry of the site's own stands; what only stands elsewhere was not seen."""
    if facts.services and facts.services.guides:
        return Verdict(State.PASS, f"已提供办事服务，读出办事指南 {len(facts.services.guides)} 个")
    away = only_elsewhere(facts, "service")
    if away:
        return undetermined(f"办事服务{away_words(away)}")
    verdict = judge_presence(
        facts, "service", "办事服务栏目", unwanted="not_an_offer", platform="service", severity=Severity.VETO
    )
    return unless_nobody_is_served(facts, verdict)


CHECK = Check(
    id="service.missing",
    title="未提供办事服务",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="政府网站是政务服务的总门户，未提供办事服务的，属于“服务不实用”，单项否决。",
    rectify="开设“政务服务”或“办事服务”栏目，公布本单位服务事项和办事指南，并与一体化政务服务平台对接。",
    measured="在首页导航、栏目、列表和距首页 3 次点击以内的页面中查找办事服务、政务服务、办事指南等入口，"
    "并确认其能够打开、有内容。",
    limits="服务只设在省、市政务服务平台等站外的，为未能判定；部门网站没有对外服务职能的不能自行识别，部门网站未见办事服务的一律转人工复核。",
    clause="国办秘函〔2019〕19号 单项否决“服务不实用”；国办发〔2017〕47号",
    judge=judge,
    needs=("home",),
)
