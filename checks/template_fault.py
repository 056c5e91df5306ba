"""One finding for a fault that stands on many pages: it shows the first of them and lists the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checks.model import JSON, Finding, Severity
from checks.papers import Paper

_MOST_EVIDENCE = 5


def over_pages(
    papers: Sequence[Paper],
    *,
    message: str,
    location: str,
    listed: int,
    notes: Mapping[str, str] | None = None,
    observed: Mapping[str, JSON] | None = None,
    quote: str = "",
    severity: Severity = Severity.MINOR,
) -> Finding:
    """The finding; the page longest there stands for all, so that the same fault next quarter is the same finding.

    `notes` say by address what is wrong with each page; `listed` bounds how many pages are named.
    """
    order = sorted(papers, key=lambda paper: (paper.released.isoformat() if paper.released else "", paper.url))
    newest = order[::-1]
    pages: list[JSON] = [
        {
            "url": paper.url,
            "title": paper.title,
            **({"note": note} if notes and (note := notes.get(paper.url)) else {}),
        }
        for paper in newest[:listed]
    ]
    return Finding(
        url=order[0].url,
        message=message,
        location=location,
        quote=quote,
        observed={**(observed or {}), "pages": len(order), "listed": pages},
        severity=severity,
        evidence_urls=tuple(paper.url for paper in (order[0], *newest[: _MOST_EVIDENCE - 1])),
    )
