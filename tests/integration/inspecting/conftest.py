"""The command line as a user has it, in a process of its own, and the demo city served beside it."""

import asyncio
import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

XUNCHA = Path(sys.executable).parent / "xuncha"


class Xuncha:
    """Runs `xuncha …` in a scratch folder, under these variables of the environment beside the usual ones."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder, self._variables = folder, variables

    def __call__(self, *words: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(XUNCHA), *words], cwd=self.folder, capture_output=True, text=True, timeout=400, env=self.environment()
        )
        if code is not None:
            assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def started(self, *words: str) -> subprocess.Popen[str]:
        """The same, left running in a process group of its own."""
        return subprocess.Popen(
            [str(XUNCHA), *words],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self.environment(),
            start_new_session=True,
        )

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("XUNCHA_")}
        return {**kept, "COLUMNS": "200", **self._variables}


def lines(path: Path) -> list[dict[str, Any]]:
    """A JSONL file's objects."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def findings_of(out: Path) -> list[tuple[str, str, str, str]]:
    """What an outbox finds, without anything that may differ between equal inspections."""
    return sorted(
        (row["check"], row["target"], row["fingerprint"], row["state"]) for row in lines(out / "findings.jsonl")
    )


def states_of(out: Path) -> list[tuple[str, str, str]]:
    """The state of every check on every target."""
    return sorted((row["check"], row["target"], row["state"]) for row in lines(out / "results.jsonl"))


@pytest.fixture
def xuncha(tmp_path: Path) -> Xuncha:
    return Xuncha(tmp_path)


def _serve(folder: str, ready: Connection) -> None:
    from demo.city import City

    async def serve() -> None:
        city = City(Path(folder), base_port=0)
        await city.start()
        ready.send((str(city.registry_path), str(city.truth_path)))
        await asyncio.Event().wait()

    asyncio.run(serve())


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """The demo city's registry and truth, served for the whole session on free ports."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(str(tmp_path_factory.mktemp("city")), theirs), daemon=True)
    process.start()
    registry, truth = ours.recv()
    yield Path(registry), Path(truth)
    process.terminate()
    process.join()


@pytest.fixture
def narrowed(city: tuple[Path, Path]) -> Callable[..., list[str]]:
    """The words of an inspection of some of the city's units."""

    def words(*units: str) -> list[str]:
        registry, _ = city
        return ["inspect", "--registry", str(registry), "--allow-private", "--units", ",".join(units)]

    return words
