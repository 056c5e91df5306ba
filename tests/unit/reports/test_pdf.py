"""PDF by the programs of this machine; without them one plain message, before anything is written."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from reports import outbox, pdf
from reports.errors import NoPrinter
from reports.papers import Papers
from reports.problems import InspectionView


@pytest.fixture
def small(view: InspectionView) -> InspectionView:
    unit = view.units[4]
    return replace(view, units=(unit,), runs=(), accounts=())


def test_without_a_program_nothing_is_written(
    small: InspectionView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoPrinter, match="没有 LibreOffice，也没有 Chromium"):
        outbox.check({outbox.Part.PDF}, Papers())


@pytest.mark.skipif(not pdf.browser(), reason="no Chromium")
def test_the_page_is_printed(small: InspectionView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in (
        Path(pdf.browser()).name,
        *("sh", "dirname", "readlink", "uname", "sed", "grep", "cat", "which", "ls"),
    ):
        found = next((Path(at, name) for at in ("/usr/bin", "/bin") if Path(at, name).exists()), None)
        if found:
            (tools / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(tools))
    assert not pdf.office()
    (made,) = outbox.write(small, tmp_path / "out", {outbox.Part.PDF})
    assert made.name == "report.pdf"
    text = unicodedata.normalize("NFKC", PdfReader(made).pages[0].extract_text())  # ⽹ is the font's 网
    assert small.name in text.replace("\n", "")


@pytest.mark.skipif(not pdf.office(), reason="no LibreOffice")
def test_a_program_that_makes_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "坏.docx").write_bytes(b"PK\x03\x04 no document")
    with pytest.raises(NoPrinter, match=r"坏\.docx"):
        pdf.of_documents([tmp_path / "坏.docx"], tmp_path / "out")


@pytest.mark.skipif(not Path("/usr/lib/libreoffice/program/libswlo.so").exists(), reason="no LibreOffice Writer")
def test_documents_are_printed(small: InspectionView, tmp_path: Path) -> None:
    made = outbox.write(small, tmp_path, {outbox.Part.PDF})
    names = [path.relative_to(tmp_path).as_posix() for path in made]
    assert names[:4] == [f"problems/{small.units[0].name}.pdf", "circular.pdf", "self-check.pdf", "annex.pdf"]
    pages = PdfReader(made[1]).pages
    assert {page.mediabox.width > page.mediabox.height for page in pages} == {True, False}
    assert all(outbox.territory(name, {outbox.Part.PDF}) for name in names)
