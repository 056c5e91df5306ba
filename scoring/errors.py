"""What scoring refuses, and in which words.

ScoringError
├── RulesetError               a ruleset cannot be used
│   ├── UnknownRuleset         no shipped ruleset has this id; the known ones are listed
│   ├── UnreadableRuleset      the file is missing, not YAML, or holds no mapping
│   └── InvalidRuleset         the file says something that cannot hold; every refusal is listed
└── ManualEntryError           an entry by hand outside its range, without a reason, or for nothing that exists
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct


class ScoringError(Exception):
    """The root of what this package raises on purpose; the message is Chinese."""


class RulesetError(ScoringError):
    """A ruleset cannot be used."""


class UnknownRuleset(RulesetError):
    """No shipped ruleset has this id."""

    def __init__(self, ruleset: str, known: Collection[str]) -> None:
        self.ruleset = ruleset
        self.known = tuple(known)
        super().__init__(f"没有指标体系“{ruleset}”；现有：{'、'.join(self.known) or '无'}")


class UnreadableRuleset(RulesetError):
    """The file cannot be read as YAML."""

    def __init__(self, file: str, reason: str) -> None:
        self.file = file
        super().__init__(f"{file}：{reason}")


class Refusal(Struct, frozen=True):
    """One reason against a ruleset: which file, which indicator (its id and name, or the part of the file), and why."""

    file: str
    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}：{self.where}：{self.reason}"


class InvalidRuleset(RulesetError):
    """The file says something that cannot hold; `refusals` are all that were found."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("\n".join(str(refusal) for refusal in self.refusals))


class ManualEntryError(ScoringError):
    """An entry by hand cannot be taken; `indicator` is the id it was made for."""

    def __init__(self, indicator: str, reason: str) -> None:
        self.indicator = indicator
        self.reason = reason
        super().__init__(f"人工录入“{indicator}”：{reason}")
