"""The command line in a scratch folder, and a store there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.integration.duty.nights import opened
from tests.integration.inspecting.conftest import Xuncha

__all__ = ["Xuncha"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path) as made:
        yield made


@pytest.fixture
def xuncha(tmp_path: Path) -> Xuncha:
    return Xuncha(tmp_path)
