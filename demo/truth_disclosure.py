"""The ground truth of 信息公开 beyond the entries: guides, reports, departments, columns that only portals owe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from demo.model import AS_OF, Article

if TYPE_CHECKING:
    from demo.truth import SiteTruth

Row = dict[str, Any]

_NAMES = (
    "guide-incomplete",
    "catalogue-missing",
    "annual-report-late",
    "annual-report-incomplete",
    "annual-report-plain",
    "rules-missing",
    "departments-incomplete",
    "five-openness-missing",
    "key-areas-missing",
    "key-areas-shallow",
    "powers-missing",
    "site-report-missing",
    "site-report-late",
    "supervision-report-missing",
    "supervision-report-late",
    "self-check-missing",
    "self-check-late",
)
CHECKS = tuple(f"disclosure.{name}" for name in _NAMES)
_YEAR = AS_OF.year - 1
_ENTRIES: Mapping[str, tuple[str, ...]] = {
    "catalogue-missing": ("法定主动公开内容", "信息公开目录"),
    "rules-missing": ("政府信息公开制度",),
    "powers-missing": ("权责清单", "公共服务事项清单"),
    "five-openness-missing": ("五公开",),
    "key-areas-missing": ("重点领域信息公开",),
}
_PORTALS_OWE = frozenset({"five-openness-missing", "key-areas-missing"})
_LACKS = {"head": "负责人", "telephone": "联系电话"}
_DEADLINES = {"site": f"{AS_OF.year}-01-31", "supervision": f"{AS_OF.year}-01-31", "self-check": f"{AS_OF.year}-11-10"}
_WORDS = {
    "site": f"{_YEAR}年政府网站工作年度报表",
    "supervision": f"{_YEAR}年政府网站监管年度报表",
    "self-check": "自查",
}
_SINCE = f"{AS_OF.year}-08-10"
"""The deadline of the quarter before: what was published after it answers for this one."""


def rows(truth: SiteTruth) -> Iterator[Row]:
    """The rows of one site that is up."""
    site = truth.site
    names = {column.name for column in site.walk()}
    # a wall before part of the site: what was not found there may stand behind it
    walled = any(column.walled for column in site.walk())
    yield from _guide(truth)
    for check, wanted in _ENTRIES.items():
        owed = site.kind == "portal" or not (
            check in _PORTALS_OWE or (check == "powers-missing" and not site.unit.endswith("-bureau"))
        )
        if not owed:
            continue
        if found := next((name for name in wanted if name in names), ""):
            yield truth.row(f"disclosure.{check}", "pass", f"设有“{found}”", match="target")
        else:
            expect = "undetermined" if walled else "fail"
            yield truth.row(f"disclosure.{check}", expect, f"全站没有“{wanted[0]}”", match="target")
    yield from _key_areas(truth)
    yield from _annual_report(truth)
    yield from _departments(truth)
    for kind in ("site", "supervision", "self-check"):
        if kind != "supervision" or (site.supervises and (site.kind == "portal" or site.unit.endswith("-bureau"))):
            yield from _report(truth, kind)


def _guide(truth: SiteTruth) -> Iterator[Row]:
    guide = next((column for column in truth.site.walk() if column.name == "政府信息公开指南"), None)
    check = "disclosure.guide-incomplete"
    if guide is None:
        yield truth.row(check, "undetermined", "全站没有指南，要素无从谈起", match="target")
        return
    text = "".join(line for section in guide.sections for line in section.lines)
    url = truth.address(guide)
    if "办公时间" in text:
        yield truth.row(check, "pass", "九项要素齐全，无论长短", match="target", url=url)
    else:
        yield truth.row(check, "fail", "指南没有办公时间，传真只有标签没有号码", url=url)


def _key_areas(truth: SiteTruth) -> Iterator[Row]:
    column = next((column for column in truth.site.walk() if column.name == "重点领域信息公开"), None)
    check = "disclosure.key-areas-shallow"
    if column is None:
        return
    if column.kind == "activity":
        yield truth.row(check, "needs-review", "重点领域栏目里全是活动报道", url=truth.address(column))
    else:
        yield truth.row(check, "pass", "重点领域栏目里是资金、预算等公开事项", match="target")


def _annual_report(truth: SiteTruth) -> Iterator[Row]:
    site = truth.site
    column = next(column for column in site.walk() if column.kind == "annual-report")
    newest = column.articles[0]
    url = truth.article_address(newest)
    if _YEAR in site.annual_years:
        deadline = f"{AS_OF.year}-03-31" if not site.unit.endswith("-bureau") else f"{AS_OF.year}-01-31"
        late = newest.day > deadline
        why = f"年报 {newest.day} 发布，期限 {deadline}"
        yield truth.row("disclosure.annual-report-late", "fail" if late else "pass", why, url=url)
    faults = site.annual_faults
    missing = [fault for fault in faults if fault not in ("plain", "unbalanced")]
    check = "disclosure.annual-report-incomplete"
    if missing:
        yield truth.row(check, "fail", f"年报没有“{missing[0]}”", url=url)
    elif "unbalanced" in faults:
        yield truth.row(check, "fail", "申请情况表勾稽关系不成立", url=url)
    else:
        yield truth.row(check, "pass", "六个部分齐全；申请情况表空白格按 0 计，勾稽关系成立", match="target")
    plain = "plain" in faults
    why = "年报只有文字和格式表格" if plain else "年报配有统计图"
    yield truth.row("disclosure.annual-report-plain", "fail" if plain else "pass", why, url=url)


def _departments(truth: SiteTruth) -> Iterator[Row]:
    site = truth.site
    column = next((c for c in site.walk() if any(s.heading == "内设机构" for s in c.sections)), None)
    check = "disclosure.departments-incomplete"
    if column is None:
        yield truth.row(check, "undetermined", "没有内设机构页面", match="target")
    elif site.department_faults:
        lacking = "、".join(_LACKS[fault] for fault in site.department_faults.values())
        yield truth.row(check, "fail", f"有的内设机构没有{lacking}", url=truth.address(column))
    else:
        yield truth.row(check, "pass", "内设机构的负责人、职责、电话齐全", match="target")


def _report(truth: SiteTruth, kind: str) -> Iterator[Row]:
    """Whether a report is there, and in time; a notice about a report is none."""
    column = next(column for column in truth.site.walk() if column.kind == "site-report")
    found = [article for article in column.articles if _answers(article, kind)]
    family = f"disclosure.{kind}" if kind == "self-check" else f"disclosure.{kind}-report"
    missing, late = f"{family}-missing", f"{family}-late"
    if not found:
        near = next((article.title for article in column.articles if "通知" in article.title), "上一期的报告")
        yield truth.row(missing, "fail", f"没有{_WORDS[kind]}；“{near}”不算", match="target")
        return
    first = min(found, key=lambda article: article.published)
    yield truth.row(missing, "pass", f"已发布“{first.title}”", match="target")
    expect = "fail" if first.day > _DEADLINES[kind] else "pass"
    why = f"{first.day} 发布，期限 {_DEADLINES[kind]}"
    yield truth.row(late, expect, why, url=truth.article_address(first))


def _answers(article: Article, kind: str) -> bool:
    if _WORDS[kind] not in article.title or "通知" in article.title:
        return False
    return kind != "self-check" or article.day > _SINCE
