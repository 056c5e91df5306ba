"""service.guide-missing: whether the site gives service guides (办事指南)."""

from __future__ import annotations

from checks.model import Check, Mode, State, Subject, Thresholds, Verdict
from checks.offering import away_words, only_elsewhere, unless_nobody_is_served
from checks.presence import judge_presence
from checks.settling import undetermined
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Pass where a guide was read or a column of guides stands; what stands elsewhere or was not read is not known."""
    known = facts.services
    if known and known.guides:
        return Verdict(State.PASS, f"已提供办事指南，读出 {len(known.guides)} 个")
    away = only_elsewhere(facts, "service_guide") or only_elsewhere(facts, "service")
    if away:
        return undetermined(f"办事服务{away_words(away)}")
    verdict = judge_presence(facts, "service_guide", "办事指南", unwanted="not_an_offer", platform="service")
    if verdict.state is State.FAIL and known and (known.unread or known.untold):
        return undetermined(f"未见办事指南，但{known.unread or f'有 {len(known.untold)} 个办事栏目的页面没有读出要素'}")
    return unless_nobody_is_served(facts, verdict)


CHECK = Check(
    id="service.guide-missing",
    title="未提供办事指南",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="办事指南告诉群众和企业在哪办、怎么办、带什么，是办事服务的基本内容。",
    rectify="按事项编制办事指南，写明八类要素，在“办事服务”栏目集中公布。",
    measured="查找办事指南、服务指南、办事流程等栏目和页面，并打开办事栏目列出的页面，看是否读出办事指南的要素。",
    limits="指南设在站外政务服务平台、由脚本生成或只以图片和附件给出的，为未能判定；部门网站未见办事指南的转人工复核（没有对外服务事项的除外）。",
    clause="国办秘函〔2019〕19号 扣分指标“办事指南”；安政办函〔2018〕50号（未提供本单位办事指南相关信息）",
    judge=judge,
    needs=("home",),
)
