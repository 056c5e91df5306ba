"""Scorecards as rows: a card's own row says what it comes to, and a row an indicator how (评分过程).

Points stand as exact text, `0.10` as it was reckoned. What no query asks for stands as JSON in `fact`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy.engine import Connection

from checks.model import State, Subject, Target
from crawler.facts import Coverage
from scoring.model import DimensionScore, Kind, Provenance, Scorecard, ScoreTrace, Ties
from storage import tables
from storage.database import Database
from storage.encoding import findings_of, mapping_of, strings_of, text_of
from storage.life import is_target

_KEY = ("inspection", "address", "kind", "unit", "ruleset")
_CARD = (*_KEY, "fact")
_TRACE = (
    *(*_KEY, "position", "indicator", "dimension", "state", "points", "attainable", "score", "operands", "arithmetic"),
    *("findings", "coverage", "reviews", "fact"),
)


class _Summary(Struct, frozen=True):
    """The rest of a scorecard's own row."""

    name: str
    version: str
    title: str
    verdict: str
    total: Decimal
    attainable: Decimal
    maximum: Decimal
    assumed_points: Decimal
    dimensions: tuple[DimensionScore, ...]
    undetermined: tuple[str, ...]
    vetoed: bool
    verdict_note: str
    ties: Ties = Ties.SHARED


class _Terms(Struct, frozen=True):
    """The rest of a trace's row; `by_threshold` is a JSON text, for a finding's `observed` holds anything."""

    name: str
    kind: Kind
    rule: str
    clause: str
    provenance: Provenance
    checks: tuple[str, ...]
    note: str
    by_threshold: str


class _Verdict(Struct, frozen=True):
    verdict: str


_summary = msgspec.json.Decoder(_Summary).decode
_terms = msgspec.json.Decoder(_Terms).decode
_verdict = msgspec.json.Decoder(_Verdict).decode
_coverage = msgspec.json.Decoder(dict[str, Coverage]).decode
_numbers = msgspec.json.Decoder(tuple[int, ...]).decode
_SUMMARY = _Summary.__struct_fields__


def insert(database: Database, connection: Connection, inspection: str, cards: Sequence[Scorecard]) -> None:
    """Adds scorecards with their traces, within the caller's transaction."""
    keyed = sorted(((_key(inspection, card), card) for card in cards), key=lambda pair: pair[0])  # as the tables are
    rows = [(*key, text_of({name: getattr(card, name) for name in _SUMMARY})) for key, card in keyed]
    database.insert(connection, tables.cards, _CARD, rows)
    database.insert(
        connection,
        tables.traces,
        _TRACE,
        [(*key, *_trace_row(place, trace)) for key, card in keyed for place, trace in enumerate(card.traces)],
    )


def read(connection: Connection, inspection: str, target: Target | None = None) -> list[Scorecard]:
    """The scorecards of an inspection, or of one of its targets, by target and ruleset."""
    traces: dict[tuple[str, ...], tuple[ScoreTrace, ...]] = {
        key: tuple(_trace_of(row) for row in rows)
        for key, rows in groupby(_rows(connection, tables.traces, inspection, target, ("position",)), key=_place)
    }
    return [
        Scorecard(
            target=Target(row.unit, row.address, Subject(row.kind)),
            ruleset=row.ruleset,
            traces=traces.get(_place(row), ()),
            **{name: getattr(summary, name) for name in _SUMMARY},
        )
        for row in _rows(connection, tables.cards, inspection, target)
        for summary in (_summary(row.fact),)
    ]


def verdicts(connection: Connection, inspection: str) -> Iterator[tuple[Target, str, str]]:
    """Target, ruleset and verdict of every scorecard of an inspection, without how it came to it."""
    for row in _rows(connection, tables.cards, inspection):
        yield Target(row.unit, row.address, Subject(row.kind)), row.ruleset, _verdict(row.fact).verdict


def _rows(
    connection: Connection, table: sa.Table, inspection: str, target: Target | None = None, then: Sequence[str] = ()
) -> Iterable[sa.Row[Any]]:
    query = sa.select(table).where(table.c.inspection == inspection)
    if target is not None:
        query = query.where(is_target(table, target))
    order = ("kind", "unit", "address", "ruleset", *then)
    return connection.execute(query.order_by(*(table.c[name] for name in order))).all()


def _key(inspection: str, card: Scorecard) -> tuple[str, ...]:
    return inspection, card.target.address, card.target.kind.value, card.target.unit, card.ruleset


def _place(row: sa.Row[Any]) -> tuple[str, ...]:
    return row.kind, row.unit, row.address, row.ruleset


def _trace_row(place: int, trace: ScoreTrace) -> tuple[object, ...]:
    return (
        place,
        trace.indicator,
        trace.dimension,
        trace.state.value,
        str(trace.points),
        str(trace.attainable),
        None if trace.score is None else str(trace.score),
        text_of({name: _mark(value) for name, value in trace.operands.items()}),
        trace.arithmetic,
        text_of(trace.findings),
        text_of(trace.coverage),
        text_of(trace.reviews),
        text_of(
            _Terms(
                trace.name,
                trace.kind,
                trace.rule,
                trace.clause,
                trace.provenance,
                trace.checks,
                trace.note,
                text_of(trace.by_threshold),
            )
        ),
    )


def _trace_of(row: sa.Row[Any]) -> ScoreTrace:
    terms = _terms(row.fact)
    return ScoreTrace(
        indicator=row.indicator,
        dimension=row.dimension,
        points=Decimal(row.points),
        state=State(row.state),
        score=None if row.score is None else Decimal(row.score),
        attainable=Decimal(row.attainable),
        operands=_unmarked(mapping_of(row.operands)),
        arithmetic=row.arithmetic,
        findings=strings_of(row.findings),
        coverage=_coverage(row.coverage),
        reviews=_numbers(row.reviews),
        **{**asdict(terms), "by_threshold": findings_of(terms.by_threshold)},
    )


def _mark(value: Decimal | int | str) -> str:
    """An operand with the letter that says which it is, for a number is exact and may be a word."""
    if isinstance(value, Decimal):
        return f"d{value}"
    return f"i{int(value)}" if isinstance(value, int) else f"s{value}"


def _unmarked(operands: Mapping[str, Any]) -> dict[str, Decimal | int | str]:
    return {name: _READ[text[0]](text[1:]) for name, text in operands.items()}


_READ = {"d": Decimal, "i": int, "s": str}
