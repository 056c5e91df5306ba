"""A quarter of an office over a town of small sites, under an accelerated clock: `python -m tests.soak.quarter`.

Nights off, a power cut and a stop in mid-night, a clock that jumps, a night that is too short, two schedulers at once.
At the end every night is held against what it should be, and every inspection against what the town showed that day.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from checks.model import Subject
from crawler.facts import BEIJING
from scheduler.quarter import beginning, last_day
from scheduler.timetable import Hours, Kind
from storage.rounds import Round, RoundOutcome
from tests.soak.office import NAP, PACE, SCOPE, Office
from tests.soak.round import LEDGER
from tests.soak.town import is_link_dead, town

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Expected(Struct):
    """What should have come of each night: by date, and of how many starts."""

    nights: dict[date, tuple[str, int]]
    quarterly_starts: int = 0
    void: int = 0


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """That hour of a day in Shanghai."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BEIJING)


def done_targets(office: Office) -> int:
    """Targets that the inspection under way has worked off."""
    records = [one for one in office.store.inspections.all() if one.ended is None]
    if not records:
        return 0
    return sum(row.state == "done" for row in office.store.inspections.targets(records[0].id))


def live(office: Office, start: date, days: int, mishaps: Mapping[str, int]) -> Expected:
    """Lets so many days pass. `mishaps` has the day, counted from 0, of each that is to happen."""
    by_day = {start + DAY * number: name for name, number in mishaps.items()}
    expected = Expected({start + DAY * number: ("done", 1) for number in range(days)})
    day, end = start, start + DAY * days
    while day < end:
        office.go_until(at(day, 20))
        mishap = by_day.get(day)
        if mishap is not None:
            day = _MISHAPS[mishap](office, day, expected)
        day += DAY
    office.go_until(at(end, 12))
    return expected


def _off(office: Office, day: date, expected: Expected) -> date:
    """Nobody works for three nights; the machine comes back at noon."""
    for night in (day, day + DAY, day + 2 * DAY):
        expected.nights[night] = ("missed", 0)
    office.stop()
    office.clock.moment = at(day + 3 * DAY, 12)
    return day + 2 * DAY


def _killed(office: Office, day: date, expected: Expected) -> date:
    """A power cut while a third of the targets are done; ten minutes later another scheduler goes on."""
    office.go_until(at(day, 22))
    most = 2 * len(office.town.homes)
    office.work_until(lambda: done_targets(office) >= most // 6)
    office.kill()
    office.clock.moment += 10 * MINUTE
    expected.nights[day] = ("done", 2)
    return day


def _stopped(office: Office, day: date, expected: Expected) -> date:
    """Told to stop in mid-night, and started again half an hour later."""
    office.go_until(at(day, 22))
    office.work_until(lambda: done_targets(office) >= len(office.town.homes) // 3)
    office.stop()
    office.clock.moment += 30 * MINUTE
    expected.nights[day] = ("done", 2)
    return day


def _ahead(office: Office, day: date, expected: Expected) -> date:
    """After the night's work the clock shows two days later, for five hours, and is then put right."""
    office.go_until(at(day, 22))
    office.step(at(day + DAY, 5))  # the night's inspection, to its end
    real = office.clock.moment = at(day + DAY, 3)
    office.clock.moment = real + 2 * DAY
    office.go_until(real + 2 * DAY + 5 * HOUR)
    office.clock.moment = real + 5 * HOUR
    expected.void += 1  # the inspection of a night that was not yet; what it called missed is void as well
    return day


def _back(office: Office, day: date, expected: Expected) -> date:
    """The clock is set back by an hour just after a night's inspection has begun."""
    office.go_until(at(day, 22))
    office.work_until(lambda: done_targets(office) >= 1)
    office.clock.moment -= HOUR
    return day


def _doubled(office: Office, day: date, expected: Expected) -> date:
    """Two schedulers over one registry, neither asking who leads, and each fired twice."""
    other = office.new_conductor()
    office.go_until(at(day, 22))
    for _ in range(2):
        other.look()
        office.conductor.look()
    assert other.is_busy and not office.conductor.is_busy
    while other.is_busy:
        office.clock.moment += PACE
        other.attend()
        office.conductor.look()
        time.sleep(NAP)
    other.look()
    return day


def _short(office: Office, day: date, expected: Expected) -> date:
    """A night that ends before its inspection does."""
    _cut(office, day)
    expected.nights[day] = ("interrupted", 1)
    return day


def _quarterly(office: Office, day: date, expected: Expected) -> date:
    """The quarterly inspection takes two nights, for the first is too short."""
    _cut(office, day)
    expected.nights[day] = expected.nights[day + DAY] = ("covered", 0)
    expected.quarterly_starts = 2
    return day


def _cut(office: Office, day: date) -> None:
    """The night is over while a third of the sites are done."""
    office.go_until(at(day, 22))
    office.work_until(lambda: done_targets(office) >= len(office.town.homes) // 3)
    office.clock.moment = at(day + DAY, 6)
    office.step(at(day + DAY, 6, 30))


_MISHAPS: Mapping[str, Callable[[Office, date, Expected], date]] = {
    "off": _off,
    "killed": _killed,
    "stopped": _stopped,
    "ahead": _ahead,
    "back": _back,
    "doubled": _doubled,
    "short": _short,
    "quarterly": _quarterly,
}


def faults(office: Office, start: date, expected: Expected) -> list[str]:
    """Everything that is not as it should be, in words; nothing where all is."""
    wrong: list[str] = []
    rounds = [one for one in office.store.rounds.of(SCOPE, at(start, 0)) if one.outcome is not RoundOutcome.VOID]
    started = Counter((line["kind"], line["period"]) for line in ledger(office))
    nights = {one.period: one for one in rounds if one.kind == Kind.NIGHTLY}
    for day, (outcome, starts) in expected.nights.items():
        night = nights.pop(day.isoformat(), None)
        told = (night.outcome.value, night.attempts) if night else ("nothing", 0)
        if told != (outcome, starts):
            wrong.append(f"night {day}: {told}, should be {(outcome, starts)}: {night.words if night else ''}")
    wrong += [f"a night that nobody planned: {period}" for period in nights]
    for one in rounds:
        # a night that a wrong clock began once more is void, and counted on its own
        if started[one.kind, one.period] - one.attempts not in (0, _wrongly(office, one)):
            wrong.append(f"{one.kind} {one.period}: {started[one.kind, one.period]} processes, {one.attempts} claims")
        if one.outcome is RoundOutcome.DONE and one.inspection:
            wrong += _of_inspection(office, one)
    quarterly = [one.attempts for one in rounds if one.kind == Kind.QUARTERLY]
    if quarterly != [expected.quarterly_starts] * bool(expected.quarterly_starts):
        wrong.append(f"quarterly inspections begun {quarterly}, should be {expected.quarterly_starts}")
    known = {one.inspection for one in [*rounds, *_void(office)] if one.inspection}
    strange = [one.id for one in office.store.inspections.all() if one.id not in known]
    if strange:
        wrong.append(f"inspections that belong to no round: {strange}")
    void = [one for one in _void(office) if one.kind == Kind.NIGHTLY and one.inspection]
    if len(void) != expected.void:
        wrong.append(f"{len(void)} nights are void, should be {expected.void}")
    return wrong


def _of_inspection(office: Office, one: Round) -> list[str]:
    """What is wrong with the inspection of a round that is done: its targets, and what it says of the town."""
    store, wrong = office.store, []
    rows = store.inspections.targets(one.inspection)
    expected = (0 if one.kind == Kind.ACCOUNTS else 1) + 1
    if len(rows) != expected * len(office.town.homes) or {row.state for row in rows} != {"done"}:
        wrong.append(f"{one.kind} {one.period}: targets {Counter(row.state for row in rows)}")
    if one.kind != Kind.NIGHTLY:
        return wrong
    day = date.fromisoformat(one.period)
    found = {
        row.stamped.target.address
        for row in store.results.findings(one.inspection)
        if row.stamped.check == "link.broken" and row.life != "fixed" and row.stamped.target.kind is Subject.SITE
    }
    planted = {home for number, home in enumerate(office.town.homes) if is_link_dead(number, day)}
    if found != planted:
        wrong.append(f"night {day}: dead links at {sorted(found)}, planted at {sorted(planted)}")
    return wrong


def _void(office: Office) -> list[Round]:
    return [
        one
        for one in office.store.rounds.recent(datetime.min.replace(tzinfo=BEIJING) + 3 * DAY)
        if one.outcome is RoundOutcome.VOID
    ]


def _wrongly(office: Office, one: Round) -> int:
    return sum(
        void.attempts for void in _void(office) if (void.kind, void.period.split("#")[0]) == (one.kind, one.period)
    )


def ledger(office: Office) -> list[dict[str, str]]:
    """Every process that was started, as it said itself."""
    return [json.loads(line) for line in (office.folder / LEDGER).read_text().splitlines()]


def table(office: Office, start: date) -> str:
    """What came of the rounds, by kind."""
    rounds = office.store.rounds.of(SCOPE, at(start, 0))
    counts = {kind: Counter(one.outcome for one in rounds if one.kind == kind) for kind in Kind}
    started = Counter(line["kind"] for line in ledger(office))
    lines = ["| round | " + " | ".join(RoundOutcome) + " | processes |", "|---" * (len(RoundOutcome) + 2) + "|"]
    for kind, by_outcome in counts.items():
        lines.append(
            f"| {kind} | " + " | ".join(str(by_outcome[one]) for one in RoundOutcome) + f" | {started[kind]} |"
        )
    return "\n".join(lines)


QUARTER = {"off": 14, "killed": 28, "short": 35, "stopped": 42, "ahead": 49, "back": 56, "doubled": 63}
WEEK = {"quarterly": 0, "killed": 2, "short": 3, "ahead": 4, "back": 5, "stopped": 6, "doubled": 7, "off": 8}
"""The days of mishaps in a whole quarter, and in a span that begins with the quarterly inspection."""


def lived(folder: Path, sites: int, start: date, days: int, mishaps: Mapping[str, int]) -> list[str]:
    """Lives through such a span, prints what came of it, and answers what was wrong."""
    began = time.monotonic()
    with town(sites, start) as served:
        office = Office(folder, served, at(start, 18), Hours())
        expected = live(office, start, days, {name: day for name, day in mishaps.items() if day < days})
        wrong = faults(office, start, expected)
        print(table(office, start))
        for one in office.store.rounds.of(SCOPE, at(start, 0)):
            if one.kind == Kind.QUARTERLY:
                print(
                    f"{one.period}: {one.claimed_at:%F %R} to {one.ended:%F %R}, {one.outcome}, {one.attempts} nights"
                )
        count = len(office.store.inspections.all())
        print(f"{sites} sites, {days} days, {count} inspections, {time.monotonic() - began:.0f} s")
        print("\n".join(wrong) or "every night as it should be; no target lost, no round doubled", flush=True)
        office.store.close()
    return wrong


def main() -> None:
    """Lives through the third quarter of 2026, or from the beginning of its inspection on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=60)
    parser.add_argument("--days", type=int, default=92)
    parser.add_argument("--short", action="store_true", help="the quarterly inspection and every mishap in 12 days")
    arguments = parser.parse_args()
    start = date(2026, 7, 1)
    quarterly = beginning(last_day(start), Hours().quarterly_working_days).day
    mishaps, days = {**QUARTER, "quarterly": (quarterly - start).days}, arguments.days
    if arguments.short:
        start, mishaps, days = quarterly, WEEK, min(days, 12)
    with tempfile.TemporaryDirectory() as folder:
        raise SystemExit(bool(lived(Path(folder), arguments.sites, start, days, mishaps)))


if __name__ == "__main__":
    main()
