"""Plants sentences from `data/texts.yaml` into articles: wrong words, private numbers, and twins that only look so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from demo.content import table
from demo.model import Article, SitePlan
from demo.truth import Row, SiteTruth


class PlantedText(Struct, frozen=True):
    """A sentence, where it stands and what a run must say of it."""

    site: SitePlan
    article: Article
    check: str
    expect: str
    quote: str
    why: str

    def row(self) -> Row:
        """Its row of the truth."""
        truth = SiteTruth(self.site)
        url = truth.article_address(self.article)
        return truth.row(self.check, self.expect, self.why, url=url, quote=self.quote)


def plant_texts(sites: Iterable[SitePlan]) -> list[PlantedText]:
    """Adds every sentence to its article as a paragraph of its own."""
    by_key = {site.key: site for site in sites}
    planted = []
    for row in table("texts")["texts"]:
        site = by_key[row["site"]]
        slug, _, place = row["at"].partition("/")
        article = site.column(slug).articles[int(place)]
        article.paragraphs = (*article.paragraphs, row["text"])
        planted.append(PlantedText(site, article, row["check"], row["expect"], row.get("quote", ""), row["why"]))
    return planted


def rows(planted: Iterable[PlantedText], sites: Iterable[SitePlan]) -> Iterator[Row]:
    """The rows of all sentences, those of attachments too."""
    yield from (text.row() for text in planted)
    by_key = {site.key: site for site in sites}
    for row in table("texts")["attachments"]:
        truth = SiteTruth(by_key[row["site"]])
        yield truth.row(row["check"], row["expect"], row["why"], match="quote", quote=row["quote"])
