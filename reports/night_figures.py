"""What a target's figures say: numbers that are there or 0, for the report of a night and for metrics."""

from __future__ import annotations

from collections.abc import Mapping

from checks.model import JSON, State
from crawler.facts import AccountOutcome
from crawler.facts.endings import DONE

WHOLE = frozenset({DONE, AccountOutcome.FETCHED.label})
"""How a target ends of which all was seen that was to be seen."""

_UNTOLD = (State.UNDETERMINED, State.ERROR)
_BESIDE = (State.NOT_APPLICABLE, State.NOT_CHECKED)


def count(stats: Mapping[str, JSON], key: str) -> int:
    """A figure of a target as a whole number, 0 where it has none."""
    value = stats.get(key)
    return int(value) if isinstance(value, int | float) else 0


def outcomes(stats: Mapping[str, JSON]) -> Mapping[str, int]:
    """How often each class of outcome came, by its id."""
    told = stats.get("outcomes")
    return {name: int(many) for name, many in told.items() if isinstance(many, int)} if isinstance(told, dict) else {}


def seconds(stats: Mapping[str, JSON], key: str) -> float:
    """A duration, 0 where there is none."""
    value = stats.get(key)
    return float(value) if isinstance(value, int | float) else 0.0


def untold(states: Mapping[State, int]) -> tuple[int, int]:
    """How many of a target's results could not be told, and of how many that apply."""
    return sum(states.get(state, 0) for state in _UNTOLD), sum(
        many for state, many in states.items() if state not in _BESIDE
    )


def gigabytes(amount: int) -> str:
    """Bytes as a person reads them."""
    return f"{amount / 1024**3:.1f} GB" if amount >= 1024**3 else f"{amount / 1024**2:.1f} MB"
