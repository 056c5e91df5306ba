"""The demo city's ground truth: precision and recall of the whole path, check by check. `-s` prints the table."""

import json
from pathlib import Path

from tests.eval.truth import of_outbox, table, totals
from tests.integration.inspecting.conftest import Xuncha

PRECISION, RECALL = 0.98, 0.95


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
