"""What every check owes: its file under its id, its words, its documentation, its data's sources."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import checks
from checks import lexicon
from checks.docs import document, section
from checks.model import Mode, Subject
from checks.registry import CHECKS, get, of_subject
from checks.runner import NEEDS

ROOM = Path(checks.__file__).parent
REPOSITORY = ROOM.parent


def test_the_address_of_a_check_is_its_id() -> None:
    files = {f"{p.parent.name}.{p.stem}".replace("_", "-") for p in ROOM.glob("*/*.py") if p.stem != "__init__"}
    assert files == set(CHECKS)


@pytest.mark.parametrize("check", CHECKS)
def test_check_says_all_of_itself(check: str) -> None:
    known = get(check)
    texts = (known.title, known.why, known.rectify, known.measured, known.limits, known.clause)
    assert all(len(text) >= 3 for text in texts)
    assert all(any("一" <= char <= "鿿" for char in text) for text in texts)
    assert not any("违规" in text for text in texts)
    assert set(known.needs) <= set(NEEDS[known.subject])


@pytest.mark.parametrize("check", CHECKS)
def test_thresholds_say_what_they_are_and_whence(check: str) -> None:
    notes = lexicon.threshold_notes(check)
    assert {key: note.value for key, note in notes.items()} == dict(get(check).thresholds)
    assert all(note.about and note.source for note in notes.values())


def test_no_threshold_belongs_to_an_unknown_check() -> None:
    assert set(lexicon.table("thresholds")) <= set(CHECKS)


@pytest.mark.parametrize("path", sorted((ROOM / "data").glob("*.yaml")), ids=lambda path: path.name)
def test_data_name_their_source(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "ource" in text.split("\n\n")[0] or "source" in yaml.safe_load(text)
    assert "shared" not in text


def test_only_candidates_are_left_to_a_person() -> None:
    assert {check.id for check in CHECKS.values() if check.mode is Mode.CONFIRMED} == {
        "interpretation.off-topic",
        "participation.reply-evasive",
        "service.list-inconsistent",
        "disclosure.key-areas-shallow",
        "update.date-forged",
        "link.mislabelled",
        "link.unsafe",
        "content.hidden-link",
        "content.tampered",
        "content.advertising",
        "content.privacy",
        "content.typo",
        "content.wording",
        "account.content-off-duty",
        "account.fake-followers",
        "account.typo",
        "account.wording",
        "account.privacy",
    }


def test_subjects_divide_the_catalogue() -> None:
    by_subject = [check.id for subject in Subject for check in of_subject(subject)]
    assert sorted(by_subject) == sorted(CHECKS)


def test_committed_document_is_the_generated_one() -> None:
    assert (REPOSITORY / "docs" / "checks.md").read_text(encoding="utf-8") == document(), "run python -m checks.docs"


def test_generator_writes_the_document(tmp_path: Path) -> None:
    path = tmp_path / "checks.md"
    subprocess.run([sys.executable, "-m", "checks.docs", str(path)], check=True, cwd=REPOSITORY)
    assert path.read_text(encoding="utf-8") == document()


@pytest.mark.parametrize("check", CHECKS)
def test_document_tells_of_the_check(check: str) -> None:
    text, known = section(get(check)), get(check)
    assert text in document()
    assert all(words in text for words in (known.id, known.title, known.why, known.rectify, known.limits, known.clause))
    assert all(f"`{key}`" in text for key in known.thresholds)
