"""A machine whose own network failed: what must be visited is left to others for a while, and costs no try."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from checks.model import Subject, Target
from crawler.clock import now
from crawler.facts import Outcome, Site, Unit
from crawler.fetch.limits import Limits
from scheduler.crew import Crew
from scheduler.plan import Machine, Terms, settings_of
from scheduler.queue import BrokenOff
from storage.inspections import InspectionRecord
from storage.store import Store


def test_what_must_be_visited_is_left_to_others(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    sites = tuple(Site("u", f"网站{number}", f"{nobody}/{number}/") for number in (1, 2))
    unit = Unit("u", "云汐镇办公室", kind="department", sites=sites)
    terms = Terms(Limits(), str(tmp_path), canaries=(f"{nobody}/",), allow_private=True, rendering=False)
    record = InspectionRecord("q", "q", "quarterly", now(), (), (unit,), settings_of(terms), now(), "test", "digest")
    machine = Machine(f"sqlite:///{tmp_path / 'xuncha.db'}", str(tmp_path))
    with Store(machine.database, tmp_path) as store:
        store.upgrade()
        targets = [(Target("u", site.home_url, Subject.SITE), site.name) for site in sites]
        store.inspections.create(record, [*targets, (Target("u", "u", Subject.UNIT), unit.name)])

        async def work() -> None:
            crew = Crew(store, machine, 1)
            try:
                tick = await crew.perform("q", 1)
                assert (tick.state, tick.words) == ("interrupted", Outcome.OWN_NETWORK.label)
                with pytest.raises(BrokenOff):
                    await crew.perform("q", 2)
                assert (await crew.perform("q", 3)).state == "done"  # a unit is judged by what is known already
            finally:
                await crew.close(30)

        asyncio.run(work())
        first, second, _ = store.inspections.targets("q")
        assert (first.state, first.attempts) == ("pending", 1)
        assert (second.state, second.attempts) == ("pending", 0)
