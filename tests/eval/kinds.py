"""Page kinds: home, column, article, document, other, told from a page's bytes under an address that tells nothing.

trafilatura gives a page type only where Open Graph tells one (article, website); it is read as article, and as home for
a website. A baseline calls every page an article, which most pages of the corpus are.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crawler.read.charset import decode
from tests.eval.corpus import body_of, labelled, reading_of
from tests.eval.table import Miss, Score, Table


def measure(corpus: Path) -> Table:
    """Our kinds and the rivals'."""
    rows = labelled("kinds.tsv")
    misses = misses_of(corpus)
    scores = [Score("巡查", len(rows) - len(misses), len(rows), len(rows))]
    rare = [row for row in rows if row[1] != "article"]
    lost = {miss.page for miss in misses}
    scores.append(Score("巡查, all but articles", sum(page not in lost for page, _, _ in rare), len(rare), len(rare)))
    trafilatura = _trafilatura()
    if trafilatura is None:
        scores.append(Score("trafilatura (not installed)", 0, len(rows), 0))
    else:
        told = [(truth, trafilatura(decode(body_of(corpus, page), "").text)) for page, truth, _ in rows]
        right = sum(truth == kind for truth, kind in told)
        scores.append(Score("trafilatura", right, len(rows), sum(bool(kind) for _, kind in told)))
    articles = sum(truth == "article" for _, truth, _ in rows)
    scores.append(Score("everything an article", articles, len(rows), len(rows)))
    return Table("Page kinds", (__doc__ or "").replace("\n", " "), tuple(scores), misses)


def misses_of(corpus: Path) -> tuple[Miss, ...]:
    """The pages whose kind we tell wrongly."""
    return tuple(
        Miss(page, truth, kind, how)
        for page, truth, how in labelled("kinds.tsv")
        if (kind := reading_of(corpus, page).fact.kind.value) != truth
    )


def _trafilatura() -> Callable[[str], str] | None:
    try:
        module: Any = importlib.import_module("trafilatura")
    except ImportError:
        return None

    def kind(html: str) -> str:
        try:
            found = module.extract_metadata(html)
        except Exception:  # whatever a rival raises is an answer it did not give
            return ""
        told = (getattr(found, "pagetype", "") or "").lower()
        return {"article": "article", "website": "home"}.get(told, "")

    return kind
