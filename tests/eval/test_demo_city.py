"""The demo city's ground truth: precision and recall of the whole path, check by check. `-s` prints the table."""

import json
from pathlib import Path

import pytest

from crawler.facts import Outcome
from storage.store import Store
from tests.eval.truth import of_outbox, table, totals
from tests.integration.inspecting.conftest import Xuncha

PRECISION, RECALL = 0.98, 0.95


@pytest.mark.timeout(500)
def test_the_city_is_told_truthfully(tmp_path: Path) -> None:
    xuncha = Xuncha(tmp_path)
    done = xuncha("demo", "--out", "demo")
    tallies = of_outbox(tmp_path / "demo", tmp_path / "demo/.work/city/truth.json")
    figures = table(tallies)
    print(figures)
    counts = totals(tallies)
    assert counts["planted"] > 60
    assert 1 - counts["false"] / counts["reported"] >= PRECISION, figures
    assert counts["found"] / counts["planted"] >= RECALL, figures
    assert not [check for check, tally in tallies.items() if tally.precision < PRECISION], figures
    assert not [check for check, tally in tallies.items() if tally.recall < RECALL], figures
    assert not [check for check, tally in tallies.items() if tally.wrong_states], figures
    run = json.loads((tmp_path / "demo/run.json").read_text("utf-8"))
    assert sum(target["pages"] for target in run["targets"]) >= 600
    assert len({target["unit"] for target in run["targets"]}) == 6
    assert "名次" in done.stdout
    assert _visited(tmp_path / "demo/.work", "/private/") == []


def _visited(folder: Path, part: str) -> list[str]:
    """The addresses with this part that were requested; robots.txt of one site of the city forbids /private/."""
    with Store(f"sqlite:///{folder / 'xuncha.sqlite3'}", folder) as store:
        (record,) = store.inspections.all()
        views = [store.runs.view(row.run) for row in store.inspections.targets(record.id) if row.run is not None]
        seen = [visit for view in views for visit in view.visits() if part in visit.requested_url]
    assert seen, "the city names a forbidden address, and the crawl records that it left it alone"
    return [visit.requested_url for visit in seen if visit.outcome is not Outcome.NOT_VISITED]
