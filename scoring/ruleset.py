"""指标体系: a ruleset as data, read from a file and refused where it cannot hold.

    ruleset = load("ankang-2019-website", known_checks)
    for info in available(): …

A ruleset comes only through `load`, so one that is in hand obeys every law of `scoring.laws`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from msgspec import Struct
from pydantic import Field, ValidationError

from scoring.errors import InvalidRuleset, Refusal, UnknownRuleset
from scoring.figures import Amount, Entry
from scoring.indicators import (
    AnyIndicator,
    Bonus,
    CheckId,
    Condition,
    Deduction,
    Indicator,
    Veto,
    Words,
)
from scoring.laws import refusals
from scoring.model import Provenance, Ties
from scoring.overlay import CHANGES, EXTENDS, laid_over
from scoring.source import header, read, refused_shapes

Setting = str | int | float | bool | None | list[str]


class Effective(Entry):
    """The days on which a ruleset is in force, both included; open where `until` is left out."""

    since: date
    until: date | None = None

    def overlaps(self, other: Effective) -> bool:
        """Whether there is a day on which both are in force."""
        return self.since <= (other.until or date.max) and other.since <= (self.until or date.max)


class Applies(Entry):
    """What a ruleset is for. `scored` names the site kinds whose points count; others have their vetoes judged only."""

    subject: Literal["site", "account", "unit"]
    platforms: tuple[Words, ...] = ()
    kinds: tuple[Words, ...] = ()
    scored: tuple[Words, ...] = ()


class Dimension(Entry):
    """一级指标. A value for the whole of it may be entered by hand under its id (a printed table has no finer part)."""

    id: Words
    name: Words
    points: Amount
    clause: Words
    provenance: Provenance
    indicators: tuple[Indicator, ...] = Field(min_length=1)

    @property
    def sureness(self) -> Provenance:
        """The provenance of its maximum."""
        return self.points.provenance or self.provenance


class Gate(Entry):
    """A fact that puts words in place of scores: where it holds only the dimensions of `counts` are scored.

    It holds by any of its conditions or by a person's decision entered under its id.
    """

    id: Words
    words: Words
    rule: Words
    clause: Words
    provenance: Provenance
    any: tuple[Condition, ...] = ()
    counts: tuple[Words, ...] = ()

    @property
    def checks(self) -> tuple[str, ...]:
        """The checks of its conditions."""
        return tuple(dict.fromkeys(check for condition in self.any for check in condition.checks))


class Line(Entry):
    """A line on the total and where it is written."""

    value: Amount
    clause: Words
    provenance: Provenance


class Tied(Entry):
    """How its tables number equal scores, and where that is shown."""

    style: Ties
    clause: Words
    provenance: Provenance


class Bonuses(Entry):
    """加分: entered only where the total before it is over `above`; all together never more than `cap`."""

    cap: Amount
    above: Amount
    clause: Words
    provenance: Provenance
    indicators: tuple[Bonus, ...] = Field(min_length=1)


class Ruleset(Entry):
    """A whole 指标体系. `system` names the series whose versions follow each other in time."""

    id: Words
    version: Words
    title: Words
    system: Words
    source: Words
    note: str = ""
    effective: Effective
    applies_to: Applies
    maximum: Amount
    provenance: Provenance
    qualified_from: Line | None = None
    ties: Tied | None = None
    vetoes: tuple[Veto, ...] = ()
    gates: tuple[Gate, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    bonuses: Bonuses | None = None
    thresholds: Mapping[CheckId, Mapping[str, Setting]] = Field(default_factory=dict)
    extends: str = ""
    changes: tuple[Words, ...] = ()
    """Of an overlay: the ruleset it extends, and in Chinese what it changes of it (see scoring.overlay)."""

    def indicators(self) -> Iterator[tuple[str, AnyIndicator]]:
        """Every indicator with the name of its section, in the order of scoring."""
        yield from (("单项否决", veto) for veto in self.vetoes)
        for dimension in self.dimensions:
            yield from ((dimension.name, indicator) for indicator in dimension.indicators)
        yield from (("扣分项", deduction) for deduction in self.deductions)
        if self.bonuses:
            yield from (("加分指标", bonus) for bonus in self.bonuses.indicators)

    @cached_property
    def checks(self) -> frozenset[str]:
        """The checks that must run before this ruleset can be scored."""
        read_by_gates = (check for gate in self.gates for check in gate.checks)
        read_by_indicators = (check for _, indicator in self.indicators() for check in indicator.checks)
        return frozenset((*read_by_gates, *read_by_indicators))

    @cached_property
    def assumed_points(self) -> Decimal:
        """How many points of the maximum rest on an assumed number."""
        return sum(
            (
                indicator.points.value
                for dimension in self.dimensions
                for indicator in dimension.indicators
                if indicator.sureness is Provenance.ASSUMED
            ),
            Decimal(0),
        )


class RulesetInfo(Struct, frozen=True):
    """What a list of rulesets shows. `file` is where it was read from."""

    id: str
    version: str
    title: str
    system: str
    subject: str
    since: date
    until: date | None
    file: Path


SHIPPED = Path(str(files("scoring"))) / "rulesets"


def available(folder: Path = SHIPPED) -> tuple[RulesetInfo, ...]:
    """The rulesets of a folder by id. A file without a sound head is left out; `load` names its fault."""
    infos = [info for file in sorted(folder.glob("*.yaml")) if (info := _info(file))]
    return tuple(sorted(infos, key=lambda info: info.id))


def load(path_or_id: str | Path, known_checks: Collection[str]) -> Ruleset:
    """A shipped ruleset by its id, or a file by its path (anything with a slash or ending in .yaml).

    Raises UnknownRuleset, UnreadableRuleset, or InvalidRuleset with every refusal. A ruleset whose effective dates
    overlap with another of the same system in the same folder is refused.
    """
    file = _file(path_or_id)
    ruleset = parse(_whole(file), known_checks, file=file.name)
    if found := tuple(_overlaps(ruleset, file)):
        raise InvalidRuleset(found)
    return ruleset


def parse(data: Mapping[str, object], known_checks: Collection[str], *, file: str) -> Ruleset:
    """A ruleset from the mapping of its file; `file` is the name its refusals are given under."""
    try:
        ruleset = Ruleset.model_validate(data)
    except ValidationError as error:
        raise InvalidRuleset(refused_shapes(error, data, file)) from error
    if found := tuple(refusals(ruleset, frozenset(known_checks), file)):
        raise InvalidRuleset(found)
    return ruleset


_DEEPEST = 3
"""Overlays over overlays at the most."""


def _whole(file: Path, depth: int = 0) -> Mapping[str, object]:
    """The mapping of a file, laid over the ruleset it extends: a shipped one by its id, or a file beside it."""
    data = read(file)
    base = data.get(EXTENDS)
    if base is None:
        if CHANGES in data:
            raise InvalidRuleset([Refusal(file.name, CHANGES, "只有写明 extends 的指标体系才能列出改动")])
        return data
    if not isinstance(base, str) or depth == _DEEPEST:
        reason = "须是一个指标体系的编号或文件名" if depth < _DEEPEST else f"依据的层数超过 {_DEEPEST} 层，或互相依据"
        raise InvalidRuleset([Refusal(file.name, EXTENDS, reason)])
    beside = file.parent / base
    below = beside if base.endswith((".yaml", ".yml")) else _file(base)
    return laid_over(_whole(below, depth + 1), data, file.name)


def noted(name: str) -> str:
    """A ruleset's name as an inspection keeps it, to be loaded again from anywhere: an id, or a file's path in full."""
    return str(Path(name).resolve()) if _is_path(name) else name


def _is_path(name: str) -> bool:
    return "/" in name or name.endswith((".yaml", ".yml"))


def _file(path_or_id: str | Path) -> Path:
    if isinstance(path_or_id, Path) or _is_path(path_or_id):
        return Path(path_or_id)
    known = {info.id: info.file for info in available()}
    if path_or_id not in known:
        raise UnknownRuleset(path_or_id, sorted(known))
    return known[path_or_id]


def _info(file: Path) -> RulesetInfo | None:
    try:
        stamp = file.stat()
    except OSError:
        return None
    return _info_as_of(file, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=256)
def _info_as_of(file: Path, changed: int, size: int) -> RulesetInfo | None:
    """The head of a file as it stood then: every load looks at those of all its neighbours."""
    head = header(file)
    try:
        effective = Effective.model_validate(head.get("effective"))
        applies = Applies.model_validate(head.get("applies_to"))
    except ValidationError:
        return None
    names = {key: str(head.get(key) or "") for key in ("id", "version", "title", "system")}
    if not all(names.values()):
        return None
    return RulesetInfo(**names, subject=applies.subject, since=effective.since, until=effective.until, file=file)


def _overlaps(ruleset: Ruleset, file: Path) -> Iterator[Refusal]:
    for other in available(file.parent):
        if other.file.name == file.name or other.system != ruleset.system:
            continue
        if ruleset.effective.overlaps(Effective(since=other.since, until=other.until)):
            until = other.until.isoformat() if other.until else "今"
            reason = f"与同一体系的“{other.id}”（{other.since.isoformat()} 至 {until}，{other.file.name}）施行日期重叠"
            yield Refusal(file.name, "effective", reason)
