"""What is recorded is scored again, explained and compared from the command line; nothing is visited."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.integration.inspecting.conftest import Xuncha

UNIT = "shuiwu-bureau"


@pytest.fixture(scope="module")
def recorded(city: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an inspection under one ruleset alone."""
    folder = tmp_path_factory.mktemp("recorded")
    words = [
        "inspect",
        "--registry",
        str(city[0]),
        "--allow-private",
        "--units",
        UNIT,
        "--no-render",
        "--max-pages",
        "60",
    ]
    Xuncha(folder)(*words, "--ruleset", "ankang-2019-website", "--out", "out")
    return folder


@pytest.fixture
def xuncha(recorded: Path, tmp_path: Path) -> Xuncha:
    """The command line over a copy of what is recorded."""
    shutil.copytree(recorded / "xuncha-data", tmp_path / "xuncha-data")
    return Xuncha(tmp_path)


def _cards(text: str) -> dict[tuple[str, str], Any]:
    """The cards without their ranks, which only the scores of a whole inspection have."""
    cards = json.loads(text)
    return {
        (card["target"], card["ruleset"]): {key: value for key, value in card.items() if key != "rank"}
        for card in cards
    }


def test_a_recorded_inspection_is_scored_as_its_outbox_says(xuncha: Xuncha, recorded: Path) -> None:
    again = _cards(xuncha("score", "--json").stdout)
    printed = _cards((recorded / "out/scores.json").read_text("utf-8"))
    assert again and again == printed


def test_any_ruleset_serves_and_nothing_is_saved_by_looking(xuncha: Xuncha) -> None:
    shown = _cards(xuncha("score", "--ruleset", "cn-2019-website", "--json").stdout)
    assert {ruleset for _, ruleset in shown} == {"cn-2019-website"}
    assert {ruleset for _, ruleset in _cards(xuncha("score", "--json").stdout)} == {"ankang-2019-website"}
    assert "结论" in xuncha("score", "--ruleset", "cn-2019-website").stdout


def test_an_indicator_is_explained_in_words(xuncha: Xuncha) -> None:
    words = xuncha("score", "--explain", "D3").stdout
    for heading in ("对象", "依据", "规则", "计算", "算式", "结果", "检查情况"):
        assert heading in words
    (told,) = json.loads(xuncha("score", "--explain", "D3", "--json").stdout)
    assert f"算式：{told['arithmetic']}" in words
    refused = xuncha("score", "--explain", "D99", code=2)
    assert "没有指标“D99”" in refused.stderr and "D3" in refused.stderr


def test_what_is_not_there_is_refused_with_what_there_is(xuncha: Xuncha) -> None:
    assert "没有检查批次“q9”" in xuncha("score", "--inspection", "q9", code=2).stderr
    assert "没有“http://nobody.example/”" in xuncha("score", "--target", "http://nobody.example/", code=2).stderr
    assert "cn-2019-website" in xuncha("score", "--ruleset", "cn-1919", code=2).stderr


def test_a_rescore_adds_a_ruleset_and_says_what_moved(xuncha: Xuncha) -> None:
    same = json.loads(xuncha("rescore", "--json").stdout)
    assert same["changes"] == []
    more = json.loads(xuncha("rescore", "--ruleset", "cn-2019-website", "--diff", "--json").stdout)
    assert more["rulesets"] == ["ankang-2019-website", "cn-2019-website"]
    assert {(change["ruleset"], change["before"]) for change in more["changes"]} == {("cn-2019-website", None)}
    assert {ruleset for _, ruleset in _cards(xuncha("score", "--json").stdout)} == set(more["rulesets"])
    xuncha("export", "--inspection", "latest", "--out", "told")
    assert {card["ruleset"] for card in json.loads((xuncha.folder / "told/scores.json").read_text("utf-8"))} == set(
        more["rulesets"]
    )


OVERLAY = """
id: yunxi-2026-website
version: "1"
title: 云溪县2026年政府网站评估指标
system: yunxi-website
source: 云政办〔2026〕3号
effective: {since: 2026-01-01}
applies_to: {subject: site, kinds: [portal, department]}
extends: ankang-2019-website
changes:
  - {set: D3, to: {cap: 1}, reason: 云政办〔2026〕3号 第五条}
"""


def test_a_ruleset_of_a_file_is_found_again_from_another_folder(xuncha: Xuncha) -> None:
    (xuncha.folder / "local.yaml").write_text(OVERLAY, encoding="utf-8")
    told = json.loads(xuncha("rescore", "--ruleset", "local.yaml", "--json").stdout)
    assert {change["ruleset"] for change in told["changes"]} == {"yunxi-2026-website"}
    elsewhere = Xuncha(xuncha.folder / "elsewhere")
    elsewhere.folder.mkdir()
    database = ["--db", f"sqlite:///{xuncha.folder / 'xuncha-data/xuncha.sqlite3'}"]
    assert json.loads(elsewhere("rescore", *database, "--json").stdout)["changes"] == []
    xuncha("export", "--inspection", "latest", "--out", "told")
    run = json.loads((xuncha.folder / "told/run.json").read_text("utf-8"))
    assert [one["id"] for one in run["ruleset"]] == ["ankang-2019-website", "yunxi-2026-website"]
