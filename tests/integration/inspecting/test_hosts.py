"""Two sites of one host are never visited at once: in one inspection, and in two that run side by side."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from scheduler.hosts import HostLocks
from tests.integration.inspecting.conftest import Xuncha
from tests.integration.inspecting.living_site import Handler, serving

NAMES = ("a", "b", "c")
DELAY = 0.15


class Portal:
    """One host with the home pages of several offices; notes when each was asked for something."""

    def __init__(self) -> None:
        self.home = ""
        self.asked: list[tuple[str, float]] = []

    def spans(self) -> dict[str, tuple[float, float]]:
        """First and last request of each office."""
        return {
            name: (min(times), max(times))
            for name in NAMES
            if (times := [at for office, at in self.asked if office == name])
        }

    def registry(self, *names: str) -> str:
        """A registry of these offices."""
        units = "".join(
            f"  - {{code: {name}, name: {name}局, kind: department, sites: [{{name: {name}局网站, "
            f"home_url: '{self.home}{name}/', kind: department, pace: {{interval: 0, connections: 1}}}}]}}\n"
            for name in names
        )
        return f"units:\n{units}canaries: ['{self.home}canary']\nas_of: 2026-11-20\n"


@contextmanager
def served() -> Iterator[Portal]:
    portal = Portal()

    class Answers(Handler):
        def do_GET(self) -> None:
            office, _, rest = self.path.lstrip("/").partition("/")
            if office in NAMES:
                portal.asked.append((office, time.monotonic()))
            time.sleep(DELAY)
            links = "".join(f"<a href='/{office}/{number}.html'>第{number}篇</a>" for number in range(12) if not rest)
            body = f"<html><title>{self.path}</title><body>{links}<p>{self.path}的正文</p></body></html>".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_GET

    with serving(Answers) as home:
        portal.home = home
        yield portal


def follow_one_another(portal: Portal, count: int) -> bool:
    """Whether so many offices were visited, each after the one before it."""
    spans = sorted(portal.spans().values())
    return len(spans) == count and all(one[1] < other[0] for one, other in pairwise(spans))


def words(registry: Path, out: str) -> list[str]:
    return ["inspect", "--registry", str(registry), "--allow-private", "--no-render", "--out", out]


@pytest.mark.parametrize("workers", ["1", "3"])
def test_in_one_inspection(tmp_path: Path, workers: str) -> None:
    with served() as portal:
        (tmp_path / "registry.yaml").write_text(portal.registry(*NAMES), "utf-8")
        done = Xuncha(tmp_path)(*words(tmp_path / "registry.yaml", "out"), "--workers", workers)
        assert follow_one_another(portal, 3), portal.spans()
        assert "等候中（同一主机一次只查一个网站）" in done.stdout + done.stderr
        assert f"3 个网站共用主机 {portal.home.split('/')[2]}（a局网站、b局网站、c局网站）" in done.stdout
    targets = json.loads((tmp_path / "out/run.json").read_text("utf-8"))["targets"]
    sites = [target for target in targets if target["target_kind"] == "site"]
    assert [site["exit_reason"] for site in sites] == ["完成"] * 3
    assert min(Counter(office for office, _ in portal.asked).values()) >= 13


def test_in_two_inspections_side_by_side(tmp_path: Path) -> None:
    xuncha = Xuncha(tmp_path)
    xuncha("db", "upgrade")
    with served() as portal:
        for name in ("a", "b"):
            (tmp_path / f"{name}.yaml").write_text(portal.registry(name), "utf-8")
        running = [xuncha.started(*words(tmp_path / f"{name}.yaml", f"out-{name}")) for name in ("a", "b")]
        said = [process.communicate(timeout=120)[0] for process in running]
        assert [process.returncode for process in running] == [0, 0], said
        assert follow_one_another(portal, 2), portal.spans()


def test_one_that_was_killed_keeps_nobody_waiting(tmp_path: Path) -> None:
    xuncha = Xuncha(tmp_path)
    with served() as portal:
        (tmp_path / "registry.yaml").write_text(portal.registry("a"), "utf-8")
        first = xuncha.started(*words(tmp_path / "registry.yaml", "out"))
        while not portal.asked:
            time.sleep(0.05)
        first.send_signal(signal.SIGKILL)
        first.wait()
        (tmp_path / "other.yaml").write_text(portal.registry("b"), "utf-8")
        xuncha(*words(tmp_path / "other.yaml", "out-b"))
        assert follow_one_another(portal, 2), portal.spans()


def test_a_host_is_locked_once_and_freed(tmp_path: Path) -> None:
    locks = HostLocks(tmp_path)
    assert locks.take("www.yunxi.example")
    assert not locks.take("www.yunxi.example")
    assert locks.take("www.yunxi.example:8080")
    assert locks.take("")
    assert locks.take("")
    locks.free("www.yunxi.example")
    assert locks.take("www.yunxi.example")
    locks.close()
