"""Source `table`: a unit's own filing or an export from the national reporting system (单位填报).

A row proves that the unit says it posted; what is not listed proves nothing by itself, for a filing may be a
selection and ends on the day it was made. An absence is believed only where the registry states that the table is
whole: `covered_since` and `covered_until`, the latter not before the monitoring time point. The earliest row is no
such statement. Even then a table without a single row of the account stays undetermined: a wrong id looks the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from crawler.accounts.attempt import Attempt, Keep, joined
from crawler.accounts.moment import Moment, read_calendar
from crawler.accounts.settings import Settings
from crawler.accounts.table_rows import FiledPost, read_table
from crawler.facts import Account, AccountFetch, AccountOutcome, PostFact

KIND = "table"
SETTINGS = ("path", "covered_since", "covered_until")
FILED = "单位填报"


class TableSource(Struct, frozen=True):
    """Reads a table; a relative path is resolved against `base_folder`."""

    base_folder: Path
    clock: Callable[[], datetime]
    keep: Keep | None = None

    async def fetch(self, account: Account, since: datetime, until: datetime) -> AccountFetch:
        """What the table gives. Raises AccountSettingsError and AccountTableError."""
        settings = Settings(account, KIND, SETTINGS)
        name = settings.required("path")
        whole = _statement(settings)
        content, rows = await asyncio.to_thread(read_table, self.base_folder / name, Path(name).name, self.clock())
        attempt = Attempt(KIND, account, since, until, self.clock, keep=self.keep, bodies=[content])
        own = [row for row in rows if (row.platform, row.platform_id) == (account.platform, account.platform_id)]
        if not own:
            return attempt.ended(AccountOutcome.EMPTY, reason=f"{FILED}的表格中没有该账号的记录")
        covered, caveat = None, "未声明填报完整的起止时间，仅能证明有发布"
        if whole is not None:
            start, end = whole
            covered, caveat = start.latest, ""
            if end.latest < until:
                covered, caveat = None, "声明的填报截止时间早于监测时间点，仅能证明有发布"
        return attempt.ended(
            AccountOutcome.FETCHED, reason=joined(FILED, caveat), covered_since=covered, posts=_posts(own, until)
        )


def _statement(settings: Settings) -> tuple[Moment, Moment] | None:
    """From when to when the table is stated to be whole; None where nothing is stated. A date means that whole day."""
    written = {name: settings.text(name) for name in ("covered_since", "covered_until")}
    if not any(written.values()):
        return None
    read: list[Moment] = []
    for name, value in written.items():
        if not value:
            raise settings.wrong(name, "covered_since 与 covered_until 须同时填写")
        moment = read_calendar(value)
        if moment is None:
            raise settings.wrong(name, "应为 2026-11-06 或 2026-11-06 09:30")
        read.append(moment)
    start, end = Moment.exactly(read[0].earliest), read[1]
    if start.earliest > end.latest:
        raise settings.wrong("covered_until", "早于 covered_since")
    return start, end


def _posts(rows: list[FiledPost], until: datetime) -> tuple[PostFact, ...]:
    """The rows as posts, newest first; one filed twice counts once."""
    posts: dict[str, PostFact] = {}
    for row in rows:
        at = row.moment.not_after(until)
        if at is not None:
            key = row.url or f"{at.isoformat()} {row.title}"
            posts.setdefault(key, PostFact(key, at, row.title, row.url))
    return tuple(sorted(posts.values(), key=lambda post: post.published_at, reverse=True))
