"""The fictional inspection, written once for all tests that only read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports import outbox
from reports.problems import InspectionView
from tests.unit.reports import sample


@pytest.fixture(scope="session")
def view() -> InspectionView:
    return sample.view()


@pytest.fixture(scope="session")
def written(view: InspectionView, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("outbox")
    outbox.write(view, out)
    return out
