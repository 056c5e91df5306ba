"""Who stands where under a ruleset: one order for the web page, the terminal and the annexes."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from reports.problems import InspectionView
from reports.wording import rounded
from scoring.model import Scorecard

_DECIMALS = 12
LEAST = Decimal("0.1")
"""The part of the points that must have been told of a target that is ranked; assumed."""


class Standing(Struct, frozen=True):
    """One line of a ranking. `rank` is None where the target is vetoed, or unscored: next to nothing of it was
    determined, or the ruleset knows vetoes only.

    `rate` is total ÷ attainable: what was not determined neither lowers nor raises a place.
    """

    rank: int | None
    unit_name: str
    card: Scorecard
    rate: Decimal | None

    @property
    def is_provisional(self) -> bool:
        """Whether less than half of the points could be told, so that the rank says little yet."""
        return self.rank is not None and self.card.attainable * 2 < self.card.maximum

    @property
    def place(self) -> str:
        """The rank as a reader sees it: `3`, `暂列3`, or — where there is none."""
        if self.rank is None:
            return "—"
        return f"暂列{self.rank}" if self.is_provisional else str(self.rank)


PROVISIONAL = "“暂列”表示可得分不足满分的一半，待未能判定的指标确定、人工指标录入后再定名次；不足十分之一的不排名。"


class Ranking(Struct, frozen=True):
    """All targets scored under one ruleset, best first; equal rates share a rank (10, 10, 12)."""

    ruleset: str
    version: str
    title: str
    standings: tuple[Standing, ...]

    @property
    def is_scored(self) -> bool:
        """The ruleset gives points; one of vetoes alone does not."""
        return any(line.card.maximum for line in self.standings)

    @property
    def is_provisional(self) -> bool:
        """Whether any of its ranks is."""
        return any(line.is_provisional for line in self.standings)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Names of the first-level indicators in the ruleset's order."""
        return tuple(dict.fromkeys(part.name for line in self.standings for part in line.card.dimensions))


def rankings(view: InspectionView) -> tuple[Ranking, ...]:
    """One ranking per ruleset and version, in the order of the view's rulesets; those it does not name come last."""
    groups: dict[tuple[str, str], list[tuple[str, Scorecard]]] = {(ref.id, ref.version): [] for ref in view.rulesets}
    for unit in view.units:
        for card in unit.scorecards:
            groups.setdefault((card.ruleset, card.version), []).append((unit.name, card))
    return tuple(
        Ranking(ruleset, version, entries[0][1].title, _ranked(entries))
        for (ruleset, version), entries in groups.items()
        if entries
    )


def rate(card: Scorecard) -> Decimal | None:
    """Total ÷ attainable to twelve decimals; None where less than a tenth of the points could be told.

    Of a site that never opened its name alone may be judged: the last place would be a verdict on what nobody saw.
    Thirds that were summed differ in their 28th digit: that is no difference between two targets.
    """
    told = card.attainable and card.attainable >= card.maximum * LEAST
    return rounded(card.total / card.attainable, _DECIMALS) if told else None


def total(card: Scorecard) -> Decimal | None:
    """The card's total as a reader may take it; None where nothing was determined, for that is no score of nought."""
    return card.total if card.attainable or card.total else None


def _ranked(entries: list[tuple[str, Scorecard]]) -> tuple[Standing, ...]:
    def order(entry: tuple[str, Scorecard]) -> tuple[int, Decimal, str, str]:
        _, card = entry
        share = rate(card)
        group = 2 if share is None and card.maximum else 1 if card.vetoed else 0
        return group, -(share or Decimal(0)), card.target.unit, card.target.address

    standings: list[Standing] = []
    for place, (unit_name, card) in enumerate(sorted(entries, key=order), start=1):
        share = rate(card)
        rank: int | None = None
        if share is not None and not card.vetoed:
            before = standings[-1] if standings else None
            rank = before.rank if before and before.rate == share else place
        standings.append(Standing(rank, unit_name, card, share))
    return tuple(standings)
