"""service.guide-incomplete: service guides that lack classes of elements, out of the eight."""

from __future__ import annotations

from checks import lexicon
from checks.model import JSON, Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.offering import away_words, only_elsewhere
from checks.settings import integer
from checks.settling import amount, settle, share, undetermined
from crawler.facts import SiteFacts
from crawler.facts.services import ServiceFacts, ServiceGuideFact


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding a guide, naming what it lacks; 涉单项否决 where enough guides lack four classes and more.

    A guide part of which is a picture or a document, and that lacks something in its text, is left open.
    """
    known = facts.services
    if known is None or not known.guides:
        return _without(facts, known)
    open_ = [guide for guide in known.guides if guide.missing and guide.opaque]
    lacking = [guide for guide in known.guides if guide.missing and not guide.opaque]
    line = integer(thresholds, "serious_classes")
    serious = [guide for guide in lacking if len(guide.missing) >= line]
    items_min = integer(thresholds, "serious_items")
    vetoed = _is_veto(known, serious, open_, items_min)
    doubts = [f"“{guide.title}”缺少{'、'.join(guide.missing)}，但{guide.opaque}" for guide in open_]
    if known.untold:
        doubts.append(f"有 {len(known.untold)} 个办事栏目的页面没有读出要素")
    if known.unread and not lacking:
        doubts.append(known.unread)
    judged = len(known.guides) - len(open_)
    veto_words = f"，{len(serious)} 个缺少 {line} 类以上，涉单项否决" if vetoed else ""
    return settle(
        findings=[_finding(guide, line, vetoed=vetoed, few=vetoed and len(serious) < items_min) for guide in lacking],
        doubts=doubts,
        failed=f"判定办事指南 {judged} 个，其中 {len(lacking)} 个要素不全{veto_words}",
        passed=f"判定办事指南 {judged} 个，八类要素均齐全",
        measurements=(
            share("办事指南要素完整率", judged - len(lacking), judged),
            amount("要素缺失4类以上事项数", len(serious), "个"),
        ),
    )


def _without(facts: SiteFacts, known: ServiceFacts | None) -> Verdict:
    """What is said of a site of which no guide was read."""
    away = only_elsewhere(facts, "service")
    if away:
        return undetermined(f"办事服务{away_words(away)}")
    if known and known.untold:
        return undetermined(f"办事栏目的 {len(known.untold)} 个页面没有读出办事指南要素")
    return undetermined(known.unread if known and known.unread else "没有读到办事指南")


def _is_veto(
    known: ServiceFacts, serious: list[ServiceGuideFact], open_: list[ServiceGuideFact], items_min: int
) -> bool:
    """Enough guides lack four classes; of fewer guides than that, all of them, and all are known."""
    if len(serious) >= items_min:
        return True
    whole = not known.unread and not known.untold and not open_
    return whole and bool(serious) and len(serious) == len(known.guides) < items_min


def _finding(guide: ServiceGuideFact, line: int, *, vetoed: bool, few: bool) -> Finding:
    """`few` says that the site has fewer guides than the veto counts, and that all of them lack four classes."""
    absent: list[JSON] = list(guide.missing)
    serious = len(absent) >= line
    severity = Severity.VETO if serious and vetoed else Severity.MAJOR if serious else Severity.MINOR
    observed: dict[str, JSON] = {
        "item": guide.title,
        "missing": absent,
        "missing_count": len(absent),
        "serious": serious,
        "all_of_few": few and serious,
    }
    return Finding(
        url=guide.url,
        message=f"办事指南“{guide.title}”缺少 {len(absent)} 类要素：{'、'.join(guide.missing)}",
        location=f"办事指南“{guide.title}”",
        quote=guide.title,
        observed=observed,
        severity=severity,
        evidence_urls=tuple(dict.fromkeys((guide.url, guide.column))) if guide.column else (guide.url,),
    )


CHECK = Check(
    id="service.guide-incomplete",
    title="办事指南要素缺失",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="办事指南缺少要素，群众就要多跑路；缺失四类以上的事项达到五个的，属于“服务不实用”，单项否决。",
    rectify="逐个事项补齐事项名称、设定依据、申请条件、办理材料、办理地点、办理时间、联系电话、办理流程；"
    "无需材料、不收费的也要写明。",
    measured="打开办事栏目列出的页面（每站最多 40 个，抽取方法固定），按各要素的通行名称查找其内容；"
    "名称之后没有内容的，视为缺少。名称下是图片或附件的视为已提供。折叠、选项卡中的内容照常读取。",
    limits="页面含图片或附件而文字缺少要素的，为未能判定；不写要素名称的叙述式指南读不出；"
    "不核对内容是否准确。事项总数超过抽查数的，否决按抽查所见计算。",
    clause="国办秘函〔2019〕19号 单项否决“服务不实用”、扣分指标“办事指南要素”；"
    "安政办函〔2018〕50号（要素不准确或缺失）",
    judge=judge,
    needs=("home",),
    thresholds=lexicon.thresholds("service.guide-incomplete"),
)
