"""Why something about policy documents or interpretations cannot be told: shared by the checks of that family."""

from __future__ import annotations

from collections.abc import Iterable

from checks import derived
from checks.papers import Paper
from checks.policies import DOCUMENTS, INTERPRETATIONS
from checks.policy_pages import PolicyPages
from crawler.facts import ColumnFact, SiteFacts

_NAMES = {DOCUMENTS: "政策文件", INTERPRETATIONS: "政策解读"}


def column_doubts(facts: SiteFacts, kind: str) -> list[str]:
    """Why texts of such columns may be there that were not seen."""
    columns = derived.gathered(facts, PolicyPages).columns(kind)
    doubts = [f"栏目“{one.name}”{_unread(one)}" for one in columns if _unread(one)]
    gap = derived.gap_of(facts)
    return [*doubts, f"{gap}，可能还有未看到的{_NAMES[kind]}"] if gap else doubts


def absent(facts: SiteFacts, kind: str) -> str:
    """Why nothing can be said where no text of such a column was found, in Chinese."""
    columns = derived.gathered(facts, PolicyPages).columns(kind)
    doubts = column_doubts(facts, kind)
    if doubts:
        return doubts[0]
    return f"未在{_NAMES[kind]}类栏目中识别出文稿" if columns else f"未识别出{_NAMES[kind]}类栏目"


def unread_doubt(papers: Iterable[Paper], name: str) -> list[str]:
    """How many pages told nothing, as one doubt; none where all could be read."""
    unread = [paper for paper in papers if paper.unread]
    return [f"{len(unread)} 份{name}未能读取（如“{unread[0].title}”，{unread[0].unread}）"] if unread else []


def _unread(column: ColumnFact) -> str:
    if column.children and not column.items:
        return ""
    if column.embedded:
        return "的列表由嵌入页面或脚本填充"
    return f"未读完（{column.unread}）" if column.unread or not column.complete else ""
