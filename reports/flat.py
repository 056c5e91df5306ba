"""findings.csv and scores.csv: the outbox's JSON as flat tables for other programs and for spreadsheets.

Heads are the ids of the JSON; lists and objects stand as JSON texts. UTF-8 with a byte order mark, so that spreadsheets
read Chinese. A text that a spreadsheet would take for a formula has an apostrophe before it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from reports import records
from reports.problems import InspectionView
from reports.ranking import place_of, ranks_of
from reports.wording import printable
from scoring.model import Scorecard
from scoring.ranks import total

FINDINGS = (
    *("unit", "unit_name", "target", "target_name", "target_kind", "check", "title", "state", "severity", "life"),
    *("first_seen", "url", "location", "quote", "problem_url", "message", "confirmations", "clause", "rectify"),
    *("fingerprint", "evidence", "observed"),
)
SCORES = (
    *("unit", "unit_name", "target", "target_name", "target_kind", "ruleset", "version", "verdict", "vetoed"),
    *("dimension", "score", "attainable", "maximum", "assumed_points", "rank", "ties"),
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_findings(view: InspectionView, path: Path) -> None:
    """One line a finding, confirmed and to be reviewed: `state` tells which. Raises OSError."""
    rows = (
        {
            **record,
            "unit_name": problem.unit_name,
            "target_name": problem.target_name,
            "title": problem.title,
            "rectify": problem.rectify,
        }
        for record, problem in zip(records.findings(view), view.problems, strict=True)
    )
    _write(path, FINDINGS, rows)


def write_scores(view: InspectionView, path: Path) -> None:
    """One line a scorecard and dimension, and one for the total with an empty dimension and the rank. Raises OSError.

    A total stays empty where too little was determined for a score.
    """
    ranks = ranks_of(view)
    rows = (
        row for unit in view.units for card in unit.scorecards for row in _card(unit.name, card, ranks[place_of(card)])
    )
    _write(path, SCORES, rows)


def _card(unit_name: str, card: Scorecard, rank: int | None) -> Iterator[Mapping[str, object]]:
    whose = {
        "unit": card.target.unit,
        "unit_name": unit_name,
        "target": card.target.address,
        "target_name": card.name,
        "target_kind": card.target.kind.value,
        "ruleset": card.ruleset,
        "version": card.version,
        "verdict": card.verdict,
        "vetoed": card.vetoed,
    }
    for part in card.dimensions:
        yield {
            **whose,
            "dimension": part.name,
            "score": part.score,
            "attainable": part.attainable,
            "maximum": part.maximum,
            "assumed_points": "",
            "rank": None,
            "ties": "",
        }
    yield {
        **whose,
        "dimension": "",
        "score": total(card),
        "attainable": card.attainable,
        "maximum": card.maximum,
        "assumed_points": card.assumed_points,
        "rank": rank,
        "ties": card.ties.value,
    }


def _write(path: Path, heads: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(heads)
        writer.writerows([_cell(row[head]) for head in heads] for row in rows)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or isinstance(value, int | Decimal):
        return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)
    text = printable(value) if isinstance(value, str) else printable(records.encode(value).decode())
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
