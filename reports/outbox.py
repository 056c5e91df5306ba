"""The outbox of an inspection: what a unit, an office and a program take away (interfaces: Outbox)."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports import annex_book, circular, flat, html, notice, pdf, records, specimen, xlsx
from reports.annexes import annexes
from reports.atomic import replacing
from reports.naming import file_stems
from reports.papers import Papers
from reports.problems import InspectionView
from reports.tables import Annex

if TYPE_CHECKING:
    from reports.word import Template

RUN = "run.json"
_JSON = ("findings.jsonl", "results.jsonl", "scores.json", RUN)


class Part(StrEnum):
    """What an outbox is made of."""

    JSON = "json"
    XLSX = "xlsx"
    DOCX = "docx"
    HTML = "html"
    CSV = "csv"
    PDF = "pdf"


WHOLE = frozenset({Part.JSON, Part.XLSX, Part.DOCX, Part.HTML})
"""What is written where nothing else is asked for; CSV and PDF are made on demand."""

_File = tuple[str, Callable[[Path], None]]


def write(
    view: InspectionView, out: Path, parts: Collection[Part] = WHOLE, papers: Papers | None = None
) -> tuple[Path, ...]:
    """Write the parts under `out`: findings.jsonl, results.jsonl, scores.json, problems/<单位>.xlsx and .docx (the
    notice of a unit with confirmed problems), annex.xlsx, circular.docx, self-check.docx, report.html and run.json.

    Each file is whole or absent, and run.json comes last: where it stands, the rest stands. Equal views give equal
    bytes, PDF apart. Evidence is written beforehand by `reports.evidence.export`, into the folder the problems point
    to. Returns the paths written, in that order. Raises OSError where the disk refuses, and what `check` raises.
    """
    papers = papers or Papers()
    tables = annexes(view, papers.adoptions) if {Part.XLSX, Part.DOCX, Part.PDF} & set(parts) else ()
    written = []
    for name, writer in _files(view, parts, papers, tables):
        with replacing(out / name) as draft:
            writer(draft)
        written.append(out / name)
    return tuple(written)


def check(parts: Collection[Part], papers: Papers) -> None:
    """Raises TemplateRefused or NoPrinter for what could not be written, before anything is."""
    if Part.PDF in parts:
        pdf.require()
    if papers.templates is not None and {Part.DOCX, Part.PDF} & set(parts):
        view = specimen.view()
        tables = annexes(view)
        for _, writer in _documents(view, papers, tables):
            with tempfile.NamedTemporaryFile() as draft:
                writer(Path(draft.name))


def territory(name: str, parts: Collection[Part]) -> bool:
    """Whether a path of an outbox is one that `write` makes for these parts."""
    top, _, below = name.partition("/")
    paper = top == "problems" if below else name in ("annex.xlsx", circular.CIRCULAR, circular.SELF_CHECK)
    return (
        (Part.XLSX in parts and paper and name.endswith(".xlsx"))
        or (Part.DOCX in parts and paper and name.endswith(".docx"))
        or (Part.PDF in parts and name.endswith(".pdf") and (top == "problems" or not below))
        or (Part.CSV in parts and name in ("findings.csv", "scores.csv"))
        or (Part.HTML in parts and name == "report.html")
        or (Part.JSON in parts and name in _JSON)
    )


def _files(view: InspectionView, parts: Collection[Part], papers: Papers, tables: tuple[Annex, ...]) -> Iterator[_File]:
    """Name and writer of every file, in the order in which they are written."""
    stems = file_stems(view)
    if Part.JSON in parts:
        yield "findings.jsonl", lambda path: _write_lines(records.findings(view), path)
        yield "results.jsonl", lambda path: _write_lines(records.results(view), path)
        yield "scores.json", lambda path: _write_object(records.scores(view), path)
    if Part.CSV in parts:
        yield "findings.csv", lambda path: flat.write_findings(view, path)
        yield "scores.csv", lambda path: flat.write_scores(view, path)
    if Part.XLSX in parts:
        for unit in view.units:
            yield f"problems/{stems[unit.code]}.xlsx", partial(xlsx.write, view, unit)
        yield _annex_book(view, tables)
    if Part.DOCX in parts:
        yield from _documents(view, papers, tables)
    if Part.PDF in parts:
        yield from _printed(view, papers, tables)
    if Part.HTML in parts:
        yield "report.html", lambda path: html.write(view, path)
    if Part.JSON in parts:
        yield RUN, lambda path: _write_object(records.run(view), path)


def _annex_book(view: InspectionView, tables: tuple[Annex, ...]) -> _File:
    return "annex.xlsx", lambda path: annex_book.write(view, tables, path)


def _documents(view: InspectionView, papers: Papers, tables: tuple[Annex, ...]) -> Iterator[_File]:
    """The notices of the units that have confirmed problems, the circular and the self-check report."""
    from reports.word import Template  # python-docx and what it loads: for those who write papers

    made = view.ended or view.as_of
    stems = file_stems(view)
    template = Template(notice.TEMPLATE, papers.templates)
    concerned = [unit for unit in view.units if unit.confirmed]
    for nth, unit in enumerate(concerned, start=1):
        stem = stems[unit.code]
        words = partial(notice.context, view, unit, nth, papers, f"{stem}.xlsx")
        yield (
            f"problems/{stem}.docx",
            partial(_rendered, template, words, title=f"{unit.name}整改通知书", made=made),
        )
    yield (
        circular.CIRCULAR,
        lambda path: Template(circular.CIRCULAR, papers.templates).render(
            circular.context(view, papers, tables), path, title=f"{view.name}通报", made=made, annexes=tables
        ),
    )
    yield (
        circular.SELF_CHECK,
        lambda path: Template(circular.SELF_CHECK, papers.templates).render(
            circular.self_check(view, papers), path, title=f"{view.name}自查报告", made=made
        ),
    )


def _printed(view: InspectionView, papers: Papers, tables: tuple[Annex, ...]) -> Iterator[_File]:
    """PDF of the documents and the annexes, as far as this machine has a program for them."""
    with tempfile.TemporaryDirectory() as name:
        drafts = Path(name)
        if pdf.office():
            made = []
            for path, writer in (*_documents(view, papers, tables), _annex_book(view, tables)):
                (drafts / path).parent.mkdir(parents=True, exist_ok=True)
                writer(drafts / path)
                made.append(drafts / path)
            for folder in dict.fromkeys(file.parent for file in made):
                printed = pdf.of_documents([file for file in made if file.parent == folder], folder)
                for file in printed:
                    yield file.relative_to(drafts).as_posix(), partial(_copy, file)
        if pdf.browser():
            html.write(view, drafts / "report.html")
            pdf.of_page(drafts / "report.html", drafts / "report.pdf")
            yield "report.pdf", partial(_copy, drafts / "report.pdf")


def _rendered(
    template: Template, words: Callable[[], Mapping[str, Any]], path: Path, *, title: str, made: datetime
) -> None:
    template.render(words(), path, title=title, made=made)


def _copy(file: Path, path: Path) -> None:
    path.write_bytes(file.read_bytes())


def _write_lines(rows: Iterable[records.Record], path: Path) -> None:
    with path.open("wb") as stream:
        for row in rows:
            stream.write(records.encode(row) + b"\n")


def _write_object(value: object, path: Path) -> None:
    path.write_bytes(records.encode_pretty(value))
