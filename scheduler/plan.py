"""What a worker is told and what it tells: plain values that cross a process boundary."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from datetime import datetime
from multiprocessing.connection import Connection

from msgspec import Struct, field

from crawler.accounts.routes import NO_ROUTES, Routes
from crawler.fetch.limits import Limits
from scheduler.task import Task
from storage.shelves import HERE, Place


class Plan(Struct, frozen=True):
    """What a worker needs to know. `at_once` targets are worked on side by side. `lexicons` is the
    folder of the office's lexicon files, "" where it has none.

    `incremental` lets a run stand on the one before it: what has not changed is not read again. `account_time` is the
    hour at which the accounts' platforms believe to be, None for the real one: the demo city's platforms stand still at
    its monitoring time point. `routes` are the switches of the undocumented account sources; `credentials_file`
    names the file that logins may stand in, "" for none: the logins themselves never leave the worker that reads them.
    `rechecks` are the problems to look at again, by the number of their target; a target that has none is inspected.
    `hosts` are the names that the registry leads to addresses; `roots` is a file of certificates that the office trusts
    beside Mozilla's list. `evidence` is the bucket that evidence goes to; its keys the worker reads itself.
    """

    inspection: str
    database: str
    folder: str
    registry_folder: str
    limits: Limits
    allow_private: bool
    canaries: tuple[str, ...]
    rendering: bool
    at_once: int
    lexicons: str = ""
    incremental: bool = False
    routes: Routes = NO_ROUTES
    credentials_file: str = ""
    account_time: datetime | None = None
    rechecks: Mapping[int, Task] = field(default_factory=dict)
    hosts: Mapping[str, tuple[str, ...]] = {}
    roots: str = ""
    evidence: Place = HERE


class Tick(Struct, frozen=True):
    """How one target stands: live figures for the progress display."""

    number: int
    state: str
    pages: int = 0
    links: int = 0
    problems: int = 0


def work(plan: Plan, name: str, reports: Connection) -> None:
    """A worker process's main. What it needs is loaded in that process alone: the parent never loads Scrapy.

    Nothing of what is loaded is ever garbage: the collector rests until `run_worker` lets it look again.
    """
    gc.disable()
    # Scrapy's handler looks through every module that is loaded when it is: the fewer, the sooner it is done.
    import scrapy.core.downloader.handlers.http11  # noqa: F401

    from scheduler.worker import run_worker

    run_worker(plan, name, reports)
