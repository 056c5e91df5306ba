"""The outbox of an inspection: what a unit, an office and a program take away (interfaces: Outbox)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from enum import StrEnum
from pathlib import Path

from reports import html, records, xlsx
from reports.atomic import replacing
from reports.naming import file_stems
from reports.problems import InspectionView

RUN = "run.json"


class Part(StrEnum):
    """What an outbox is made of; together they are the whole."""

    JSON = "json"
    XLSX = "xlsx"
    HTML = "html"


WHOLE = frozenset(Part)


def write(view: InspectionView, out: Path, parts: Collection[Part] = WHOLE) -> tuple[Path, ...]:
    """Write findings.jsonl, results.jsonl, scores.json, problems/<单位>.xlsx, report.html and run.json under `out`.

    `parts` leaves some of them out. Each file is whole or absent, and run.json comes last: where it stands, the rest
    stands. Equal views give equal bytes. Evidence is written beforehand by `reports.evidence.export`, into the folder
    the problems point to. Returns the paths written, in that order. Raises OSError where the disk refuses.
    """
    stems = file_stems(view)
    files: list[tuple[Part, str, Callable[[Path], None]]] = [
        (Part.JSON, "findings.jsonl", lambda path: _write_lines(records.findings(view), path)),
        (Part.JSON, "results.jsonl", lambda path: _write_lines(records.results(view), path)),
        (Part.JSON, "scores.json", lambda path: _write_object(records.scores(view), path)),
        *(
            (Part.XLSX, f"problems/{stems[unit.code]}.xlsx", lambda path, unit=unit: xlsx.write(view, unit, path))
            for unit in view.units
        ),
        (Part.HTML, "report.html", lambda path: html.write(view, path)),
        (Part.JSON, RUN, lambda path: _write_object(records.run(view), path)),
    ]
    written = []
    for part, name, writer in files:
        if part not in parts:
            continue
        with replacing(out / name) as draft:
            writer(draft)
        written.append(out / name)
    return tuple(written)


def territory(name: str, parts: Collection[Part]) -> bool:
    """Whether a path of an outbox is one that `write` makes for these parts."""
    return (
        (Part.XLSX in parts and name.startswith("problems/"))
        or (Part.HTML in parts and name == "report.html")
        or (Part.JSON in parts and name in ("findings.jsonl", "results.jsonl", "scores.json", RUN))
    )


def _write_lines(rows: Iterable[records.Record], path: Path) -> None:
    with path.open("wb") as stream:
        for row in rows:
            stream.write(records.encode(row) + b"\n")


def _write_object(value: object, path: Path) -> None:
    path.write_bytes(records.encode_pretty(value))
