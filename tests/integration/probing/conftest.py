"""The command line in a scratch folder."""

from pathlib import Path

import pytest

from tests.integration.inspecting.conftest import Xuncha


@pytest.fixture
def xuncha(tmp_path: Path) -> Xuncha:
    return Xuncha(tmp_path)
