"""A fictional new-media account: its unit, its posts, what its platform answers, what an inspection must say."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from demo.model import AS_OF


class DemoPost(Struct, frozen=True):
    """One post. `marked` is whether a pinned one says so. `article` is the state of its page (platform_articles.py),
    `reprint` whether it only passes on another account's post.
    """

    at: datetime
    title: str
    pinned: bool = False
    marked: bool = True
    article: str = "ok"
    reprint: bool = False


class Expectation(Struct, frozen=True):
    """What one check must make of an account: fail, needs-review, pass or undetermined, and why."""

    check: str
    expect: str
    why: str


class DemoAccount(Struct, frozen=True):
    """One account. `scenario` is what its platform does (platform_feeds.py, platform_weibo.py); `form` is json, rss,
    atom (wewe-rss) or mp-rss (we-mp-rss) for a feed. `statuses_count` None counts the posts.
    `shown_name` and `verified_as` are what the platform shows where that is not the registered name and subject.
    `verified` is whether the platform has verified it at all, `status` as it is registered. `menu` are the words and
    the places on its platform of a menu's entries, of which those with `gone` in them are not there.
    `quiet` says that nobody likes, shares or comments on any of its posts.
    """

    unit: str
    platform: str
    name: str
    platform_id: str
    source: str
    subject: str = ""
    scenario: str = "ok"
    form: str = "json"
    posts: tuple[DemoPost, ...] = ()
    statuses_count: int | None = None
    shown_name: str = ""
    verified_as: str = ""
    quiet: bool = False
    verified: bool = True
    status: str = "running"
    menu: tuple[tuple[str, str], ...] = ()
    expectations: tuple[Expectation, ...] = ()

    @property
    def feed_path(self) -> str:
        """The address of its feed on the feed server."""
        identifier = f"MP_WXS_{self.platform_id}"
        return f"/rss/{identifier}" if self.form == "mp-rss" else f"/feeds/{identifier}.{self.form}"


def posts_until(
    last_days: float, *, every: float = 2.0, count: int = 12, about: str = "政务动态"
) -> tuple[DemoPost, ...]:
    """Posts newest first: the last `last_days` before AS_OF, the others `every` days apart before it."""
    return tuple(
        DemoPost(AS_OF - timedelta(days=last_days + every * number), f"{about}（第 {count - number} 期）")
        for number in range(count)
    )
