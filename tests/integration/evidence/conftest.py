"""One inspection of two units of the demo city, handed over once and looked at by every test of this folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from tests.integration.inspecting.conftest import Xuncha, city, lines

__all__ = ["city"]

UNITS = ("songxi-district", "wenlv-bureau")
"""A site with dead links and redirects, one that refuses connections, one whose search finds nothing, two accounts."""


class Handed(Struct, frozen=True):
    """The command line in the folder of the inspection, its outbox, its id and what the inspection printed."""

    xuncha: Xuncha
    out: Path
    inspection: str
    answer: dict[str, Any]

    def findings(self, check: str = "") -> list[dict[str, Any]]:
        return [row for row in lines(self.out / "findings.jsonl") if check in ("", row["check"])]


@pytest.fixture(scope="session")
def handed(tmp_path_factory: pytest.TempPathFactory, city: tuple[Path, Path]) -> Handed:
    xuncha = Xuncha(tmp_path_factory.mktemp("handed"))
    registry, _ = city
    words = ("inspect", "--registry", str(registry), "--allow-private", "--units", ",".join(UNITS))
    done = xuncha(*words, "--no-render", "--out", "out", "--json", code=None)
    assert done.returncode in (0, 3), done.stderr
    answer = json.loads(done.stdout)
    return Handed(xuncha, xuncha.folder / "out", answer["inspection"], answer)
