"""排名 as the printed circulars rank, and when there is a score at all: one notion of both for all who tell them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from scoring.model import Scorecard, Ties

LEAST = Decimal("0.1")
"""The part of the points that must have been told of a target that is scored and ranked; assumed."""
_DECIMALS = Decimal("1E-12")


class Ranked(Struct, frozen=True):
    """A card and its rank; None where it is vetoed or not scored, for a gap of ours is no last place."""

    rank: int | None
    card: Scorecard


def is_told(told: Decimal, maximum: Decimal) -> bool:
    """Whether so many points of the maximum are enough to be called a score.

    Of a site that never opened its name alone may be judged: nought of three points would judge what nobody saw.
    """
    return told > 0 and told >= maximum * LEAST


def total(card: Scorecard) -> Decimal | None:
    """The card's total as a reader may take it; None where too little was determined, or no points are given."""
    return card.total if is_told(card.attainable, card.maximum) else None


def rate(card: Scorecard) -> Decimal | None:
    """得分率: total ÷ attainable to twelve decimals; None where there is no total.

    Thirds that were summed differ in their 28th digit: that is no difference between two targets.
    """
    scored = total(card)
    return None if scored is None else (scored / card.attainable).quantize(_DECIMALS, ROUND_HALF_UP)


def rank(cards: Sequence[Scorecard], ties: Ties) -> tuple[Ranked, ...]:
    """The cards of one ruleset best first, then the vetoed, then those without a score; ties keep their order.

    By 得分率: where all were determined in full that is the order of totals, and where not, what could not be
    determined takes no one down.
    """

    def order(card: Scorecard) -> tuple[int, Decimal]:
        share = rate(card)
        group = 2 if share is None and card.maximum else 1 if card.vetoed else 0
        return group, -(share or Decimal(0))

    rows: list[Ranked] = []
    for place, card in enumerate(sorted(cards, key=order), start=1):
        if rate(card) is None or card.vetoed:
            rows.append(Ranked(None, card))
        elif ties is Ties.SHARED and rows and rate(rows[-1].card) == rate(card):
            rows.append(Ranked(rows[-1].rank, card))
        else:
            rows.append(Ranked(place, card))
    return tuple(rows)
