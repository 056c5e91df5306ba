"""通报 with its annexes, and 季度自查报告: what their templates may say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from checks.model import Subject
from reports import digest, narrative, statistics
from reports.papers import Papers, moment_words, numeral, period_words
from reports.problems import InspectionView
from reports.tables import Annex
from reports.wording import kind_label
from scoring.verdict import QUALIFIED, UNDETERMINED, UNQUALIFIED

CIRCULAR, SELF_CHECK = "circular.docx", "self-check.docx"
ADDRESSEES = "（主送机关）"


def context(view: InspectionView, papers: Papers, annexes: Sequence[Annex]) -> Mapping[str, Any]:
    """The words of the circular. The annexes' own text is added where the document is made."""
    return {
        **_common(view, papers),
        "发文字号": papers.number_words(papers.year(view.as_of)),
        "主送": papers.addressees or ADDRESSEES,
        "整改期限": papers.deadline_words(),
        "附件": [{"序": number, "标题": annex.title} for number, annex in enumerate(annexes, start=1)],
    }


def self_check(view: InspectionView, papers: Papers) -> Mapping[str, Any]:
    """The words of the quarterly self-check report."""
    return {**_common(view, papers), "季度": statistics.quarter_words(view.as_of), "对象": _targets(view)}


def _common(view: InspectionView, papers: Papers) -> dict[str, Any]:
    counts = digest.counts(view)
    return {
        "发文机关": papers.issuer_words(),
        "成文日期": papers.issued_words(),
        "检查名称": view.name,
        "检查类型": kind_label(view.kind),
        "检查编号": view.id,
        "监测时间点": moment_words(view.as_of),
        "检查时间": period_words(view.started, view.ended),
        "指标体系": [ref.title for ref in view.rulesets],
        "单位数": counts.units,
        "网站数": counts.sites,
        "账号数": counts.accounts,
        "问题数": counts.problems,
        "待复核数": counts.pending,
        "检查范围": narrative.scope(view),
        "问题概况": narrative.findings(view),
        "结论": list(narrative.verdicts(view)),
        "单项否决": list(narrative.vetoed(view)),
        "问题": [
            {"序": numeral(place), "名称": one.name, "数量": one.count, "说明": one.text}
            for place, one in enumerate(narrative.families(view), start=2 if narrative.vetoed(view) else 1)
        ],
        "与上次比较": narrative.comparison(view),
        "反复出现": narrative.repeats(view),
        "未能判定": narrative.untold(view),
    }


def _targets(view: InspectionView) -> list[Mapping[str, Any]]:
    """Every target with its verdict and its confirmed problems."""
    streaks = {one.target: one.quarters for one in statistics.streaks(view)}
    told: list[Mapping[str, Any]] = []
    problems = Counter(problem.target for unit in view.units for problem in unit.confirmed)
    for unit in view.units:
        for named in unit.targets:
            if named.target.kind is Subject.UNIT:
                continue
            verdicts = {card.verdict for card in unit.scorecards if card.target == named.target}
            words = next((one for one in (UNQUALIFIED, UNDETERMINED, QUALIFIED) if one in verdicts), "")
            told.append(
                {
                    "序号": len(told) + 1,
                    "名称": named.name,
                    "单位": unit.name,
                    "结果": words or "、".join(sorted(verdicts)) or "—",
                    "问题数": problems[named.target],
                    "连续合格": streaks.get(named.target, "—"),
                }
            )
    return told
