"""What accounts posted and how many followed them, over all inspections. History only ever grows.

A post is kept once for each source, as that source last showed it. It is gone from the moment at which a whole listing
of the same source no longer has it, or shows it as deleted; it stands again where it is seen again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from crawler.facts import BEIJING, AccountFetch, AccountOutcome, PostFact
from crawler.facts.accounts import AccountHistory, FollowerCount, KeptPost
from storage import tables
from storage.database import Database
from storage.encoding import post_of, text_of
from storage.tables import instant, url_key

MARGIN = timedelta(days=1)
"""How near to a listing's ends a post is not missed: platforms tell some times to the day alone (昨天, 11-06)."""

_COLUMNS = ("account", "source", "post_key", "at", "first_seen", "last_seen", "gone_since", "fact")


class _Row(Struct, frozen=True):
    post_key: int
    at: datetime
    first_seen: datetime
    last_seen: datetime
    gone_since: datetime | None
    fact: str


class Accounts:
    """The history of all accounts. Every call is one transaction: what was recorded survives a kill."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, account: str, fetch: AccountFetch, now: datetime) -> None:
        """Keeps what a fetch showed at `now`; recording it again changes nothing. `account` is the account's key.

        A fetch that failed is no look. One whose listing is not known to be whole adds posts and takes none away.
        """
        if fetch.outcome is not AccountOutcome.FETCHED:
            return
        with self._database.write() as connection:
            kept = self._kept(connection, account, fetch.source)
            seen = {url_key(post.post_id): post for post in fetch.posts}
            rows = [_seen(kept.get(key), key, post, now) for key, post in seen.items()]
            rows += _missed(kept, seen, fetch, now)
            told = [
                (
                    account,
                    fetch.source,
                    row.post_key,
                    instant(row.at),
                    instant(row.first_seen),
                    instant(row.last_seen),
                    instant(row.gone_since) if row.gone_since else None,
                    row.fact,
                )
                for row in rows
                if row != kept.get(row.post_key)
            ]
            key = ("account", "source", "post_key")
            self._database.upsert(connection, tables.account_posts, _COLUMNS, told, key=key)
            if fetch.profile is not None and fetch.profile.followers is not None:
                self._count(connection, account, fetch.profile.followers, now)

    def history(self, account: str, since: datetime, until: datetime) -> AccountHistory:
        """What is known of `since` to `until`: posts of all sources, newest first, and followers by day."""
        posts, followers = tables.account_posts, tables.account_followers
        of_posts = (
            sa.select(posts)
            .where(posts.c.account == account, posts.c.at >= since, posts.c.at <= until)
            .order_by(posts.c.at.desc(), posts.c.id)
        )
        of_followers = (
            sa.select(followers.c.day, followers.c.count.label("followers"))
            .where(followers.c.account == account, followers.c.day >= _day(since), followers.c.day <= _day(until))
            .order_by(followers.c.day)
        )
        with self._database.read() as connection:
            kept = tuple(
                KeptPost(post_of(row.fact), row.source, row.first_seen, row.last_seen, row.gone_since)
                for row in connection.execute(of_posts)
            )
            counts = tuple(
                FollowerCount(date.fromisoformat(row.day), row.followers) for row in connection.execute(of_followers)
            )
        return AccountHistory(kept, counts)

    @staticmethod
    def _kept(connection: Connection, account: str, source: str) -> Mapping[int, _Row]:
        table = tables.account_posts
        query = sa.select(
            table.c.post_key, table.c.at, table.c.first_seen, table.c.last_seen, table.c.gone_since, table.c.fact
        ).where(table.c.account == account, table.c.source == source)
        return {row.post_key: _Row(*row) for row in connection.execute(query)}

    def _count(self, connection: Connection, account: str, count: int, now: datetime) -> None:
        table = tables.account_followers
        query = sa.select(table.c.at).where(table.c.account == account, table.c.day == _day(now))
        last = connection.execute(query).scalar_one_or_none()
        if last is None or last <= now:
            columns = ("account", "day", "at", "count")
            row = (account, _day(now), instant(now), count)
            self._database.upsert(connection, table, columns, [row], key=("account", "day"))


def _seen(kept: _Row | None, key: int, post: PostFact, now: datetime) -> _Row:
    """The row of a post that a listing shows; an older look than the last one changes no more than `first_seen`."""
    if kept is None:
        return _Row(key, post.published_at, now, now, now if post.deleted else None, text_of(post))
    first = min(kept.first_seen, now)
    if now < kept.last_seen:
        return _Row(key, kept.at, first, kept.last_seen, kept.gone_since, kept.fact)
    gone = (kept.gone_since or now) if post.deleted else None
    return _Row(key, post.published_at, first, now, gone, text_of(post))


def _missed(kept: Mapping[int, _Row], seen: Mapping[int, PostFact], fetch: AccountFetch, now: datetime) -> list[_Row]:
    """The kept posts that a whole listing should show and does not.

    Where it shows posts of those days and none of them is known, the source numbers posts anew (another feed of the
    same account): then nothing is missed.
    """
    if fetch.covered_since is None:
        return []
    start, end = fetch.covered_since + MARGIN, fetch.until - MARGIN
    due = {key: row for key, row in kept.items() if start <= row.at <= end}
    shown = {key for key, post in seen.items() if start <= post.published_at <= end}
    if shown and not shown & due.keys():
        return []
    return [
        _Row(row.post_key, row.at, row.first_seen, row.last_seen, now, row.fact)
        for key, row in due.items()
        if key not in seen and row.gone_since is None and row.last_seen < now
    ]


def _day(moment: datetime) -> str:
    return moment.astimezone(BEIJING).date().isoformat()
