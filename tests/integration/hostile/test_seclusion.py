"""No page, redirect or name leads a worker into a private network, and a refusal of ours is nobody's fault."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.fetch.policy import REFUSAL
from tests.integration.hostile.healthy import EVERY


def _seclusion() -> list[str]:
    """The words that start a process in a network of its own; skips where the machine allows none."""
    words = ["unshare", "--map-root-user", "--mount", "--net"]
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("no unshare or ip (util-linux, iproute2) on this machine")
    if subprocess.run([*words, "true"], capture_output=True).returncode != 0:
        pytest.skip("this machine allows no network namespaces")
    return words


def test_nothing_leads_inside(tmp_path: Path) -> None:
    done = subprocess.run(
        [*_seclusion(), sys.executable, "-m", "tests.integration.hostile.secluded", str(tmp_path)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=250,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert set(told["healthy"]) == set(EVERY)
    asked_inside = {path for path in told["asked"] if path.startswith("/secret")}
    assert not asked_inside
    assert not told["captured"]
    for name, ends in told["ends"].items():
        assert ends, f"{name}: no visit is recorded"
        outcome, reason = ends[-1]
        if name == "redirect to a file":
            assert outcome != "redirected", ends
        else:
            assert (outcome, reason) == ("not_visited", REFUSAL), f"{name}: {ends}"
    assert not [url for url in told["accused"] if "secret" in url or "/away/" in url or "/refresh/" in url]


def test_no_second_night_leads_inside(tmp_path: Path) -> None:
    done = subprocess.run(
        [*_seclusion(), sys.executable, "-m", "tests.integration.hostile.revisited", str(tmp_path)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert all(told["first"].values())
    assert [name for name, unchanged in told["second"].items() if unchanged] == ["stays"]
    assert {path for path in told["asked"] if not path.startswith("/away/")} == {"/same/stays"}
