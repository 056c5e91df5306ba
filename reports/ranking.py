"""Who stands where under a ruleset: one order for the web page, the terminal and the annexes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from checks.model import Target
from reports.problems import InspectionView
from scoring.model import Scorecard, Ties
from scoring.ranks import rank, rate

Place = tuple[Target, str, str]


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
    """All targets scored under one ruleset, best first; equal rates are ranked in the ruleset's style."""

    ruleset: str
    version: str
    title: str
    standings: tuple[Standing, ...]

    @property
    def is_scored(self) -> bool:
        """The ruleset gives points; one of vetoes alone does not."""
        return any(line.card.maximum for line in self.standings)

    @property
    def ties(self) -> Ties:
        """How equal rates are ranked."""
        return self.standings[0].card.ties

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


def ranks_of(view: InspectionView) -> Mapping[Place, int | None]:
    """The rank of every scorecard among all that its ruleset scored; None where there is none."""
    return {place_of(line.card): line.rank for ranking in rankings(view) for line in ranking.standings}


def place_of(card: Scorecard) -> Place:
    """What tells a card from all others of an inspection."""
    return card.target, card.ruleset, card.version


def _ranked(entries: list[tuple[str, Scorecard]]) -> tuple[Standing, ...]:
    """The cards of one ruleset, ties in the order of the registry."""
    units = {card.target: name for name, card in entries}
    ranked = rank([card for _, card in entries], entries[0][1].ties)
    return tuple(Standing(line.rank, units[line.card.target], line.card, rate(line.card)) for line in ranked)
