"""A number as a reader sees it. Here is the only rounding; every other number in scoring is exact."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")


def shown(value: Decimal | int) -> str:
    """Two decimals, half up, as the circulars print them: `83.535` is `83.54`, `-0.001` is `0.00`."""
    rounded = Decimal(value).quantize(_CENT, rounding=ROUND_HALF_UP)
    return str(abs(rounded) if rounded == 0 else rounded)


def plain(value: Decimal | int) -> str:
    """All digits, no exponent, no trailing zeros: `Decimal("5.00")` is `5`, `Decimal("1E+1")` is `10`."""
    number = Decimal(value)
    if number == 0:
        return "0"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
