"""What several sites of one inspection have in common: the same fault on one platform, or one dead address on all.

It is told once beside the units' own lists, which stay as they are: whoever runs the platform can mend it for all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from urllib.parse import urlsplit

from msgspec import Struct

from checks.model import State, Subject, Target
from reports.problems import InspectionView, Problem

LEAST = 3
"""Sites that must show the same fault."""
_NUMBERS = re.compile(r"\d+")
_ADDRESSES = re.compile(r"https?://\S+")
_NAMED = 60


class SharedFault(Struct, frozen=True):
    """One fault of several sites. `platform` is "" where they have an address in common; `problem_url` is "" else.

    `sites` are their names in the view's order, `example` is the first site's problem.
    """

    check: str
    title: str
    platform: str
    problem_url: str
    sites: tuple[str, ...]
    example: Problem
    pages: int

    @property
    def is_pending(self) -> bool:
        """Whether a person has yet to confirm it."""
        return self.example.state is State.NEEDS_REVIEW


def shared_faults(view: InspectionView, least: int = LEAST) -> tuple[SharedFault, ...]:
    """The faults that `least` sites or more show alike, those of most sites first."""
    platforms = {run.target: run.platform for run in view.runs}
    alike: dict[tuple[str, str, str, State], dict[Target, list[Problem]]] = defaultdict(lambda: defaultdict(list))
    for problem in view.problems:
        if problem.target.kind is Subject.SITE:
            for key in _keys(problem, platforms.get(problem.target, "")):
                alike[(problem.check, *key, problem.state)][problem.target].append(problem)
    found = [
        _told(check, kind, by_site, platforms)
        for (check, kind, _, _), by_site in alike.items()
        if len(by_site) >= least
    ]
    return tuple(sorted(found, key=lambda fault: (-len(fault.sites), fault.check, fault.problem_url, fault.platform)))


def _keys(problem: Problem, platform: str) -> list[tuple[str, str]]:
    """What a problem may have in common with another site's: a foreign address, or a platform and its words."""
    keys = []
    if problem.problem_url and urlsplit(problem.problem_url).netloc != urlsplit(problem.target.address).netloc:
        keys.append(("address", problem.problem_url))
    elif platform:
        keys.append(("platform", f"{platform}\x1f{_words(problem)}"))
    return keys


def _words(problem: Problem) -> str:
    """The problem's words without what is the site's own: names, numbers and addresses."""
    words = problem.message
    for name in (problem.target_name, problem.unit_name):
        if name:
            words = words.replace(name, "")
    return _NUMBERS.sub("#", _ADDRESSES.sub("", words))


def _told(check: str, kind: str, by_site: dict[Target, list[Problem]], platforms: dict[Target, str]) -> SharedFault:
    problems = [members[0] for members in by_site.values()]
    first = problems[0]
    return SharedFault(
        check=check,
        title=first.title,
        platform=platforms.get(first.target, "") if kind == "platform" else "",
        problem_url=first.problem_url if kind == "address" else "",
        sites=tuple(problem.target_name for problem in problems)[:_NAMED],
        example=first,
        pages=sum(_pages(problem) for members in by_site.values() for problem in members),
    )


def _pages(problem: Problem) -> int:
    """The pages that a problem stands on, as its check counted them."""
    for key in ("page_count", "parent_count"):
        count = problem.observed.get(key)
        if isinstance(count, int) and not isinstance(count, bool):
            return count
    return 1
