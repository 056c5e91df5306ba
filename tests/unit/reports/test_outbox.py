"""The folder: every file there, named safely, whole or absent, the same twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from reports import outbox
from reports.atomic import replacing
from reports.naming import file_stems, safe_stem
from reports.problems import InspectionView
from tests.unit.reports import sample


def test_every_file_of_the_interface_is_written(written: Path) -> None:
    found = {str(path.relative_to(written)) for path in written.rglob("*") if path.is_file()}
    assert found == {
        "findings.jsonl",
        "results.jsonl",
        "scores.json",
        "run.json",
        "report.html",
        "annex.xlsx",
        "circular.docx",
        "self-check.docx",
        "problems/云溪县人民政府.docx",
        "problems/兰亭县人民政府.docx",
        "problems/临江市教育局_体育局.docx",
        "problems/临江市水利局（city-water-2）.docx",
        "problems/临江高新技术产业开发区管理委员会.docx",
        "problems/云溪县人民政府.xlsx",
        "problems/兰亭县人民政府.xlsx",
        "problems/临江市教育局_体育局.xlsx",
        "problems/临江市水利局（city-water）.xlsx",
        "problems/临江市水利局（city-water-2）.xlsx",
        "problems/临江高新技术产业开发区管理委员会.xlsx",
    }


def test_the_paths_are_told_in_order_with_run_json_last(view: InspectionView, tmp_path: Path) -> None:
    paths = outbox.write(view, tmp_path / "new" / "out")
    assert [path.name for path in paths[:3]] == ["findings.jsonl", "results.jsonl", "scores.json"]
    assert paths[-1].name == "run.json"
    assert all(path.is_file() for path in paths)


def test_every_file_is_some_parts_own(written: Path) -> None:
    names = [path.relative_to(written).as_posix() for path in written.rglob("*") if path.is_file()]
    assert all(outbox.territory(name, outbox.WHOLE) for name in names)
    for name in names:
        owners = [part for part in outbox.Part if outbox.territory(name, {part})]
        assert len(owners) == 1, (name, owners)
    assert not outbox.territory("evidence/a.pdf", frozenset(outbox.Part))


def test_writing_twice_gives_equal_bytes(written: Path, tmp_path: Path) -> None:
    for path in outbox.write(sample.view(), tmp_path):
        assert path.read_bytes() == (written / path.relative_to(tmp_path)).read_bytes(), path.name


def test_a_failing_writer_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("old")

    def fails() -> None:
        with replacing(target) as draft:
            draft.write_text("half")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fails()
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert target.read_text() == "old"


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("市教育局/体育局", "市教育局_体育局"),
        ("..\\..\\etc/passwd", "etc_passwd"),
        ("../../etc", "etc"),
        ('a<b>:"c"|?*', "a_b_c"),
        ("名\x00称\n二行", "名称_二行"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("///", "code-1"),
        ("", "code-1"),
        ("长" * 200, "长" * 60),
    ],
)
def test_unit_names_become_safe_file_names(name: str, stem: str) -> None:
    assert safe_stem(name, "code-1") == stem


def test_two_units_never_share_a_file(view: InspectionView) -> None:
    names = ("甲局", "甲局", "甲/局", "甲_局", "甲局（b）", "")
    units = tuple(replace(view.units[0], code=code, name=name) for code, name in zip("abcdef", names, strict=True))
    stems = file_stems(replace(view, units=units))
    assert len(set(stems.values())) == len(names)
    assert stems["f"] == "f"
