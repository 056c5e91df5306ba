"""Two nights of one unit of the demo city: what only a second night can tell, against the ground truth of that night."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.city import City
from tests.eval.truth import Tally, of_outbox
from tests.integration.inspecting.conftest import Xuncha

UNIT, CHECK = "caiyun-bureau", "update.date-forged"


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    running = asyncio.new_event_loop()
    thread = threading.Thread(target=running.run_forever, daemon=True)
    thread.start()
    yield running
    running.call_soon_threadsafe(running.stop)
    thread.join(10)
    running.close()


@pytest.mark.timeout(300)
def test_an_article_put_in_late_is_told_in_the_second_night(tmp_path: Path, loop: asyncio.AbstractEventLoop) -> None:
    city = City(tmp_path / "city", base_port=0, pauses=False)
    xuncha = Xuncha(tmp_path)

    def night(out: str) -> dict[str, Tally]:
        asked = ("inspect", "--registry", str(city.registry_path), "--allow-private", "--no-render")
        xuncha(*asked, "--kind", "nightly", "--units", UNIT, "--out", out)
        return of_outbox(tmp_path / out, city.truth_path, unit=UNIT)

    asyncio.run_coroutine_threadsafe(city.start(), loop).result(120)
    try:
        first = night("first").get(CHECK, Tally())
        asyncio.run_coroutine_threadsafe(city.turn(), loop).result(60)
        second = night("second")[CHECK]
    finally:
        asyncio.run_coroutine_threadsafe(city.stop(), loop).result(30)
    assert (first.planted, first.reported, first.wrong_states) == (0, 0, [])
    assert (second.planted, second.found, second.reported, second.false) == (1, 1, 1, [])
