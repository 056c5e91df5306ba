"""合计不符 and 四舍五入差异: printed totals against the sum of the printed parts.

A part printed with d decimals stands for a value up to half a unit of its last decimal away, so n of them and the
total's own half unit can explain a difference of n × 0.5 × 10⁻ᵈ + 0.5 × 10⁻ᵈ. What is printed without any decimals was
not rounded, for such points are given whole: there a difference is never rounding.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from scoring.circulars.table import SCORES, Discrepancy, Kind, Role, Row, Table
from scoring.circulars.words import decimals, number

_HALF = Decimal("0.5")
_FEW = 3


class Equation(Struct, frozen=True):
    """What a column should be: the columns that are added (sign 1) and taken off (sign -1)."""

    target: int
    terms: tuple[tuple[int, int], ...]


class Sum(Struct, frozen=True):
    """A row's total as computed, with the terms as they are printed."""

    equation: Equation
    printed: Decimal
    computed: Decimal
    arithmetic: str


def equations(table: Table) -> tuple[Equation, ...]:
    """Each subtotal is the sum of what stands before it since the last; the total that of subtotals and the rest."""
    told: list[Equation] = []
    terms: list[tuple[int, int]] = []
    covered: list[tuple[int, int]] = []
    for at, column in enumerate(table.columns):
        if column.role is Role.SUBTOTAL and terms:
            told.append(Equation(at, tuple(terms)))
            covered.append((at, 1))
            terms = []
        elif column.role in SCORES and column.role is not Role.TOTAL:
            terms.append((at, -1 if column.role is Role.DEDUCTION else 1))
    if covered + terms:
        told += [Equation(at, tuple(covered + terms)) for at in table.at(Role.TOTAL)]
    return tuple(told)


def summed(row: Row, equation: Equation) -> Sum | None:
    """The row's sum; None where words stand in it or a number is missing."""
    printed = number(row.cells[equation.target])
    values = [(number(row.cells[at]), sign) for at, sign in equation.terms]
    if row.worded or printed is None:
        return None
    computed, text = Decimal(0), ""
    for value, sign in values:
        if value is None:
            return None
        taken = abs(value) * sign if sign < 0 else value  # a deduction is printed as 2.00 or as -2.00
        computed += taken
        text += f"{'-' if taken < 0 or sign < 0 else '+' if text else ''}{abs(value)}"
    return Sum(equation, printed, computed, text)


def sum_discrepancies(table: Table, notes: list[str]) -> Iterator[Discrepancy]:
    """Every row whose total is not the sum. Where most rows differ the columns are no parts of it, which is a note."""
    for equation in equations(table):
        head = table.columns[equation.target].head
        off = _off(table, equation)
        if off is None:
            notes.append(f"“{table.title}”：多数行的“{head}”不是各列之和，可能另有折算，未核对合计")
            continue
        for row, one, kind in off:
            gap = one.printed - one.computed
            text = f"{head}：{one.arithmetic}={one.computed}，通报为 {one.printed}，相差 {gap:+f}"
            yield Discrepancy(
                table.title, row.number, row.unit, kind, str(one.printed), str(one.computed), text, row.line
            )


def wrong_totals(table: Table) -> dict[int, Decimal]:
    """The totals that are wrong, rounding apart: what they should be by the row's number."""
    totals = table.at(Role.TOTAL)
    return {
        row.number: one.computed
        for equation in equations(table)
        if equation.target in totals
        for row, one, kind in _off(table, equation) or ()
        if kind is Kind.SUM
    }


def _off(table: Table, equation: Equation) -> list[tuple[Row, Sum, Kind]] | None:
    """The rows that differ; None where most of them differ by more than rounding."""
    sums = [(row, one) for row in table.rows if (one := summed(row, equation)) is not None]
    tolerance = _tolerance(sums)
    off = [
        (row, one, Kind.SUM if abs(one.printed - one.computed) > tolerance else Kind.ROUNDING)
        for row, one in sums
        if one.printed != one.computed
    ]
    wrong = sum(kind is Kind.SUM for _, _, kind in off)
    return None if wrong >= _FEW and wrong * 2 > len(sums) else off


def _tolerance(sums: list[tuple[Row, Sum]]) -> Decimal:
    """What rounding of the printed parts can explain in this table."""
    if not sums:
        return Decimal(0)
    equation = sums[0][1].equation
    of_total = max(decimals(one.printed) for _, one in sums)
    of_parts = max(
        decimals(value) for row, _ in sums for at, _ in equation.terms if (value := number(row.cells[at])) is not None
    )
    if not of_total and not of_parts:
        return Decimal(0)
    return len(equation.terms) * _HALF.scaleb(-of_parts) + _HALF.scaleb(-of_total)
