"""A week of availability probes as 国办秘函〔2019〕19号 counts it: 1周, 每天间隔性访问20次以上, 15秒以上打不开的占比.

Days are spans of 24 hours counted back from the monitoring time point, so that each is whole at whatever hour it lies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from checks.model import Thresholds
from checks.settings import integer
from crawler.facts import Maintenance, Outcome, ProbeFact

_UNSETTLED = frozenset({Outcome.TLS_FAILED, Outcome.REDIRECT_LOOP})
"""Failures that a visitor's browser may not meet: an old protocol that our library refuses, a door for browsers."""
_SILENT = frozenset({Outcome.TIMEOUT, Outcome.RESET, Outcome.REFUSED})
"""How a firewall goes on that has just turned us away."""


class Counted(StrEnum):
    """What a probe counts as. Only the first two are in the denominator."""

    OPENED = "opened"
    UNOPENED = "unopened"
    MAINTENANCE = "maintenance"
    OWN_NETWORK = "own_network"
    UNTOLD = "untold"


class Day(Struct, frozen=True):
    """24 hours of probes, up to `end`."""

    start: datetime
    end: datetime
    counts: Counter[Counted]

    @property
    def visits(self) -> int:
        """The probes in the denominator."""
        return self.counts[Counted.OPENED] + self.counts[Counted.UNOPENED]

    def is_sampled(self, least: int) -> bool:
        """Whether the site was looked at often enough; looks during its planned downtime are looks."""
        return self.visits + self.counts[Counted.MAINTENANCE] >= least


class Week(Struct, frozen=True):
    """The days before the time point, the oldest first, and the probes that count as not opened."""

    days: tuple[Day, ...]
    unopened: tuple[ProbeFact, ...]

    def total(self, what: Counted) -> int:
        """So many probes of all days."""
        return sum(day.counts[what] for day in self.days)

    @property
    def visits(self) -> int:
        """The denominator."""
        return sum(day.visits for day in self.days)

    def sampled(self, least: int) -> int:
        """The days that were looked at often enough."""
        return sum(day.is_sampled(least) for day in self.days)


def week_of(
    history: Iterable[ProbeFact], maintenance: Sequence[Maintenance], as_of: datetime, thresholds: Thresholds
) -> Week:
    """The week before the time point. Of probes that follow each other within `spacing_minutes` the first counts.

    15 s and more (`slow_seconds`) count as not opened, as does a failure while the canaries answered.
    """
    span, slow = timedelta(days=1), integer(thresholds, "slow_seconds") * 1000
    number = integer(thresholds, "window_days")
    counts: list[Counter[Counted]] = [Counter() for _ in range(number)]
    unopened: list[ProbeFact] = []
    within = (probe for probe in history if as_of - number * span < probe.at <= as_of)
    spaced = list(_spaced(within, timedelta(minutes=integer(thresholds, "spacing_minutes"))))
    shut_out = _beside_a_refusal(spaced)
    for number_of, probe in enumerate(spaced):
        what = _counted(probe, slow, maintenance)
        if what is Counted.UNOPENED and number_of in shut_out:
            what = Counted.UNTOLD
        counts[(as_of - probe.at) // span][what] += 1
        if what is Counted.UNOPENED:
            unopened.append(probe)
    days = (Day(as_of - (back + 1) * span, as_of - back * span, counts[back]) for back in reversed(range(number)))
    return Week(tuple(days), tuple(unopened))


def _spaced(probes: Iterable[ProbeFact], least: timedelta) -> Iterator[ProbeFact]:
    """Those of the probes that lie apart: twenty within one outage of a quarter of an hour are one look, not twenty."""
    last: datetime | None = None
    for probe in sorted(probes, key=lambda probe: probe.at):
        if last is None or probe.at - last >= least:
            last = probe.at
            yield probe


def _counted(probe: ProbeFact, slow: int, maintenance: Sequence[Maintenance]) -> Counted:
    if any(window.holds(probe.at) for window in maintenance):
        return Counted.MAINTENANCE
    if probe.outcome is Outcome.OWN_NETWORK:
        return Counted.OWN_NETWORK
    if probe.outcome.is_seen and probe.elapsed_ms < slow:
        return Counted.OPENED
    if probe.outcome in _UNSETTLED or not (probe.outcome.is_failure or probe.outcome.is_seen):
        return Counted.UNTOLD
    return Counted.UNOPENED if probe.canaries_ok else Counted.OWN_NETWORK


def _beside_a_refusal(probes: Sequence[ProbeFact]) -> frozenset[int]:
    """The places of silent probes that adjoin, in an unbroken row, one at which a firewall turned us away."""
    found: set[int] = set()
    for order in (range(len(probes)), reversed(range(len(probes)))):
        turned_away = False
        for place in order:
            outcome = probes[place].outcome
            turned_away = outcome is Outcome.BLOCKED or (turned_away and outcome in _SILENT)
            if turned_away:
                found.add(place)
    return frozenset(found)
