"""One inspection of three of the demo city's units, and the command line over a copy of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.integration.inspecting.conftest import Xuncha, city

__all__ = ["Xuncha", "cards", "city", "filled"]

UNITS = "shuiwu-bureau,caiyun-bureau,xingzheng-bureau"


@pytest.fixture(scope="session")
def recorded(city: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an inspection of three units."""
    folder = tmp_path_factory.mktemp("office")
    words = ["inspect", "--registry", str(city[0]), "--allow-private", "--units", UNITS, "--no-render"]
    Xuncha(folder)(*words, "--ruleset", "ankang-2019-website", "--ruleset", "cn-2019-website", "--out", "out")
    return folder


@pytest.fixture
def xuncha(recorded: Path, tmp_path: Path) -> Xuncha:
    """The command line over a copy of what is recorded."""
    shutil.copytree(recorded / "xuncha-data", tmp_path / "xuncha-data")
    return Xuncha(tmp_path)


def cards(xuncha: Xuncha) -> dict[tuple[str, str], Any]:
    """The scorecards as they are saved, by target and ruleset."""
    said = json.loads(xuncha("score", "--json").stdout)
    return {(card["target"], card["ruleset"]): card for card in said}


def filled(path: Path, sheet: str, row: int, **cells: object) -> None:
    """Fills in cells of a form by heading, as a person does in Excel."""
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    headings = {cell.value: cell.column for cell in page[3]}
    for heading, value in cells.items():
        page.cell(row, headings[heading] or 0).value = value  # type: ignore[assignment]  # any cell value
    book.save(path)
