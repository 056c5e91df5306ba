"""The distributed queue: one job a target, on Procrastinate over the PostgreSQL that holds the inspections.

The table of targets is the only truth; a job says no more than "look after that row". So a job may be delivered twice,
or be lost: every worker gives back what a dead one had, and sends anew what has no job.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any, Self

import procrastinate
import psycopg
from msgspec import Struct
from procrastinate import exceptions, job_context, jobs, retry
from procrastinate.worker import Worker
from sqlalchemy.engine import make_url

from crawler.clock import now
from scheduler.deaths import after_death
from scheduler.errors import NoQueue
from scheduler.hosts import host_visited
from scheduler.plan import Tick, terms_of
from storage.inspections import InspectionRecord, TargetRow
from storage.peer import parameters
from storage.store import Store

logger = logging.getLogger(__name__)

QUEUE, JOB = "xuncha", "inspect"
PRIORITIES = {"on-demand": 30, "quarterly": 20, "nightly": 10}
"""Somebody waits for an on-demand inspection, a quarterly one has a date, a night comes again."""
HEARTBEAT, SILENT = 5.0, 20.0
"""Seconds between two signs of life of a worker, and after how many without one it is taken for dead."""
MENDING = 6
"""Every so many signs of life a worker looks for targets without a job, which reads the whole table."""
LONGEST_WAIT = 300
"""Seconds between two tries at the most; the first comes after two, each later one after twice as long."""
_POOL_PATIENCE = 15.0
"""Seconds that a step of the queue waits for a connection; a worker that is to stop takes two such steps at the end.

After as many the pool gives up: it would try after twice as long each time, and be late when the database is back.
"""
_BATCH = 500
_SCHEMA_LOCK, _MENDING_LOCK, _SENDING_LOCK = 0x786368, 0x786369, 0x78636A


class BrokenOff(Exception):
    """A fault of ours broke the work on a target off: the job is tried again after a pause."""


class HandedBack(Exception):
    """The worker is to stop: another may go on with the target at once."""


class Load(Struct, frozen=True):
    """How full the queue is: jobs waiting and under way, workers that gave a sign of life of late."""

    waiting: int
    running: int
    workers: int


Perform = Callable[[str, int], Awaitable[Tick]]
"""Works on a target, by its inspection and number, until it has ended; the last tick of it."""
Stop = Callable[[str, int], Awaitable[None]]
"""Ends the work on a target cleanly; returns when it has ended."""


class Queue:
    """An open connection to the queue. Raises NoQueue for a database that is no PostgreSQL, and where it is away."""

    def __init__(self, database: str) -> None:
        address = make_url(database)
        if address.get_backend_name() != "postgresql":
            raise NoQueue("分布式队列需要 PostgreSQL（database = postgresql+psycopg://…），SQLite 只用于单机")
        conninfo = address.set(drivername="postgresql").render_as_string(hide_password=False)
        connector = procrastinate.PsycopgConnector(
            conninfo=conninfo, kwargs=parameters(address), timeout=_POOL_PATIENCE, reconnect_timeout=_POOL_PATIENCE
        )
        self._app = procrastinate.App(connector=connector)
        self._suspects: frozenset[tuple[str, int, str]] = frozenset()
        self._blind = time.monotonic()

    async def __aenter__(self) -> Self:
        try:
            with _told():
                await self._app.open_async()
                await self._prepare()
        except NoQueue:
            await self._app.close_async()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._app.close_async()

    async def send(self, record: InspectionRecord, rows: Iterable[TargetRow]) -> int:
        """Sends a job for each of these targets that has none; how many. May be repeated at any time.

        One sends at a time: a job that another sent in between may be under way already, which its queueing lock does
        not see. Of two jobs of one target the first could then never be put back.
        """
        with _told():
            return await self._send(record, rows)

    async def _send(self, record: InspectionRecord, rows: Iterable[TargetRow]) -> int:
        async with self._connection() as connection:
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SENDING_LOCK,))
            known = await self._known(record.id, ("todo", "doing"))
            fresh = [_job(record, row) for row in rows if row.number not in known]
            for start in range(0, len(fresh), _BATCH):
                await self._defer(fresh[start : start + _BATCH])
        return len(fresh)

    async def withdraw(self, inspection: str) -> None:
        """Takes an inspection's waiting jobs back and asks for an end of those under way."""
        with _told():
            for status in ("todo", "doing"):
                for job in (await self._known(inspection, (status,))).values():
                    await self._app.job_manager.cancel_job_by_id_async(job, abort=True, delete_job=True)

    async def load(self) -> Load:
        """How full the queue is."""
        query = """
            SELECT count(*) FILTER (WHERE status = 'todo') AS waiting,
                   count(*) FILTER (WHERE status = 'doing') AS running,
                   (SELECT count(*) FROM procrastinate_workers
                     WHERE last_heartbeat > now() - (%(silent)s || ' SECOND')::interval) AS workers
              FROM procrastinate_jobs WHERE queue_name = %(queue)s
        """
        with _told():
            row = await self._app.connector.execute_query_one_async(query, queue=QUEUE, silent=SILENT)
        return Load(int(row["waiting"]), int(row["running"]), int(row["workers"]))

    async def serve(self, perform: Perform, stop: Stop, store: Store, *, concurrency: int, patience: float) -> None:
        """Works jobs off until it is cancelled; then waits `patience` seconds for those under way, which must end by

        HandedBack. Also ends by itself where the database has gone away. Mends the queue meanwhile.
        """

        async def inspect(context: job_context.JobContext, inspection: str, number: int) -> None:
            try:
                tick = await perform(inspection, number)
            except asyncio.CancelledError:
                if context.abort_reason() is job_context.AbortReason.USER_REQUEST:
                    await stop(inspection, number)
                raise
            if tick.state == "interrupted":
                raise BrokenOff(tick.words)

        self._app.task(name=JOB, queue=QUEUE, pass_context=True, retry=_Again())(inspect)
        worker = Worker(
            self._app,
            queues=[QUEUE],
            concurrency=concurrency,
            shutdown_graceful_timeout=0,  # where the database has gone away no job is waited for: it comes again
            delete_jobs=jobs.DeleteJobCondition.ALWAYS,
            install_signal_handlers=False,
            stalled_worker_timeout=SILENT,
        )
        working = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]
        beating = asyncio.create_task(self._keep_in_sight(worker))
        mending = asyncio.create_task(self._keep_mending(store))
        try:
            await asyncio.wait((working, beating), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            worker.shutdown_graceful_timeout = patience
            raise
        finally:
            worker.stop()  # type: ignore[no-untyped-call]
            try:
                await working
            finally:
                for task in (beating, mending):
                    task.cancel()
                await asyncio.gather(beating, mending, return_exceptions=True)

    async def _keep_in_sight(self, worker: Worker) -> None:
        """Gives signs of life until one fails. The library stops giving them then, and works on where nobody sees it:

        the watch over what it does beside its work ends with the first that does, and we have no periodic tasks.
        """
        while True:
            await asyncio.sleep(HEARTBEAT)
            if worker.worker_id is not None:
                await self._app.job_manager.update_heartbeat(worker.worker_id)

    async def _keep_mending(self, store: Store) -> None:
        """Gives back what silent workers had, and sends a job for every target of a queued inspection that has none."""
        for beat in itertools.count():
            try:
                if revived := await self._revive(store):
                    logger.warning("%d 个对象的工作进程失联，已重新排入队列", revived)
                if beat % MENDING == 0:
                    await self._send_missing(store)
            except Exception:  # the database may be away for a while; the next round looks again
                self._blind = time.monotonic()
                logger.exception("the queue was not mended")
            await asyncio.sleep(HEARTBEAT)

    async def _revive(self, store: Store) -> int:
        """Puts stalled jobs back, one mender at a time: a job that another has put back may be under way again.

        A database that was away saw no sign of anybody: whoever sees it again lets the others be seen first.
        """
        manager, revived, began = self._app.job_manager, 0, time.monotonic()
        async with self._connection() as connection:
            locked = await connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (_MENDING_LOCK,))
            if not (await locked.fetchone())[0]:
                return 0
            stalled = [*await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=SILENT)]
            if time.monotonic() - began > HEARTBEAT:
                self._blind = time.monotonic()
            if time.monotonic() - self._blind < SILENT:
                return 0
            for job in stalled:
                inspection, number = str(job.task_kwargs["inspection"]), int(str(job.task_kwargs["number"]))
                row = await asyncio.to_thread(store.inspections.target, inspection, number)
                if row is not None and row.state in ("running", "interrupted"):
                    await asyncio.to_thread(after_death, store, row, "工作进程失联", now())
                await manager.retry_job(job, retry_at=now())
                revived += 1
        return revived

    async def _send_missing(self, store: Store) -> None:
        """A target under way without a job is given back when it is met so twice: its job may just have ended."""
        suspects = set[tuple[str, int, str]]()
        for record in await asyncio.to_thread(store.inspections.unfinished):
            if record.exit_reason or not terms_of(record).queued:
                continue  # broken off by its sender, or worked off by whoever began it
            rows = await asyncio.to_thread(store.inspections.targets, record.id)
            known = await self._known(record.id, ("todo", "doing"))
            missing = [row for row in rows if row.state not in ("done", "failed") and row.number not in known]
            for row in missing:
                mark = (row.inspection, row.number, row.worker)
                if row.state != "pending" and mark not in self._suspects:
                    suspects.add(mark)
                elif row.state != "pending":
                    await asyncio.to_thread(after_death, store, row, "工作进程失联", now())
            await self.send(record, [row for row in missing if row.state == "pending"])
        self._suspects = frozenset(suspects)

    async def _known(self, inspection: str, statuses: Sequence[str]) -> dict[int, int]:
        """The jobs of an inspection in these states, by the numbers of their targets."""
        rows = await self._app.connector.execute_query_all_async(
            """
            SELECT id, (args ->> 'number')::int AS number FROM procrastinate_jobs
             WHERE queue_name = %(queue)s AND status = ANY(%(statuses)s::procrastinate_job_status[])
               AND args ->> 'inspection' = %(inspection)s
            """,
            queue=QUEUE,
            statuses=[*statuses],
            inspection=inspection,
        )
        return {int(row["number"]): int(row["id"]) for row in rows}

    async def _defer(self, some: list[jobs.Job]) -> None:
        manager = self._app.job_manager
        try:
            await manager.batch_defer_jobs_async(some)
        except exceptions.AlreadyEnqueued:  # somebody sent one of them at this very moment
            if len(some) > 1:
                for job in some:
                    await self._defer([job])

    def _connection(self) -> Any:
        """A transaction of the library's own pool."""
        return self._app.connector.pool.connection()  # type: ignore[attr-defined]

    async def _prepare(self) -> None:
        """The library's own tables, made once whoever comes first."""
        async with self._connection() as connection:
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SCHEMA_LOCK,))
            found = await (await connection.execute("SELECT to_regclass('procrastinate_jobs')")).fetchone()
            if found[0] is None:
                await connection.execute(self._app.schema_manager.get_schema())


class _Again(retry.BaseRetryStrategy):
    """Every job that broke off is tried again: what becomes of its target stands in the table, not here."""

    def get_retry_decision(self, *, exception: BaseException, job: jobs.Job) -> procrastinate.RetryDecision | None:
        is_free = isinstance(exception, HandedBack | asyncio.CancelledError)
        wait = 0 if is_free else min(2 ** min(job.attempts + 1, 9), LONGEST_WAIT)
        return procrastinate.RetryDecision(retry_in={"seconds": wait})


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Tells plainly that the database is away: errors of the library and those of its pool, which it does not wrap."""
    try:
        yield
    except (exceptions.ConnectorException, psycopg.OperationalError) as error:
        cause = error.__cause__ if isinstance(error, exceptions.ConnectorException) and error.__cause__ else error
        raise NoQueue(f"队列所在的数据库无法连接：{' '.join(str(cause).split())}") from error


def _job(record: InspectionRecord, row: TargetRow) -> jobs.Job:
    """Two sites of one host are never visited at once, by whichever workers."""
    return jobs.Job(
        queue=QUEUE,
        priority=PRIORITIES.get(record.kind, 0),
        lock=host_visited(row.target) or None,
        queueing_lock=f"{record.id}/{row.number}",
        task_name=JOB,
        task_kwargs={"inspection": record.id, "number": row.number},
    )
