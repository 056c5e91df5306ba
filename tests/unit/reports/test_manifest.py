"""The seal of a folder: what was changed, taken away or added is told; an unfinished folder is never intact."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reports.manifest import BROKEN_SEAL, NAME, NotSealed, Seal, verify


def _written(folder: Path, **files: str) -> list[Path]:
    paths = []
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


def _sealed(folder: Path, **files: str) -> str:
    seal = Seal(folder)
    seal.open()
    seal.add(_written(folder, **files))
    return seal.close()


def test_an_untouched_folder_is_intact(tmp_path: Path) -> None:
    digest = _sealed(tmp_path, 报告="甲", evidence__a="乙")
    found = verify(tmp_path)
    assert found.is_intact
    assert (found.intact, found.digest) == (2, digest)
    assert digest == hashlib.sha256((tmp_path / NAME).read_bytes()).hexdigest()


def test_sha256sum_can_check_it(tmp_path: Path) -> None:
    _sealed(tmp_path, 报告="甲", evidence__a="乙")
    checked = subprocess.run(["sha256sum", "-c", "--strict", NAME], cwd=tmp_path, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    (tmp_path / "报告").write_text("丙")
    checked = subprocess.run(["sha256sum", "-c", "--strict", NAME], cwd=tmp_path, capture_output=True, text=True)
    assert checked.returncode == 1


def test_one_changed_byte_is_told(tmp_path: Path) -> None:
    _sealed(tmp_path, a="甲乙丙", b="丁")
    content = bytearray((tmp_path / "a").read_bytes())
    content[4] ^= 1
    (tmp_path / "a").write_bytes(content)
    found = verify(tmp_path)
    assert (found.changed, found.missing, found.added, found.intact) == (("a",), (), (), 1)


def test_what_is_missing_or_added_is_told(tmp_path: Path) -> None:
    _sealed(tmp_path, a="甲", evidence__b="乙")
    (tmp_path / "evidence" / "b").unlink()
    _written(tmp_path, evidence__c="丙", d="丁")
    found = verify(tmp_path)
    assert (found.changed, found.missing, found.added) == ((), ("evidence/b",), ("d", "evidence/c"))
    assert not found.is_intact


def test_a_link_in_place_of_a_file_is_no_file(tmp_path: Path) -> None:
    _sealed(tmp_path / "out", a="甲")
    (tmp_path / "elsewhere").write_text("甲")
    (tmp_path / "out" / "a").unlink()
    (tmp_path / "out" / "a").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "out" / "more").symlink_to(tmp_path)
    found = verify(tmp_path / "out")
    assert (found.changed, found.added) == (("a",), ("more",))


def test_the_demos_working_folder_is_no_part_of_it(tmp_path: Path) -> None:
    _sealed(tmp_path, a="甲")
    _written(tmp_path, **{".work__db": "x"})
    assert verify(tmp_path).is_intact
    _written(tmp_path, **{"evidence__.work__db": "x"})
    assert verify(tmp_path).added == ("evidence/.work/db",)


@pytest.mark.parametrize(
    "line",
    ["no manifest", "0" * 64 + "  ../outside", "0" * 64 + "  /etc/hosts", "0" * 63 + "  a", "", "0" * 64 + "  a\\b"],
)
def test_a_manifest_that_cannot_be_read_seals_nothing(tmp_path: Path, line: str) -> None:
    _written(tmp_path, a="甲")
    (tmp_path / NAME).write_text(f"{line}\n")
    with pytest.raises(NotSealed, match="第 1 行"):
        verify(tmp_path)


def test_a_path_that_stands_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(f"{'0' * 64}  a\n{'1' * 64}  a\n")
    with pytest.raises(NotSealed, match="第 2 行"):
        verify(tmp_path)


def test_a_folder_without_a_manifest_is_not_intact(tmp_path: Path) -> None:
    with pytest.raises(NotSealed, match="没有清单"):
        verify(tmp_path)


def test_writing_again_seals_what_is_new_and_keeps_the_rest(tmp_path: Path) -> None:
    _sealed(tmp_path, a="甲", b="乙")
    _sealed(tmp_path, b="新乙", c="丙")
    found = verify(tmp_path)
    assert (found.intact, found.is_intact) == (3, True)
    assert not (tmp_path / BROKEN_SEAL).exists()


def test_what_was_changed_in_between_is_not_sealed_anew(tmp_path: Path) -> None:
    _sealed(tmp_path, a="甲", b="乙")
    (tmp_path / "a").write_text("改")
    _written(tmp_path, foreign="外")
    _sealed(tmp_path, b="新乙")
    found = verify(tmp_path)
    assert (found.changed, found.added) == (("a",), ("foreign",))


def test_what_is_outdated_goes_unless_somebody_changed_it(tmp_path: Path) -> None:
    _sealed(tmp_path, evidence__old="甲", evidence__edited="乙", evidence__kept="丙", report="丁")
    (tmp_path / "evidence" / "edited").write_text("改")
    seal = Seal(tmp_path)
    seal.open()
    seal.add(_written(tmp_path, evidence__kept="丙", evidence__new="戊"))
    seal.drop(lambda name: name.startswith("evidence/"))
    seal.close()
    assert not (tmp_path / "evidence" / "old").exists()
    found = verify(tmp_path)
    assert (found.intact, found.changed, found.missing, found.added) == (3, (), (), ("evidence/edited",))


_KILLED = """
import os, signal, sys
from pathlib import Path
from reports.atomic import write_bytes
from reports.manifest import Seal
folder = Path(sys.argv[1])
seal = Seal(folder)
seal.open()
seal.add([write_bytes(folder / "a", b"new"), write_bytes(folder / "b", b"new")])
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("before", [True, False], ids=["over an earlier export", "into a new folder"])
def test_a_kill_in_between_leaves_it_incomplete_and_the_next_run_mends_it(tmp_path: Path, before: bool) -> None:
    if before:
        _sealed(tmp_path, a="甲", stale="旧")
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], env=os.environ | {"PYTHONPATH": ""})
    assert killed.returncode == -signal.SIGKILL
    with pytest.raises(NotSealed, match="没有完成"):
        verify(tmp_path)
    seal = Seal(tmp_path)
    seal.open()
    seal.add(_written(tmp_path, a="终", b="终"))
    seal.drop(lambda name: True)
    seal.close()
    assert verify(tmp_path).is_intact
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", NAME]
