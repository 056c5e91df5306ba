"""What a platform may be asked under one login; the numbers are data (data/budgets.yaml), the counting is storage's."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

import yaml
from msgspec import Struct

from crawler.facts import BEIJING


class Rest(Enum):
    """How long a refused source is left alone."""

    BACKOFF = "backoff"
    DAY = "day"
    MIDNIGHT = "midnight"


class Budget(Struct, frozen=True):
    """Calls allowed under one login: `interval` seconds apart at least, so many a minute, so many a day."""

    interval: float
    a_minute: int
    a_day: int


class Channel(Struct, frozen=True):
    """A platform under one login. `login` names it without telling it: a variable's name, an app id.

    `interval` is the account's own setting, never below the budget's. Loopback (`is_local`) has no budget.
    """

    kind: str
    login: str
    host: str
    interval: float
    is_local: bool = False

    @property
    def key(self) -> str:
        """What its calls are counted under."""
        return " ".join(part for part in (self.kind, self.host, self.login) if part)


class Turn(Protocol):
    """A ledger's answer: the call's turn comes at `at`, or, where `refused` says why in words, none before it.

    `strikes` counts the platform's refusals in a row so far.
    """

    @property
    def at(self) -> datetime:
        """When."""
        ...

    @property
    def refused(self) -> str:
        """Why not; "" for a turn that was taken."""
        ...

    @property
    def strikes(self) -> int:
        """Refusals in a row."""
        ...


class Ledger(Protocol):
    """Keeps what was spent, for all processes and over restarts."""

    def take(self, channel: str, now: datetime, *, interval: float, a_minute: int, a_day: int) -> Turn:
        """Takes a turn or refuses one."""
        ...

    def block(self, channel: str, until: datetime, reason: str, *, now: datetime) -> None:
        """Refuses all turns before `until`; a strike."""
        ...

    def clear(self, channel: str) -> None:
        """Forgets the strikes: the platform has answered."""
        ...


def budget_of(kind: str) -> Budget:
    """The budget of a kind of source; KeyError where it has none."""
    entry = _rules()["sources"][kind]
    return Budget(float(entry["interval"]), int(entry["a_minute"]), int(entry["a_day"]))


def backoff(strikes: int) -> timedelta:
    """How long to rest after so many refusals in a row before this one: 5·2ⁿ s."""
    rule = _rules()["backoff"]
    return timedelta(seconds=min(rule["seconds"] * 2.0 ** min(strikes, 30), rule["longest"]))


def rest_until(rest: Rest, now: datetime, strikes: int) -> datetime:
    """When a refused source may be asked again."""
    if rest is Rest.MIDNIGHT:
        return datetime.combine(now.astimezone(BEIJING).date() + timedelta(days=1), time(), BEIJING)
    return now + (timedelta(days=1) if rest is Rest.DAY else backoff(strikes))


def patience() -> timedelta:
    """How near a turn must be to be waited for."""
    return timedelta(seconds=_rules()["patience"])


@cache
def _rules() -> dict[str, Any]:
    text = files("crawler.accounts.data").joinpath("budgets.yaml").read_text(encoding="utf-8")
    rules: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return rules
