"""A week of probes at its edges: what is in the denominator, where days end, and when a share reaches the line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from checks.lexicon import thresholds
from checks.model import State
from checks.probe_week import Counted, week_of
from checks.runner import run
from crawler.facts import Maintenance, Outcome, ProbeFact
from tests.unit.checks.sites import AS_OF, HOME, SITE, site

HOUR = timedelta(hours=1)
DEFAULTS = thresholds("availability.unreachable")


def hourly(failed: Iterable[int] = (), *, days: int = 7, outcome: Outcome = Outcome.TIMEOUT) -> tuple[ProbeFact, ...]:
    """Probes each hour up to the time point, numbered from the latest, 0."""
    bad = frozenset(failed)
    return tuple(
        ProbeFact(HOME, AS_OF - number * HOUR, outcome if number in bad else Outcome.OK, 500, number in bad or None)
        for number in range(days * 24)
    )


def _state(history: tuple[ProbeFact, ...], *maintenance: Maintenance) -> State:
    facts = site(history=history, site=replace(SITE, maintenance=maintenance))
    return run(facts, checks={"availability.unreachable"})[0].state


@pytest.mark.parametrize(("failed", "state"), [(8, State.PASS), (9, State.FAIL)])
def test_five_percent_is_the_line(failed: int, state: State) -> None:
    assert _state(hourly(range(10, 10 + failed))) is state


def test_exactly_five_percent_is_over_the_line() -> None:
    day = [day * 24 + hour for day in range(7) for hour in range(20)]
    chosen = tuple(probe for number, probe in enumerate(hourly(day[:7])) if number in day)
    week = week_of(chosen, (), AS_OF, DEFAULTS)
    assert (week.visits, len(week.unopened), week.sampled(20)) == (140, 7, 7)
    assert _state(chosen) is State.FAIL
    assert _state(tuple(probe for probe in chosen if probe.at != AS_OF - 6 * HOUR)) is State.UNDETERMINED


def test_a_day_is_twenty_four_hours_back_from_the_time_point() -> None:
    week = week_of(hourly(days=9), (), AS_OF, DEFAULTS)
    assert [day.visits for day in week.days] == [24] * 7
    assert (week.days[-1].end, week.days[0].start) == (AS_OF, AS_OF - timedelta(days=7))


def test_what_is_registered_afterwards_counts_when_it_is_judged() -> None:
    history = hourly(range(10, 30))
    assert _state(history) is State.FAIL
    window = Maintenance(AS_OF - 29 * HOUR, AS_OF - 10 * HOUR)
    assert _state(history, window) is State.PASS
    week = week_of(history, (window,), AS_OF, DEFAULTS)
    assert (week.total(Counted.MAINTENANCE), week.visits, week.sampled(20)) == (20, 148, 7)
    assert _state(history, replace(window, end=AS_OF - 20 * HOUR)) is State.FAIL


@pytest.mark.parametrize(
    "outcome", [o for o in Outcome if not o.is_failure and not o.is_seen] + [Outcome.TLS_FAILED, Outcome.REDIRECT_LOOP]
)
def test_what_tells_nothing_is_no_failure(outcome: Outcome) -> None:
    assert _state(hourly(range(10, 168, 14), outcome=outcome)) is State.PASS


@pytest.mark.parametrize("canaries", [None, False])
def test_a_failure_without_a_canary_that_answered_is_ours(canaries: bool | None) -> None:
    history = tuple(replace(probe, canaries_ok=canaries) for probe in hourly(range(10, 22)))
    week = week_of(history, (), AS_OF, DEFAULTS)
    assert (week.total(Counted.OWN_NETWORK), week.unopened) == (12, ())


def test_a_line_of_ours_that_was_down_for_a_day_leaves_no_week() -> None:
    down = hourly(range(24, 48), outcome=Outcome.OWN_NETWORK)
    worse = tuple(
        replace(p, outcome=Outcome.TIMEOUT, canaries_ok=True) if p.at > AS_OF - 20 * HOUR else p for p in down
    )
    assert _state(worse) is State.UNDETERMINED


def test_silence_after_a_refusal_is_the_firewall_s() -> None:
    history = list(hourly(range(10, 40)))
    history[25] = replace(history[25], outcome=Outcome.BLOCKED, canaries_ok=None)
    assert week_of(history, (), AS_OF, DEFAULTS).unopened == ()
    history[20] = replace(history[20], outcome=Outcome.SERVER_ERROR)  # an answer of the site's own ends the row
    assert len(week_of(history, (), AS_OF, DEFAULTS).unopened) == 11


def test_the_arithmetic_stands_in_the_finding() -> None:
    facts = site(history=hourly(range(10, 30)), site=SITE)
    (result,) = run(facts, checks={"availability.unreachable"})
    (found,) = result.findings
    days = found.finding.observed["days"]
    assert isinstance(days, list) and len(days) == 7
    assert sum(int(str(day["visits"])) for day in days if isinstance(day, dict)) == found.finding.observed["visits"]
    assert found.finding.observed["unopened"] == 20
    (measured,) = result.measurements
    assert (measured.numerator, measured.denominator) == (20, 168)
