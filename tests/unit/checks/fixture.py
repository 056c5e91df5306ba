"""Builds facts from a fixture: a tiny site, account or unit in one YAML file.

Keys of a site: `base` (a file beside this one to start from, which may have one too), `unit`, `site`, `as_of`, `nav`,
`foot`, `coverage`, `pages` {path: page | null to take it away}, `visits`, `search`, `probes`, `history` (see `_history`), and
`facts`, which replaces fields of the assembled SiteFacts for what no small page can show. A page is its main part in HTML, or a mapping of
`title`, `labels`, `nav`, `crumbs`, `main`, `foot`, `search`, `article` [title, time], `html` (the whole page), `depth`,
`rendered`, `outcome`. Keys of an account: `account`, `fetches`, `history` {posts, followers {day: count}}, `links`, `texts`;
a fetch's post with `every` [days, count] stands for that many, so many days apart before it. A unit has neither pages nor account.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urljoin, urlsplit

import jinja2
import msgspec
import yaml
from msgspec import Struct
from msgspec.structs import replace

from checks.model import Thresholds
from checks.runner import AnyFacts
from crawler.facts import (
    BEIJING,
    Account,
    AccountFacts,
    AccountFetch,
    FetchOutcome,
    Outcome,
    PageFact,
    ProbeFact,
    SearchTrial,
    Site,
    SiteFacts,
    Trials,
    Unit,
    UnitFacts,
    pages_of,
)
from crawler.facts.accounts import (
    AccountHistory,
    AccountLink,
    FollowerCount,
    KeptPost,
    PostFact,
    PostText,
)
from crawler.read.coverage import coverage_of
from crawler.read.page import PageReader
from crawler.read.site import MemoryRun, assemble
from crawler.read.timings import Timings

FOLDER = Path(__file__).parent

_ARTICLE = jinja2.Template(
    '<h1>{{ title }}</h1><div class="info">发布时间：{{ at }}　来源：云溪县人民政府办公室</div>\n'
    '<div class="TRS_Editor"><p>{{ title }}。有关工作按照县委、县政府部署有序推进，各镇、各部门密切配合，'
    "取得了阶段性成效。</p>"
    "<p>下一步，将继续细化措施、压实责任，确保各项任务按期完成，更好服务群众生产生活。</p></div>"
)


class Fixture(Struct, frozen=True):
    """A fixture's facts with the thresholds it is judged by and what is expected."""

    facts: AnyFacts
    thresholds: Thresholds
    expect: Mapping[str, Any]
    home_url: str

    def address(self, token: str) -> str:
        """An expected address: a path of the fixture's site made absolute; anything else as it stands."""
        return urljoin(self.home_url, token) if token.startswith("/") else token


@cache
def _layout() -> jinja2.Template:
    layout: jinja2.Template = jinja2.Template((FOLDER / "layout.html").read_text(encoding="utf-8"), autoescape=False)
    return layout


def load(path: Path) -> Fixture:
    """The fixture of a file."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    while "base" in raw:
        raw = _over(yaml.safe_load((FOLDER / f"{raw.pop('base')}.yaml").read_text(encoding="utf-8")), raw)
    unit = msgspec.convert(raw["unit"], Unit)
    as_of = _moment(raw["as_of"])
    facts: AnyFacts
    home_url = ""
    if "account" in raw:
        account = msgspec.convert({"unit": unit.code, **raw["account"]}, Account)
        fetches = tuple(_fetch(row, as_of) for row in raw.get("fetches", ()))
        facts = AccountFacts(
            unit,
            account,
            as_of,
            fetches,
            history=_kept(raw.get("history", {})),
            links=msgspec.convert(raw["links"], tuple[AccountLink, ...]) if "links" in raw else None,
            texts=msgspec.convert(raw.get("texts", ()), tuple[PostText, ...]),
        )
    elif "site" in raw:
        site = msgspec.convert({"unit": unit.code, **raw["site"]}, Site)
        home_url = site.home_url
        facts = _site_facts(raw, replace(unit, sites=(site,)), site, as_of)
    else:
        facts = UnitFacts(unit, as_of)
    return Fixture(facts, raw.get("thresholds", {}), raw["expect"], home_url)


def _over(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A base with a fixture's changes: mappings are joined, a null takes a key away, all else replaces."""
    joined = dict(base)
    for key, value in changes.items():
        if value is None:
            joined.pop(key, None)
        elif isinstance(value, dict) and isinstance(joined.get(key), dict):
            joined[key] = _over(joined[key], value)
        else:
            joined[key] = value
    return joined


def _moment(value: date | datetime | str) -> datetime:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=BEIJING)
    return datetime.combine(value, time(22, 0), BEIJING)


def _fetch(row: dict[str, Any], as_of: datetime) -> AccountFetch:
    posts = _posts(row.get("posts", ()))
    covered = {"covered_since": _moment(row["covered_since"])} if row.get("covered_since") else {}
    whole = {
        "fetched_at": as_of,
        "since": datetime(2025, 1, 1, tzinfo=BEIJING),
        "until": as_of,
        **row,
        **covered,
        "posts": posts,
    }
    return msgspec.convert(whole, AccountFetch)


def _posts(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The posts of a fixture, numbered; those with `every` [days, count] repeated so many days apart."""
    spread: list[dict[str, Any]] = []
    for row in rows:
        days, count = row.get("every", (0, 1))
        plain = {key: value for key, value in row.items() if key != "every"}
        at = _moment(row["published_at"])
        spread += [{**plain, "published_at": at - timedelta(days=days * number)} for number in range(count)]
    return [{"post_id": f"p{number}", "title": f"信息 {number}", **row} for number, row in enumerate(spread)]


def _kept(spec: Mapping[str, Any]) -> AccountHistory:
    """What was kept: posts, each seen once at its time unless it says otherwise, and followers by day."""
    posts = []
    for number, row in enumerate(spec.get("posts", ())):
        at = _moment(row["published_at"])
        post = PostFact(f"k{number}", at, row.get("title", f"信息 {number}"))
        gone = _moment(row["gone_since"]) if "gone_since" in row else None
        posts.append(KeptPost(post, row.get("source", "feed"), at, at, gone))
    followers = tuple(FollowerCount(day, count) for day, count in spec.get("followers", {}).items())
    return AccountHistory(tuple(posts), followers)


def _site_facts(raw: dict[str, Any], unit: Unit, site: Site, as_of: datetime) -> SiteFacts:
    own = frozenset({urlsplit(site.home_url).netloc})
    reader = PageReader(site.home_url, own, as_of)
    fetched = _moment(raw.get("fetched_at", raw["as_of"]))
    pages: list[PageFact] = []
    bodies: dict[str, bytes] = {}
    for path, spec in raw.get("pages", {}).items():
        url, page = urljoin(site.home_url, path), _page(spec, raw)
        body = page["html"].encode()
        outcome = Outcome(page.get("outcome", "ok"))
        reading = reader.read(
            body,
            url,
            fetched_at=fetched,
            outcome=outcome,
            depth=page.get("depth", 0),
            rendered=page.get("rendered", False),
        )
        pages.append(reading.fact)
        bodies[url] = body
    pages = _with_depths(site.home_url, pages, raw.get("pages", {}))
    visits = [FetchOutcome(page.url, page.url, fetched, page.outcome, page.status) for page in pages]
    visits += [_visit(row, site.home_url) for row in raw.get("visits", ())]
    timings = Timings(own)
    coverage = replace(coverage_of(timings.noting(visits), own), **raw.get("coverage", {}))
    search = raw.get("search")
    run = MemoryRun(pages, visits, bodies)
    facts = assemble(
        unit,
        site,
        as_of,
        run,
        coverage=coverage,
        trials=Trials(
            probes=tuple(_probe(row, site.home_url) for row in raw.get("probes", ())),
            search=None if search is None else tuple(_trial(row, site.home_url) for row in search),
        ),
    )
    history = _history(raw["history"], site.home_url, as_of) if "history" in raw else ()
    facts = replace(facts, links=lambda: (link for _, link in run.links()), history=history, timings=timings.sample())
    return _replaced(facts, raw.get("facts", {}))


def _replaced(facts: SiteFacts, changes: Mapping[str, Any]) -> SiteFacts:
    """Facts with some fields given outright, for what the pages of a fixture cannot show."""
    kinds = get_type_hints(SiteFacts)
    given: dict[str, Any] = {}
    for name, value in changes.items():
        if name == "pages":
            given[name] = pages_of(msgspec.convert(value, tuple[PageFact, ...]))
        else:
            given[name] = msgspec.convert(value, kinds[name])
    return replace(facts, **given)


def _page(spec: Any, raw: Mapping[str, Any]) -> dict[str, Any]:
    """A page's keys with its whole HTML under `html`."""
    page: dict[str, Any] = dict(spec) if isinstance(spec, dict) else {"main": spec}
    if "html" in page:
        return page
    site = raw["site"]
    labels = {
        "SiteName": site["name"],
        "SiteDomain": urlsplit(site["home_url"]).hostname,
        "SiteIDCode": site.get("site_code", ""),
    }
    if "article" in page:
        title, at = page["article"]
        page.setdefault("title", f"{title}_{site['name']}")
        page.setdefault("main", _ARTICLE.render(title=title, at=at))
        labels |= {"ArticleTitle": title, "PubDate": at, "ContentSource": "云溪县人民政府办公室"}
    given = page.get("labels", {})
    labels = {} if given is False else _over(labels, given)
    shown = {
        "title": page.get("title", site["name"]),
        "labels": list(labels.items()),
        "nav": page.get("nav", raw.get("nav", [])),
        "crumbs": page.get("crumbs", []),
        "main": page.get("main", ""),
        "foot": page.get("foot", raw.get("foot", "")),
        "search": page.get("search", raw.get("search_form", True)),
    }
    page["html"] = _layout().render(page=shown, site=site)
    return page


def _with_depths(home_url: str, pages: list[PageFact], specs: Mapping[str, Any]) -> list[PageFact]:
    """The pages with their clicks from the home page, counted over their links; a fixture may say otherwise."""
    by_url = {page.url: page for page in pages}
    depths, queue = {home_url: 0}, deque([home_url])
    while queue:
        url = queue.popleft()
        for link in by_url[url].links if url in by_url else ():
            if link.url in by_url and link.url not in depths:
                depths[link.url] = depths[url] + 1
                queue.append(link.url)
    for path, spec in specs.items():
        if isinstance(spec, dict) and "depth" in spec:
            depths[urljoin(home_url, path)] = spec["depth"]
    return [replace(page, depth=depths.get(page.url, 9)) for page in pages]


def _visit(row: dict[str, Any], home_url: str) -> FetchOutcome:
    url = urljoin(home_url, row["url"])
    return msgspec.convert(
        {"final_url": url, **row, "requested_url": url, "at": _moment(row["at"])}, FetchOutcome, strict=True
    )


def _probe(row: dict[str, Any], home_url: str) -> ProbeFact:
    return msgspec.convert({"url": home_url, **row, "at": _moment(row["at"])}, ProbeFact)


def _history(spec: Mapping[str, Any], home_url: str, as_of: datetime) -> tuple[ProbeFact, ...]:
    """Probes every `minutes` over `days` up to the time point; those between `from` and `to` of `spells` differ."""
    spells = [(_moment(row["from"]), _moment(row["to"]), row) for row in spec.get("spells", ())]
    step, probes = timedelta(minutes=spec["minutes"]), []
    at = as_of - timedelta(days=spec["days"])
    while (at := at + step) <= as_of:
        row: dict[str, Any] = {"outcome": "ok", "elapsed_ms": 400}
        for start, end, spell in spells:
            if start <= at <= end:
                row = {"elapsed_ms": 15_000, **{key: spell[key] for key in spell.keys() - {"from", "to"}}}
        probes.append(msgspec.convert({"url": home_url, "at": at, **row}, ProbeFact))
    return tuple(probes)


def _trial(row: dict[str, Any], home_url: str) -> SearchTrial:
    given = {"outcome": "ok", "found": True, "search_url": urljoin(home_url, "/search?q=1"), **row}
    return msgspec.convert({**given, "expected_url": urljoin(home_url, row["expected_url"])}, SearchTrial)
