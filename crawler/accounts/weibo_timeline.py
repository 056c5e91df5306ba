"""An account's posts on Weibo as read back page by page, and what they prove."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from crawler.accounts.attempt import CLOCK_SLACK, Attempt, SourceFailure, joined
from crawler.accounts.weibo_cards import WeiboPost
from crawler.facts import BEIJING, AccountFetch, AccountOutcome, AccountProfile, PostFact

OPENED = datetime(2009, 8, 14, tzinfo=BEIJING)
"""The day Sina Weibo opened: how far back a listing reaches of which every post has been seen."""


class View(Struct, frozen=True):
    """Who looks: `is_authenticated` says whether an absence may be believed at all; `post_url` has a {} for the id."""

    is_authenticated: bool
    post_url: str


class Timeline(Struct):
    """The account's posts as read back page by page, newest first but for the pinned ones."""

    posts: dict[str, WeiboPost] = field(default_factory=dict)
    undated: int = 0
    is_whole: bool = False
    stopped: str = ""
    """Why reading back ended before the window's start, in words; "" where it did not."""

    def add(self, page: tuple[WeiboPost, ...]) -> bool:
        """Takes a page in; says whether it held anything new."""
        before = len(self.posts)
        for post in page:
            if post.post_id and post.post_id not in self.posts:
                self.posts[post.post_id] = post
                self.undated += post.moment is None
        return len(self.posts) > before

    @property
    def reached(self) -> datetime | None:
        """The time of the last ordinary post. Pinned ones stand out of order and reach nowhere; nor does a lone post,
        which may be pinned without a mark.
        """
        ordinary = [post.moment for post in self.posts.values() if not post.pinned and post.moment]
        return ordinary[-1].latest if len(ordinary) > 1 else None


Turn = Callable[[int, str], Awaitable[tuple[tuple[WeiboPost, ...], str]]]
"""Asks for a page of the listing by its number and by the `since_id` of the answer before it ("": none); answers its
posts and the next `since_id`."""


async def read_back(ask: Turn, since: datetime, pages: int, profile: AccountProfile) -> Timeline:
    """The listing page by page, until it lies before `since`, brings nothing new or `pages` were read.

    Raises SourceFailure where the first page fails; where a later one does, what was read stands as proof of presence
    and whether it was whole is no longer known.
    """
    timeline, place = Timeline(), ""
    for page in range(1, pages + 1):
        try:
            posts, place = await ask(page, place)
        except SourceFailure as failure:
            if page == 1:
                raise
            timeline.stopped = f"第 {page} 页{failure.outcome.label}（{failure.reason}）"
            return timeline
        if not timeline.add(posts):
            break
        if timeline.reached and timeline.reached < since:
            return timeline
    timeline.is_whole = is_counted(timeline, profile)
    return timeline


def since_id(data: Mapping[str, Any] | None) -> str:
    """Where an answer says that the listing goes on; "" where it does not say."""
    told = data.get("since_id") if data else None
    return str(told) if told else ""


def is_counted(timeline: Timeline, profile: AccountProfile) -> bool:
    """Whether every post that the profile counts has been seen, so that the listing is whole to its beginning."""
    return profile.posts_total is not None and len(timeline.posts) >= profile.posts_total > 0


def judged(attempt: Attempt, view: View, profile: AccountProfile, timeline: Timeline) -> AccountFetch:
    """The timeline as a result: an absence is believed only where every post could be seen, dated and read back to."""
    until, now = attempt.until, attempt.clock()
    if not timeline.posts:
        return _empty(attempt, view, profile)
    if timeline.undated == len(timeline.posts):
        return attempt.ended(AccountOutcome.CHANGED, reason="博文时间的写法无法识别", profile=profile)
    posts = tuple(
        _fact(post, at, view.post_url)
        for post in timeline.posts.values()
        if post.moment and (at := post.moment.not_after(until))
    )
    future = any(post.moment and post.moment.earliest > now + CLOCK_SLACK for post in timeline.posts.values())
    reason = joined(
        "" if view.is_authenticated else "未登录读取，仅能证明有发布",
        timeline.stopped,
        f"{timeline.undated} 条博文没有可识别的发布时间" if timeline.undated else "",
        "有博文的发布时间晚于当前时间，时间不可信" if future else "",
    )
    covered = None if reason else (OPENED if timeline.is_whole else timeline.reached)
    return attempt.ended(AccountOutcome.FETCHED, reason=reason, covered_since=covered, posts=posts, profile=profile)


def _empty(attempt: Attempt, view: View, profile: AccountProfile) -> AccountFetch:
    """No post was listed. Only a login and a count of 0 together say that there is none."""
    if profile.posts_total == 0 and view.is_authenticated:
        return attempt.ended(AccountOutcome.FETCHED, reason="平台显示博文数为 0", covered_since=OPENED, profile=profile)
    counted = "未知" if profile.posts_total is None else str(profile.posts_total)
    return attempt.ended(
        AccountOutcome.EMPTY, reason=f"博文列表为空，而平台显示的博文数为 {counted}，不能证明未发布", profile=profile
    )


def _fact(post: WeiboPost, at: datetime, post_url: str) -> PostFact:
    return PostFact(
        post_id=post.post_id,
        published_at=at,
        title=post.title,
        url=post_url.format(post.bid or post.post_id),
        text=post.text,
        pinned=post.pinned,
        original=post.original,
        likes=post.likes,
        shares=post.shares,
        comments=post.comments,
        deleted=post.deleted,
    )
