"""The door to the keeping room: one database, one folder, and the repositories over them."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from storage import schema
from storage.accounts import Accounts
from storage.bodies import Bodies
from storage.budgets import Budgets
from storage.database import Database
from storage.entries import Entries
from storage.evidence import EvidenceStore
from storage.exports import Exports
from storage.inspections import Inspections
from storage.probes import Probes
from storage.rectifications import Rectifications
from storage.results import Results
from storage.reviews import Reviews
from storage.rounds import Rounds
from storage.runs import Runs


class Store:
    """What was inspected, gathered, judged and scored.

    `url` is `sqlite:///FILE` or `postgresql+psycopg://…`; `folder` holds bodies and evidence. A store may be used
    from several threads, and several processes may each open one on the same database and folder (one that is
    forked must open its own). Raises DatabaseUnavailable, SchemaNewer.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        self.database = Database(url)
        schema.check(self.database)
        self.bodies = Bodies(folder / "bodies")
        self.inspections = Inspections(self.database)
        self.runs = Runs(self.database, self.bodies)
        self.budgets = Budgets(self.database)
        self.probes = Probes(self.database)
        self.rounds = Rounds(self.database)
        self.accounts = Accounts(self.database)
        self.results = Results(self.database)
        self.reviews = Reviews(self.database)
        self.entries = Entries(self.database)
        self.rectifications = Rectifications(self.database)
        self.evidence = EvidenceStore(folder, self.database)
        self.exports = Exports(folder)

    def upgrade(self) -> None:
        """Brings the schema up to this version; does nothing where it is."""
        schema.upgrade(self.database)

    def close(self) -> None:
        """Gives back every connection; the store may be used again and opens new ones."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
