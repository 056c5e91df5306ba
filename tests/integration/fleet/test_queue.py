"""The distributed queue on a real PostgreSQL with real workers: what it finds, how it stops, what it refuses."""

import asyncio
import os
import signal
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from checks.model import Subject, Target
from scheduler.plan import Tick
from scheduler.queue import Queue
from storage.store import Store
from tests.integration.fleet.fleet import Fleet, Postgres, assert_whole, visits, wait_until
from tests.integration.storage.samples import inspection

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(900)]


def test_two_workers_find_what_one_machine_finds(fleet: Fleet, undisturbed: Path) -> None:
    fleet.add_worker(concurrency=3)
    fleet.add_worker(concurrency=3)
    sender = fleet.send(fleet.folder / "out")
    wait_until(lambda: all(fleet.children(worker) for worker in fleet.workers), "a worker has nothing to do")
    fleet.finish(sender)
    assert_whole(fleet, fleet.folder / "out", undisturbed)


def test_a_worker_that_is_told_to_stop_hands_its_targets_back(fleet: Fleet, undisturbed: Path) -> None:
    first = fleet.add_worker(concurrency=6)
    sender = fleet.send(fleet.folder / "out")
    wait_until(lambda: visits(fleet) >= 10, "nothing is visited")
    first.send_signal(signal.SIGTERM)
    assert first.wait(90) == 0, fleet.said()
    with fleet.store() as store:
        states = {row.state for row in store.inspections.targets(store.inspections.all()[0].id)}
    assert "running" not in states
    assert "pending" in states
    fleet.add_worker(concurrency=6)
    fleet.finish(sender)
    assert_whole(fleet, fleet.folder / "out", undisturbed)


def test_a_sender_that_is_told_to_stop_takes_back_what_waits_and_can_go_on(fleet: Fleet, undisturbed: Path) -> None:
    fleet.add_worker(concurrency=3)
    sender = fleet.send(fleet.folder / "first")
    wait_until(lambda: visits(fleet) >= 10, "nothing is visited")
    sender.send_signal(signal.SIGINT)
    assert sender.wait(120) in (3, 4), fleet.said()
    with fleet.store() as store:
        (record,) = store.inspections.all()
        assert record.exit_reason == "已中断"
        rows = store.inspections.targets(record.id)
        assert "running" not in {row.state for row in rows}, (rows, fleet.said())
    before = visits(fleet)
    fleet.finish(fleet.send(fleet.folder / "out", "--resume"))
    assert visits(fleet) > before
    assert_whole(fleet, fleet.folder / "out", undisturbed)


def test_a_sender_that_is_killed_takes_nothing_with_it(fleet: Fleet, undisturbed: Path) -> None:
    fleet.add_worker(concurrency=6)
    sender = fleet.send(fleet.folder / "first")
    wait_until(lambda: visits(fleet) >= 10, "nothing is visited")
    os.killpg(sender.pid, signal.SIGKILL)
    sender.wait()
    fleet.finish(fleet.send(fleet.folder / "out", "--resume"))
    assert_whole(fleet, fleet.folder / "out", undisturbed)


def test_two_that_send_at_one_moment_send_no_target_twice(postgres_url: str, tmp_path: Path) -> None:
    """While a worker takes jobs as they come: a job under way is none that the library's own lock sees."""
    with Store(postgres_url, tmp_path) as store:
        store.upgrade()
        record = inspection("crowd")
        targets = [(Target("u", f"wechat:{number}", Subject.ACCOUNT), "x") for number in range(1500)]
        store.inspections.create(record, targets)
        rows = store.inspections.targets(record.id)
    engine = sa.create_engine(postgres_url)

    def take(until: threading.Event) -> None:
        while not until.is_set():
            with engine.begin() as connection:
                connection.execute(sa.text("UPDATE procrastinate_jobs SET status = 'doing' WHERE status = 'todo'"))

    async def send() -> None:
        async with Queue(postgres_url) as one, Queue(postgres_url) as other:
            until = threading.Event()
            taking = asyncio.create_task(asyncio.to_thread(take, until))
            await asyncio.gather(one.send(record, rows), other.send(record, rows))
            until.set()
            await taking

    asyncio.run(send())
    with engine.connect() as connection:
        jobs = connection.execute(sa.text("SELECT args ->> 'number' FROM procrastinate_jobs")).scalars().all()
    engine.dispose()
    assert sorted(map(int, jobs)) == [row.number for row in rows]


def test_a_worker_without_room_notices_that_the_database_has_gone_away(postgres: Postgres, tmp_path: Path) -> None:
    """It asks for no further job, so that nothing but its signs of life could tell; unseen, it would lose each target."""
    with Store(postgres.url, tmp_path) as store:
        store.upgrade()
        record = inspection("full")
        store.inspections.create(record, [(Target("u", "wechat:1", Subject.ACCOUNT), "x")])
        rows = store.inspections.targets(record.id)

        async def serve() -> None:
            begun = asyncio.Event()

            async def perform(inspection: str, number: int) -> Tick:
                begun.set()
                await asyncio.Event().wait()
                raise AssertionError("not reached")

            async def end(inspection: str, number: int) -> None:
                raise AssertionError("nobody asks for an end")

            async with Queue(postgres.url) as queue:
                await queue.send(record, rows)
                serving = asyncio.create_task(queue.serve(perform, end, store, concurrency=1, patience=5))
                await begun.wait()
                await asyncio.to_thread(postgres.stop)
                done, _ = await asyncio.wait((serving,), timeout=120)
                assert done
                await asyncio.gather(serving, return_exceptions=True)

        asyncio.run(serve())
