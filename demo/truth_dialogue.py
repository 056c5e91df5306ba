"""The ground truth of 互动交流 and 办事服务: what was rewritten, and what follows from the columns a site has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from demo.dialogue import Rewritten
from demo.makes import MAKES
from demo.model import AS_OF, Article, Column, SitePlan

Row = dict[str, Any]

DIALOGUE_CHECKS = (
    "participation.channel-missing",
    "participation.reply-overdue",
    "participation.reply-evasive",
    "participation.statistics-missing",
    "participation.consultation-few",
    "participation.feedback-missing",
    "service.missing",
    "service.guide-missing",
    "service.guide-incomplete",
    "service.form-missing",
    "service.statistics-missing",
    "service.list-inconsistent",
)
_WANTED = {"portal": 6, "department": 3}
_YEAR = timedelta(days=365)
_QUARTER = timedelta(days=92)


def dialogue_rows(sites: Iterable[SitePlan], rewritten: Iterable[Rewritten]) -> list[Row]:
    """All rows of these checks; a site that is down has its rows elsewhere."""
    planted = list(rewritten)
    rows = [_row_of(one) for one in planted]
    for site in sites:
        if not site.down:
            rows += _rows(site, {one.check for one in planted if one.site is site and one.expect != "pass"})
    return rows


def _row_of(one: Rewritten) -> Row:
    """The row of what was rewritten; a fault that is told of the whole column has the column's address."""
    make = MAKES[one.site.make]
    match, holder = one.match, one.holder
    if isinstance(holder, Article):
        url, words = make.article(holder), holder.title
        if match == "column":
            match, url, words = "url", make.column(holder.column), holder.column.name
    else:
        url, words = make.column(holder), holder.name
    address = one.site.address(url)
    more = {"match": match, "url": address, "urls": [address], "quote": words}
    return {**_base(one.site, one.check, one.expect, one.why), **more}


def _rows(site: SitePlan, planted: set[str]) -> Iterator[Row]:
    """What follows from the plan; where a fault is planted, its own rows tell it."""
    kinds: dict[str, list[Column]] = {}
    for column in site.walk():
        kinds.setdefault(column.kind, []).append(column)
    hidden = any(column.walled for column in site.walk())

    def absent(check: str, why: str) -> Row:
        if hidden:
            return _base(site, check, "undetermined", "有栏目被对方防护设备拦截，不能断定没有")
        return _base(site, check, "fail", why)

    letters, guides = kinds.get("letters", []), kinds.get("service", [])
    if letters:
        yield _base(site, "participation.channel-missing", "pass", f"设有“{letters[0].name}”")
        figures = [column for column in site.walk() if column.name.startswith("留言受理统计")]
        why = "公开了留言受理统计" if figures else "没有公开受理反馈统计"
        yield _base(site, "participation.statistics-missing", "pass" if figures else "fail", why)
        for check in {"participation.reply-overdue", "participation.reply-evasive"} - planted:
            yield _base(site, check, "pass", "来信都在三天以后答复，答复有实际内容")
    else:
        yield absent("participation.channel-missing", "没有咨询建言渠道；举报信箱、意见征集不算")
    asked = [article for column in kinds.get("consultation", []) for article in column.articles]
    held = [one for one in asked if AS_OF - one.published <= _YEAR and "采纳情况" not in one.title]
    if len(held) >= _WANTED[site.kind]:
        yield _base(site, "participation.consultation-few", "pass", f"一年内开展征集调查 {len(held)} 次")
    else:
        yield absent("participation.consultation-few", f"一年内开展征集调查 {len(held)} 次")
    if guides:
        for check in {"service.missing", "service.guide-missing", "service.guide-incomplete"} - planted:
            yield _base(site, check, "pass", "设有办事指南，要素齐全")
        yield from _figures(site, kinds.get("service-statistics", []))
    else:
        for check, why in (("service.missing", "没有办事服务"), ("service.guide-missing", "没有办事指南")):
            row = absent(check, why)
            doubted = row["expect"] == "fail" and site.kind != "portal"
            yield {**row, "expect": "needs-review", "why": f"{why}；部门可能没有对外服务事项"} if doubted else row


def _figures(site: SitePlan, columns: list[Column]) -> Iterator[Row]:
    """办事统计 of a site that has services."""
    check = "service.statistics-missing"
    if not columns:
        yield _base(site, check, "fail", "有办事指南而没有办事统计")
        return
    newest = max(article.published for article in columns[0].articles)
    if AS_OF - newest <= _QUARTER:
        yield _base(site, check, "pass", "办事统计按月更新")
    else:
        url = site.address(MAKES[site.make].column(columns[0]))
        yield {**_base(site, check, "fail", "办事统计超过三个月没有更新"), "match": "url", "url": url, "urls": [url]}


def _base(site: SitePlan, check: str, expect: str, why: str) -> Row:
    base = {"unit": site.unit, "target": site.home_url, "check": check, "expect": expect, "match": "target"}
    return {**base, "url": site.home_url, "why": why}
