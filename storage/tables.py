"""The tables. Facts stand as JSON text beside the few columns that are searched; migrations make them so.

An address is searched by a 64-bit key of it, for it may be longer than an index entry can be.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from crawler.facts import BEIJING

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def instant(at: datetime) -> int:
    """Microseconds since 1970 UTC, exact; a naive time is refused with ValueError."""
    if at.tzinfo is None:
        raise ValueError(f"a stored time must be aware: {at!r}")
    return (at - _EPOCH) // _MICROSECOND


def url_key(url: str) -> int:
    """A signed 64-bit key of an address, equal in every process."""
    return int.from_bytes(blake2b(url.encode(), digest_size=8).digest(), "big", signed=True)


class Instant(TypeDecorator[datetime]):
    """An aware datetime kept as whole microseconds, so that it sorts and compares alike on both databases."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        """To microseconds."""
        return None if value is None else instant(value)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:
        """To a time in Asia/Shanghai."""
        return None if value is None else (_EPOCH + int(value) * _MICROSECOND).astimezone(BEIJING)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts rows by itself only in a column that is exactly INTEGER.
_RowId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _target() -> tuple[sa.Column[str], ...]:
    return _text("unit"), _text("kind"), _text("address")


def _inspection(**more: Any) -> sa.Column[str]:
    return sa.Column("inspection", sa.ForeignKey("inspections.id", ondelete="CASCADE"), nullable=False, **more)


def _run(**more: Any) -> sa.Column[int]:
    return sa.Column("run", sa.ForeignKey("runs.id", ondelete="CASCADE"), nullable=False, **more)


def _stands_on(column: str) -> sa.ForeignKey:
    """Forbids to delete what a later run stands on; looked at when a transaction ends, so that both may go at once."""
    return sa.ForeignKey(column, deferrable=True, initially="DEFERRED")


inspections = sa.Table(
    "inspections",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _text("name"),
    _text("kind"),
    sa.Column("as_of", Instant, nullable=False),
    _text("rulesets"),
    _text("units"),
    _text("settings"),
    sa.Column("started", Instant, nullable=False),
    _text("tool_version"),
    _text("registry_digest"),
    sa.Column("ended", Instant),
    _text("exit_reason"),
    sa.Column("cleared", Instant),
    sa.Column("thinned", Instant),
    sa.Index(None, "started"),
)

targets = sa.Table(
    "targets",
    metadata,
    _inspection(primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    *_target(),
    _text("name"),
    _text("state"),
    sa.Column("run", _RowId),
    _text("worker"),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("started", Instant),
    sa.Column("ended", Instant),
    _text("exit_reason"),
    _text("stats"),
    sa.Index(None, "inspection", "state", "attempts", "number"),
    sa.Index(None, "address", "kind", "unit"),
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    _inspection(index=True),
    *_target(),
    _text("settings"),
    sa.Column("started", Instant, nullable=False),
    sa.Column("ended", Instant),
    _text("exit_reason"),
    _text("stats"),
    sa.Index(None, "address", "kind", "unit"),
    sqlite_autoincrement=True,  # a run's number names its spool file and must never be given twice
)

# A run that stands on an earlier one of its target: it may keep pages of that run, and its link numbers go on to count.
bases = sa.Table(
    "bases",
    metadata,
    _run(primary_key=True),
    sa.Column("base", _stands_on("runs.id"), nullable=False),
    sa.Index(None, "base"),
)

notes = sa.Table(
    "notes",
    metadata,
    _run(primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    _text("value"),
)

# The order of columns is that of reading: SQLite reads a row from its start, and the fact is long.
pages = sa.Table(
    "pages",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    _run(),
    _text("kind"),
    sa.Column("url_key", sa.BigInteger, nullable=False),
    _text("url"),
    sa.Column("links", sa.LargeBinary, nullable=False),
    _text("fact"),
    sa.Index(None, "run", "id", "kind"),
    sa.UniqueConstraint("run", "url_key"),
)

# Pages of earlier runs that a run found unchanged. What a later run stands on cannot be deleted under it.
kept_pages = sa.Table(
    "kept_pages",
    metadata,
    _run(primary_key=True),
    sa.Column("page", _stands_on("pages.id"), primary_key=True, autoincrement=False),
    sa.Index(None, "page"),
    sqlite_with_rowid=False,
)

links = sa.Table(
    "links",
    metadata,
    _run(primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("fact"),
    sqlite_with_rowid=False,
)

visits = sa.Table(
    "visits",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    _run(),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("url_key", sa.BigInteger, nullable=False),
    _text("fact"),
    sa.Index(None, "run", "at", "id"),
    sa.Index(None, "run", "url_key"),
)

captures = sa.Table(
    "captures",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    _run(),
    sa.Column("url_key", sa.BigInteger, nullable=False),
    _text("kind"),
    sa.Column("place", sa.BigInteger, nullable=False),
    sa.Column("length", sa.Integer, nullable=False),
    sa.Index(None, "run", "url_key"),
)

# Availability probes. They belong to no run: an address is watched on days when nobody inspects it.
probes = sa.Table(
    "probes",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    sa.Column("url_key", sa.BigInteger, nullable=False),
    sa.Column("at", Instant, nullable=False),
    _text("fact"),
    sa.Index(None, "url_key", "at"),
)

# What accounts posted, over all inspections: a row a post and source, as it was last seen. They belong to no run.
account_posts = sa.Table(
    "account_posts",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    _text("account"),
    _text("source"),
    sa.Column("post_key", sa.BigInteger, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("first_seen", Instant, nullable=False),
    sa.Column("last_seen", Instant, nullable=False),
    sa.Column("gone_since", Instant),
    _text("fact"),
    sa.UniqueConstraint("account", "source", "post_key"),
    sa.Index(None, "account", "at"),
)

# One number a day (2026-11-20): the last look of that day.
account_followers = sa.Table(
    "account_followers",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("day", sa.Text, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("count", sa.BigInteger, nullable=False),
)

# What each account source was asked under one login, shared by all workers; `free_at` is when its next turn comes.
budgets = sa.Table(
    "budgets",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("free_at", Instant),
    sa.Column("minute", Instant),
    sa.Column("in_minute", sa.Integer, nullable=False),
    sa.Column("day", Instant),
    sa.Column("in_day", sa.Integer, nullable=False),
    sa.Column("blocked_until", Instant),
    _text("reason"),
    sa.Column("strikes", sa.Integer, nullable=False),
)

# 轮次: what the scheduler has begun, once a kind, registry and period. `seen` is the holder's last sign of life.
rounds = sa.Table(
    "rounds",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("starts", Instant, nullable=False),
    sa.Column("closes", Instant, nullable=False),
    sa.Column("claimed_at", Instant, nullable=False),
    sa.Column("seen", Instant, nullable=False),
    _text("holder"),
    sa.Column("attempts", sa.Integer, nullable=False),
    _text("inspection"),
    _text("outcome"),
    _text("words"),
    sa.Column("ended", Instant),
    sa.Index(None, "scope", "closes"),
)

evidence = sa.Table(
    "evidence",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    _text("sha256"),
    _text("kind"),
    sa.Column("url_key", sa.BigInteger, nullable=False),
    _text("url"),
    sa.Column("at", Instant, nullable=False),
    _text("client"),
    sa.Column("run", _RowId),
    sa.Index(None, "sha256"),
    sa.UniqueConstraint("run", "url_key", "at", "kind", "sha256"),
)

results = sa.Table(
    "results",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    _inspection(),
    *_target(),
    _text("check"),
    _text("state"),
    _text("fact"),
    sa.Column("saved", Instant, nullable=False),
    sa.UniqueConstraint("inspection", "address", "kind", "unit", "check"),
    sa.Index(None, "address", "kind", "unit", "check"),
)

findings = sa.Table(
    "findings",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    sa.Column("result", sa.ForeignKey("results.id", ondelete="CASCADE"), nullable=False),
    _inspection(),
    _text("fingerprint"),
    _text("life"),
    sa.Column("first_seen", Instant, nullable=False),
    _text("evidence"),
    _text("fact"),
    sa.Index(None, "result"),
    sa.Index(None, "inspection", "life"),
)

_CARD = ("inspection", "address", "kind", "unit", "ruleset")

cards = sa.Table(
    "cards",
    metadata,
    _inspection(primary_key=True),
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("unit", sa.Text, primary_key=True),
    sa.Column("ruleset", sa.Text, primary_key=True),
    _text("fact"),
)

# 评分过程: how a card came to what it says, a row an indicator. Points are exact texts; `score` may be untold.
traces = sa.Table(
    "traces",
    metadata,
    sa.Column("inspection", sa.Text, primary_key=True),
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("unit", sa.Text, primary_key=True),
    sa.Column("ruleset", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    _text("indicator"),
    _text("dimension"),
    _text("state"),
    _text("points"),
    _text("attainable"),
    sa.Column("score", sa.Text),
    _text("operands"),
    _text("arithmetic"),
    _text("findings"),
    _text("coverage"),
    _text("reviews"),
    _text("fact"),
    sa.ForeignKeyConstraint(_CARD, [f"cards.{name}" for name in _CARD], name="fk_traces_card", ondelete="CASCADE"),
    sqlite_with_rowid=False,
)

# 复核. They belong to no inspection for good: a decision holds for every later one too.
reviews = sa.Table(
    "reviews",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    _text("inspection"),
    sa.Column("withdraws", sa.ForeignKey("reviews.id"), unique=True),
    _text("fact"),
    sqlite_autoincrement=True,  # a number that papers quote must never be given twice
)

# 人工录入: the last row of a place is what stands.
entries = sa.Table(
    "entries",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    _inspection(index=True),
    *_target(),
    _text("ruleset"),
    _text("indicator"),
    sa.Column("at", Instant, nullable=False),
    _text("fact"),
)

# 整改: a notice to a unit with the problems that it names, and what came of each. Rows are only ever added.
notices = sa.Table(
    "notices",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    sa.Column("inspection", sa.ForeignKey("inspections.id"), nullable=False, index=True),
    _text("unit"),
    sa.Column("issued", Instant, nullable=False),
    _text("fact"),
    sqlite_autoincrement=True,  # a number that papers quote must never be given twice
)

notice_items = sa.Table(
    "notice_items",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    sa.Column("notice", sa.ForeignKey("notices.id"), nullable=False, index=True),
    sa.Column("fingerprint", sa.Text, nullable=False, index=True),
    _text("finding"),
)

# What happened to one item: a reply of the unit, a recheck, a decision of the office.
steps = sa.Table(
    "steps",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    sa.Column("item", sa.ForeignKey("notice_items.id"), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    _text("fact"),
)

# Exports that a person asked for (`xuncha export`): what was handed over keeps its findings and their evidence.
handovers = sa.Table(
    "handovers",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    _inspection(index=True),
    sa.Column("at", Instant, nullable=False),
)

# Evidence that nothing refers to, and since when that is known. What stands here long enough is removed.
condemned = sa.Table(
    "condemned",
    metadata,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("since", Instant, nullable=False),
)

# One row: the name that tells this database from every other, made with its tables.
identity = sa.Table("identity", metadata, sa.Column("id", sa.Text, primary_key=True))

# What was sent to people: a row a message and channel. Whoever puts the row there sends it, nobody else.
postings = sa.Table(
    "postings",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    _text("outcome"),
    _text("digest"),
    _text("told"),
    _text("reason"),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Index(None, "kind", "at"),
)
