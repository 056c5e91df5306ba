"""Who leads: one of several processes, until it ends or loses its session, on both databases."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.errors import DatabaseUnavailable
from storage.leadership import Leadership, SessionLeadership, leadership, me

ROOT = Path(__file__).parents[3]
_LEADER = """
import sys, time
from pathlib import Path
from storage.leadership import leadership
lead = leadership(sys.argv[1], Path(sys.argv[2]), "registry")
print(lead.acquire(), flush=True)
time.sleep(60)
"""


@pytest.fixture
def lead(database_url: str, tmp_path: Path) -> Leadership:
    return leadership(database_url, tmp_path, "registry")


def test_one_leads_and_the_other_waits(lead: Leadership, database_url: str, tmp_path: Path) -> None:
    other = leadership(database_url, tmp_path, "registry")
    assert (lead.is_held(), lead.acquire(), lead.acquire(), lead.is_held()) == (False, True, True, True)
    assert (other.acquire(), other.is_held()) == (False, False)
    assert other.leader() == me()
    lead.release()
    assert other.acquire() and not lead.is_held()
    other.release()


def test_another_scope_has_a_leader_of_its_own(lead: Leadership, database_url: str, tmp_path: Path) -> None:
    other = leadership(database_url, tmp_path, "another registry")
    assert lead.acquire() and other.acquire()
    lead.release()
    other.release()


def test_the_lead_of_a_killed_process_is_free_at_once(lead: Leadership, database_url: str, tmp_path: Path) -> None:
    words = [sys.executable, "-c", _LEADER, database_url, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as process:
        assert process.stdout is not None and process.stdout.readline() == "True\n"
        assert not lead.acquire()
        assert lead.leader().endswith(f":{process.pid}")
        process.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while not lead.acquire():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    lead.release()


@pytest.mark.postgres
def test_a_session_that_is_lost_is_noticed(postgres_url: str, tmp_path: Path) -> None:
    lead, other = leadership(postgres_url, tmp_path, "registry"), leadership(postgres_url, tmp_path, "registry")
    assert isinstance(lead, SessionLeadership) and lead.acquire()
    engine = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(
            sa.text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted")
        )
    engine.dispose()
    assert not lead.is_held()
    assert other.acquire() and not lead.acquire()
    other.release()


def test_a_lock_file_that_was_removed_is_noticed(tmp_path: Path) -> None:
    lead = leadership("sqlite:///x.db", tmp_path, "registry")
    assert lead.acquire()
    (file,) = tmp_path.glob("scheduler-*.lock")
    file.unlink()
    assert not lead.is_held()
    assert lead.acquire()
    lead.release()


@pytest.mark.postgres
def test_a_server_that_is_away_is_said() -> None:
    with pytest.raises(DatabaseUnavailable):
        SessionLeadership("postgresql+psycopg://nobody@127.0.0.1:1/none", 1).acquire()
