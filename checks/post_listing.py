"""The posts of an account in a window as one whole listing gives them; what shares, averages and gaps are taken from.

Sources are never added up, for each numbers posts in its own way: one listing that is known to be whole over the window
is chosen, a platform's before the unit's own filing (单位填报), then the one with the most posts.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct

from checks.model import Measurement
from checks.posting import is_filed
from checks.settling import amount
from checks.window import Window, beijing_day
from crawler.facts import AccountFacts, PostFact

Figure = Callable[[PostFact], int | None]

FIGURES: dict[str, tuple[str, Figure]] = {
    "reads": ("阅读", lambda post: post.reads),
    "likes": ("点赞", lambda post: post.likes),
    "shares": ("转发", lambda post: post.shares),
    "comments": ("评论", lambda post: post.comments),
}
"""The counts of a post by name, each in Chinese as its measurements say it (篇均阅读数) and how it is had."""


class Listing(Struct, frozen=True):
    """The live posts of one source in a window, newest first. `days` is how many days the window holds."""

    source: str
    window: Window
    posts: tuple[PostFact, ...]

    @property
    def days(self) -> int:
        """The length that counts a day are divided by: 30 for a window of 30 days back."""
        return max((self.window.end - self.window.start).days, 1)

    @property
    def words(self) -> str:
        """Whence, as a sentence begins: 近 30 天（feed）共 12 条信息."""
        filed = "，单位填报" if is_filed(self.source) else ""
        return f"近 {self.window.words}（{self.source}{filed}）共 {len(self.posts)} 条信息"

    def told(self, figure: Figure) -> list[int]:
        """The counts of the posts of which the source tells them."""
        return [count for post in self.posts if (count := figure(post)) is not None]


def listing(facts: AccountFacts, window: Window) -> Listing | None:
    """The listing to measure by; None where none is known to be whole over the window."""
    deleted = {post.post_id for fetch in facts.fetches for post in fetch.posts if post.deleted}
    whole = [
        Listing(fetch.source, window, tuple(sorted(posts.values(), key=lambda post: post.published_at, reverse=True)))
        for fetch in facts.fetches
        if fetch.spans(window.opening)
        for posts in ({p.post_id: p for p in fetch.posts if _counts(facts, p, window, deleted)},)
    ]
    return max(whole, key=lambda one: (not is_filed(one.source), len(one.posts)), default=None)


def pace(found: Listing) -> tuple[Measurement, ...]:
    """How often was posted: posts a day, and the longest gap in days between two posts or to the window's end."""
    count = Decimal(len(found.posts))
    measured = [Measurement("日均发布条数", count / found.days, count, Decimal(found.days), "条")]
    days = sorted({beijing_day(post.published_at) for post in found.posts})
    if days:
        ends = [found.window.start, *days, found.window.end]
        gap = max((later - earlier).days for earlier, later in pairwise(ends))
        measured.append(amount("最长发布间隔", gap, "天"))
    return tuple(measured)


def _counts(facts: AccountFacts, post: PostFact, window: Window, deleted: set[str]) -> bool:
    return (
        not post.deleted
        and post.post_id not in deleted
        and post.published_at <= facts.as_of
        and window.holds(beijing_day(post.published_at))
    )
