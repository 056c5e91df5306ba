"""One inspection from registry to outbox, undisturbed, killed, broken off, and on PostgreSQL: the findings are the same."""

import json
import os
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from scoring.circulars.checking import checked
from scoring.circulars.reading import read
from scoring.circulars.table import Kind
from storage.store import Store
from tests.integration.inspecting.conftest import Xuncha, findings_of, lines, states_of

UNITS = ("songxi-district", "shuiwu-bureau")
UNREAD = "未能判定：本次检查尚未查完该对象"


@pytest.fixture(scope="module")
def undisturbed(city: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outbox of a run that nobody disturbed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    words = ["inspect", "--registry", str(city[0]), "--allow-private", "--units", ",".join(UNITS), "--out", "out"]
    Xuncha(folder)(*words)
    return folder / "out"


def test_the_outbox_is_whole(undisturbed: Path) -> None:
    findings, results = lines(undisturbed / "findings.jsonl"), lines(undisturbed / "results.jsonl")
    assert findings
    assert {row["state"] for row in findings} <= {"fail", "needs-review"}
    assert {row["unit"] for row in findings} <= set(UNITS)
    counted = Counter((row["check"], row["target"]) for row in findings)
    for result in results:
        assert len(result["findings"]) == counted[result["check"], result["target"]]
    run = json.loads((undisturbed / "run.json").read_text("utf-8"))
    assert {target["exit_reason"] for target in run["targets"] if target["target_kind"] == "site"} <= {
        "完成",
        "首页无法打开",
    }
    assert sum(target["pages"] for target in run["targets"]) > 200
    assert not [path for path in undisturbed.rglob("*") if path.name.endswith((".part", ".tmp"))]


def test_every_finding_on_a_page_has_evidence_that_opens(undisturbed: Path) -> None:
    index = json.loads((undisturbed / "evidence/index.json").read_text("utf-8"))
    told = {name for entry in index for name in (entry["file"], entry["page"])}
    for row in lines(undisturbed / "findings.jsonl"):
        if row["target_kind"] != "site" or row["check"] == "availability.unreachable":
            continue
        assert row["evidence"], row
        for name in row["evidence"]:
            assert (undisturbed / name).exists()
            assert Path(name).name in told


def test_each_unit_has_its_problem_list(undisturbed: Path) -> None:
    for name in ("松汐区人民政府", "砚江市水务局"):
        book = openpyxl.load_workbook(undisturbed / f"problems/{name}.xlsx")
        assert book.sheetnames[:2] == ["问题汇总", "问题清单"]
        assert (undisturbed / f"problems/{name}.docx").is_file()
    for name in ("circular.docx", "annex.xlsx"):
        assert {one.kind for one in checked(read(undisturbed / name)).discrepancies} <= {Kind.ROUNDING}


def test_scores_show_their_arithmetic(undisturbed: Path) -> None:
    cards = json.loads((undisturbed / "scores.json").read_text("utf-8"))
    assert {card["ruleset"] for card in cards} >= {"cn-2019-website", "ankang-2019-website", "ankang-2019-wechat"}
    for card in cards:
        for trace in card["traces"]:
            assert trace["rule"] and trace["clause"] and trace["provenance"]


def test_killed_and_resumed_it_finds_the_same(
    undisturbed: Path, xuncha: Xuncha, narrowed: Callable[..., list[str]]
) -> None:
    words = [*narrowed(*UNITS), "--out", "out"]
    process = xuncha.started(*words)
    database = xuncha.folder / "xuncha-data/xuncha.sqlite3"
    pages = _wait_for_pages(process, database, 80)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    finished = _recorded(xuncha.folder)
    xuncha("export", "--inspection", "latest", "--format", "json", "--out", "midway")
    assert {row[:2] for row in states_of(xuncha.folder / "midway")} == {row[:2] for row in states_of(undisturbed)}
    again = xuncha(*words, "--resume")
    assert "砚江" in again.stdout or "松汐" in again.stdout
    assert findings_of(xuncha.folder / "out") == findings_of(undisturbed)
    assert states_of(xuncha.folder / "out") == states_of(undisturbed)
    assert pages >= 80
    assert len(finished) >= pages
    assert finished.isdisjoint(_fetched_twice(xuncha.folder))


def test_broken_off_it_ends_cleanly_and_goes_on(
    undisturbed: Path, xuncha: Xuncha, narrowed: Callable[..., list[str]]
) -> None:
    words = [*narrowed(*UNITS), "--out", "out"]
    process = xuncha.started(*words)
    _wait_for_pages(process, xuncha.folder / "xuncha-data/xuncha.sqlite3", 60)
    os.kill(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=90)
    assert process.returncode == 3, said
    assert "已中断" in said
    assert (xuncha.folder / "out/run.json").exists()
    broken_off, whole = states_of(xuncha.folder / "out"), states_of(undisturbed)
    assert {row[:2] for row in broken_off} == {row[:2] for row in whole}  # what was not read says so
    unread = [row for row in lines(xuncha.folder / "out/results.jsonl") if row["summary"] == UNREAD]
    assert unread
    assert {row["state"] for row in unread} == {"undetermined"}
    xuncha(*words, "--resume")
    assert findings_of(xuncha.folder / "out") == findings_of(undisturbed)


@pytest.mark.postgres
def test_on_postgresql_it_finds_the_same(
    undisturbed: Path, xuncha: Xuncha, narrowed: Callable[..., list[str]], postgres_url: str
) -> None:
    xuncha(*narrowed(*UNITS), "--out", "out", "--db", postgres_url)
    assert findings_of(xuncha.folder / "out") == findings_of(undisturbed)
    assert states_of(xuncha.folder / "out") == states_of(undisturbed)


def test_a_second_inspection_knows_the_first(xuncha: Xuncha, narrowed: Callable[..., list[str]]) -> None:
    words = narrowed("xingzheng-bureau")
    xuncha(*words, "--out", "first")
    xuncha(*words, "--out", "second")
    first, second = lines(xuncha.folder / "first/findings.jsonl"), lines(xuncha.folder / "second/findings.jsonl")
    assert {row["life"] for row in first} == {"new"}
    assert {row["life"] for row in second} == {"persisting"}
    seen = {row["fingerprint"]: row["first_seen"] for row in first}
    assert all(row["first_seen"] == seen[row["fingerprint"]] for row in second)


def test_a_killed_command_leaves_nobody_behind(xuncha: Xuncha, narrowed: Callable[..., list[str]]) -> None:
    """Its workers end too: a run that goes on elsewhere must be the only visitor of its sites."""
    process = xuncha.started(*narrowed("qingyan-county"), "--no-render", "--out", "out")
    _wait_for_pages(process, xuncha.folder / "xuncha-data/xuncha.sqlite3", 20)
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.2)
    os.killpg(process.pid, signal.SIGKILL)
    raise AssertionError("a worker went on without its command")


def _wait_for_pages(process: "subprocess.Popen[str]", database: Path, wanted: int) -> int:
    """Waits until so many pages are committed; the process must not have ended by then."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, "ended before it could be disturbed"
        if database.exists():
            try:
                with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
                    count = connection.execute("select count(*) from pages").fetchone()[0]
                connection.close()
            except sqlite3.OperationalError:
                count = 0
            if count >= wanted:
                return int(count)
        time.sleep(0.05)
    raise AssertionError(f"fewer than {wanted} pages in time")


def _recorded(folder: Path) -> set[tuple[int, str]]:
    """Every recorded page by run and address."""
    with _store(folder) as store:
        return {(run, page.url) for run in _runs(store) for page in store.runs.view(run).pages()}


def _fetched_twice(folder: Path) -> set[tuple[int, str]]:
    """Addresses that were fetched well more than once within a run."""
    with _store(folder) as store:
        seen = Counter(
            (run, visit.requested_url)
            for run in _runs(store)
            for visit in store.runs.view(run).visits()
            if visit.outcome.is_seen
        )
    return {place for place, count in seen.items() if count > 1}


def _runs(store: Store) -> list[int]:
    (record,) = store.inspections.all()
    return [row.run for row in store.inspections.targets(record.id) if row.run is not None]


def _store(folder: Path) -> Store:
    return Store(f"sqlite:///{folder / 'xuncha-data/xuncha.sqlite3'}", folder / "xuncha-data")
