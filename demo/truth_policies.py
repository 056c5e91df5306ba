"""The rows of policy documents, interpretations and answers to concerns in the ground truth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from demo.model import AS_OF, Shape
from demo.policies import PlannedPolicies

if TYPE_CHECKING:
    from demo.truth import SiteTruth

Row = dict[str, Any]

POLICY_CHECKS = (
    "disclosure.validity-unmarked",
    "disclosure.document-metadata",
    "disclosure.publication-late",
    "interpretation.column-missing",
    "interpretation.ratio-low",
    "interpretation.late",
    "interpretation.unlinked",
    "interpretation.monotone",
    "interpretation.off-topic",
    "response.column-missing",
    "response.stale",
)
"""The checks for which these rows are complete."""
_RESPONSE_DAYS = 184


def column_rows(site: SiteTruth) -> Iterator[Row]:
    """What is due of every site: whether it has the two columns, and whether it answers."""
    columns = {column.kind: column for column in site.site.walk() if column.shape is Shape.LIST}
    for kind, check, name in (
        ("interpretation", "interpretation.column-missing", "政策解读"),
        ("response", "response.column-missing", "回应关切"),
    ):
        if kind in columns:
            yield site.row(check, "pass", f"设有“{columns[kind].name}”", match="target")
        elif any(column.walled for column in site.site.walk()):
            yield site.row(check, "undetermined", "部分栏目被对方防护设备拦截，没有看到不等于没有", match="target")
        else:
            yield site.row(check, "fail", f"全站没有{name}栏目", match="target")
    answers = columns.get("response")
    if answers:
        days = (AS_OF.date() - answers.articles[0].published.date()).days
        stale = days > _RESPONSE_DAYS
        why = f"最新一条在 {days} 天以前，期限 6 个月"
        yield site.row("response.stale", "fail" if stale else "pass", why, match="target", url=site.address(answers))


def policy_rows(site: SiteTruth, planned: PlannedPolicies) -> Iterator[Row]:
    """What is due of the documents and interpretations of one site."""
    spec = planned.spec
    scripted = spec["elements"] == "scripted"
    plants = {
        "disclosure.validity-unmarked": ("有效性" in spec.get("lacks", ()), "文件页没有有效性标注"),
        "disclosure.document-metadata": (bool({"索引号", "成文日期"} & {*spec.get("lacks", ())}), "文件页缺少要素"),
        "interpretation.ratio-low": (spec.get("plant") == "ratio-low", "大部分本级文件没有解读"),
        "interpretation.unlinked": ("unlinked" in spec, "文件与解读只有一个方向的链接"),
        "interpretation.monotone": (bool(spec.get("plain")), "全部解读都是纯文字"),
    }
    interprets = "interpretations" in spec
    if not interprets:
        del plants["interpretation.unlinked"], plants["interpretation.monotone"]
    for check, (planted, why) in plants.items():
        if scripted and check.startswith("disclosure."):
            yield site.row(check, "undetermined", "要素由脚本填写，没有渲染，不能断定缺少", match="target")
        else:
            yield site.row(check, "fail" if planted else "pass", why if planted else "没有这类问题", match="target")
    for text in planned.late:
        yield _row(site, "interpretation.late", site.article_address(text), "解读在文件发布十多个工作日以后才发布")
    if interprets and not planned.late:
        yield site.row("interpretation.late", "pass", "解读在文件发布后两个工作日内发布", match="target")
    for document in planned.overdue:
        yield _row(site, "disclosure.publication-late", site.article_address(document), "成文四十多个工作日以后才公开")
    if spec.get("unsigned"):
        yield site.row("disclosure.publication-late", "undetermined", "文件没有成文日期，无从计算", match="target")
    elif not planned.overdue:
        yield site.row("disclosure.publication-late", "pass", "成文后一周内公开", match="target")
    for article in planned.strange:
        row = _row(site, "interpretation.off-topic", site.article_address(article), "政策解读栏目里的会议和调研报道")
        named = [site.article_address(other) for other in planned.strange]
        yield {**row, "expect": "needs-review", "urls": named}
    if interprets and not planned.strange:
        yield site.row("interpretation.off-topic", "pass", "栏目里都是解读", match="target")
    for check, why in planned.twins:
        family = "interpretation" if check in ("late", "ratio-low") else "disclosure"
        yield site.row(f"{family}.{check}", "pass", why)


def _row(site: SiteTruth, check: str, address: str, why: str) -> Row:
    return site.row(check, "fail", why, url=address)
