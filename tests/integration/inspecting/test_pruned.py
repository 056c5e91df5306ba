"""Real nights, then a prune in the far future: the quarter scores as before, and the next night finds the same."""

import json
import sqlite3
from collections.abc import Iterator

import pytest

from tests.integration.inspecting.conftest import Xuncha, findings_of, lines, states_of
from tests.integration.inspecting.living_site import LivingSite, living_site

DAYS = 86_400_000_000


@pytest.fixture
def site(xuncha: Xuncha) -> Iterator[LivingSite]:
    with living_site() as living:
        for number in range(1, 9):
            living.article(number)
        living.lists(range(1, 9))
        del living.answers["/files/7.pdf"]
        (xuncha.folder / "r.yaml").write_text(living.registry(), "utf-8")
        yield living


def words(out: str, kind: str = "nightly") -> list[str]:
    return ["inspect", "--registry", "r.yaml", "--allow-private", "--no-render", "--kind", kind, "--out", out]


def aged(xuncha: Xuncha, days: int) -> None:
    """Makes all that is recorded so many days older."""
    with sqlite3.connect(xuncha.folder / "xuncha-data/xuncha.sqlite3") as database:
        database.execute("update inspections set started = started - ?, ended = ended - ?", (days * DAYS, days * DAYS))
        database.execute("update condemned set since = since - ?", (days * DAYS,))
    database.close()


def test_after_a_prune(xuncha: Xuncha, site: LivingSite) -> None:
    xuncha(*words("quarter", kind="quarterly"))
    for number in range(3):
        site.article(3, text=f"本通知已作第 {number} 次修改，请以修改后的内容为准，原有安排不再执行。" * 5)
        xuncha(*words(f"night{number}"))
    quarter = json.loads((xuncha.folder / "quarter/run.json").read_text("utf-8"))["id"]
    aged(xuncha, 30)
    done = json.loads(xuncha("db", "prune", "--json").stdout)
    assert [row["count"] for row in done["inspections"] if not row["whole"]] == [2]
    assert done["tallies"]["spools"]["stays"] >= 2
    aged(xuncha, 2)
    xuncha("db", "prune")
    assert json.loads(xuncha("rescore", "--inspection", quarter, "--diff", "--json").stdout).get("changes", []) == []
    xuncha("export", "--inspection", quarter, "--out", "again")
    assert findings_of(xuncha.folder / "again") == findings_of(xuncha.folder / "quarter") != []
    assert states_of(xuncha.folder / "again") == states_of(xuncha.folder / "quarter")
    for row in lines(xuncha.folder / "again/findings.jsonl"):
        assert row["evidence"] and all((xuncha.folder / "again" / name).is_file() for name in row["evidence"])
    xuncha(*words("next"))
    assert findings_of(xuncha.folder / "next") == findings_of(xuncha.folder / "night2")
    targets = json.loads((xuncha.folder / "next/run.json").read_text("utf-8"))["targets"]
    (target,) = [target for target in targets if target["target_kind"] == "site"]
    assert target["unchanged"] >= 8, "it stands on the last night, which was kept"
    assert {row["life"] for row in lines(xuncha.folder / "next/findings.jsonl")} == {"persisting"}
