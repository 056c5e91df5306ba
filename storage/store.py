"""The door to the keeping room: one database, one folder, and the repositories over them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from storage import schema
from storage.accounts import Accounts
from storage.bodies import Bodies
from storage.budgets import Budgets
from storage.clearing import Clearing
from storage.database import Database
from storage.entries import Entries
from storage.evidence import EvidenceStore
from storage.exports import Exports
from storage.figures import Figures
from storage.handovers import Handovers
from storage.inspections import Inspections
from storage.lease import Lease
from storage.postings import Postings
from storage.probes import Probes
from storage.rectifications import Rectifications
from storage.results import Results
from storage.reviews import Reviews
from storage.rounds import Rounds
from storage.runs import Runs
from storage.shelves import LocalShelf, Shelf


class Store:
    """What was inspected, gathered, judged and scored.

    `url` is `sqlite:///FILE` or `postgresql+psycopg://…`; `folder` holds bodies, and evidence where no other `shelf`
    is given. A store may be used from several threads, and several processes may each open one on the same database
    and folder (one that is forked must open its own). Raises DatabaseUnavailable, SchemaNewer.
    """

    def __init__(self, url: str, folder: Path, shelf: Shelf | None = None) -> None:
        database = Database(url)
        schema.check(database)
        self._furnish(database, folder, shelf)

    def held(self, lease: Lease) -> Store:
        """The same store for the worker that holds a target: every write fails with LeaseLost once another has it."""
        other = Store.__new__(Store)
        other._furnish(self.database.guarded(lease.prove), self.folder, self.evidence.shelf)
        return other

    def _furnish(self, database: Database, folder: Path, shelf: Shelf | None) -> None:
        self.folder = folder
        self.database = database
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
        self.evidence = EvidenceStore(shelf or LocalShelf(folder / "evidence"), self.database)
        self.exports = Exports(folder)
        self.handovers = Handovers(self.database)
        self.clearing = Clearing(self.database, self.bodies)
        self.postings = Postings(self.database)
        self.figures = Figures(self.database)

    @property
    def is_current(self) -> bool:
        """Whether the tables are there, and of this version."""
        return schema.is_current(self.database)

    def upgrade(self) -> None:
        """Brings the schema up to this version; does nothing where it is."""
        schema.upgrade(self.database)

    def free_bytes(self) -> int:
        """Bytes free where the folder lies, or would lie where nothing was kept yet."""
        return shutil.disk_usage(_existing(self.folder)).free

    def free_by_place(self) -> Mapping[str, int]:
        """Bytes free on each disk of the folder, named by the first place on it: `data`, `bodies`, `evidence`."""
        places = {"data": self.folder, "bodies": self.folder / "bodies", "evidence": self.folder / "evidence"}
        disks: dict[int, tuple[str, int]] = {}
        for place, folder in places.items():
            there = _existing(folder)
            disks.setdefault(there.stat().st_dev, (place, shutil.disk_usage(there).free))
        return dict(disks.values())

    def close(self) -> None:
        """Gives back every connection; the store may be used again and opens new ones."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _existing(folder: Path) -> Path:
    """The folder, or that which it would be made in."""
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return folder
