"""Rewrites letters, consultations and service guides as `data/dialogue.yaml` has them, and fills the lists of items."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from demo.content import table
from demo.model import Article, Column, SitePlan


class Rewritten(Struct, frozen=True):
    """What was planted: an article, or a column whose list of items was filled, with its row of the truth."""

    site: SitePlan
    holder: Article | Column
    check: str
    expect: str
    match: str
    why: str


def plant_dialogue(sites: Iterable[SitePlan]) -> list[Rewritten]:
    """Rewrites the plan and returns what it holds then."""
    by_key = {site.key: site for site in sites}
    planted = []
    for row in table("dialogue")["articles"]:
        site = by_key[row["site"]]
        slug, _, index = row["at"].partition("/")
        article = site.column(slug).articles[int(index)]
        article.title, article.paragraphs = row["title"], tuple(row["paragraphs"])
        article.picture = row.get("picture")
        planted.append(Rewritten(site, article, row["check"], row["expect"], row.get("match", "url"), row["why"]))
    for row in table("dialogue")["lists"]:
        site = by_key[row["site"]]
        column = site.column(row["at"])
        names = list(dict.fromkeys(_item(article) for article in site.column("bszn").articles)) + row["extra"]
        rows = (("序号", "事项名称"), *((str(number), name) for number, name in enumerate(names, start=1)))
        column.sections = (*column.sections[:-1], replace(column.sections[-1], rows=rows))
        expect = "needs-review" if row["extra"] else "pass"
        planted.append(Rewritten(site, column, "service.list-inconsistent", expect, "target", row["why"]))
    return planted


def _item(article: Article) -> str:
    """The item that a guide names in its first line: 事项名称：取水许可。 → 取水许可."""
    return article.paragraphs[0].partition("：")[2].rstrip("。")
