"""Soft-404: bodies that say under a 200 that the page does not exist, among pages that do not.

The page alone is judged here, without the site's answer to an impossible address. A verdict takes two signs, one is a
suspicion. No library tells soft-404; the baselines are the status (200 throughout) and "404 in the title".
"""

from __future__ import annotations

import re
from pathlib import Path

from crawler.fetch.soft404 import signs_of
from tests.eval.corpus import labelled, reading_of
from tests.eval.table import Miss, Score, Table
from tests.unit.read.error_pages import ERRORS, HEALTHY
from tests.unit.read.pages import reading

_TITLE = re.compile(r"404|not found", re.IGNORECASE)
Case = tuple[str, bool, list[str], str]


def cases_of(corpus: Path | None) -> list[Case]:
    """Name, whether the page says that it is missing, our signs, the title; fictional pages behind the corpus' own."""
    cases: list[Case] = []
    if corpus is not None:
        for page, truth, _ in labelled("soft404.tsv"):
            told = reading_of(corpus, page)
            cases.append((page, truth == "missing", signs_of(told.fact, told.text), told.fact.title))
    for pages, missing in ((ERRORS, True), (HEALTHY, False)):
        for name, html in pages.items():
            told = reading(html, "/a/b/123.html")
            cases.append((f"fictional: {name}", missing, signs_of(told.fact, told.text), told.fact.title))
    return cases


def measure(corpus: Path) -> Table:
    """Our verdicts and suspicions, and the baselines."""
    cases = cases_of(corpus)
    missing = [case for case in cases if case[1]]
    healthy = [case for case in cases if not case[1]]
    scores = (
        Score("巡查, missing pages told (two signs)", sum(len(case[2]) >= 2 for case in missing), len(missing), 0),
        Score("巡查, missing pages suspected (one sign)", sum(len(case[2]) >= 1 for case in missing), len(missing), 0),
        Score("巡查, healthy pages left alone", sum(len(case[2]) < 2 for case in healthy), len(healthy), 0),
        Score("404 in the title, missing told", sum(bool(_TITLE.search(c[3])) for c in missing), len(missing), 0),
        Score("404 in the title, healthy left alone", sum(not _TITLE.search(c[3]) for c in healthy), len(healthy), 0),
        Score("status alone, missing told", 0, len(missing), 0),
    )
    misses = tuple(
        Miss(name, "missing" if lacks else "healthy", "，".join(signs))
        for name, lacks, signs, _ in cases
        if (len(signs) >= 2) is not lacks
    )
    return Table("Soft-404", (__doc__ or "").replace("\n", " "), scores, misses)
