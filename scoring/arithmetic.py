"""The sum in figures, made from the operands alone and never read back.

Operand names end in a mark that says what the number is: `首页错链·处数`, `首页错链·每处扣`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from scoring.display import plain, shown

Operands = Mapping[str, Decimal | int | str]

POINTS = "满分"
UNKNOWN = "未能判定"
CAP = "扣分上限"
COUNT = "·处数"
EACH = "·每处扣"
PART = "·得分"
LINE = "·否决线"
VALUE = "·测量值"
MEASURED = "测量值"
NUMERATOR = "分子"
DENOMINATOR = "分母"
STEP = "所在档下限"
LOWEST = "最低档下限"
ENTERED = "人工录入"
ROOM = "加分余额"
RESULT = "得分"


def _number(value: Decimal | int | str) -> str:
    return value if isinstance(value, str) else plain(value)


def _signed(value: Decimal | int | str) -> str:
    return _number(value).replace("-", "−")


def _labels(operands: Operands, mark: str) -> list[str]:
    return [key.removesuffix(mark) for key in operands if key.endswith(mark)]


def deducted(operands: Operands) -> str:
    """`5 − min(3 × 1, 5) = 2`; where 2 of the 5 points are not known: `5 − 2 − min(3 × 1, 5) = 0`."""
    terms = [
        f"{_number(operands[label + COUNT])} × {_number(operands[label + EACH])}" for label in _labels(operands, COUNT)
    ]
    unknown = f" − {_number(operands[UNKNOWN])}" if UNKNOWN in operands else ""
    taken = f"min({' + '.join(terms) or '0'}, {_number(operands[CAP])})"
    return f"{_number(operands[POINTS])}{unknown} − {taken} = {_signed(operands[RESULT])}"


def parts(operands: Operands) -> str:
    """`2 + 0 = 2`: what each determined part gives."""
    given = [_number(operands[label + PART]) for label in _labels(operands, PART)]
    return f"{' + '.join(given)} = {_number(operands[RESULT])}" if len(given) > 1 else f"{given[0]}"


def ratio(operands: Operands) -> str:
    """`10 × 3 ÷ 4 = 7.5`, `10 × 0.5 = 5`, or by tiers `0.85 ≥ 0.8 → 8`; `≈` where the quotient has no end."""
    if STEP in operands:
        return f"{_number(operands[MEASURED])} ≥ {_number(operands[STEP])} → {_number(operands[RESULT])}"
    if LOWEST in operands:
        return f"{_number(operands[MEASURED])} 低于最低档 {_number(operands[LOWEST])} → {_number(operands[RESULT])}"
    if NUMERATOR in operands:
        value = f"{_number(operands[NUMERATOR])} ÷ {_number(operands[DENOMINATOR])}"
        over = Decimal(operands[NUMERATOR]) > Decimal(operands[DENOMINATOR])
    else:
        value = _number(operands[MEASURED])
        over = Decimal(operands[MEASURED]) > 1
    result = Decimal(operands[RESULT])
    short = -int(result.as_tuple().exponent) <= 6
    tail = f"= {plain(result)}" if short else f"≈ {shown(result)}"
    return f"{_number(operands[POINTS])} × {f'min({value}, 1)' if over else value} {tail}"


def entered(operands: Operands) -> str:
    """`人工录入 8`."""
    return f"人工录入 {_number(operands[ENTERED])}"


def conditions(operands: Operands) -> str:
    """`栏目不更新 5 ≥ 5，成立；空白栏目 0 < 5，不成立`."""
    told: list[str] = []
    for mark in (COUNT, VALUE):
        for label in _labels(operands, mark):
            value, line = Decimal(operands[label + mark]), Decimal(operands[label + LINE])
            sign, holds = ("≥", "成立") if value >= line else ("<", "不成立")
            told.append(f"{label} {plain(value)} {sign} {plain(line)}，{holds}")
    return "；".join(told)


def within_room(inner: str, operands: Operands) -> str:
    """A bonus's own sum, and what the common cap leaves of it: `人工录入 8；min(8, 5) = 5`."""
    own, room = Decimal(operands[RESULT]), Decimal(operands[ROOM])
    return inner if own <= room else f"{inner}；min({plain(own)}, {plain(room)}) = {plain(room)}"


def total(values: Sequence[Decimal]) -> Decimal:
    """The exact sum; 0 of none."""
    return sum(values, Decimal(0))
