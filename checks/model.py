"""The vocabulary of judging: what a check is, what it found, what it measured.

A check is metadata and one pure function from facts and thresholds to a Verdict; the runner stamps
the verdict with its target and makes the CheckResult that is stored, scored and reported.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from msgspec import Struct, field

from crawler.facts import AccountFacts, Coverage, SiteFacts, UnitFacts

JSON = str | int | float | bool | None | list["JSON"] | dict[str, "JSON"]
Facts = TypeVar("Facts", SiteFacts, AccountFacts, UnitFacts)


class State(StrEnum):
    """The seven states of a result. Only `fail` may move a score."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not-applicable"
    UNDETERMINED = "undetermined"
    NEEDS_REVIEW = "needs-review"
    NOT_CHECKED = "not-checked"
    ERROR = "error"

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return _STATE_LABELS[self]


_STATE_LABELS = {
    State.PASS: "符合",
    State.FAIL: "发现问题",
    State.NOT_APPLICABLE: "不适用",
    State.UNDETERMINED: "未能判定",
    State.NEEDS_REVIEW: "待人工复核",
    State.NOT_CHECKED: "未检查",
    State.ERROR: "出错",
}


class Severity(StrEnum):
    """How a list is ordered; scoring never reads it."""

    VETO = "veto"
    MAJOR = "major"
    MINOR = "minor"

    @property
    def label(self) -> str:
        """The severity in Chinese."""
        return {"veto": "涉单项否决", "major": "较重", "minor": "一般"}[self.value]


class Mode(StrEnum):
    """Who settles the check: the program, the program and then a person, or a person."""

    AUTOMATIC = "A"
    CONFIRMED = "A→H"
    MANUAL = "M"

    @property
    def label(self) -> str:
        """The mode in Chinese."""
        return {"A": "自动", "A→H": "自动发现，人工复核", "M": "人工"}[self.value]


class Subject(StrEnum):
    """What a check looks at."""

    SITE = "site"
    ACCOUNT = "account"
    UNIT = "unit"


class Finding(Struct, frozen=True):
    """One fault, in words a unit can act on. `url` is the page that shows it, `problem_url` the address at fault.

    `observed` holds the values the message is made from; `evidence_urls` are the pages whose bytes prove it.
    """

    url: str
    message: str
    location: str = ""
    quote: str = ""
    problem_url: str = ""
    observed: Mapping[str, JSON] = field(default_factory=dict)
    severity: Severity = Severity.MINOR
    confirmations: int = 1
    evidence_urls: tuple[str, ...] = ()


class Measurement(Struct, frozen=True):
    """A measured value with its arithmetic: `value` is numerator ÷ denominator where both are given."""

    name: str
    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    unit: str = ""


class Verdict(Struct, frozen=True):
    """What a check's function returns. `summary` is one Chinese sentence, also when nothing was found."""

    state: State
    summary: str
    findings: tuple[Finding, ...] = ()
    measurements: tuple[Measurement, ...] = ()


Thresholds = Mapping[str, JSON]


class Check(Struct, Generic[Facts], frozen=True):
    """A check: metadata and one pure function. The id is the address of its file under `checks/`.

    `needs` names the facts it cannot do without; the runner answers 未能判定 where they are absent.
    `thresholds` are the defaults with their units in the key's name; a ruleset may override them.
    """

    id: str
    title: str
    subject: Subject
    mode: Mode
    why: str
    rectify: str
    measured: str
    limits: str
    clause: str
    judge: Callable[[Facts, Thresholds], Verdict]
    needs: tuple[str, ...] = ()
    thresholds: Thresholds = field(default_factory=dict)


class Target(Struct, frozen=True):
    """What a result is about. `address` is the home page, `platform:id`, or the unit's code."""

    unit: str
    address: str
    kind: Subject


class StampedFinding(Struct, frozen=True):
    """A Finding with all that makes it a row of findings.jsonl, except its life across inspections."""

    check: str
    target: Target
    state: State
    finding: Finding
    clause: str
    fingerprint: str

    @property
    def picture(self) -> str:
        """The name under which its screenshot is kept: the page's address with the finding as its fragment."""
        return f"{self.finding.url}#{self.fingerprint}"

    @property
    def plain_picture(self) -> str:
        """The name of the same screenshot without mark and caption."""
        return f"{self.picture}-plain"


class CheckResult(Struct, frozen=True):
    """One check on one target. `config` is what was in force, so that the result can be had again."""

    check: str
    target: Target
    state: State
    summary: str
    findings: tuple[StampedFinding, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    coverage: Coverage = Coverage()
    config: Thresholds = field(default_factory=dict)


def fingerprint(check: str, target: Target, finding: Finding) -> str:
    """The finding's identity across runs: 32 hex digits over check, target, address and quote.

    Run ids, dates, counts and line numbers never enter, so that the same fault next quarter is 持续, not 新增. Where an
    address is at fault, it is the identity alone: the pages that name it, and their words for it, come and go.
    """
    quote = "" if finding.problem_url else re.sub(r"\s+", "", finding.quote)
    parts = (check, target.kind, target.address, finding.problem_url or finding.url, quote)
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
