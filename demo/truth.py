"""The ground truth: what an inspection of the city must report, told from the same plan that the pages are made from.

Rows say `fail` or `needs-review` (a finding is due), `pass` (a healthy twin), `undetermined` (nobody can tell) or
`not-applicable`: where neither of the first two is said, any finding is a false accusation. `match` says how a finding
answers a row: `url` (its url is the row's, or one of `urls`), `problem` (its problem_url is the row's), `quote` (its
quote holds the row's), `target` (any finding of the check on the target; further ones on it are no fault).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from demo import truth_disclosure
from demo.dialogue import Rewritten
from demo.faults import PlantedArticle, PlantedLink
from demo.intrusions import Intrusion
from demo.makes import MAKES
from demo.model import AS_OF, Article, Column, SearchState, Shape, SitePlan
from demo.policies import PlannedPolicies
from demo.truth_dialogue import DIALOGUE_CHECKS, dialogue_rows
from demo.truth_display import DISPLAY_CHECKS, display_rows
from demo.truth_hosts import HOST_CHECKS, host_rows
from demo.truth_intrusions import CHECKS, intrusion_rows
from demo.truth_policies import POLICY_CHECKS, column_rows, policy_rows

Row = dict[str, Any]

MARKS = ("title", "icp", "police-filing", "site-code", "badge", "organiser", "contact", "sitemap", "error-report")
SITE_CHECKS = (
    "availability.unreachable",
    "update.homepage-stale",
    "update.column-stale",
    "update.column-empty",
    "update.date-missing",
    "link.broken",
    "link.placeholder",
    "disclosure.guide-missing",
    "disclosure.annual-report-missing",
    "disclosure.request-channel-missing",
    "disclosure.leaders-missing",
    "disclosure.leader-incomplete",
    *truth_disclosure.CHECKS,
    *(f"identity.{mark}" for mark in MARKS),
    "function.page-labels",
    "function.search",
    *CHECKS,
    "content.typo",
    "content.wording",
    "content.privacy",
    *POLICY_CHECKS,
    *DIALOGUE_CHECKS,
    *DISPLAY_CHECKS,
    *HOST_CHECKS,
    "update.date-forged",
)
"""The checks of sites for which the truth is complete."""

_EXEMPT = frozenset({"interview", "consultation", "past-topic", "site-report"})
_LIMIT_DAYS = {"news": 14, "interpretation": 184, "service-statistics": 92, "letters": 62}
_FIRST_LEVEL_LIMIT_DAYS = {"notice": 184, "policy": 184}
_OTHER_LIMIT_DAYS = 366


class SiteTruth:
    """The rows of one site."""

    def __init__(self, site: SitePlan) -> None:
        self.site = site
        self.make = MAKES[site.make]

    def row(self, check: str, expect: str, why: str, *, match: str = "url", **more: Any) -> Row:
        """One row; `url` is the home page where none is given."""
        base = {"unit": self.site.unit, "target": self.site.home_url, "check": check, "expect": expect, "match": match}
        return {**base, "url": self.site.home_url, **more, "why": why}

    def rows(self) -> Iterator[Row]:
        """All rows that follow from the plan alone."""
        if self.site.down:
            yield self.row(
                "availability.unreachable", "needs-review", "服务器拒绝连接；单次检查只列为待人工复核", match="target"
            )
            for check in SITE_CHECKS[1:]:
                if check in HOST_CHECKS:
                    continue
                yield self.row(check, "undetermined", "站点打不开，其余各项未能判定", match="target")
            return
        yield self.homepage()
        for column in self.site.walk():
            yield from self.column(column)
        yield from self.placeholders()
        yield from self.disclosure()
        yield from truth_disclosure.rows(self)
        yield from self.identity()
        yield from self.functions()
        yield from column_rows(self)
        yield from display_rows(self)

    def homepage(self) -> Row:
        """The home page's newest item."""
        lag = self.site.home_lag_days
        if lag:
            return self.row("update.homepage-stale", "fail", f"首页最新条目在 {lag} 天以前，而各栏目仍在更新")
        return self.row("update.homepage-stale", "pass", "首页有近期条目")

    # ------------------------------------------------------------------ columns

    def column(self, column: Column) -> Iterator[Row]:
        """What is due of a column: stale, empty, undated; and twins."""
        url = self.address(column)
        if column.walled:
            for check in ("update.column-stale", "update.column-empty", "update.date-missing"):
                yield self.row(check, "undetermined", column.twin, url=url)
            yield self.row("link.broken", "undetermined", column.twin, match="problem", problem_url=url)
        elif column.shape in (Shape.BLANK, Shape.BUILDING):
            words = f"只有“{column.kind}”" if column.kind else "列表为空"
            yield self.row("update.column-empty", "fail", f"栏目{words}", url=url, quote=column.kind or column.name)
        elif column.shape is Shape.LIST and not column.scripted:
            yield from self.list_column(column, url)
        elif column.twin:
            checks = ["update.column-empty", "update.column-stale"]
            if column.shape is Shape.DOCUMENT:
                checks.append("update.date-missing")
            for check in checks:
                yield self.row(check, "pass", column.twin, url=url)

    def list_column(self, column: Column, url: str) -> Iterator[Row]:
        """A list that is there for all to read."""
        overdue = self.overdue(column)
        if overdue:
            yield self.row("update.column-stale", "fail", overdue, url=url, quote=column.name)
        elif column.twin:
            yield self.row("update.column-stale", "pass", column.twin, url=url)
        undated = [article for article in column.articles if not article.dated]
        if undated and len(undated) == len(column.articles):
            named = [url, *(self.article_address(article) for article in undated)]
            why = "列表和稿件都没有发布时间"
            yield self.row("update.date-missing", "fail", why, match="target", url=url, urls=named)
            return
        for article in undated:
            page = self.article_address(article)
            yield self.row(
                "update.date-missing", "fail", "稿件没有发布时间，列表中也没有", url=page, quote=article.title
            )

    def overdue(self, column: Column) -> str:
        """Why a list counts as not updated; "" where it does not."""
        if column.kind in _EXEMPT:
            return ""
        limit = _LIMIT_DAYS.get(column.kind, _OTHER_LIMIT_DAYS)
        if column.level == 1:
            limit = _FIRST_LEVEL_LIMIT_DAYS.get(column.kind, limit)
        dated = [article.published for article in column.articles if article.dated]
        if not dated:
            return "列表未注明时间，视为不更新"
        days = (AS_OF.date() - max(dated).date()).days
        return f"最新一条在 {days} 天以前，期限 {limit} 天" if days > limit else ""

    # ------------------------------------------------------------------ the other families

    def placeholders(self) -> Iterator[Row]:
        """Links that lead nowhere, and those that only look so."""
        site = self.site
        if site.placeholder_navigation:
            why = "导航条目的链接是“#”，点不开"
            yield self.row("link.placeholder", "fail", why, match="quote", quote=site.placeholder_navigation)
        if site.placeholder_entry:
            column = site.column(site.placeholder_column)
            why = "列表条目的链接是 javascript:void(0)，点不开"
            yield self.row("link.placeholder", "fail", why, url=self.address(column), quote=site.placeholder_entry)
        for words in filter(None, ("设为首页", "返回顶部", "微信", site.opener)):
            yield self.row("link.placeholder", "pass", "链接由脚本动作或页内定位接管", match="quote", quote=words)

    def disclosure(self) -> Iterator[Row]:
        """信息公开: guide, request channel, annual reports, leaders."""
        columns = {column.name: column for column in self.site.walk()}
        for name, check in (("政府信息公开指南", "guide-missing"), ("依申请公开", "request-channel-missing")):
            expect, why = ("pass", f"设有“{name}”") if name in columns else ("fail", f"全站没有“{name}”")
            yield self.row(f"disclosure.{check}", expect, why, match="target")
        reports = next(column for column in self.site.walk() if column.kind == "annual-report")
        check = "disclosure.annual-report-missing"
        for year in self.site.absent_years:
            why = f"没有 {year} 年的年度报告"
            yield self.row(check, "fail", why, match="target", url=self.address(reports), quote=str(year))
        if not self.site.absent_years:
            yield self.row(check, "pass", "开办以来各年度报告齐全", match="target")
        check = "disclosure.leaders-missing"
        people = next((column for column in self.site.walk() if column.shape is Shape.LEADERS), None)
        if people is None:
            yield self.row(check, "fail", "全站没有领导信息", match="target")
            return
        yield self.row(check, "pass", f"设有“{people.name}”", match="target")
        check = "disclosure.leader-incomplete"
        for leader in self.site.leaders:
            if leader.lacks:
                url, page = self.address(people), self.site.address(self.make.leader(people, leader))
                why = f"{leader.name}缺{'、'.join(leader.lacks)}"
                yield self.row(check, "fail", why, match="target", url=url, urls=[url, page], quote=leader.name)
        if not any(leader.lacks for leader in self.site.leaders):
            yield self.row(check, "pass", "每位领导的照片、简历、职务、分工齐全", match="target")

    def identity(self) -> Iterator[Row]:
        """网站标识: one row a mark."""
        site, marks = self.site, self.site.marks
        faults: Mapping[str, str] = {
            "title": "" if marks.page_title == site.name else f"网站自称“{marks.page_title}”，登记名称为“{site.name}”",
            "icp": "" if marks.icp else "页脚没有 ICP 备案号",
            "police-filing": "" if marks.police_filing else "页脚没有公安备案号",
            "site-code": ""
            if marks.site_code == site.site_code
            else f"页脚标识码 {marks.site_code} 与登记的 {site.site_code} 不符",
            "badge": "" if marks.badge else "页脚没有党政机关网站标识",
            "organiser": "" if marks.organiser else "页脚没有主办单位",
            "contact": "" if marks.contact else "页脚没有联系方式",
            "sitemap": "" if marks.sitemap else "没有网站地图",
            "error-report": "" if marks.error_report else "没有“我为政府网站找错”入口",
        }
        healthy = "页脚由脚本写出，渲染以后标识齐全" if site.make == "scripted" else "标识齐全"
        for mark in MARKS:
            yield self.row(f"identity.{mark}", "fail" if faults[mark] else "pass", faults[mark] or healthy)

    def functions(self) -> Iterator[Row]:
        """功能: labels and search."""
        absent, empty = self.site.missing_labels, self.site.empty_labels
        words = [f"缺少 {'、'.join(absent)}"] if absent else []
        words += [f"{'、'.join(empty)} 为空"] if empty else []
        yield self.row(
            "function.page-labels", "fail" if words else "pass", "；".join(words) or "标签齐全", match="target"
        )
        why = {
            SearchState.ABSENT: "没有站内搜索",
            SearchState.NOTHING: "搜索站内标题一条也找不到",
            SearchState.WORKS: "站内标题都能搜到",
        }
        broken = self.site.search is not SearchState.WORKS
        yield self.row("function.search", "fail" if broken else "pass", why[self.site.search], match="target")

    # ------------------------------------------------------------------ planted addresses

    def planted(self, link: PlantedLink) -> Row:
        """The row of a planted address."""
        page = self.holder_address(link)
        more: Row = {"url": page, "urls": [page], "problem_url": link.address, "quote": link.mention.text}
        if link.needs_render:
            more["needs_render"] = True
        return self.row("link.broken", link.expect, link.why, match="problem", **more)

    def talking(self, planted: PlantedArticle) -> Row:
        """The row of an article that only talks about a fault."""
        address = self.article_address(planted.article)
        return self.row(planted.check, "pass", planted.why, match="problem", problem_url=address)

    def holder_address(self, link: PlantedLink) -> str:
        """The page on which a planted address stands; the home page for one that stands on all."""
        if isinstance(link.holder, Article):
            return self.article_address(link.holder)
        return self.address(link.holder) if link.holder else self.site.home_url

    def address(self, column: Column) -> str:
        """A column's address."""
        return self.site.address(self.make.column(column))

    def article_address(self, article: Article) -> str:
        """An article's address."""
        return self.site.address(self.make.article(article))


def truth(
    sites: Iterable[SitePlan],
    links: Iterable[PlantedLink],
    articles: Iterable[PlantedArticle],
    intrusions: Iterable[Intrusion],
    policies: Iterable[PlannedPolicies],
    rewritten: Iterable[Rewritten],
    accounts: Iterable[Row],
    *,
    ipv6: bool,
) -> Row:
    """The whole ground truth as one JSON object. `ipv6` is whether this machine has it, be it loopback alone."""
    held, put_in = list(sites), list(intrusions)
    rows = [row for site in held for row in SiteTruth(site).rows()]
    rows += [row for site in held for row in host_rows(SiteTruth(site), ipv6=ipv6)]
    for site in held:
        if not site.down:
            rows += intrusion_rows(SiteTruth(site), [one for one in put_in if one.site is site])
    rows += [SiteTruth(link.site).planted(link) for link in links]
    rows += [SiteTruth(planted.site).talking(planted) for planted in articles]
    rows += [row for planned in policies for row in policy_rows(SiteTruth(planned.site), planned)]
    rows += dialogue_rows(held, rewritten)
    return {
        "as_of": AS_OF.isoformat(),
        "checks": list(SITE_CHECKS),
        "targets": [site.home_url for site in held],
        "never_visit": [site.address("/private/") for site in held if site.robots == "private"],
        "rows": rows + [_account(row) for row in accounts],
    }


def _account(row: Row) -> Row:
    """An account's row with the target of its findings: `platform:id`, or the unit's code for an account it lacks."""
    target = f"{row['platform']}:{row['platform_id']}" if row["platform_id"] else row["unit"]
    more = {} if row["platform_id"] else {"quote": {"wechat": "微信", "weibo": "微博"}[row["platform"]]}
    return {**row, "target": target, "match": "target" if row["platform_id"] else "quote", **more}
