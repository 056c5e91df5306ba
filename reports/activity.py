"""发布情况 of 政务新媒体 accounts: posts by day, the longest silence, followers, and what was found of their updating.

A day without a post says nothing unless a source is known to list the account's posts whole back to it; such days are
told apart from silent ones everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise

from msgspec import Struct, field

from checks.model import State, Target
from crawler.facts import BEIJING, AccountFetch, AccountOutcome
from crawler.facts.accounts import NO_HISTORY, AccountHistory
from reports.problems import InspectionView, Problem
from reports.wording import source_label

WEEKS = 26
"""Weeks of the calendar, the one of the monitoring time point last: half a year, two of the longest windows."""
_ZOMBIE = "account.zombie"
_DORMANT = "account.dormant"


class AccountActivity(Struct, frozen=True):
    """One account up to the monitoring time point `until`.

    `posts` counts what stood by Beijing day, deleted posts left out. `known_since` is the first whole day of which an
    absence may be believed, None where it never may; `sources` says in Chinese how each source answered.
    """

    target: Target
    name: str
    unit_name: str
    platform: str
    until: date
    posts: Mapping[date, int] = field(default_factory=dict)
    known_since: date | None = None
    followers: tuple[tuple[date, int], ...] = ()
    sources: str = ""

    @property
    def newest(self) -> date | None:
        """The day of the last post; None where none was seen."""
        return max(self.posts, default=None)

    @property
    def total(self) -> int:
        """Posts within the calendar."""
        first = _first_day(self.until)
        return sum(count for day, count in self.posts.items() if day >= first)

    @property
    def longest_gap(self) -> int | None:
        """Days between two posts of the calendar at the most, the silence up to the end among them, in a whole listing.

        None where no post was seen there or no absence may be believed.
        """
        if self.known_since is None:
            return None
        first = max(self.known_since, _first_day(self.until))
        days = sorted(day for day in self.posts if day >= first)
        return max((later - earlier).days for earlier, later in pairwise((*days, self.until))) if days else None


class Day(Struct, frozen=True):
    """A square of the calendar. `known` False: no post was seen, and none need have been there for us to see."""

    day: date
    count: int
    known: bool

    @property
    def words(self) -> str:
        """The square in words."""
        return f"{self.day}：{f'{self.count} 条' if self.known else '未能读到'}"


class Silent(Struct, frozen=True):
    """An account that stands in the list of zombies; `degree` is zombie, tendency or dormant."""

    degree: str
    problem: Problem


def activity(
    target: Target,
    name: str,
    unit_name: str,
    platform: str,
    as_of: datetime,
    fetches: Iterable[AccountFetch],
    history: AccountHistory = NO_HISTORY,
) -> AccountActivity:
    """The account's activity from what its sources gave and what was kept of it. A post in two sources counts once."""
    read = list(fetches)
    until = _day(as_of)
    standing = {
        (post.post_id or post.url or post.title, _day(post.published_at))
        for fetch in read
        if fetch.outcome is AccountOutcome.FETCHED
        for post in fetch.posts
        if not post.deleted
    }
    standing |= {
        (kept.post.post_id, _day(kept.post.published_at))
        for kept in history.posts
        if kept.gone_since is None and not kept.post.deleted
    }
    covered = [
        fetch.covered_since
        for fetch in read
        if fetch.outcome is AccountOutcome.FETCHED and fetch.covered_since is not None
    ]
    counts = Counter(day for _, day in standing if day <= until)
    # the day on which a listing begins was read in part
    known = _day(min(covered)) + timedelta(days=1) if covered else None
    told = "；".join(
        dict.fromkeys(
            f"{source_label(fetch.source)}：{fetch.outcome.label}{f'（{fetch.reason}）' if fetch.reason else ''}"
            for fetch in read
        )
    )
    followers = tuple(sorted((one.day, one.count) for one in history.followers if one.day <= until))
    return AccountActivity(target, name, unit_name, platform, until, dict(counts), known, followers, told)


def calendar(account: AccountActivity) -> tuple[tuple[Day | None, ...], ...]:
    """The last `WEEKS` weeks, Monday first, seven days each; None for days that lie ahead of the time point."""
    first = _first_day(account.until)

    def square(day: date) -> Day | None:
        if day > account.until:
            return None
        count = account.posts.get(day, 0)
        return Day(day, count, count > 0 or (account.known_since is not None and day >= account.known_since))

    return tuple(
        tuple(square(first + timedelta(days=7 * week + weekday)) for weekday in range(7)) for week in range(WEEKS)
    )


def weekly(account: AccountActivity) -> tuple[tuple[date, int], ...]:
    """Posts a week, told by its Monday: of the calendar's weeks those that are over and lie in a whole listing."""
    since = account.known_since
    weeks = [[day for day in week if day] for week in calendar(account)] if since else []
    return tuple(
        (week[0].day, sum(day.count for day in week))
        for week in weeks
        if len(week) == 7 and since is not None and week[0].day >= since
    )


def silent(view: InspectionView) -> Iterator[Silent]:
    """僵尸账号, accounts on the way there, and 开通未运营 ones: confirmed alone, the gravest first."""
    found = [
        Silent(str(problem.observed.get("degree", "")) if problem.check == _ZOMBIE else "dormant", problem)
        for problem in view.problems
        if problem.check in (_ZOMBIE, _DORMANT) and problem.state is State.FAIL
    ]
    dormant = {each.problem.target for each in found if each.degree == "dormant"}
    order = ("dormant", "zombie", "tendency")
    kept = [each for each in found if each.degree == "dormant" or each.problem.target not in dormant]
    return iter(sorted(kept, key=lambda each: (order.index(each.degree), each.problem.unit, each.problem.target_name)))


def _first_day(until: date) -> date:
    return until - timedelta(days=until.weekday(), weeks=WEEKS - 1)


def _day(at: datetime) -> date:
    return at.astimezone(BEIJING).date()
