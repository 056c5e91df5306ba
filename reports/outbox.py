"""The outbox of an inspection: what a unit, an office and a program take away (interfaces: Outbox)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from reports import html, records, xlsx
from reports.atomic import replacing
from reports.naming import file_stems
from reports.problems import InspectionView


def write(view: InspectionView, out: Path) -> tuple[Path, ...]:
    """Write findings.jsonl, results.jsonl, scores.json, run.json, problems/<单位>.xlsx and report.html under `out`.

    Each file is whole or absent, and run.json comes last: where it stands, the rest stands. Equal views give equal
    bytes. Evidence is written beforehand by `reports.evidence.export`, into the folder the problems point to.
    Returns the paths written, in that order. Raises OSError where the disk refuses.
    """
    stems = file_stems(view)
    files: list[tuple[str, Callable[[Path], None]]] = [
        ("findings.jsonl", lambda path: _write_lines(records.findings(view), path)),
        ("results.jsonl", lambda path: _write_lines(records.results(view), path)),
        ("scores.json", lambda path: _write_object(records.scores(view), path)),
        *(
            (f"problems/{stems[unit.code]}.xlsx", lambda path, unit=unit: xlsx.write(view, unit, path))
            for unit in view.units
        ),
        ("report.html", lambda path: html.write(view, path)),
        ("run.json", lambda path: _write_object(records.run(view), path)),
    ]
    written = []
    for name, writer in files:
        with replacing(out / name) as draft:
            writer(draft)
        written.append(out / name)
    return tuple(written)


def _write_lines(rows: Iterable[records.Record], path: Path) -> None:
    with path.open("wb") as stream:
        for row in rows:
            stream.write(records.encode(row) + b"\n")


def _write_object(value: object, path: Path) -> None:
    path.write_bytes(records.encode_pretty(value))
