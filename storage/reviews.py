"""Reviews (复核): who decided what on which finding, and who took it back. Rows are only ever added."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from scoring.review import Review
from storage import tables
from storage.database import Database
from storage.encoding import text_of
from storage.errors import RecordMissing


class Withdrawal(Struct, frozen=True):
    """A review that was taken back: why, and by whom."""

    of: int
    reason: str
    by: str


class Change(Struct, frozen=True):
    """One row of the history. `inspection` is the one that the finding was looked at in."""

    number: int
    at: datetime
    inspection: str
    what: Review | Withdrawal


_review = msgspec.json.Decoder(Review).decode
_withdrawal = msgspec.json.Decoder(Withdrawal).decode


class Reviews:
    """All reviews there ever were. Every call is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, inspection: str, reviews: tuple[Review, ...], at: datetime) -> tuple[Review, ...]:
        """Adds reviews, all or none, and answers them with the numbers that they were given."""
        added = []
        with self._database.write() as connection:
            for review in reviews:
                statement = sa.insert(tables.reviews).values(at=at, inspection=inspection, fact=text_of(review))
                number: int = connection.execute(statement.returning(tables.reviews.c.id)).scalar_one()
                added.append(replace(review, number=number))
        return tuple(added)

    def withdraw(self, number: int, *, reason: str, by: str, at: datetime) -> Review:
        """Takes a review back and answers it. Raises RecordMissing where no such review stands."""
        with self._database.write() as connection:
            row = connection.execute(sa.select(tables.reviews).where(tables.reviews.c.id == number)).one_or_none()
            taken = connection.execute(sa.select(tables.reviews.c.id).where(tables.reviews.c.withdraws == number))
            if row is None or row.withdraws is not None or taken.first() is not None:
                raise RecordMissing(f"没有生效的复核 #{number}")
            fact = text_of(Withdrawal(number, reason, by))
            statement = sa.insert(tables.reviews).values(at=at, inspection=row.inspection, withdraws=number, fact=fact)
            connection.execute(statement)
        return replace(_review(row.fact), number=number)

    def standing(self) -> tuple[Review, ...]:
        """The reviews that nobody has taken back, by number; some may have expired."""
        changes = self.history()
        withdrawn = {change.what.of for change in changes if isinstance(change.what, Withdrawal)}
        reviews = (change.what for change in changes if isinstance(change.what, Review))
        return tuple(review for review in reviews if review.number not in withdrawn)

    def history(self) -> tuple[Change, ...]:
        """Every change, in the order in which they were made."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(tables.reviews).order_by(tables.reviews.c.id)).all()
        return tuple(Change(row.id, row.at, row.inspection, _read(row.id, row.fact, row.withdraws)) for row in rows)


def _read(number: int, fact: str, withdraws: int | None) -> Review | Withdrawal:
    return replace(_review(fact), number=number) if withdraws is None else _withdrawal(fact)
