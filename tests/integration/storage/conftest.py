"""A store on each of the two databases, every test on a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """An open store with its schema."""
    with Store(database_url, tmp_path / "kept") as opened:
        opened.upgrade()
        yield opened
