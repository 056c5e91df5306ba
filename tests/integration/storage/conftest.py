"""A store on each of the two databases, every test on a database of its own, and a shelf of each of the two kinds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.bucket import BucketShelf, Keys
from storage.shelves import LocalShelf, Shelf
from storage.store import Store

KEYS = Keys("xuncha-test", "a-secret-that-is-never-shown")


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """An open store with its schema."""
    with Store(database_url, tmp_path / "kept") as opened:
        opened.upgrade()
        yield opened


@pytest.fixture(params=["folder", "bucket"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    """An empty shelf, of each of the two kinds in turn."""
    if request.param == "folder":
        return LocalShelf(tmp_path / "kept" / "evidence")
    return BucketShelf(request.getfixturevalue("bucket"), KEYS)
