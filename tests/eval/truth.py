"""How an outbox compares with the demo city's ground truth, check by check.

Every `fail` or `needs-review` row must be found; every finding must answer a row. How a finding answers is the row's
`match` (see demo/truth.py). An `undetermined` or `not-applicable` row, and a `pass` row of a whole target, name the state of the check there.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

Row = Mapping[str, Any]


class Tally(Struct):
    """One check's figures, with what was missed and what was said falsely."""

    planted: int = 0
    found: int = 0
    reported: int = 0
    false: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    wrong_states: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return 1 - len(self.false) / self.reported if self.reported else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.planted if self.planted else 1.0


def compared(truth: Iterable[Row], findings: Iterable[Row], results: Iterable[Row]) -> dict[str, Tally]:
    """Tallies by check id. Only checks that the truth speaks of are compared."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    planted = [row for row in truth if row["expect"] in ("fail", "needs-review")]
    judged = {row["check"] for row in truth}
    by_place: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for finding in findings:
        if finding["check"] in judged:
            by_place[finding["check"], finding["target"]].append(finding)
            tallies[finding["check"]].reported += 1
    matched: set[int] = set()
    for row in planted:
        tally = tallies[row["check"]]
        tally.planted += 1
        hits = [f for f in by_place[row["check"], row["target"]] if _matches(row, f)]
        matched.update(id(hit) for hit in hits)
        if hits:
            tally.found += 1
        else:
            tally.missed.append(_told(row))
    for (check, _), kept in by_place.items():
        tallies[check].false.extend(_told(f) + " :: " + f["message"] for f in kept if id(f) not in matched)
    states = {(row["check"], row["target"]): row["state"] for row in results}
    faulty = {(row["check"], row["target"]) for row in planted}
    for row in truth:
        place = (row["check"], row["target"])
        if row["expect"] in ("pass", "undetermined", "not-applicable") and place not in faulty:
            state = states.get(place)
            allowed = (
                {row["expect"]} if row["expect"] != "pass" or row["match"] == "target" else {"pass", "undetermined"}
            )
            if state not in allowed:
                tallies[row["check"]].wrong_states.append(f"{_told(row)} is {state}, not {row['expect']}")
    return dict(sorted(tallies.items()))


def _matches(row: Row, finding: Row) -> bool:
    if finding["state"] != row["expect"]:
        return False
    match row["match"]:
        case "target":
            return True
        case "problem":
            return bool(finding["problem_url"] == row["problem_url"])
        case "quote":
            return row["quote"] in finding["quote"] + finding["message"]
        case _:
            return finding["url"] in (row["url"], *row.get("urls", ()))


def _told(row: Row) -> str:
    return f"{row['target']} {row.get('problem_url') or row.get('url') or ''} {row.get('quote') or ''}".strip()


def table(tallies: Mapping[str, Tally]) -> str:
    """The figures as a Markdown table, with what is amiss below."""
    lines = [
        "| check | planted | found | reported | false | precision | recall | wrong states |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for check, tally in tallies.items():
        lines.append(
            f"| {check} | {tally.planted} | {tally.found} | {tally.reported} | {len(tally.false)} "
            f"| {tally.precision:.3f} | {tally.recall:.3f} | {len(tally.wrong_states)} |"
        )
    for check, tally in tallies.items():
        for word, said in (("false", tally.false), ("missed", tally.missed), ("state", tally.wrong_states)):
            lines.extend(f"  {check} {word}: {one}" for one in said)
    return "\n".join(lines)


def totals(tallies: Mapping[str, Tally]) -> Counter[str]:
    """Sums over all checks."""
    counts: Counter[str] = Counter()
    for tally in tallies.values():
        counts.update(planted=tally.planted, found=tally.found, reported=tally.reported, false=len(tally.false))
    return counts


def of_outbox(out: Path, truth: Path, *, unit: str = "") -> dict[str, Tally]:
    """The comparison of an outbox on disk; of one unit alone where one is named."""

    def rows(path: Path) -> list[Row]:
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]

    known = [row for row in json.loads(truth.read_text("utf-8"))["rows"] if unit in ("", row["unit"])]
    return compared(known, rows(out / "findings.jsonl"), rows(out / "results.jsonl"))
