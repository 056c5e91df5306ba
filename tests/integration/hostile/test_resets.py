"""Each connection that the other side resets is told as reset, none as an answer that did not end in time.

One reset proves nothing: under uvloop about one in thirty was never told to Twisted, and the visit waited for its
time-out. With it 600 of them failed in two runs of three.
"""

from pathlib import Path

import pytest

from crawler.facts import Outcome
from tests.integration.hostile.report import address
from tests.integration.hostile.running import inspect
from tests.integration.hostile.server import HostileServer, Scene
from tests.integration.hostile.wire import reset_midway

pytestmark = pytest.mark.hostile

_PATHS = tuple(f"/part{number % 20}/r{number}/" for number in range(300))


def test_no_reset_is_taken_for_silence(tmp_path: Path) -> None:
    with HostileServer() as server:
        scene = Scene(tuple((path, "公开目录") for path in _PATHS), {"/part": reset_midway})
        left = inspect(server, scene, tmp_path)
        visits = [visit for path in _PATHS for visit in left.visits.get(address(server.home_url, path), ())]
    assert len(visits) >= 2 * len(_PATHS)
    assert {(visit.outcome, visit.reason) for visit in visits} <= {
        (Outcome.RESET, "连接中断"),
        (Outcome.RESET, "应答不完整"),
    }
