"""Makes the city's policy documents whole: elements, signatures, interpretations, links between them, and faults.

What `data/policies.yaml` plans is written into the articles of the site plan before anything is printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct, field

from demo.content import table
from demo.model import AS_OF, Article, Column, Elements, SitePlan

_PICTURES = 6


class PlannedPolicies(Struct):
    """What was planted at one site. `late` are interpretations that came late, `overdue` documents that did.

    `twins` are look-alikes without a fault: the end of a check's id, and why it is none.
    """

    site: SitePlan
    spec: Mapping[str, Any]
    pairs: list[tuple[Article, Article]] = field(default_factory=list)
    late: list[Article] = field(default_factory=list)
    overdue: list[Article] = field(default_factory=list)
    twins: list[tuple[str, str]] = field(default_factory=list)
    strange: list[Article] = field(default_factory=list)


def plant_policies(sites: Iterable[SitePlan]) -> list[PlannedPolicies]:
    """Writes documents and interpretations into the plans of all sites that have them."""
    by_key = {site.key: site for site in sites}
    return [_Planter(by_key[spec["site"]], spec).plant() for spec in table("policies")["sites"]]


class _Planter:
    """Works on one site."""

    def __init__(self, site: SitePlan, spec: Mapping[str, Any]) -> None:
        self.site, self.spec = site, spec
        self.planned = PlannedPolicies(site, spec)
        self.special = {row["at"]: row for row in spec.get("special", ())}
        self.rows: dict[int, Mapping[str, Any]] = {}

    def plant(self) -> PlannedPolicies:
        """The documents first, then what interprets them."""
        documents = [article for slug in self.spec["documents"] for article in self._documents(self.site.column(slug))]
        if "interpretations" in self.spec:
            self._interpretations(self.site.column(self.spec["interpretations"]), documents)
        return self.planned

    def _documents(self, column: Column) -> list[Article]:
        """Gives each document its elements; those that are to be interpreted come back."""
        own = []
        for position, article in enumerate(column.articles):
            row = self.rows[article.number] = self.special.get(f"{column.slug}/{position}", {})
            if "twin" in row:
                self.planned.twins.append((row["twin"], row["why"]))
            if "title" in row:
                article.title = row["title"].format(unit=self.site.unit_name)
            if "published" in row:
                article.published = _moment(row["published"], article.published)
            article.title += row.get("mark", "")
            if row.get("bare"):
                article.document_number = ""
                continue
            self._give_elements(article, position, row)
            if "title" not in row:
                own.append(article)
        column.articles.sort(key=lambda article: article.published, reverse=True)
        return own

    def _give_elements(self, article: Article, position: int, row: Mapping[str, Any]) -> None:
        written = _weekdays_before(article.published.date(), position % 4 + 1)
        if "written" in row:
            written = date.fromisoformat(row["written"])
        if "written_weekdays" in row:
            written = _weekdays_before(article.published.date(), row["written_weekdays"])
            self.planned.overdue.append(article)
        values = {
            "索引号": f"{self.site.site_code[:8]}/{article.published:%Y}-{article.number:05d}",
            "发文机关": self.site.unit_name,
            "文号": article.document_number,
            "成文日期": f"{written:%Y-%m-%d}",
            "发布日期": f"{article.published:%Y-%m-%d}",
            "有效性": row.get("validity", "有效"),
        }
        lacks = {*self.spec.get("lacks", ()), *(["有效性"] if row.get("validity") == "" else [])}
        article.elements = Elements(
            self.spec["elements"], tuple((name, value) for name, value in values.items() if name not in lacks)
        )
        if row.get("term"):
            article.paragraphs = (*article.paragraphs[:-1], "第六条　本文件自印发之日起施行，有效期五年。")
        if not self.spec.get("unsigned"):
            signature = (self.site.unit_name, f"{written.year}年{written.month}月{written.day}日")
            article.paragraphs = (*article.paragraphs, *signature)

    def _interpretations(self, column: Column, documents: list[Article]) -> None:
        """Turns the column's articles into interpretations of documents; the rest interprets superiors' documents."""
        skip, count = self.spec.get("skip", 0), self.spec["pairs"]
        strange = set(self.spec.get("strange", ()))
        texts = [article for position, article in enumerate(column.articles) if position not in strange]
        for position, (text, document) in enumerate(zip(texts, documents[skip : skip + count], strict=False)):
            self._pair(text, document, position)
        for text, name in zip(texts[count:], self.spec.get("superior", ()), strict=True):
            self._write(text, name, name, position=0)
        for position, news in zip(sorted(strange), table("policies")["news"], strict=False):
            article = column.articles[position]
            article.title, article.paragraphs, article.picture = news["title"], tuple(news["paragraphs"]), None
            self.planned.strange.append(article)
        column.articles.sort(key=lambda article: article.published, reverse=True)

    def _pair(self, text: Article, document: Article, position: int) -> None:
        row = self.rows.get(document.number, {})
        late = self.spec.get("late", {})
        text.published = _weekdays_after(document.published, position % 2 + 1)
        if "interpreted" in row:
            text.published = _moment(row["interpreted"], text.published)
        if late.get("pair") == position:
            text.published = _weekdays_after(document.published, late["weekdays"])
            self.planned.late.append(text)
        name = document.title.removesuffix("（已废止）")
        short = name[name.index("《") + 1 : name.index("》")] if "《" in name else name
        self._write(text, short, name, position)
        unlinked = self.spec.get("unlinked", "")
        if unlinked != "forward":
            document.related.append((text.title, text))
        if unlinked != "backward":
            text.related.append((document.title, document))
        self.planned.pairs.append((document, text))

    def _write(self, text: Article, short: str, name: str, position: int) -> None:
        """The words of an interpretation; every other one has a picture unless all are plain."""
        plain = bool(self.spec.get("plain"))
        pictured = position % 2 == 1 and not plain
        text.title = f"一图读懂《{short}》" if pictured else f"《{short}》政策解读"
        text.picture = position % _PICTURES if pictured else None
        scope = next(spec["scope"] for spec in table("city")["sites"] if spec["key"] == self.site.key)
        topic = next((topic for topic in table("phrases")["topics"][scope] if topic in name), "有关")
        slots = {"doc": short, "area": self.site.area, "topic": topic, "n": str(text.number % 20 + 6)}
        text.paragraphs = tuple(line.format(**slots) for line in table("phrases")["bodies"]["interpretation"])


def _moment(day: str, old: datetime) -> datetime:
    return datetime.combine(date.fromisoformat(day), old.timetz())


def _weekdays_after(moment: datetime, count: int) -> datetime:
    """So many weekdays later; never after the monitoring time point."""
    while count:
        moment += timedelta(days=1)
        count -= moment.weekday() < 5
    return min(moment, AS_OF)


def _weekdays_before(day: date, count: int) -> date:
    while count:
        day -= timedelta(days=1)
        count -= day.weekday() < 5
    return day
