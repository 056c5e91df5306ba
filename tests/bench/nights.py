"""A city's past for the measure of pruning: nights that keep unchanged pages by reference, as incremental ones store them.

Rows have the shape and the order in which nights leave them (night by night, site by site), but are written in bulk:
thirty million rows by way of a crawl would take a month.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import zstandard

from checks.model import CheckResult, Finding, StampedFinding, State, Subject, Target
from checks.registry import CHECKS
from crawler.facts import FetchOutcome, Link, Outcome, PageFact, PageKind, Region, Resource
from storage.encoding import blob_of, result_text, text_of
from storage.inspections import InspectionRecord
from storage.shelves import name_of
from storage.store import Store
from storage.tables import instant, metadata, url_key

PAGES, LINKS, CHANGED, OFFSITE, FINDINGS = 50, 300, 3, 20, 20
"""Of a site: pages, links, pages that change from night to night, foreign addresses visited, problems."""
TRACES = 30
FULL = 21
"""A site is read in full again after so many nights."""
_TABLES = {
    "targets": (
        *("inspection", "number", "unit", "kind", "address", "name", "state", "run", "worker", "attempts"),
        *("started", "ended", "exit_reason", "stats"),
    ),
    "runs": ("id", "inspection", "unit", "kind", "address", "settings", "started", "ended", "exit_reason", "stats"),
    "bases": ("run", "base"),
    "notes": ("run", "key", "value"),
    "pages": ("id", "run", "kind", "url_key", "url", "links", "fact"),
    "kept_pages": ("run", "page"),
    "links": ("run", "number", "fact"),
    "visits": ("run", "at", "url_key", "fact"),
    "captures": ("run", "url_key", "kind", "place", "length"),
    "evidence": ("sha256", "kind", "url_key", "url", "at", "client", "run"),
    "results": ("id", "inspection", "unit", "kind", "address", "check", "state", "fact", "saved"),
    "findings": ("result", "inspection", "fingerprint", "life", "first_seen", "evidence", "fact"),
    "cards": ("inspection", "address", "kind", "unit", "ruleset", "fact"),
    "traces": (
        *("inspection", "address", "kind", "unit", "ruleset", "position", "indicator", "dimension", "state", "points"),
        *("attainable", "score", "operands", "arithmetic", "findings", "coverage", "reviews", "fact"),
    ),
}

Rows = dict[str, list[tuple[Any, ...]]]


class _Site:
    """One site as the last night left it, and the texts that its rows share."""

    def __init__(self, number: int) -> None:
        self.number = number
        home = f"http://www.site{number}.example/"
        self.home, self.target = home, Target(f"unit{number}", home, Subject.SITE)
        self.urls = [f"{home}zwgk/tzgg/{page // 9}/t2026_{page}.html" for page in range(PAGES)]
        self.foreign = [f"http://www.other{page}.example/{number}" for page in range(OFFSITE)]
        self.keys = {url: url_key(url) for url in (*self.urls, *self.foreign)}
        self.pages: list[int] = []
        self.run = 0
        self.link = 0
        self.checks = sorted(CHECKS)
        self.results = {
            check: result_text(
                CheckResult(
                    check, self.target, State.PASS, "共核对 50 个页面、300 个链接，没有发现问题", config={"days": 14}
                )
            )
            for check in self.checks
        }

    def finding(self, number: int, night: int) -> tuple[str, str, str]:
        """The check, the fingerprint and the text of a problem; one in twenty is another one each night."""
        name = f"{self.number}-{number}" if number else f"{self.number}-night{night}"
        check = ("link.broken", "update.column-stale", "content.typo")[number % 3]
        url = self.urls[number % CHANGED]
        told = Finding(url, f"链接“附件{name}”两次访问均返回 404", quote=name * 5, observed={"status": 404, "looks": 2})
        fingerprint = f"{url_key(name) & (2**64 - 1):016x}"
        return (
            check,
            fingerprint,
            text_of(StampedFinding(check, self.target, State.FAIL, told, "国办秘函", fingerprint)),
        )


def laid(store: Store, sites: int, nights: int, end: datetime) -> Iterator[int]:
    """Lays the nights before `end`, an inspection each, and answers the number of each night that is done."""
    city = [_Site(number) for number in range(sites)]
    numbers = {"run": count(1), "page": count(1), "result": count(1)}
    packed = zstandard.ZstdCompressor(level=9).compress
    for night in range(nights):
        at = end - timedelta(days=nights - night)
        id = f"{at:%Y%m%d-%H%M}-nightly"
        record = InspectionRecord(
            id=id, name="夜间巡查", kind="nightly", as_of=at, rulesets=("cn-2019-website",), units=(), settings={},
            started=at, tool_version="0.2.0", registry_digest="city", ended=at + timedelta(hours=5), exit_reason="完成",
        )  # fmt: skip
        store.inspections.create(record, [])
        rows: Rows = {name: [] for name in _TABLES}
        for site in city:
            _visited(site, night, id, at, rows, numbers, store.folder, packed)
        with store.database.write() as connection:
            for name, columns in _TABLES.items():
                store.database.insert(connection, metadata.tables[name], columns, rows[name])
        yield night


def _visited(
    site: _Site, night: int, id: str, at: datetime, rows: Rows, numbers: dict[str, Any], folder: Path, packed: Any
) -> None:
    run = next(numbers["run"])
    is_full = not site.run or night % FULL == site.number % FULL
    now, place = instant(at), (site.target.unit, "site", site.home)
    end = now + 3_600_000_000
    rows["targets"].append(
        (
            id,
            site.number + 1,
            *place,
            "某单位网站",
            "done",
            run,
            "w1",
            1,
            now,
            end,
            "完成",
            '{"pages":50,"problems":20}',
        )
    )
    rows["runs"].append((run, id, *place, '{"user_agent":"xuncha"}', now, end, "完成", '{"pages":50}'))
    for note in ("coverage_note", "robots", "truncated_by", "trials", "read_back"):
        rows["notes"].append((run, note, '{"http://www.yunxi.example/tzgg/":"2026-01-01"}'))
    if is_full:
        site.link, site.pages = 0, [0] * PAGES
    else:
        rows["bases"].append((run, site.run))
    offset = 0
    for number, url in enumerate(site.urls):
        key = site.keys[url]
        rows["visits"].append((run, now + number, key, text_of(FetchOutcome(url, url, at, Outcome.OK, 200))))
        if not is_full and number >= CHANGED:
            rows["kept_pages"].append((run, site.pages[number]))
            continue
        page, own = next(numbers["page"]), LINKS // PAGES if is_full else 2
        fact = PageFact(url, at, Outcome.OK, PageKind.ARTICLE, title=f"关于第{number}号事项的通知" * 40)
        links = array("I", [*range(own * number), *range(site.link, site.link + own)])
        rows["pages"].append((page, run, "article", key, url, blob_of(links), text_of(fact)))
        for each in range(site.link, site.link + own):
            anchor = Link(
                f"/art/{each}.html", f"{site.home}art/{each}.html", f"通知{each}", "a", Region.LIST, Resource.PAGE
            )
            rows["links"].append((run, each, text_of(anchor)))
        rows["captures"].append((run, key, "response", offset, 600))
        site.link += own
        site.pages[number] = page
        offset += 600
    for url in site.foreign:
        rows["visits"].append((run, now + 99, site.keys[url], text_of(FetchOutcome(url, url, at, Outcome.OK, 200))))
    site.run = run
    spool = folder / "bodies" / f"{run}.spool"
    spool.parent.mkdir(parents=True, exist_ok=True)
    spool.write_bytes(bytes(offset))
    _judged(site, night, id, now, rows, numbers, folder, packed)


def _judged(
    site: _Site, night: int, id: str, now: int, rows: Rows, numbers: dict[str, Any], folder: Path, packed: Any
) -> None:
    place = (site.target.unit, "site", site.home)
    proofs: dict[str, str] = {}
    for number, url in enumerate(site.urls[:CHANGED]):
        shas = []
        for kind, name in (("html", f"{site.home}{number}"), ("headers", f"{site.home}{number} {night}")):
            sha = hashlib.sha256(name.encode()).hexdigest()
            path = folder / "evidence" / name_of(sha)
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(packed(name.encode() * 20))
            rows["evidence"].append((sha, kind, site.keys[url], url, now + number, "xuncha", site.run))
            shas.append(sha)
        proofs[url] = text_of(shas)
    ids = {check: next(numbers["result"]) for check in site.checks}
    for check, result in ids.items():
        state = "fail" if check in ("link.broken", "update.column-stale", "content.typo") else "pass"
        rows["results"].append((result, id, *place, check, state, site.results[check], now))
    for number in range(FINDINGS):
        check, fingerprint, text = site.finding(number, night)
        life = "persisting" if night and number else "new"
        rows["findings"].append((ids[check], id, fingerprint, life, now, proofs[site.urls[number % CHANGED]], text))
    if night:
        check, fingerprint, text = site.finding(0, night - 1)
        rows["findings"].append((ids[check], id, fingerprint, "fixed", now, proofs[site.urls[0]], text))
    card = (id, site.home, "site", site.target.unit, "cn-2019-website")
    rows["cards"].append((*card, '{"name":"cn-2019-website","verdict":"合格","total":"86.5"}' + " " * 400))
    for position in range(TRACES):
        rows["traces"].append(
            (*card, position, f"指标{position}", "维度", "pass", "5", "5", "4.5", '{"days":"14"}', "5 − 0.5 = 4.5", "[]",
             "{}", "[]", '{"clause":"国办秘函〔2019〕19号附件","provenance":"printed"}' + " " * 200)
        )  # fmt: skip
