"""Statistics over an inspection and those before it: what changed, 整改率, repeat offenders, 连续合格季度数.

Pure functions over the view. What could not be determined counts neither as mended nor as standing, neither as a good
quarter nor as a bad one; it is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from checks.model import State, Target
from crawler.facts import BEIJING
from reports.past import Past
from reports.problems import InspectionView, UnitProblems
from scoring.verdict import QUALIFIED, UNQUALIFIED

QUARTERLY = "quarterly"
_DETERMINED = (State.PASS, State.FAIL)


class Change(Struct, frozen=True):
    """A unit's confirmed problems against the last inspection of the same kind.

    `before` stood then: `mended` of them are gone, `standing` are here again, `open` could not be told this time.
    `new` stand only now.
    """

    code: str
    name: str
    before: int
    now: int
    mended: int
    standing: int
    open: int
    new: int

    @property
    def rate(self) -> Decimal | None:
        """整改率: mended ÷ (mended + standing); None where nothing stood that could be told again."""
        told = self.mended + self.standing
        return Decimal(self.mended) / Decimal(told) if told else None


class TypeChange(Struct, frozen=True):
    """How often one type of problem was confirmed then and now."""

    check: str
    title: str
    before: int
    now: int


class Repeat(Struct, frozen=True):
    """屡查屡犯: the unit had problems of one type in so many inspections in a row, this one among them."""

    code: str
    name: str
    check: str
    title: str
    inspections: int
    now: int


class Streak(Struct, frozen=True):
    """连续合格季度数 of a target under a ruleset that judges 合格 or 不合格, counted back from this quarter.

    `gaps` are the quarters on the way that decide nothing, `2026年第2季度（未能判定）`, the latest first.
    """

    target: Target
    name: str
    unit_name: str
    ruleset: str
    title: str
    verdict: str
    quarters: int
    gaps: tuple[str, ...]


def changes(view: InspectionView) -> tuple[Change, ...]:
    """One a unit, in the view's order; none where there is no earlier inspection of this kind with results."""
    if not view.past or not view.past[0].judged:
        return ()
    return tuple(_change(unit, view.past[0]) for unit in view.units)


def together(lines: Iterable[Change]) -> Change:
    """The sum of several units' changes."""
    kept = list(lines)

    def summed(name: str) -> int:
        return sum(getattr(line, name) for line in kept)

    return Change("", "合计", *(summed(name) for name in ("before", "now", "mended", "standing", "open", "new")))


def type_changes(view: InspectionView) -> tuple[TypeChange, ...]:
    """By type of problem, the most frequent now first; none where there is nothing to compare with."""
    if not view.past or not view.past[0].judged:
        return ()
    before: Counter[str] = Counter()
    for unit in view.units:
        for named in unit.targets:
            for check, judged in view.past[0].judged.get(named.target, {}).items():
                before[check] += len(judged.standing)
    now: Counter[str] = Counter()
    titles: dict[str, str] = {}
    for unit in view.units:
        for problem in unit.confirmed:
            now[problem.check] += 1
            titles[problem.check] = problem.title
    titles = {**view.past[0].titles, **titles}
    lines = (TypeChange(check, titles.get(check, check), before[check], now[check]) for check in {*before, *now})
    return tuple(sorted((line for line in lines if line.before or line.now), key=lambda line: (-line.now, line.check)))


def repeats(view: InspectionView) -> tuple[Repeat, ...]:
    """Two inspections in a row or more, the longest first. An inspection that could not tell neither adds nor ends."""
    found = []
    for unit in view.units:
        counts = Counter(problem.check for problem in unit.confirmed)
        titles = {problem.check: problem.title for problem in unit.confirmed}
        mine = {named.target for named in unit.targets}
        for check, now in counts.items():
            row = 1
            for past in view.past:
                state = _failed(past, mine, check)
                if state is False:
                    break
                row += state is True
            if row > 1:
                found.append(Repeat(unit.code, unit.name, check, titles[check], row, now))
    return tuple(sorted(found, key=lambda one: (-one.inspections, -one.now, one.code, one.check)))


def streaks(view: InspectionView) -> tuple[Streak, ...]:
    """One a target and ruleset that judges; none for inspections that are not quarterly."""
    if view.kind != QUARTERLY:
        return ()
    return tuple(_streaks(view))


def quarter_words(at: datetime) -> str:
    """`2026年第4季度`."""
    return _words_of(_quarter(at))


def _streaks(view: InspectionView) -> Iterator[Streak]:
    earlier: dict[int, Past] = {}
    this = _quarter(view.as_of)
    for past in view.past:  # the latest of a quarter speaks for it
        if _quarter(past.as_of) < this:
            earlier.setdefault(_quarter(past.as_of), past)
    judging = {card.ruleset for card in view.scorecards if card.verdict in (QUALIFIED, UNQUALIFIED)} | {
        ruleset for past in view.past for (_, ruleset), words in past.verdicts.items() if words == QUALIFIED
    }
    for unit in view.units:
        for card in unit.scorecards:
            if card.ruleset in judging:
                quarters, gaps = _counted(card.verdict, (card.target, card.ruleset), this, earlier)
                yield Streak(
                    card.target, card.name, unit.name, card.ruleset, card.title, card.verdict, quarters, tuple(gaps)
                )


def _counted(verdict: str, place: tuple[Target, str], this: int, earlier: Mapping[int, Past]) -> tuple[int, list[str]]:
    quarters = 0
    gaps: list[str] = []
    passed: list[str] = []
    for quarter in range(this, min((this, *earlier)) - 1, -1):
        past = earlier.get(quarter)
        words = verdict if quarter == this else past.verdicts.get(place, "") if past else ""
        if words == UNQUALIFIED:
            break
        if words == QUALIFIED:
            quarters += 1
            gaps += passed
            passed = []
        else:
            passed.append(f"{_words_of(quarter)}（{'未能判定' if words else '未检查'}）")
    return quarters, gaps


def _words_of(quarter: int) -> str:
    return f"{quarter // 4}年第{quarter % 4 + 1}季度"


def _quarter(at: datetime) -> int:
    local = at.astimezone(BEIJING)
    return local.year * 4 + (local.month - 1) // 3


def _change(unit: UnitProblems, past: Past) -> Change:
    """Compared check by check and target by target, by fingerprint."""
    determined = {(result.target, result.check) for result in unit.results if result.state in _DETERMINED}
    now: dict[tuple[Target, str], set[str]] = {}
    for problem in unit.confirmed:
        now.setdefault((problem.target, problem.check), set()).add(problem.fingerprint)
    before = mended = standing = open_ = 0
    for named in unit.targets:
        for check, judged in past.judged.get(named.target, {}).items():
            here = now.get((named.target, check), set())
            before += len(judged.standing)
            standing += len(judged.standing & here)
            gone = len(judged.standing - here)
            if (named.target, check) in determined:
                mended += gone
            else:
                open_ += gone
    total = len(unit.confirmed)
    return Change(unit.code, unit.name, before, total, mended, standing, open_, total - standing)


def _failed(past: Past, targets: set[Target], check: str) -> bool | None:
    """Whether the check had confirmed problems on any of the targets then; None where that could not be told."""
    found = [judged for target in targets if (judged := past.judged.get(target, {}).get(check))]
    if any(judged.standing for judged in found):
        return True
    return False if found and all(judged.determined for judged in found) else None
