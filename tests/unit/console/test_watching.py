"""What the progress says of a target that ended, whatever words its end brought along."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from checks.model import Subject, Target
from console.watching import LiveProgress
from scheduler.plan import Tick
from storage.inspections import TargetRow


@pytest.mark.parametrize(
    ("tick", "said"),
    [
        (Tick(1, "done", 12, 40, 3, "完成"), "云汐县人民政府网：12 页，3 个问题"),
        (Tick(1, "done", 0, 0, 2, "首页无法打开"), "云汐县人民政府网：0 页，2 个问题（首页无法打开）"),
        (Tick(1, "failed", words="出错：error：bad set [/b] at 3"), "云汐县人民政府网：出错：error：bad set [/b] at 3"),
    ],
)
def test_an_end_is_told_once_with_its_reason(tick: Tick, said: str) -> None:
    written = io.StringIO()
    progress = LiveProgress(Console(file=written, width=200))
    target = Target("yunxi", "http://www.yunxi.example/", Subject.SITE)
    progress.begin([TargetRow("q3", 1, target, "云汐县人民政府网", "pending", None, "", 0, None, None, "", {})])
    progress.tick(tick)
    progress.tick(tick)
    assert [line.strip() for line in written.getvalue().splitlines() if "云汐县" in line] == [said]


def test_the_time_left_runs_down_and_says_when_it_was_wrong() -> None:
    written, seconds = io.StringIO(), [100.0]
    progress = LiveProgress(Console(file=written, width=200), lambda: seconds[0])
    homes = [Target("yunxi", f"http://{name}.yunxi.example/", Subject.SITE) for name in ("a", "b")]
    rows = enumerate(homes, 1)
    progress.begin([TargetRow("q3", n, home, "云汐", "pending", None, "", 0, None, None, "", {}) for n, home in rows])
    for at, tick in ((160.0, Tick(1, "done", 60)), (200.0, Tick(2, "running", 60)), (230.0, Tick(2, "running", 60))):
        seconds[0] = at
        progress.tick(tick)
    seconds[0] = 300.0
    progress.tick(Tick(2, "done", 60))
    told = [line.rsplit("  ", 1)[1] for line in written.getvalue().splitlines() if line.startswith("[")]
    assert told == ["剩余时间估算中", "剩余约 1:00", "剩余约 0:20", "已超过估计的时间", "剩余约 0:00"]
