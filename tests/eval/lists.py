"""List items: every (title, address, day) of a page's list against what was labelled, and GNE's list extractor beside.

GNE's ListPageExtractor gives titles and addresses without days, and must be handed the words of one entry; it is given
the first labelled title. trafilatura, newspaper and readability read no lists.
"""

from __future__ import annotations

import contextlib
import importlib
import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct

from crawler.read.charset import decode
from crawler.read.urls import join
from tests.eval.corpus import LABELS, URL, body_of, reading_of
from tests.eval.table import Miss, Score, Table
from tests.unit.read.pages import HOST, read
from tests.unit.read.vendor_pages import GALLERY

Item = tuple[str, str, str]
Rival = Callable[[str, str, str], set[tuple[str, str]] | None]


class Case(Struct, frozen=True):
    """One page: its name, address and markup, what it lists, and what we read."""

    name: str
    url: str
    html: str
    truth: tuple[Item, ...]
    ours: tuple[Item, ...]


def measure(corpus: Path) -> Table:
    """The lists of the corpus."""
    return _table("List items: pages of the corpus", corpus_cases(corpus))


def measure_makes(corpus: Path) -> Table:
    """The gallery of builders' makes; the corpus is not needed."""
    return _table("List items: fictional pages of the builders' makes", make_cases())


def corpus_cases(corpus: Path) -> list[Case]:
    """The labelled pages."""
    cases = []
    for path in sorted((LABELS / "lists").glob("*.tsv")):
        lines = path.read_text(encoding="utf-8").splitlines()
        page = lines[0].split("\t")[1]
        rows = [line.split("\t") for line in lines[2:]]
        fact = reading_of(corpus, page).fact
        cases.append(
            Case(
                name=page,
                url=URL,
                html=decode(body_of(corpus, page), "").text,
                truth=tuple((title, join(URL, href), day) for title, href, day in rows),
                ours=tuple((i.title, i.url, i.date.value.isoformat() if i.date else "") for i in fact.items),
            )
        )
    return cases


def make_cases() -> list[Case]:
    """The pages of the gallery that list anything."""
    cases = []
    for make in GALLERY:
        url = f"http://{HOST}{make.path}"
        fact = read(make.html, make.path)
        cases.append(
            Case(
                name=make.name,
                url=url,
                html=make.html,
                truth=tuple((title, join(url, href), day or "") for title, href, day in make.items),
                ours=tuple((i.title, i.url, i.date.value.isoformat() if i.date else "") for i in fact.items),
            )
        )
    return cases


def recall_and_precision(cases: Iterable[Case]) -> tuple[int, int, int]:
    """Entries read rightly, entries there are, entries read."""
    right = there = read_ = 0
    for case in cases:
        right += len(set(case.truth) & set(case.ours))
        there += len(set(case.truth))
        read_ += len(set(case.ours))
    return right, there, read_


def _table(topic: str, cases: list[Case]) -> Table:
    right, there, told = recall_and_precision(cases)
    scores = [
        Score("巡查, recall of (title, address, day)", right, there, told),
        Score("巡查, precision of (title, address, day)", right, told, told),
    ]
    for name, rival in (("GNE ListPageExtractor", _gne()),):
        if rival is None:
            scores.append(Score(f"{name} (not installed)", 0, there, 0))
            continue
        hits = given = pairs = 0
        for case in cases:
            if not case.truth:
                continue
            wanted = {(title, url) for title, url, _ in case.truth}
            found = rival(case.html, case.url, case.truth[0][0]) or set()
            hits += len(found & wanted)
            given += len(found)
            pairs += len(wanted)
        scores.append(Score(f"{name}, recall of (title, address)", hits, pairs, given))
        scores.append(Score(f"{name}, precision of (title, address)", hits, given, given))
    misses = []
    for case in cases:
        misses += [Miss(case.name, str(item), "", "not read") for item in case.truth if item not in case.ours]
        misses += [Miss(case.name, "", str(item), "not there") for item in case.ours if item not in case.truth]
    return Table(topic, __doc__.split("\n\n")[1].replace("\n", " ") if __doc__ else "", tuple(scores), tuple(misses))


def _gne() -> Rival | None:
    try:
        gne: Any = importlib.import_module("gne")
    except ImportError:
        return None

    def extract(html: str, url: str, feature: str) -> set[tuple[str, str]] | None:
        with contextlib.redirect_stdout(io.StringIO()):
            try:
                rows = gne.ListPageExtractor().extract(html, feature=feature.split('"')[0][:12])
            except Exception:  # whatever a rival raises is an answer it did not give
                return None
        return {(row["title"].strip(), join(url, row.get("url", ""))) for row in rows if row.get("title", "").strip()}

    return extract
