"""service.list-inconsistent: items that the guides have and the published lists have not, or the other way round."""

from __future__ import annotations

import re
from collections.abc import Sequence

from checks import derived, lexicon
from checks.likeness import likeness
from checks.model import JSON, Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.settings import integer, number
from checks.settling import settle, undetermined
from crawler.facts import SiteFacts
from crawler.facts.services import ServiceFacts

_NOISE = re.compile(
    r"[\s《》（）()“”\"、，。：:·\-—]|(?:办理|办事|服务|业务)?(?:指南|须知|流程)$|^关于|(?:事项|业务)?办理$"
)


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """At most two findings: guides without an item in any list, and, where every guide was read, items without one."""
    known = facts.services
    if known is None or not known.lists:
        return undetermined("没有读出本站公布的权责清单或服务事项清单（清单可能为附件或设在站外）")
    if not known.guides:
        return undetermined("没有读到办事指南")
    line = float(number(thresholds, "same_share"))
    items = {_plain(guide.title): guide.title for guide in known.guides if _plain(guide.title)}
    listed = {_plain(name): name for one in known.lists for name in one.names if _plain(name)}
    strangers = [title for plain, title in items.items() if not _has(plain, listed, line)]
    orphans = [name for plain, name in listed.items() if not _has(plain, items, line)]
    most = integer(thresholds, "listed")
    url = known.lists[0].url
    findings = []
    if strangers:
        findings.append(_finding(known, "办事指南中有 {n} 个事项未见于公布的清单", strangers, url, most, "guide"))
    doubts = [f"清单中 {len(orphans)} 个事项未见办事指南，但{doubt}"] if orphans and (doubt := _doubt(facts)) else []
    if orphans and not doubts:
        findings.append(_finding(known, "公布的清单中有 {n} 个事项没有办事指南", orphans, url, most, "list"))
    return settle(
        findings=findings,
        doubts=doubts,
        failed=f"办事指南 {len(items)} 个、清单事项 {len(listed)} 个，两者不一致",
        passed=f"办事指南 {len(items)} 个、清单事项 {len(listed)} 个，相互一致",
    )


def _doubt(facts: SiteFacts) -> str:
    """Why there may be guides that were not read; "" where all were."""
    known = facts.services
    if known is None:
        return ""
    return known.unread or ("有页面没有读出要素" if known.untold else "") or derived.of(facts).gap


def _plain(title: str) -> str:
    return _NOISE.sub("", _NOISE.sub("", title))


def _has(plain: str, others: dict[str, str], line: float) -> bool:
    return plain in others or any(likeness(plain, other) >= line for other in others)


def _finding(known: ServiceFacts, words: str, titles: Sequence[str], url: str, most: int, side: str) -> Finding:
    shown: list[JSON] = list(titles[:most])
    few = "、".join(f"“{title}”" for title in titles[:3])
    return Finding(
        url=url,
        message=f"{words.format(n=len(titles))}：{few}{'等' if len(titles) > 3 else ''}",
        location=f"清单“{known.lists[0].title}”",
        quote=words.format(n="若干"),
        observed={"side": side, "count": len(titles), "items": shown},
        severity=Severity.MINOR,
        evidence_urls=(*(one.url for one in known.lists), *(guide.url for guide in known.guides[:6])),
    )


CHECK = Check(
    id="service.list-inconsistent",
    title="事项与清单不一致",
    subject=Subject.SITE,
    mode=Mode.CONFIRMED,
    why="公布的服务事项应当与本级权责清单、公共服务事项清单一致，避免有事项无指南或有指南无依据。",
    rectify="以公布的清单为准核对办事指南：补齐缺少的指南，撤下清单以外的事项，统一事项名称。",
    measured="读取本站以表格公布的权责清单、服务事项清单中的事项名称，与办事指南的事项名称逐一比对用词。",
    limits="只列为待人工复核；清单以附件、图片给出或设在站外的读不出；指南没有读全的，不说清单事项缺少指南。"
    "名称差别很大的同一事项会误列。",
    clause="安政办函〔2018〕50号（服务事项与权责清单、公共服务事项清单不一致）",
    judge=judge,
    needs=("home",),
    thresholds=lexicon.thresholds("service.list-inconsistent"),
)
