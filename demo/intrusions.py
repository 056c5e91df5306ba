"""Plants what `data/intrusions.yaml` names: foreign markup, advertisements, dates gone wrong, pages that are gone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from demo.answers import HTML, Answer
from demo.content import table
from demo.model import AS_OF, Article, Column, Mention, MentionKind, SitePlan
from demo.rendering import rendered
from demo.site_plan import Hosts


class Intrusion(Struct, frozen=True):
    """One planted thing: where it stands (`holder`: an article, or None for the home page) and its truth rows."""

    site: SitePlan
    holder: Article | Column | None
    rows: tuple[dict[str, Any], ...]


def plant_intrusions(sites: Iterable[SitePlan], hosts: Hosts) -> list[Intrusion]:
    """Writes them into the plans and returns them. KeyError where the table names what the city has not."""
    by_key = {site.key: site for site in sites}
    mall = hosts.address(hosts.mall, "")
    planted = []
    for row in table("intrusions")["pieces"]:
        site = by_key[row["site"]]
        markup = row["markup"].replace("{mall}", mall)
        holder = None if row["at"] == "home" else _article(site, row["at"])
        if holder is None:
            site.home_markup.append(markup)
        else:
            holder.mentions.append(Mention(MentionKind.MARKUP, markup, ""))
        planted.append(Intrusion(site, holder, _rows(row, mall)))
    for row in table("intrusions")["articles"]:
        site = by_key[row["site"]]
        article = _article(site, row["at"])
        _change(article, row)
        planted.append(Intrusion(site, article, _rows(row, mall)))
    for row in table("intrusions")["sites"]:
        site = by_key[row["site"]]
        site.shareless = row.get("shareless", site.shareless)
        site.leave_script = row.get("leave_script", site.leave_script)
        planted.append(Intrusion(site, None, _rows(row, mall)))
    return planted


def mall_answer(path: str, query: str) -> Answer | None:
    """A page of the commercial host; None where it has none."""
    title = table("intrusions")["mall"].get(path)
    return Answer(200, rendered("errors/mall.html", title=title).encode(), HTML) if title else None


def _article(site: SitePlan, at: str) -> Article:
    slug, _, index = at.partition("/")
    return site.column(slug).articles[int(index)]


def _change(article: Article, row: dict[str, Any]) -> None:
    if "published" in row:
        day: date = row["published"]
        article.published = datetime.combine(day, article.published.time(), AS_OF.tzinfo)
    article.printed = article.published.strftime(row["printed"]) if "printed" in row else article.printed
    article.listed_day = str(row.get("listed_day", article.listed_day))
    article.listed_title = row.get("listed_title", article.listed_title)
    article.gone = row.get("gone", article.gone)


def _rows(row: dict[str, Any], mall: str) -> tuple[dict[str, Any], ...]:
    return tuple(
        {key: value.replace("{mall}", mall) if isinstance(value, str) else value for key, value in one.items()}
        for one in row["rows"]
    )
