"""The shapes an indicator can have in a ruleset file, one model a kind. What must add up is in `laws`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from scoring.clauses import EVERY, WhereClause
from scoring.figures import Amount, Entry, Figure, weakest
from scoring.model import Kind, Provenance

Words = Annotated[str, Field(min_length=1, pattern=r"^[^\x00]*$")]  # no database keeps the sign NUL in a text
CheckId = Annotated[str, Field(min_length=1)]


class Item(Entry):
    """What one confirmed finding of a check costs. A finding takes the first item of its indicator that it fits."""

    check: CheckId
    label: Words
    per_item: Amount
    where: WhereClause = EVERY


class Part(Entry):
    """A part of a presence indicator: its points are had where the check holds nothing against it."""

    check: CheckId
    label: Words
    points: Amount
    where: WhereClause = EVERY


class Measure(Entry):
    """A Measurement by its check and name."""

    check: CheckId
    name: Words


class Tier(Entry):
    """`points` for a measured value of `at_least` or more, up to the next tier."""

    at_least: Amount
    points: Amount


class Ratio(Entry):
    """A measurement and, where there are tiers, the steps it is read by; without tiers it is points × value."""

    measure: Measure
    tiers: tuple[Tier, ...] = ()


class Base(Entry, ABC):
    """What every indicator says of itself. `provenance` holds for each of its numbers that has none of its own."""

    id: Words
    name: Words
    rule: Words
    clause: Words
    provenance: Provenance

    @abstractmethod
    def figures(self) -> Iterator[Figure]:
        """Every number of the indicator."""

    @property
    def checks(self) -> tuple[str, ...]:
        """The ids of the checks it reads, each once, in order."""
        return ()

    @property
    def sureness(self) -> Provenance:
        """The weakest provenance among its numbers."""
        return weakest(frozenset(figure.provenance or self.provenance for figure in self.figures()))


class Scored(Base):
    """An indicator that has points."""

    points: Amount

    def figures(self) -> Iterator[Figure]:
        """Points first."""
        yield self.points


class Deduct(Scored):
    """points − min(Σ confirmed findings × per_item, cap).

    `once_per_page` is the guard against double deduction: of the findings about one page only the dearest is taken,
    for a column that is both empty and stale is one fault.
    """

    kind: Literal["deduct"]
    items: tuple[Item, ...] = Field(min_length=1)
    cap: Amount | None = None
    once_per_page: bool = False

    @property
    def ceiling(self) -> Decimal:
        """The most that may be taken: the cap, or all points."""
        return self.cap.value if self.cap else self.points.value

    def figures(self) -> Iterator[Figure]:
        """Points, cap, and what each item costs."""
        yield self.points
        if self.cap:
            yield self.cap
        yield from (item.per_item for item in self.items)

    @property
    def checks(self) -> tuple[str, ...]:
        """The checks of its items."""
        return tuple(dict.fromkeys(item.check for item in self.items))


class Presence(Scored):
    """Points for what is there, part by part."""

    kind: Literal["presence"]
    parts: tuple[Part, ...] = Field(min_length=1)

    def figures(self) -> Iterator[Figure]:
        """Points, and each part's."""
        yield self.points
        yield from (part.points for part in self.parts)

    @property
    def checks(self) -> tuple[str, ...]:
        """The checks of its parts."""
        return tuple(dict.fromkeys(part.check for part in self.parts))


class RatioIndicator(Scored):
    """points × value, or by tiers of a Measurement."""

    kind: Literal["ratio"]
    ratio: Ratio

    def figures(self) -> Iterator[Figure]:
        """Points, and each tier's bound and points."""
        yield self.points
        for tier in self.ratio.tiers:
            yield from (tier.at_least, tier.points)

    @property
    def checks(self) -> tuple[str, ...]:
        """The check that measures."""
        return (self.ratio.measure.check,)


class Manual(Scored):
    """A person enters a value within [0, points], with a reason; until then 未检查."""

    kind: Literal["manual"]


class Count(Entry):
    """Findings that are counted towards a veto."""

    check: CheckId
    where: WhereClause = EVERY


class Share(Entry):
    """A measured share and the line from which it is a veto."""

    measure: Measure
    at_least: Amount


class Condition(Entry):
    """One way in which a veto holds: so many confirmed findings over all its checks, or a share from its line up."""

    label: Words
    at_least: Amount | None = None
    of: tuple[Count, ...] = ()
    share: Share | None = None

    @property
    def checks(self) -> tuple[str, ...]:
        """The checks it reads."""
        counted = tuple(dict.fromkeys(count.check for count in self.of))
        return (*counted, self.share.measure.check) if self.share else counted


class Veto(Base):
    """单项否决. It holds where any condition holds; `manual` says that parts of it only a person can settle."""

    kind: Literal["veto"]
    any: tuple[Condition, ...] = ()
    manual: bool = False

    def figures(self) -> Iterator[Figure]:
        """The lines of its conditions; a veto without any rests on its clause alone."""
        yield Figure(value=Decimal(1), provenance=self.provenance)
        for condition in self.any:
            if condition.at_least:
                yield condition.at_least
            if condition.share:
                yield condition.share.at_least

    @property
    def checks(self) -> tuple[str, ...]:
        """The checks of its conditions."""
        return tuple(dict.fromkeys(check for condition in self.any for check in condition.checks))


class Bonus(Scored):
    """加分: by parts, by a ratio, or (with neither) by hand."""

    kind: Literal["bonus"]
    parts: tuple[Part, ...] = ()
    ratio: Ratio | None = None

    def figures(self) -> Iterator[Figure]:
        """Points, then those of its parts and tiers."""
        yield self.points
        yield from (part.points for part in self.parts)
        for tier in self.ratio.tiers if self.ratio else ():
            yield from (tier.at_least, tier.points)

    @property
    def checks(self) -> tuple[str, ...]:
        """The checks of its parts or of its measurement; none where it is entered by hand."""
        parts = tuple(dict.fromkeys(part.check for part in self.parts))
        return (*parts, self.ratio.measure.check) if self.ratio else parts


class Deduction(Scored):
    """扣分项, taken after summing: `points` is the most it takes; by items, or (without any) by hand."""

    kind: Literal["deduction"]
    items: tuple[Item, ...] = ()
    once_per_page: bool = False

    def figures(self) -> Iterator[Figure]:
        """The ceiling, and what each item costs."""
        yield self.points
        yield from (item.per_item for item in self.items)

    @property
    def checks(self) -> tuple[str, ...]:
        """The checks of its items; none where it is entered by hand."""
        return tuple(dict.fromkeys(item.check for item in self.items))


Indicator = Annotated[Deduct | Presence | RatioIndicator | Manual, Field(discriminator="kind")]
"""What may stand in a dimension."""

AnyIndicator = Deduct | Presence | RatioIndicator | Manual | Veto | Bonus | Deduction


def kind_of(indicator: AnyIndicator) -> Kind:
    """The kind of the fixed vocabulary."""
    return Kind(indicator.kind)
