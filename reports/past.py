"""Earlier inspections of the same kind, as far as statistics need them; no document shows their findings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field

from checks.model import Target


class Judged(Struct, frozen=True):
    """One check on one target. `standing` are the fingerprints of its confirmed problems (发现问题).

    `determined` False (未能判定, 待人工复核, 未检查, 出错): what it does not name may stand or not.
    """

    determined: bool
    standing: frozenset[str] = frozenset()


class Past(Struct, frozen=True):
    """An earlier inspection. `judged` is by target, then check id; empty where only its verdicts were gathered.

    `verdicts` are the words of its scorecards by target and ruleset id; `titles` name the checks of `judged`.
    """

    id: str
    name: str
    as_of: datetime
    judged: Mapping[Target, Mapping[str, Judged]] = field(default_factory=dict)
    verdicts: Mapping[tuple[Target, str], str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
