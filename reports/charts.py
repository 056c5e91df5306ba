"""Charts made of inline SVG: bars that grow with the page, each beside its figure in a table.

A bar is only the picture of the number that stands next to it, so it is hidden from screen readers. Kinds of bar
differ by hatching as well as by colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup

_WIDTH = 1000
"""Units of the view box; the drawing is stretched to the cell."""


def bar(
    parts: Sequence[tuple[Decimal | int, str]], full: Decimal | int, *, track: Decimal | int | None = None
) -> Markup:
    """A horizontal bar: (value, CSS class) laid end to end on a scale of 0 to `full`.

    `track` draws a pale bar behind, for what could have been reached. Values below 0 and beyond `full` are drawn at
    the edge. Classes in use: `fill`, `pending`, `weak`.
    """
    drawn = [
        Markup('<rect class="track" width="{}" height="14"/>').format(_x(track if track is not None else full, full))
    ]
    start = 0
    reached = Decimal(0)
    for value, look in parts:
        reached += max(Decimal(0), Decimal(value))
        end = _x(reached, full)
        if end > start:
            drawn.append(Markup('<rect class="{}" x="{}" width="{}" height="14"/>').format(look, start, end - start))
        start = end
    grid = Markup("").join(
        Markup('<line class="grid" x1="{0}" x2="{0}" y1="0" y2="14"/>').format(_WIDTH * quarter // 4)
        for quarter in range(5)
    )
    return Markup(
        '<svg class="bar" viewBox="0 0 {} 14" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        "{}{}</svg>"
    ).format(_WIDTH, Markup("").join(drawn), grid)


def calendar(weeks: Sequence[Sequence[tuple[str, int, bool] | None]], most: int) -> Markup:
    """Squares of weeks from left to right, Monday on top: (words, number, known) each, None where there is no day.

    The step of a square's colour follows `shade`; a day of which nothing is known is hatched. The words are its title.
    """
    squares = [
        Markup('<rect class="{}" x="{}" y="{}" width="10" height="10"><title>{}</title></rect>').format(
            f"c{shade(number, most)}" if known else "unknown", 12 * column, 12 * row, words
        )
        for column, week in enumerate(weeks)
        for row, day in enumerate(week)
        if day is not None
        for words, number, known in (day,)
    ]
    return Markup('<svg class="calendar" viewBox="0 0 {} 82" role="img" aria-label="发布日历">{}</svg>').format(
        12 * len(weeks), Markup("").join(squares)
    )


def line(points: Sequence[tuple[int, int]]) -> Markup:
    """A trend: (place, value) from left to right on a scale of its own values; nothing of fewer than two points."""
    if len(points) < 2:
        return Markup("")
    places, values = [place for place, _ in points], [value for _, value in points]
    width, height = max(places) - min(places) or 1, max(values) - min(values) or 1
    drawn = " ".join(
        f"{round((place - min(places)) * 1000 / width)},{round(60 - (value - min(values)) * 56 / height)}"
        for place, value in points
    )
    return Markup(
        '<svg class="trend" viewBox="0 0 1000 64" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<polyline points="{}"/></svg>'
    ).format(drawn)


def patterns() -> Markup:
    """The hatchings that the style sheet names; stands once in a page."""
    return Markup(
        '<svg width="0" height="0" class="defs" aria-hidden="true" focusable="false"><defs>'
        '<pattern id="hatch" width="12" height="14" patternUnits="userSpaceOnUse">'
        '<rect width="12" height="14" fill="#d9b4b4"/><rect width="5" height="14" fill="#8b1a1a"/></pattern>'
        '<pattern id="untold" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="4" height="4" fill="#f4f6f9"/><rect width="1.4" height="4" fill="#b9c2cd"/></pattern>'
        "</defs></svg>"
    )


def shade(value: int, most: int) -> int:
    """The step of a heat table's cell: 0 for nothing, 1 to 5 by share of the largest cell."""
    return 0 if value <= 0 or most <= 0 else min(5, 1 + value * 5 // (most + 1))


def _x(value: Decimal | int, full: Decimal | int) -> int:
    if full <= 0:
        return 0
    return int(min(Decimal(1), max(Decimal(0), Decimal(value) / Decimal(full))) * _WIDTH)
