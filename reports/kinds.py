"""The problems of a unit by kind (问题类型): a kind is what one check finds. Candidates stand apart."""

from __future__ import annotations

from msgspec import Struct

from checks.model import Mode, State
from reports.problems import Problem, UnitProblems
from reports.wording import family, family_label

Numbered = tuple[int, Problem]
"""A problem with its number in the unit's whole list."""


class ProblemKind(Struct, frozen=True):
    """One kind and its problems, all confirmed or (`is_pending`) none. `clause` names each clause once."""

    check: str
    title: str
    family: str
    mode: Mode
    clause: str
    is_pending: bool
    problems: tuple[Numbered, ...]


def kinds(unit: UnitProblems) -> tuple[ProblemKind, ...]:
    """The kinds in the catalogue's order, confirmed ones first; what the catalogue does not know comes last."""
    groups: dict[tuple[bool, str], list[Numbered]] = {}
    for number, problem in enumerate(unit.problems, start=1):
        groups.setdefault((problem.state is State.NEEDS_REVIEW, problem.check), []).append((number, problem))
    places = {check: place for place, check in enumerate(unit.catalogue)}

    def order(group: tuple[bool, str]) -> tuple[bool, int, str]:
        is_pending, check = group
        return is_pending, places.get(check, len(places)), check

    return tuple(_kind(check, is_pending, groups[is_pending, check]) for is_pending, check in sorted(groups, key=order))


def _kind(check: str, is_pending: bool, numbered: list[Numbered]) -> ProblemKind:
    first = numbered[0][1]
    clauses = dict.fromkeys(problem.clause for _, problem in numbered if problem.clause)
    label = family_label(family(check))
    return ProblemKind(check, first.title, label, first.mode, "；".join(clauses), is_pending, tuple(numbered))
