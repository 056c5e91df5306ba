"""排名 as the printed circulars rank: ties are numbered through (2017) or share a rank (accounts of 2019)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from scoring.model import Scorecard

Style = Literal["sequential", "competition"]


class Ranked(Struct, frozen=True):
    """A card and its rank; None where nothing of it was determined, for a gap of ours is no last place."""

    rank: int | None
    card: Scorecard


def rank(cards: Sequence[Scorecard], style: Style = "sequential") -> tuple[Ranked, ...]:
    """The cards best first, those without a rank at the end. Ties keep the order they were given in.

    `sequential` numbers ties through (71.00 three times is 5, 6, 7); `competition` lets them share the first
    number (10, 10, 12). Cards are compared by exact score over attainable points: where all were determined in full
    that is the order of totals, and where not, what could not be determined takes no one down.
    """
    ranked = sorted((card for card in cards if card.attainable > 0), key=_rate, reverse=True)
    rows: list[Ranked] = []
    for place, card in enumerate(ranked, start=1):
        tied = style == "competition" and rows and _rate(rows[-1].card) == _rate(card)
        rows.append(Ranked(rows[-1].rank if tied else place, card))
    rows += [Ranked(None, card) for card in cards if card.attainable <= 0]
    return tuple(rows)


def _rate(card: Scorecard) -> Fraction:
    """得分率, exactly."""
    return Fraction(card.total) / Fraction(card.attainable)
