"""How findings and doubts become a verdict, the same way in every check that looks at many things."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from checks.model import Finding, Measurement, State, Verdict

_SHOWN = 3
"""How many doubts a summary spells out."""


def settle(
    *,
    findings: Sequence[Finding],
    doubts: Sequence[str],
    failed: str,
    passed: str,
    measurements: Sequence[Measurement] = (),
) -> Verdict:
    """Fail if anything was positively seen; else undetermined if anything could not be told; else pass.

    `failed` and `passed` are sentences without a full stop; doubts are added to either in words.
    """
    if findings:
        state, sentence = State.FAIL, failed
    elif doubts:
        state, sentence = State.UNDETERMINED, "未能判定"
    else:
        state, sentence = State.PASS, passed
    if doubts:
        sentence += f"{'：' if state is State.UNDETERMINED else '；另有未能判定的：'}{_listed(doubts)}"
    return Verdict(state, sentence, tuple(findings), tuple(measurements))


def undetermined(reason: str, measurements: Sequence[Measurement] = ()) -> Verdict:
    """未能判定 with its reason."""
    return Verdict(State.UNDETERMINED, f"未能判定：{reason}", measurements=tuple(measurements))


def share(name: str, numerator: int, denominator: int) -> Measurement:
    """A part of a whole; its value is None where the whole is empty."""
    value = Decimal(numerator) / Decimal(denominator) if denominator else None
    return Measurement(name, value, Decimal(numerator), Decimal(denominator))


def amount(name: str, value: int, unit: str) -> Measurement:
    """A single counted value with its unit."""
    return Measurement(name, Decimal(value), unit=unit)


def _listed(doubts: Sequence[str]) -> str:
    shown = "；".join(doubts[:_SHOWN])
    return f"{shown}等 {len(doubts)} 处" if len(doubts) > _SHOWN else shown
