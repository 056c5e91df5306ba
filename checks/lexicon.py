"""The judging room's word lists and default thresholds, read once from `checks/data/*.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from msgspec import Struct

from checks.model import JSON, Thresholds


class ThresholdNote(Struct, frozen=True):
    """A default threshold with what it means and where its number comes from, both in Chinese."""

    value: JSON
    about: str
    source: str


@cache
def table(name: str) -> Mapping[str, Any]:
    """The whole of `checks/data/<name>.yaml`. An OSError or KeyError means a damaged installation."""
    text = files("checks.data").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


@cache
def threshold_notes(check: str) -> Mapping[str, ThresholdNote]:
    """The thresholds of a check by key, with their meaning and source; empty where it has none."""
    return {key: ThresholdNote(**note) for key, note in table("thresholds").get(check, {}).items()}


def thresholds(check: str) -> Thresholds:
    """The default thresholds of a check by key."""
    return {key: note.value for key, note in threshold_notes(check).items()}


@cache
def words(name: str, key: str) -> tuple[str, ...]:
    """One list of a word file, in its order."""
    return tuple(str(word) for word in table(name)[key])


@cache
def pattern(name: str, key: str) -> re.Pattern[str]:
    """A pattern that finds any of a list's regular expressions, without case."""
    return re.compile("|".join(f"(?:{word})" for word in words(name, key)), re.IGNORECASE)
