"""Whatever a file holds, a registry is either whole or refused with problems that can be printed on one line each."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from scheduler.registry import Registry, RegistryErrors, load
from tests.unit.registry.offices import SHEETS, YAML, write_xlsx


def parts_of_a_workbook() -> dict[str, bytes]:
    """The parts of a good workbook by name, so that a test may spoil one of them."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(write_xlsx(Path(folder), SHEETS)) as package:
        return {name: package.read(name) for name in package.namelist()}


PARTS = parts_of_a_workbook()
FRAGMENTS = st.sampled_from(
    [
        "units:",
        "- ",
        "  ",
        "\n",
        "code: a",
        "name: 甲",
        "sites:",
        "home_url: http://a.example/",
        "&a ",
        "*a",
        "[",
        "]",
        "{",
        "}",
        ": ",
        "!!int ",
        "|",
        "'",
        '"',
        "%",
        "---",
        "\t",
        "? ",
        "\ud800",
        "<<: ",
        "07",
        "null",
        "~",
    ]
)


def read_or_refused(name: str, data: bytes) -> Registry | None:
    """The registry of a file of these bytes, None where it is refused. Any other exception is the test's failure."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            return load(path)
        except RegistryErrors as errors:
            assert errors.problems
            assert len(str(errors).splitlines()) == len(errors.problems)
            assert all(str(problem).isprintable() for problem in errors.problems)
            return None


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["台账.yaml", "台账.xlsx", "单位.csv", "台账.yml"]), st.binary(max_size=400))
@example("台账.yaml", b"\xef\xbb\xbf")
@example("台账.yaml", b'units: [{code: "\\ud800"}]')
@example("单位.csv", b"code,name\r\n" + b'"' * 7)
def test_arbitrary_bytes_are_refused(name: str, data: bytes) -> None:
    assert read_or_refused(name, data) is None


@settings(max_examples=150, deadline=None)
@given(st.lists(FRAGMENTS, max_size=40))
def test_pieces_of_yaml_never_do_worse_than_be_refused(pieces: list[str]) -> None:
    read_or_refused("台账.yaml", "".join(pieces).encode("utf-8", "surrogatepass"))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(YAML) - 1), st.integers(0, 30), st.text(max_size=6))
def test_a_spoilt_yaml_never_does_worse_than_be_refused(at: int, length: int, text: str) -> None:
    read_or_refused("台账.yaml", (YAML[:at] + text + YAML[at + length :]).encode("utf-8", "replace"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(PARTS)), st.data())
def test_a_workbook_with_a_spoilt_part_never_does_worse_than_be_refused(part: str, data: st.DataObject) -> None:
    content = PARTS[part]
    at = data.draw(st.integers(0, max(len(content) - 1, 0)))
    spoilt = content[:at] + data.draw(st.binary(max_size=12)) + content[at + data.draw(st.integers(0, 40)) :]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, original in PARTS.items():
            package.writestr(name, spoilt if name == part else original)
    read_or_refused("台账.xlsx", target.getvalue())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.text(max_size=8), min_size=3, max_size=3), max_size=5))
def test_arbitrary_cells_never_do_worse_than_be_refused(rows: list[list[str]]) -> None:
    lines = ["code,name,parent", *(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)]
    with tempfile.TemporaryDirectory() as folder:
        for name, heading in (("sites", "unit,name,home_url"), ("accounts", "unit,platform,name,platform_id")):
            (Path(folder) / f"{name}.csv").write_text(heading, "utf-8")
        (Path(folder) / "units.csv").write_bytes("\n".join(lines).encode("utf-8", "replace"))
        try:
            registry = load(Path(folder))
        except RegistryErrors as errors:
            assert errors.problems
        else:
            assert len(registry.units) == sum(any(cell.strip() for cell in row) for row in rows)
