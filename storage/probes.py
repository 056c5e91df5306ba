"""Availability probes (可用性探测记录) over days. Rows are only ever added; they belong to no run and no inspection."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from crawler.facts import ProbeFact
from storage import tables
from storage.database import Database
from storage.encoding import probe_of, text_of
from storage.tables import instant, url_key

_SOME = 500
"""Addresses of one query."""


class Probes:
    """The probes of all addresses. Every call is one transaction: what was added survives a kill."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, probes: Sequence[ProbeFact]) -> None:
        """Adds probes in the order given."""
        rows = [(url_key(probe.url), instant(probe.at), text_of(probe)) for probe in probes]
        with self._database.write() as connection:
            self._database.insert(connection, tables.probes, ("url_key", "at", "fact"), rows)

    def of(self, url: str, since: datetime, until: datetime) -> tuple[ProbeFact, ...]:
        """The probes of one address between two moments, both included, in order of time."""
        table = tables.probes
        query = (
            sa.select(table.c.fact)
            .where(table.c.url_key == url_key(url), table.c.at >= since, table.c.at <= until)
            .order_by(table.c.at, table.c.id)
        )
        with self._database.read() as connection:
            found = (probe_of(fact) for fact in connection.execute(query).scalars())
            return tuple(probe for probe in found if probe.url == url)

    def latest(self, urls: Collection[str]) -> Mapping[str, datetime]:
        """When each of these addresses was last probed; those that never were are left out."""
        table = tables.probes
        by_key = {url_key(url): url for url in urls}
        keys = list(by_key)
        last: dict[str, datetime] = {}
        with self._database.read() as connection:
            for start in range(0, len(keys), _SOME):
                query = (
                    sa.select(table.c.url_key, sa.func.max(table.c.at).label("at"))
                    .where(table.c.url_key.in_(keys[start : start + _SOME]))
                    .group_by(table.c.url_key)
                )
                for row in connection.execute(query):
                    last[by_key[row.url_key]] = row.at
        return last
