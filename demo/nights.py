"""The city's nights: from the second one on, articles stand in it that the first one had not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from demo.content import table
from demo.model import AS_OF, BEIJING, Article, SitePlan
from demo.truth import SiteTruth

CHECK = "update.date-forged"


class Arrival(Struct, frozen=True):
    """An article that came in the second night, and what an inspection must say of it there."""

    site: SitePlan
    article: Article
    expect: str
    why: str


def plant_arrivals(sites: Iterable[SitePlan], night: int) -> list[Arrival]:
    """Writes what came by that night (from 1) into the plans and returns it."""
    by_key = {site.key: site for site in sites}
    planted: list[Arrival] = []
    for row in table("nights")["articles"] if night > 1 else ():
        site = by_key[row["site"]]
        column = site.column(row["at"])
        like = column.articles[0]
        number = 1 + max(article.number for article in site.articles())
        moment = _day(row["days"])
        article = Article(number, row["title"], moment, like.source, like.paragraphs, column)
        column.articles.append(article)
        column.articles.sort(key=lambda each: (each.pinned, -each.published.timestamp()))
        planted.append(Arrival(site, article, row["expect"], row["why"]))
    return planted


def _day(ago: int) -> datetime:
    """So many days ago, by the real clock: it tells when a thing was first seen. Old ones are before AS_OF as well."""
    today = datetime.now(BEIJING)
    return (min(today, AS_OF) if ago else today).replace(hour=9, minute=30) - timedelta(days=ago)


def night_rows(sites: Iterable[SitePlan], arrivals: Iterable[Arrival], night: int) -> Iterator[dict[str, Any]]:
    """What is due of the check in a night: nothing can be told in the first one."""
    arrived = list(arrivals)
    for site in sites:
        truth = SiteTruth(site)
        own = [arrival for arrival in arrived if arrival.site is site]
        for arrival in own:
            address = truth.article_address(arrival.article)
            yield truth.row(CHECK, arrival.expect, arrival.why, match="problem", problem_url=address)
        if night == 1 and not site.down:
            yield truth.row(CHECK, "undetermined", "没有更早的完整采集可以比较", match="target")
        elif not own and not site.down:
            yield truth.row(CHECK, "pass", "第二夜与第一夜一样", match="target")
