"""履职日历: what is due when in a year, for whom, and who was late, as the checks of an inspection tell it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct

from checks import lexicon
from checks.model import CheckResult, State, Subject, Target, Thresholds
from checks.registry import get
from checks.settings import merge
from crawler.facts import BEIJING, Unit
from scheduler.rejudging import judged_by
from scoring.review import in_force, settled
from storage.inspections import InspectionRecord
from storage.store import Store

QUARTERS = "一二三四"


class Done(StrEnum):
    """Whether a duty was done."""

    ON_TIME = "on-time"
    LATE = "late"
    MISSING = "missing"
    DONE = "done"
    UNTOLD = "untold"
    NOT_DUE = "not-due"
    PAST = "past"

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return _LABELS[self]


_LABELS = {
    Done.ON_TIME: "按期",
    Done.LATE: "逾期",
    Done.MISSING: "未发布",
    Done.DONE: "已发布，日期未能判定",
    Done.UNTOLD: "未能判定",
    Done.NOT_DUE: "未到期",
    Done.PAST: "以当期检查为准",
}


class Duty(Struct, frozen=True):
    """One duty of `data/duties.yaml`. `day` names the threshold of `late` that holds its day, by kind of unit."""

    id: str
    name: str
    every: Literal["year", "quarter"]
    missing: str
    late: str
    day: Mapping[str, str]
    who: Literal["sites", "supervisors"]
    source: str


class Entry(Struct, frozen=True):
    """A duty on a day, for one site."""

    duty: Duty
    period: str
    deadline: date
    unit: Unit
    site: str
    home_url: str
    done: Done


class _File(Struct, frozen=True):
    duties: tuple[Duty, ...]


@cache
def duties() -> tuple[Duty, ...]:
    """The duties of the file."""
    text = files("scheduler").joinpath("data/duties.yaml").read_bytes()
    return msgspec.yaml.decode(text, type=_File).duties


def calendar(
    year: int,
    units: Iterable[Unit],
    results: Mapping[Target, Mapping[str, CheckResult]],
    as_of: date,
    overrides: Mapping[str, Thresholds],
) -> tuple[Entry, ...]:
    """Every duty of a year and who owes it, by day. `results` are those of an inspection on `as_of`, by site and check.

    They tell of the deadline that had passed last on that day; of a later one nothing is due yet, and of an earlier
    one an inspection of its own time tells. `overrides` are a ruleset's thresholds.
    """
    entries = []
    for duty in duties():
        config = merge(duty.late, get(duty.late).thresholds, overrides.get(duty.late, {}))
        for unit in units:
            if duty.who == "supervisors" and not unit.supervises:
                continue
            kind = "governments" if unit.kind in lexicon.words("bodies", "governments") else "others"
            days = list(_days(duty, config[duty.day[kind]], config, year))
            last = _last(duty, config[duty.day[kind]], config, as_of)
            for deadline, period in days:
                for site in unit.sites:
                    told = {
                        check: result
                        for target, found in results.items()
                        if target.unit == unit.code and target.address == site.home_url
                        for check, result in found.items()
                    }
                    done = _done(duty, told, deadline, last, as_of)
                    name = site.name or unit.name
                    entries.append(Entry(duty, period, deadline, unit, name, site.home_url, done))
    return tuple(sorted(entries, key=lambda entry: (entry.deadline, duties().index(entry.duty))))


def results_of(
    store: Store, record: InspectionRecord, overrides: Mapping[str, Thresholds]
) -> Mapping[Target, Mapping[str, CheckResult]]:
    """What an inspection tells of its sites, by check, as it stands after the reviews in force on its day.

    Raises BadThreshold, UnknownCheck.
    """
    reviews = in_force(store.reviews.standing(), record.as_of.astimezone(BEIJING).date())
    results: dict[Target, dict[str, CheckResult]] = {}
    for row in store.inspections.targets(record.id):
        if row.target.kind is Subject.SITE:
            found = tuple(store.results.results(record.id, row.target))
            judged = judged_by(store, record, row, found, overrides)
            results[row.target] = {result.check: settled(result, reviews) for result in judged}
    return results


def _days(duty: Duty, day: object, config: Thresholds, year: int) -> Iterator[tuple[date, str]]:
    """The deadlines of a duty in a year, each with what it is for."""
    if duty.every == "quarter":
        month = int(str(config["month_of_quarter"]))
        for quarter in range(4):
            yield date(year, 3 * quarter + month, int(str(day))), f"{year} 年第{QUARTERS[quarter]}季度"
    else:
        month, of_month = (int(part) for part in str(day).split("-"))
        yield date(year, month, of_month), f"{year - 1} 年度"


def _last(duty: Duty, day: object, config: Thresholds, as_of: date) -> date:
    """The deadline that had passed last on that day: the one that the checks tell of."""
    both = (deadline for year in (as_of.year - 1, as_of.year) for deadline, _ in _days(duty, day, config, year))
    return max(deadline for deadline in both if deadline < as_of)


def _done(duty: Duty, told: Mapping[str, CheckResult], deadline: date, last: date, as_of: date) -> Done:
    if deadline >= as_of:
        return Done.NOT_DUE
    if deadline < last:
        return Done.PAST
    missing, late = (told[check].state if check in told else None for check in (duty.missing, duty.late))
    if missing is State.FAIL:
        return Done.MISSING
    if missing is State.PASS:
        return {State.FAIL: Done.LATE, State.PASS: Done.ON_TIME}.get(late, Done.DONE) if late else Done.DONE
    return Done.UNTOLD
