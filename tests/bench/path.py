"""The measured path in one process: crawl, facts, checks, scores and storage of one site, by a worker.

It is the process that `xuncha inspect` starts, its start included; the inspection is in the database before.
"""

import multiprocessing
import sys

from crawler.fetch.limits import Limits
from scheduler.plan import Machine, Plan, Terms, work


def main(home: str, folder: str, database: str, name: str) -> None:
    """Works off inspection `name` of the site at `home`, recorded in `database` and in `folder`."""
    limits = Limits(pages=1_000_000, resources=1_000_000, confirm_gap=1)
    ours, theirs = multiprocessing.Pipe(duplex=False)
    terms = Terms(limits, folder, (home,), allow_private=True, rendering=False)
    work(Plan(name, Machine(database, folder), terms, 1, incremental=True), "w", theirs)
    ours.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
