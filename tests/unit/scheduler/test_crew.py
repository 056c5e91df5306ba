"""What keeps two machines' workers apart."""

from pathlib import Path

from scheduler.crew import Crew
from scheduler.plan import Machine
from storage.store import Store


def test_machines_made_from_one_image_have_workers_of_different_names(tmp_path: Path) -> None:
    machine = Machine(f"sqlite:///{tmp_path / 'xuncha.db'}", str(tmp_path))
    with Store(machine.database, tmp_path) as store:
        one, other = Crew(store, machine, 2), Crew(store, machine, 2)
    assert one.name != other.name
    assert not one.name.startswith(other.name)
