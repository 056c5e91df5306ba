"""The ground truth of links, safety marks, dates and sharing: what was planted, and that nothing else is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from demo.intrusions import Intrusion
from demo.model import Article

if TYPE_CHECKING:
    from demo.truth import SiteTruth

CHECKS = (
    "update.column-unviewable",
    "update.date-irregular",
    "update.date-forged",
    "link.mislabelled",
    "link.unsafe",
    "link.no-leave-prompt",
    "content.hidden-link",
    "content.tampered",
    "function.share",
    "content.advertising",
)


def intrusion_rows(truth: SiteTruth, planted: Iterable[Intrusion]) -> Iterator[dict[str, Any]]:
    """The rows of one site; a check for which nothing was planted there has a row that says so."""
    told = set()
    for intrusion in planted:
        for row in intrusion.rows:
            told.add(row["check"])
            yield _row(truth, intrusion, row)
    for check in CHECKS:
        if check not in told:
            yield truth.row(check, "pass", "没有这类问题")


def _row(truth: SiteTruth, intrusion: Intrusion, row: dict[str, Any]) -> dict[str, Any]:
    holder = intrusion.holder
    page = article = truth.site.home_url
    more: dict[str, Any] = {}
    match = row.get("match", "url")
    if isinstance(holder, Article):
        page = article = truth.article_address(holder)
        if holder.gone:  # what tells of it is the list that still names it
            page = truth.address(holder.column)
    if "problem" in row:
        match = "problem"
        more["problem_url"] = article if row["problem"] == "article" else row["problem"]
        more["urls"] = [page]
    elif "quote" in row:
        match, more["quote"] = "quote", row["quote"]
    return truth.row(row["check"], row["expect"], row["why"], match=match, url=page, **more)
