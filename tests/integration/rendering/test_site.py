"""A site that scripts and frames put together is judged like its plain twin; without a browser nothing is held against it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.inspecting.conftest import lines
from tests.integration.rendering import pages
from tests.integration.rendering.conftest import inspected

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return inspected(tmp_path_factory.mktemp("plain"), pages.plain())


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return inspected(tmp_path_factory.mktemp("scripted"), pages.scripted())


def states(out: Path) -> dict[str, str]:
    return {row["check"]: row["state"] for row in lines(out / "results.jsonl") if row["target_kind"] == "site"}


def findings(out: Path, check: str) -> list[dict[str, Any]]:
    return [row for row in lines(out / "findings.jsonl") if row["check"] == check]


def test_the_twins_are_judged_alike(plain: Path, scripted: Path) -> None:
    told, expected = states(scripted), states(plain)
    differing = {check: (expected[check], told[check]) for check in expected if expected[check] != told[check]}
    assert differing == {}


def test_every_list_is_read_wherever_it_stands(scripted: Path) -> None:
    told = states(scripted)
    assert told["update.homepage-stale"] == "pass"
    assert told["update.column-stale"] == "pass"
    (empty,) = findings(scripted, "update.column-empty")
    assert empty["url"].endswith(f"/{pages.EMPTY}/")


def test_a_footer_that_a_script_writes_bears_its_marks(scripted: Path) -> None:
    told = states(scripted)
    assert {told[f"identity.{mark}"] for mark in ("icp", "police-filing", "site-code", "organiser", "contact")} == {
        "pass"
    }


def test_without_a_browser_nothing_is_held_against_it(tmp_path: Path) -> None:
    out = inspected(tmp_path, pages.scripted(), "--no-render")
    told = states(out)
    assert told["update.homepage-stale"] == told["update.column-empty"] == "undetermined"
    assert not [
        row for row in lines(out / "findings.jsonl") if row["check"].startswith(("update.", "disclosure.", "identity."))
    ]
    assert "未能渲染" in json.dumps(lines(out / "results.jsonl"), ensure_ascii=False)


def test_a_driver_that_does_not_run_is_no_browser_and_breaks_no_visit(tmp_path: Path) -> None:
    driven = inspected(tmp_path, pages.scripted(), "--no-render", out="plain")
    broken = inspected(tmp_path, pages.scripted(), out="broken", PLAYWRIGHT_NODEJS_PATH="/bin/false")
    assert states(broken) == states(driven)
