"""政务新媒体 as facts: what a platform says of an account, its posts, and what was kept of them over time."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from crawler.facts.texts import TextHit


class AccountOutcome(StrEnum):
    """How one fetch from an account source ended.

    LOGIN_EXPIRED is for the operator to mend, UNAUTHORISED for the unit: the login holds, but the interface has not
    been granted.
    """

    FETCHED = "fetched"
    LOGIN_EXPIRED = "login-expired"
    UNAUTHORISED = "unauthorised"
    RATE_LIMITED = "rate-limited"
    BLOCKED = "blocked"
    EMPTY = "empty-undetermined"
    NO_ACCOUNT = "no-account"
    STALE_DATA = "stale-data"
    CHANGED = "interface-changed"
    NETWORK = "network-failed"
    NO_SOURCE = "no-source"

    @property
    def label(self) -> str:
        """The outcome in Chinese."""
        return _ACCOUNT_LABELS[self]


_ACCOUNT_LABELS = {
    AccountOutcome.FETCHED: "获取成功",
    AccountOutcome.LOGIN_EXPIRED: "登录失效",
    AccountOutcome.UNAUTHORISED: "未获授权",
    AccountOutcome.RATE_LIMITED: "频率限制",
    AccountOutcome.BLOCKED: "被拦截",
    AccountOutcome.EMPTY: "内容为空（未定）",
    AccountOutcome.NO_ACCOUNT: "账号不存在",
    AccountOutcome.STALE_DATA: "数据陈旧",
    AccountOutcome.CHANGED: "接口变更",
    AccountOutcome.NETWORK: "网络失败",
    AccountOutcome.NO_SOURCE: "未登记数据来源",
}


class PostFact(Struct, frozen=True):
    """One post. Counts are None where the source does not give them.

    `original` is False for a reprint. `replies` are the account's own answers to comments, `comments_open` says whether
    the public may comment at all.
    """

    post_id: str
    published_at: datetime
    title: str
    url: str = ""
    text: str = ""
    pinned: bool = False
    original: bool | None = None
    reads: int | None = None
    likes: int | None = None
    shares: int | None = None
    comments: int | None = None
    deleted: bool = False
    replies: int | None = None
    comments_open: bool | None = None


class MenuEntry(Struct, frozen=True):
    """A menu entry: its words from the top (服务/办事指南), and its address; "" for one that answers by itself."""

    words: str
    url: str = ""


class AccountProfile(Struct, frozen=True):
    """What a platform says of an account; "" or None where it says nothing.

    `verified_type` is the kind of subject in Chinese (政府, 媒体, 企业, 个人 …). `menus` are the entries at its foot,
    () where it says that there are none. `auto_reply` tells whether a message is answered by rule, `messages` whether
    the public can write to it.
    """

    name: str = ""
    introduction: str = ""
    avatar: str = ""
    verified: bool | None = None
    verified_subject: str = ""
    followers: int | None = None
    posts_total: int | None = None
    verified_type: str = ""
    menus: tuple[MenuEntry, ...] | None = None
    auto_reply: bool | None = None
    messages: bool | None = None


class AccountFetch(Struct, frozen=True):
    """What one source gave for one account between `since` and `until`.

    `covered_since` is the earliest time back to which the listing is known to be whole; None where it is not known.
    `reason` says in words why an outcome is not 获取成功.
    """

    source: str
    fetched_at: datetime
    since: datetime
    until: datetime
    outcome: AccountOutcome
    reason: str = ""
    covered_since: datetime | None = None
    posts: tuple[PostFact, ...] = ()
    profile: AccountProfile | None = None
    url: str = ""
    payload_sha256: str = ""

    def spans(self, start: datetime) -> bool:
        """Whether an absence of posts since `start` may be believed."""
        return self.outcome is AccountOutcome.FETCHED and self.covered_since is not None and self.covered_since <= start


class KeptPost(Struct, frozen=True):
    """A post as it was last seen by any source, with when it was first and last seen.

    `gone_since` is the first whole listing of a source that had it and no longer does; None while it stands.
    """

    post: PostFact
    source: str
    first_seen: datetime
    last_seen: datetime
    gone_since: datetime | None = None


class FollowerCount(Struct, frozen=True):
    """How many followed an account on a day, by the last look of that day."""

    day: date
    count: int


class AccountHistory(Struct, frozen=True):
    """What was kept of an account over all inspections, newest post first; empty at the first one."""

    posts: tuple[KeptPost, ...] = ()
    followers: tuple[FollowerCount, ...] = ()


NO_HISTORY = AccountHistory()
"""What is known of an account that was never read before."""


class AccountLink(Struct, frozen=True):
    """A link of an account that was followed: a menu entry (`place` 菜单), or a post of its own (`place` 文章).

    `outcome` is good, gone (删除, 404), faulty (server error, violation), blocked (challenge, login) or unread;
    `reason` says it in Chinese. `attempts` tells how many looks agreed.
    """

    place: str
    words: str
    url: str
    outcome: str
    reason: str = ""
    attempts: int = 1
    status: int = 0
    at: datetime | None = None
    text: str = ""


class PostText(Struct, frozen=True):
    """What words stand in a post: the hits of the wordbook in its title and text."""

    post_id: str
    url: str
    title: str
    hits: tuple[TextHit, ...] = ()
