"""`xuncha probe` as a user has it, and that an inspection judges by what it recorded."""

from __future__ import annotations

import json
import signal
import time
from datetime import timedelta

from crawler.facts import Outcome
from storage.store import Store
from tests.integration.inspecting.conftest import Xuncha, lines
from tests.integration.inspecting.test_own_network import closed_port
from tests.integration.probing.test_week import SimulatedClock, serving, watched
from tests.unit.checks.sites import AS_OF

CLOCK = SimulatedClock(AS_OF, AS_OF)


def _registry(home: str, canary: str, more: str = "") -> str:
    return (
        f"canaries: ['{canary}']\nunits:\n  - code: a\n    name: 甲局\n    sites:\n"
        f"      - {{name: 甲局网站, home_url: '{home}', pace: {{interval: 0, connections: 8}}{more}}}\n"
        f"      - {{name: 甲局旧站, home_url: '{home}old/', status: closed}}\n"
    )


def _store(xuncha: Xuncha) -> Store:
    folder = xuncha.folder / "xuncha-data"
    return Store(f"sqlite:///{folder / 'xuncha.sqlite3'}", folder)


def test_once_probes_each_running_site_and_keeps_it(xuncha: Xuncha) -> None:
    with serving(CLOCK) as home:
        (xuncha.folder / "r.yaml").write_text(_registry(home, home), "utf-8")
        told = xuncha("probe", "--registry", "r.yaml", "--once", "--allow-private").stdout
        said = json.loads(xuncha("probe", "--registry", "r.yaml", "--once", "--allow-private", "--json").stdout)
        refused = xuncha("probe", "--registry", "r.yaml", "--once", code=2)
        seldom = xuncha("probe", "--registry", "r.yaml", "--every", "90", code=2)
    assert "正常" in told and "甲局网站" in told
    assert [(probe["url"], probe["outcome"]) for probe in said["probes"]] == [(home, "ok")]
    assert "--allow-private" in refused.stderr and "15 至 60 分钟" in seldom.stderr
    with _store(xuncha) as store:
        now = store.probes.latest([home])[home]
        kept = store.probes.of(home, now - timedelta(hours=1), now)
    assert [probe.outcome for probe in kept] == [Outcome.OK, Outcome.OK]


def test_our_own_network_is_told_by_the_exit_code(xuncha: Xuncha) -> None:
    with closed_port() as site, closed_port() as canary:
        (xuncha.folder / "r.yaml").write_text(
            _registry(f"http://127.0.0.1:{site}/", f"http://127.0.0.1:{canary}/"), "utf-8"
        )
        done = xuncha("probe", "--registry", "r.yaml", "--once", "--allow-private", code=4)
    assert "本机网络故障" in done.stdout


def test_the_loop_ends_cleanly_when_it_is_told_to(xuncha: Xuncha) -> None:
    with serving(CLOCK) as home:
        (xuncha.folder / "r.yaml").write_text(_registry(home, home), "utf-8")
        loop = xuncha.started("probe", "--registry", "r.yaml", "--every", "15", "--allow-private")
        assert loop.stdout is not None
        with loop:
            assert "每 15 分钟" in loop.stdout.readline()
            time.sleep(0.5)
            loop.send_signal(signal.SIGTERM)
            assert loop.wait(30) == 0


def test_an_inspection_judges_by_the_week(xuncha: Xuncha) -> None:
    """The outage of a week is a veto that costs; the same outage with its downtime registered afterwards is none."""
    clock = SimulatedClock(AS_OF - timedelta(days=8), AS_OF)
    outage = AS_OF - timedelta(days=3), AS_OF - timedelta(days=3) + timedelta(hours=12)
    with serving(clock, outage) as home:
        (xuncha.folder / "r.yaml").write_text(_registry(home, home), "utf-8")
        (xuncha.folder / "xuncha-data").mkdir()
        with _store(xuncha) as store:
            store.upgrade()
            watched(store, clock, home, home)
        asked = ("inspect", "--allow-private", "--no-render", "--as-of", f"{AS_OF:%Y-%m-%d %H:%M}", "--max-pages", "3")
        xuncha(*asked, "--registry", "r.yaml", "--out", "down")
        planned = f", maintenance: [{{start: '{outage[0]:%Y-%m-%d %H:%M}', end: '{outage[1]:%Y-%m-%d %H:%M}'}}]"
        (xuncha.folder / "later.yaml").write_text(_registry(home, home, planned), "utf-8")
        xuncha(*asked, "--registry", "later.yaml", "--out", "planned")

    def state(out: str) -> str:
        rows = lines(xuncha.folder / out / "results.jsonl")
        return next(
            str(row["state"]) for row in rows if row["check"] == "availability.unreachable" and row["target"] == home
        )

    assert (state("down"), state("planned")) == ("fail", "pass")
    (finding,) = [r for r in lines(xuncha.folder / "down/findings.jsonl") if r["check"] == "availability.unreachable"]
    assert finding["state"] == "fail" and len(finding["observed"]["days"]) == 7
    cards = json.loads((xuncha.folder / "down/scores.json").read_text("utf-8"))
    assert "站点无法访问" in json.dumps(cards, ensure_ascii=False)
