"""Plants addresses from `data/faults.yaml` into the plan: dead links, and twins that only look dead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from demo.answers import Answer, Behaviour, login, plain_error, redirect, wall
from demo.attachments import attachment
from demo.content import table
from demo.makes import MAKES
from demo.model import Article, Column, Mention, MentionKind, SitePlan
from demo.site_plan import Hosts

_STATUS_WORDS = {404: "Not Found", 410: "Gone", 500: "Internal Server Error"}
_BEHAVIOURS = frozenset({Behaviour.HEAD_403, Behaviour.HEAD_405, Behaviour.SLOW, Behaviour.FLAKY, Behaviour.BUSY})


class PlantedLink(Struct, frozen=True):
    """One planted address: where it stands (`holder`: an article, a column, or None for the home page or every page),
    what it is, and what a run must say of it.
    """

    site: SitePlan
    holder: Article | Column | None
    mention: Mention
    address: str
    host: str
    path: str
    answer: str
    expect: str
    why: str
    needs_render: bool = False
    lines: tuple[str, ...] = ()


class PlantedArticle(Struct, frozen=True):
    """An article that talks about a fault without having one."""

    site: SitePlan
    article: Article
    check: str
    why: str


def plant_articles(sites: Iterable[SitePlan]) -> list[PlantedArticle]:
    """Rewrites the articles that `data/faults.yaml` names."""
    by_key = {site.key: site for site in sites}
    planted = []
    for row in table("faults")["articles"]:
        site = by_key[row["site"]]
        article = _holder(site, row["at"])
        if not isinstance(article, Article):
            raise ValueError(f"{row['at']} 不是稿件")
        article.title, article.paragraphs, article.picture = row["title"], tuple(row["paragraphs"]), None
        planted.append(PlantedArticle(site, article, row["check"], row["why"]))
    return planted


def plant_links(sites: Iterable[SitePlan], hosts: Hosts) -> list[PlantedLink]:
    """Writes the planted addresses into the plans and returns them."""
    by_key = {site.key: site for site in sites}
    return [_plant(by_key[row["site"]], row, hosts) for row in table("faults")["links"]]


def _plant(site: SitePlan, row: dict[str, Any], hosts: Hosts) -> PlantedLink:
    where = row.get("host", "site")
    host = {"site": site.host, "partner": hosts.partner, "refused": hosts.refused}[where]
    address = site.address(row["path"]) if where == "site" else hosts.address(host, row["path"])
    href = row["path"] if where == "site" else address
    mention = Mention(MentionKind(row.get("kind", "link")), row["text"], href)
    holder = _holder(site, row["at"])
    if row["at"] == "home":
        site.home_mentions.append(mention)
    elif row["at"] == "style":
        site.style_mentions.append(mention)
    elif holder is not None:
        holder.mentions.append(mention)
    return PlantedLink(
        site=site,
        holder=holder,
        mention=mention,
        address=address,
        host=host,
        path=row["path"],
        answer=f"{row['answer']}:{row['to']}" if "to" in row else str(row["answer"]),
        expect=row["expect"],
        why=row["why"],
        needs_render=row.get("needs_render", False),
        lines=tuple(row.get("lines", ())),
    )


def _holder(site: SitePlan, at: str) -> Article | Column | None:
    if at in ("home", "style"):
        return None
    slug, _, index = at.partition("/")
    column = site.column(slug)
    return column.articles[int(index)] if index else column


def answers_of(link: PlantedLink, page: bytes) -> dict[tuple[str, str], Answer]:
    """How the server answers a planted address, by host and path; `page` is a healthy page to show where one is due.

    Empty where the server shall answer as it does to any unknown address.
    """
    here = (link.host, link.path)
    kind, _, to = link.answer.partition(":")
    if kind in ("refused", "missing-200"):
        return {}
    if kind.isdigit():
        status = int(kind)
        return {} if status == 404 else {here: plain_error(status, _STATUS_WORDS[status])}
    if kind == "wall":
        return {here: wall()}
    if kind == "login":
        return {here: login()}
    if kind == "loop":
        turn = link.path.replace("index.html", "turn.html")
        return {here: redirect(turn), (link.host, turn): redirect(link.path)}
    if kind == "to-missing":
        return {here: redirect("/error/404.html")}
    if kind == "to-column":
        return {here: redirect(MAKES[link.site.make].column(link.site.column(to)), 301)}
    if link.mention.kind is MentionKind.ATTACHMENT:
        answer = attachment(link.path, link.mention.text, link.lines)
    else:
        answer = Answer(200, page)
    return {here: replace(answer, behaviour=Behaviour(kind)) if kind in _BEHAVIOURS else answer}
