"""整改通知书 of one unit: what a template may say (`context`). Confirmed problems alone; candidates accuse nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checks.model import Severity, State
from reports.papers import Papers, moment_words, numeral
from reports.problems import InspectionView, Life, Problem, UnitProblems
from reports.wording import day, kind_label, shortened

TEMPLATE = "notice.docx"
SHOWN = 8
"""Problems of one kind in the notice; the rest stand in the workbook."""
_LONGEST_MESSAGE, _LONGEST_URL = 160, 88


def context(view: InspectionView, unit: UnitProblems, nth: int, papers: Papers, workbook: str) -> Mapping[str, Any]:
    """The words of the n-th notice. `workbook` is the file name of the unit's 问题清单."""
    confirmed = unit.confirmed
    return {
        "发文机关": papers.issuer_words(),
        "发文字号": papers.notice_number_words(papers.year(view.as_of), nth),
        "成文日期": papers.issued_words(),
        "整改期限": papers.deadline_words(),
        "单位": unit.name,
        "检查名称": view.name,
        "检查类型": kind_label(view.kind),
        "检查编号": view.id,
        "监测时间点": moment_words(view.as_of),
        "对象": [named.name for named in unit.targets],
        "问题数": len(confirmed),
        "否决数": sum(problem.severity is Severity.VETO for problem in confirmed),
        "持续数": sum(problem.life is Life.PERSISTING for problem in confirmed),
        "未能判定数": sum(item.state is State.UNDETERMINED for item in unit.unsettled),
        "类别": list(_kinds(unit)),
        "问题清单": workbook,
    }


def _kinds(unit: UnitProblems) -> Iterator[Mapping[str, Any]]:
    """The problems by kind; numbers are those of the workbook."""
    groups: dict[tuple[str, str], list[tuple[int, Problem]]] = {}
    for number, problem in enumerate(unit.problems, start=1):
        if problem.state is State.FAIL:
            groups.setdefault((problem.check, problem.clause), []).append((number, problem))
    for place, ((_, clause), members) in enumerate(groups.items(), start=1):
        first = members[0][1]
        yield {
            "序": numeral(place),
            "名称": first.title,
            "数量": len(members),
            "否决": sum(problem.severity is Severity.VETO for _, problem in members),
            "依据": clause,
            "整改建议": first.rectify,
            "问题": [_shown(number, problem) for number, problem in members[:SHOWN]],
            "其余": max(0, len(members) - SHOWN),
        }


def _shown(number: int, problem: Problem) -> Mapping[str, Any]:
    again = f"（经 {problem.confirmations} 次确认）" if problem.confirmations > 1 else ""
    return {
        "序号": number,
        "对象": problem.target_name,
        "描述": shortened(problem.message, _LONGEST_MESSAGE) + again,
        "位置": shortened(problem.location, _LONGEST_URL),
        "页面": shortened(problem.url, _LONGEST_URL),
        "问题地址": shortened(problem.problem_url, _LONGEST_URL) if problem.problem_url != problem.url else "",
        "首次发现": day(problem.first_seen),
        "状态": problem.life.label,
    }
