"""Makes the plan of every site from `data/city.yaml`: columns, articles and people, dated back from as_of."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from msgspec import Struct

from demo.content import Writer, table
from demo.model import AS_OF, Article, Column, Marks, SearchState, Shape, SitePlan

LAST_YEAR = AS_OF.year - 1
"""The year whose reports were due last."""
_YEAR = re.compile(r"20\d\d年(?:度)?")
OPENED = "2020-05-06"
"""When the city's sites were opened; annual reports are there from the year before."""


class Hosts(Struct, frozen=True):
    """The hosts besides the sites' own, and the port that all share; sites under https have the next one.

    `control` is a name under which one of the `canaries` answers over IPv6 too.
    """

    partner: str
    refused: str
    mall: str
    canaries: tuple[str, ...]
    control: str
    port: int

    def address(self, host: str, path: str) -> str:
        """An absolute address on one of these hosts."""
        return f"http://{host}:{self.port}{path}"


def hosts(port: int) -> Hosts:
    """The further hosts of the city."""
    named = table("city")["hosts"]
    canaries = tuple(named["canaries"])
    return Hosts(named["partner"], named["refused"], named["mall"], canaries, named["control"], port)


def plan_city(port: int) -> list[SitePlan]:
    """The plans of all sites in the order of the registry; the same for the same port."""
    city = table("city")
    rng = random.Random(city["seed"])
    units = {unit["code"]: unit for unit in city["units"]}
    return [_Planner(rng, site, units[site["unit"]], port).plan() for site in city["sites"]]


class _Planner:
    """Plans one site; numbers columns and articles as they come."""

    def __init__(self, rng: random.Random, spec: Mapping[str, Any], unit: Mapping[str, str], port: int) -> None:
        self.spec, self.unit, self.port = spec, unit, port
        self.contact = _contact(spec)
        self.writer = Writer(rng, spec["area"], unit["name"], spec["scope"], self.contact, set())
        self.columns = int(spec["serial"])
        self.articles = int(spec["serial"]) * 100

    def plan(self) -> SitePlan:
        """The whole site."""
        spec = self.spec
        group = "county" if self.unit["kind"] == "county" and spec["kind"] == "portal" else "department"
        site = SitePlan(
            key=spec["key"],
            unit=spec["unit"],
            unit_name=self.unit["name"],
            area=spec["area"],
            name=spec["name"],
            host=spec["host"],
            port=self.port + (1 if spec.get("certificate") else 0),
            make=spec["make"],
            theme=spec["theme"],
            kind=spec["kind"],
            site_code=spec["code"],
            opened=OPENED,
            marks=_marks(spec, self.unit["name"], self.contact),
            home_columns=tuple(spec.get("home", ())),
            home_lag_days=spec.get("home_lag_days", 0),
            missing_labels=tuple(spec.get("missing_labels", ())),
            empty_labels=tuple(spec.get("empty_labels", ())),
            search=SearchState(spec.get("search", "works")),
            soft_missing=spec.get("soft_missing", False),
            robots=spec.get("robots", ""),
            placeholder_navigation=spec.get("placeholder_navigation", ""),
            placeholder_entry=spec.get("placeholder_entry", ""),
            placeholder_column=spec.get("placeholder_column", ""),
            opener=spec.get("opener", ""),
            calendar=spec.get("calendar", ""),
            absent_years=tuple(spec.get("absent_years", ())),
            late_report=spec.get("late_years", {}).get(LAST_YEAR, ""),
            annual_faults=tuple(spec.get("annual_faults", ())),
            department_faults=dict(spec.get("department_faults", {})),
            supervises=bool(self.unit.get("supervises")),
            down=spec.get("down", False),
            pause=spec.get("pause", 0.0),
            ways=tuple(spec.get("ways", ())),
            certificate=spec.get("certificate", ""),
            serves_ipv6=spec.get("serves_ipv6", False),
        )
        if site.down:
            return site
        site.annual_years = tuple(year for year in table("city")["years"] if year not in site.absent_years)
        site.leaders = self.writer.leaders(group, spec.get("leader_faults", {}))
        site.columns = self._columns(spec["columns"], None, site)
        return site

    def _columns(self, specs: Iterable[Mapping[str, Any]], parent: Column | None, site: SitePlan) -> list[Column]:
        made = []
        for spec in specs:
            self.columns += 1
            column = Column(
                number=self.columns,
                name=spec["name"],
                slug=spec["slug"],
                kind=spec.get("kind", ""),
                shape=Shape(spec.get("shape", "list")),
                parent=parent,
                in_navigation=spec.get("nav", True),
                latest=spec.get("latest", 0),
                scripted=spec.get("scripted", False),
                walled=spec.get("walled", False),
                plant=spec.get("plant", ""),
                twin=spec.get("twin", ""),
            )
            if column.shape is Shape.DOCUMENT:
                column.sections = self.writer.document(spec["document"], site.department_faults)
            elif column.shape is Shape.BUILDING:
                column.twin, column.kind = "", spec["notice"]
            elif column.kind == "annual-report":
                column.articles = self._annual_reports(column, site)
            elif column.kind == "site-report":
                column.articles = self._site_reports(column, spec["reports"])
            elif column.kind:
                column.articles = self._articles(column, spec)
            column.children = self._columns(spec.get("children", ()), column, site)
            made.append(column)
        return made

    def _articles(self, column: Column, spec: Mapping[str, Any]) -> list[Article]:
        moments = [self.writer.moment(spec["newest"] + index * spec["every"]) for index in range(spec["count"])]
        undated = spec.get("undated", ())
        articles = []
        for index, moment in enumerate(sorted(moments, reverse=True)):
            article = self._article(column, moment)
            article.dated = not (undated == "all" or index in undated)
            every = spec.get("pictures")
            article.picture = index % 6 if every and index % every == 0 else None
            articles.append(article)
        for article in articles:
            if not article.dated:
                article.title = _YEAR.sub("", article.title)
                article.paragraphs = self.writer.article("undated-topic", article.published)[1]
        if spec.get("pinned_days"):
            pinned = self._article(column, self.writer.moment(spec["pinned_days"]))
            pinned.pinned = True
            articles.append(pinned)
        return articles

    def _article(self, column: Column, moment: datetime) -> Article:
        self.articles += 1
        title, paragraphs = self.writer.article(column.kind, moment)
        short = self.unit["name"]
        number = (
            f"{self.spec['area'][:2]}政发〔{moment.year}〕{self.articles % 60 + 1}号" if column.kind == "policy" else ""
        )
        return Article(self.articles, title, moment, short, paragraphs, column, document_number=number)

    def _site_reports(self, column: Column, reports: Iterable[tuple[str, str]]) -> list[Article]:
        """Reports of the site itself, and notices about them, with the days that the plan gives."""
        articles = []
        for day, title in reports:
            self.articles += 1
            moment = datetime.combine(date.fromisoformat(day), time(9, 35), AS_OF.tzinfo)
            lines = tuple(line.format(unit=self.unit["name"]) for line in table("phrases")["bodies"]["site-report"])
            articles.append(Article(self.articles, title, moment, self.unit["name"], lines, column))
        return sorted(articles, key=lambda article: article.published, reverse=True)

    def _annual_reports(self, column: Column, site: SitePlan) -> list[Article]:
        late: Mapping[int, str] = self.spec.get("late_years", {})
        reports = []
        for year in sorted(site.annual_years, reverse=True):
            self.articles += 1
            due = date(year + 1, 1, 18 + year % 8) if site.kind == "department" else date(year + 1, 3, 2 + year % 5)
            day = date.fromisoformat(late[year]) if year in late else due
            moment = datetime.combine(day, time(10, 12), AS_OF.tzinfo)
            faults = site.annual_faults if year == LAST_YEAR else ()
            title, paragraphs = self.writer.annual_report(year, faults)
            report = Article(self.articles, title, moment, self.unit["name"], paragraphs, column)
            report.picture = None if "plain" in faults else 6
            reports.append(report)
        return sorted(reports, key=lambda report: report.published, reverse=True)


def _contact(spec: Mapping[str, Any]) -> dict[str, str]:
    serial = spec["serial"]
    return {
        "address": f"{spec['area']}青石大道{serial}号" if spec["area"] != "砚江市" else f"砚江市江滨路{serial}号",
        "phone": f"0999-8{serial}0012",
        "fax": f"0999-8{serial}0013",
        "mail": f"xxgk{serial}@mail.invalid",
    }


def _marks(spec: Mapping[str, Any], organiser: str, contact: Mapping[str, str]) -> Marks:
    absent = set(spec.get("absent_marks", ()))
    serial = spec["serial"]

    def kept(mark: str, value: str) -> str:
        return "" if mark in absent else value

    return Marks(
        page_title=spec.get("page_title", spec["name"]),
        icp=kept("icp", f"陕ICP备990000{serial}号-1"),
        police_filing=kept("police_filing", f"陕公网安备 990100020000{serial}号"),
        site_code=spec.get("footer_code", spec["code"]),
        organiser=kept("organiser", organiser),
        contact=kept("contact", f"{contact['phone']}　地址：{contact['address']}"),
        badge="badge" not in absent,
        sitemap="sitemap" not in absent,
        error_report="error_report" not in absent,
    )
