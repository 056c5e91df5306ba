"""名次不符: printed ranks against the printed scores, in the style that the table itself follows.

Rows are read in their order. A score above one before it is out of order; a number that does not follow is a wrong
rank, or a gap (缺少数据) where ranks are left out and all goes on from there. Each is told once, at its row.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from scoring.circulars.sums import wrong_totals
from scoring.circulars.table import Discrepancy, Kind, Role, Row, Table
from scoring.circulars.tables import rank_of
from scoring.circulars.words import number

_FEW, _FIFTH = 3, 5
_MOST_TRIED = 100_000
"""Rows that are gone through again, in all, to see which wrong totals explain a rank."""


class Style(Enum):
    """How ties are numbered: 10, 11, 12 through; 10, 10, 12 shared; 10, 10, 11 without a leap."""

    THROUGH = 1
    SHARED = 2
    DENSE = 3


class Place(Struct, frozen=True):
    """A row with its printed rank and the score that it is ranked by, None where it prints none that can be read."""

    row: Row
    rank: int | None
    score: Decimal | None


def rank_discrepancies(table: Table, notes: list[str]) -> Iterator[Discrepancy]:
    """What of the ranks does not hold; a serial number that follows no order is no rank, which is a note.

    Where a 得分率 is printed and the ranks follow it throughout, they are by it, whatever the totals.
    """
    ranking = table.at(Role.RANK, Role.SERIAL)
    if not ranking:
        return
    by = next(iter(table.at(Role.TOTAL) or table.at(Role.COUNT)), None)
    told: list[str] = []
    found = list(_by(table, ranking[0], by, wrong_totals(table), told))
    for rate in table.at(Role.RATE) if found or told else ():
        numeric = sum(number(row.cells[rate]) is not None for row in table.rows)
        others: list[str] = []
        if numeric * 2 > len(table.rows) and not [*_by(table, ranking[0], rate, {}, others), *others]:
            return
    notes += told
    yield from found


def _by(
    table: Table, ranking: int, by: int | None, wrong: Mapping[int, Decimal], notes: list[str]
) -> Iterator[Discrepancy]:
    claims = table.columns[ranking].role is Role.RANK
    for places in _groups(table, ranking, by):
        if not claims and (_stand_anyhow(places) or len(_out_of_order(places)) > len(places) // _FIFTH):
            notes.append(f"“{table.title}”：序号不是按得分高低排的，未核对名次")
            continue
        found = _fewest(table, places, wrong)
        if len(found) >= _FEW and len(found) * 2 > len(places):
            notes.append(f"“{table.title}”：多数名次与得分高低不相符，可能另有排法，未核对名次")
            continue
        yield from found


def _fewest(table: Table, places: list[Place], wrong: Mapping[int, Decimal]) -> list[Discrepancy]:
    """What does not hold; a total that is told as wrong already counts as its row's parts make it if that fits better.

    So a misprinted total in its right place is told once; one that brought its row too high a rank fits as printed.
    """
    found = list(_ranked(table, places))
    tried = [at for at, place in enumerate(places) if place.row.number in wrong][: _MOST_TRIED // len(places)]
    for at in tried if found else ():
        other = [*places]
        other[at] = replace(places[at], score=wrong[places[at].row.number])
        if len(fewer := list(_ranked(table, other))) < len(found):
            found, places = fewer, other
    return found


def _stand_anyhow(places: Sequence[Place]) -> bool:
    """The rows do not stand in the order of their numbers."""
    steps = list(pairwise(place.rank for place in places if place.rank is not None))
    return sum(before > after for before, after in steps) * _FIFTH > len(steps)


def _ranked(table: Table, places: Sequence[Place]) -> Iterator[Discrepancy]:
    if _stand_anyhow(places):
        yield from _anywhere(table, places)
        return
    off = _out_of_order(places)
    ascending = sorted(place.score for place in places if place.score is not None) if off else []
    for at, limit in off.items():
        place, score = places[at], places[at].score
        better = len(ascending) - bisect_right(ascending, score) if score is not None else 0
        text = f"得分 {score} 高于排在前面的 {limit}，名次为 {place.rank}"
        yield _told(table, place, Kind.RANK, str(place.rank), str(better + 1), text)
    yield from _numbering(table, places, off)


def _groups(table: Table, ranking: int, by: int | None) -> Iterator[list[Place]]:
    """Runs of rows; numbers that begin again with 1, 2 (or 1, 1) begin a ranking of their own.

    Not so where the one wrong number of a tie makes it look so: a ranking ends with a number that its rows can have,
    or the next begins with a higher score.
    """
    ranks = [(row, rank_of(row.cells[ranking])) for row in table.rows]
    ranks = [(row, rank) for row, rank in ranks if rank is not None or not row.worded]
    group: list[Place] = []
    for at, (row, rank) in enumerate(ranks):
        after = ranks[at + 1][1] if at + 1 < len(ranks) else None
        place = Place(row, rank, number(row.cells[by]) if by is not None else None)
        begins = rank == 1 and after in (1, 2) and bool(group) and group[0].rank == 1 and group[-1].rank != 1
        if begins and ((group[-1].rank or 0) <= len(group) or _rises(group[-1], place)):
            yield group
            group = []
        group.append(place)
    if any(place.rank is not None for place in group):
        yield group


def _rises(before: Place, after: Place) -> bool:
    return before.score is not None and after.score is not None and after.score > before.score


def _out_of_order(places: Sequence[Place]) -> dict[int, Decimal]:
    """The fewest rows without which the scores descend, each with the lowest score before it that stands.

    What stands is the longest descending run, found in n log n.
    """
    scored = [(at, place.score) for at, place in enumerate(places) if place.score is not None]
    if all(before[1] >= after[1] for before, after in pairwise(scored)):
        return {}
    levels = {score: level for level, score in enumerate(sorted({score for _, score in scored}, reverse=True), start=1)}
    tree: list[tuple[int, int]] = [(0, -1)] * (len(levels) + 1)
    chain: dict[int, int] = {}
    for at, score in scored:
        best, level = (0, -1), levels[score]
        while level:
            best, level = max(best, tree[level], key=lambda one: one[0]), level & (level - 1)
        chain[at] = best[1]
        own, level = (best[0] + 1, at), levels[score]
        while level < len(tree):
            tree[level] = max(tree[level], own, key=lambda one: one[0])
            level += level & -level
    standing, at = set(), max(tree, key=lambda one: one[0])[1]
    while at >= 0:
        standing.add(at)
        at = chain[at]
    off: dict[int, Decimal] = {}
    lowest: Decimal | None = None
    for at, score in scored:
        if at in standing:
            lowest = score
        else:
            off[at] = score if lowest is None else lowest
    return off


def _numbering(table: Table, places: Sequence[Place], told: Container[int]) -> Iterator[Discrepancy]:
    """Numbers that do not follow, in the one of the two usual styles that fits better.

    A table that counts without leaps throughout (6, 6, 7, 7, 8) is not at fault. Where both fit alike, rows of one
    score that print one rank say that ranks are shared.
    """
    sharing = any(one.rank == two.rank and one.score == two.score is not None for one, two in pairwise(places))
    styles = (Style.SHARED, Style.THROUGH) if sharing else (Style.THROUGH, Style.SHARED)
    found = min((list(_unfollowed(_positions(places, style))) for style in styles), key=len)
    if found and not _told_by_its_end(found, places) and not any(_unfollowed(_positions(places, Style.DENSE))):
        return
    for at, expected, gap in found:
        if at not in told:
            printed = str(places[at].rank)
            text = f"名次应为 {expected}，通报为 {printed}{'，其间有缺漏' if gap else ''}"
            yield _told(table, places[at], Kind.MISSING if gap else Kind.RANK, printed, str(expected), text)


def _told_by_its_end(found: Sequence[tuple[int, int, bool]], places: Sequence[Place]) -> bool:
    """All that does not follow is the last row: too little to say that the table counts without leaps."""
    return found[0][0] == len(places) - 1


def _positions(places: Sequence[Place], style: Style) -> list[tuple[int | None, int]]:
    """Each row's printed number and the one that its position has in this style.

    A row without a score is believed to share what it prints.
    """
    pairs: list[tuple[int | None, int]] = []
    for at, place in enumerate(places):
        before = places[at - 1] if at else None
        tied = before is not None and (
            place.rank == before.rank if place.score is None or before.score is None else place.score == before.score
        )
        position = pairs[-1][1] + 1 if style is Style.DENSE and pairs else at + 1
        pairs.append((place.rank, pairs[-1][1] if tied and style is not Style.THROUGH else position))
    return pairs


def _unfollowed(pairs: Sequence[tuple[int | None, int]]) -> Iterator[tuple[int, int, bool]]:
    """Where a number does not follow, what it should be, and whether numbers are left out before it.

    Rows without a number may or may not count: that is told of themselves, not of those that follow.
    """
    shift = blanks = 0
    for at, (printed, position) in enumerate(pairs):
        if printed is None:
            blanks += 1
            continue
        jump = printed - position - shift
        if -blanks <= jump < 0:
            shift, jump = shift + jump, 0
        blanks = 0
        if not jump:
            continue
        following = next(((after, its) for after, its in pairs[at + 1 :] if after is not None), None)
        goes_on = following is None or following[0] - following[1] == shift + jump
        tied = at > 0 and pairs[at - 1][1] == position
        ends = following is None and jump > 1  # at the very end one number may have been left out; more is a slip
        if at or not goes_on or jump <= _FEW:  # a list that begins further on is a part of one
            yield at, position + shift, goes_on and jump > 0 and not tied and not ends
        if goes_on:
            shift += jump


def _anywhere(table: Table, places: Sequence[Place]) -> Iterator[Discrepancy]:
    """A ranking whose rows stand in another order: each rank against how many scores are higher."""
    scored = [
        (place, place.rank, place.score) for place in places if place.rank is not None and place.score is not None
    ]
    tied = Counter(score for _, _, score in scored)
    taken = Counter((score, rank) for _, rank, score in scored)
    better, higher = 0, {}
    for score in sorted(tied, reverse=True):
        higher[score] = better
        better += tied[score]
    shared = [one for one in scored if one[1] != higher[one[2]] + 1]
    numbered = [
        (place, rank, score)
        for place, rank, score in scored
        if not higher[score] < rank <= higher[score] + tied[score] or taken[score, rank] > 1
    ]
    levels = {score: level for level, score in enumerate(sorted(tied, reverse=True), start=1)}
    if all(rank == levels[score] for _, rank, score in scored):
        return
    for place, rank, score in min(numbered, shared, key=len):
        expected = str(higher[score] + 1)
        text = f"得分 {score}，高于它的有 {higher[score]} 个，名次应为 {expected}，通报为 {rank}"
        yield _told(table, place, Kind.RANK, str(rank), expected, text)


def _told(table: Table, place: Place, kind: Kind, printed: str, computed: str, text: str) -> Discrepancy:
    return Discrepancy(table.title, place.row.number, place.row.unit, kind, printed, computed, text, place.row.line)
