"""What a worker is told and what it tells: plain values that cross a process boundary."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Literal

import msgspec
from msgspec import Struct, field

from checks.model import JSON
from crawler.accounts.routes import NO_ROUTES, Routes
from crawler.fetch.limits import Limits
from scheduler.task import Task
from storage.inspections import InspectionRecord
from storage.shelves import HERE, Place

TRIES = 6
"""How often a target is tried that a fault of ours broke off, before it is judged by what was seen (assumed)."""


class Machine(Struct, frozen=True):
    """What a machine brings: where it keeps things, and what its operator has given it.

    `lexicons` is the folder of the office's lexicon files, "" where it has none. `routes` are the switches of the
    undocumented account sources; `credentials_file` names the file that logins may stand in, "" for none: the logins
    themselves never leave the worker that reads them. `evidence` is where evidence goes, whose keys each process reads
    for itself. `log_format` is that of `scheduler.logs`. `roots` is a file of certificates that the office trusts
    beside Mozilla's list.
    """

    database: str
    folder: str
    lexicons: str = ""
    credentials_file: str = ""
    roots: str = ""
    routes: Routes = NO_ROUTES
    evidence: Place = HERE
    log_format: Literal["console", "json"] = "console"


class Terms(Struct, frozen=True):
    """How an inspection is made, alike on every machine that takes part; kept with it as its settings.

    `hosts` are the names that the registry leads to addresses. `account_time` is the hour at which the accounts'
    platforms believe to be, None for the real one: the demo city's platforms stand still at its monitoring time point.
    `queued` inspections are worked off by the workers of the queue, others by whoever began them.
    """

    limits: Limits
    registry_folder: str
    canaries: tuple[str, ...] = ()
    allow_private: bool = False
    rendering: bool = True
    hosts: Mapping[str, tuple[str, ...]] = {}
    account_time: datetime | None = None
    queued: bool = False


def terms_of(record: InspectionRecord) -> Terms:
    """The terms that an inspection was begun under."""
    return msgspec.convert(record.settings, Terms)


def settings_of(terms: Terms) -> Mapping[str, JSON]:
    """The terms as they are kept with an inspection."""
    kept: Mapping[str, JSON] = msgspec.to_builtins(terms)
    return kept


class Plan(Struct, frozen=True):
    """What a worker needs to know. `at_once` targets are worked on side by side.

    `incremental` lets a run stand on the one before it: what has not changed is not read again. Of an `awaited`
    inspection somebody waits for the end: a fault of ours is told at once, and not tried again. `rechecks` are the
    problems to look at again, by the number of their target; a target that has none is inspected. An `ordered` worker
    works on the targets whose numbers come through its pipe, another takes one after the other from the table.
    """

    inspection: str
    machine: Machine
    terms: Terms
    at_once: int
    incremental: bool = False
    awaited: bool = False
    rechecks: Mapping[int, Task] = field(default_factory=dict)
    ordered: bool = False


class Tick(Struct, frozen=True):
    """How one target stands: live figures for the progress display.

    `state` is a target's, or "gone" where the worker was not given it: another has it, or it is done.
    """

    number: int
    state: str
    pages: int = 0
    links: int = 0
    problems: int = 0
    words: str = ""

    @property
    def is_end(self) -> bool:
        """The worker has nothing more to do with the target."""
        return self.state in ("done", "failed", "interrupted", "gone")


def work(plan: Plan, name: str, pipe: Connection) -> None:
    """A worker process's main. What it needs is loaded in that process alone: the parent never loads Scrapy.

    Nothing of what is loaded is ever garbage: the collector rests until `run_worker` lets it look again.
    """
    gc.disable()
    # Scrapy's handler looks through every module that is loaded when it is: the fewer, the sooner it is done.
    import scrapy.core.downloader.handlers.http11  # noqa: F401

    from scheduler.worker import run_worker

    run_worker(plan, name, pipe)
