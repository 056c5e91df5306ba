"""Each behaviour beside healthy pages, then all at once: told truthfully, ended in time, memory flat, the rest intact.

The same runs as a table: `python -m tests.integration.hostile`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.hostile.behaviour import Behaviour
from tests.integration.hostile.healthy import EVERY
from tests.integration.hostile.report import BEHAVIOURS, GROWTH, accused, changed, faults, together
from tests.integration.hostile.running import Left, inspect
from tests.integration.hostile.server import HostileServer, Scene

pytestmark = pytest.mark.hostile


@pytest.fixture(scope="module")
def server() -> Iterator[HostileServer]:
    with HostileServer() as serving:
        yield serving


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def healthy(server: HostileServer, folder: Path) -> Left:
    """The site without any behaviour: what all others are held against."""
    left = inspect(server, Scene(), folder)
    assert set(left.healthy) == set(EVERY)
    assert left.row.exit_reason == "完成"
    assert left.coverage.note == ""
    return left


@pytest.mark.parametrize("one", BEHAVIOURS, ids=lambda one: one.name)
def test_it_is_survived_and_told(one: Behaviour, server: HostileServer, folder: Path, healthy: Left) -> None:
    if one.prepare is not None:
        one.prepare()
    left = inspect(server, one.scene, folder)
    assert not faults(one, left, healthy, server.home_url)


def test_all_at_once(server: HostileServer, folder: Path, healthy: Left) -> None:
    for one in BEHAVIOURS:
        if one.prepare is not None:
            one.prepare()
    left = inspect(server, together(), folder)
    assert not changed(left, healthy)
    fair = [path for one in BEHAVIOURS for path in one.accuses]
    assert not accused(left, healthy, server.home_url, fair)
    assert left.peak <= healthy.peak + 2 * GROWTH  # up to four large answers may be under way side by side
