"""A fault of our own during a visit is never a whole visit: what it kept us from seeing may not be called missing."""

import json
import subprocess
import sys
from pathlib import Path

from tests.integration.hostile.healthy import ARTICLES
from tests.integration.hostile.server import HostileServer, Scene


def broken(where: str, folder: Path) -> dict[str, object]:
    with HostileServer() as server:
        server.play(Scene())
        done = subprocess.run(
            [sys.executable, "-m", "tests.integration.hostile.broken", server.home_url, str(folder), where],
            cwd=Path(__file__).parents[3],
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr
    told: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_a_page_that_we_cannot_take_cuts_the_visit_off_and_leaves_the_others(tmp_path: Path) -> None:
    told = broken("page", tmp_path)
    assert told["truncated_by"] == told["exit_reason"] == "本系统出错"
    assert told["note"] == "另有 1 个应答因本系统出错没有读取"
    pages = str(told["pages"])
    assert "tzgg/'" not in pages
    assert all(path in pages for path in ARTICLES)  # the home page names them too


def test_a_visit_whose_own_course_breaks_is_a_fault_of_ours(tmp_path: Path) -> None:
    assert broken("story", tmp_path) == {"raised": "a page that our program has lost"}
