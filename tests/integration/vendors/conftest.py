"""One inspection of a site of each make, as `xuncha inspect` runs it, and the facts that it recorded."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from crawler.facts import ColumnFact, SiteFacts
from crawler.read.coverage import coverage_of
from crawler.read.scope import own_hosts_of
from crawler.read.site import assemble
from storage.store import Store
from tests.integration.vendors.makes import MAKES, Make
from tests.integration.vendors.served import Served, served

XUNCHA = Path(sys.executable).parent / "xuncha"


class Inspected(Struct, frozen=True):
    """A site of one make after its inspection: what was gathered and what was judged, check by check."""

    make: Make
    site: Served
    facts: SiteFacts
    results: Mapping[str, Mapping[str, Any]]
    findings: tuple[Mapping[str, Any], ...]

    @property
    def column(self) -> ColumnFact:
        """The column that the make lists its entries in."""
        return next(column for column in self.facts.columns if column.url == self.site.at(self.make.column))

    @property
    def items(self) -> list[tuple[str, str, str]]:
        """The column's entries as title, address and day."""
        return [(item.title, item.url, str(item.date.value) if item.date else "") for item in self.column.items]

    def told(self, check: str) -> list[str]:
        """The messages of a check's findings."""
        return [finding["message"] for finding in self.findings if finding["check"] == check]


class Stage(Struct, frozen=True):
    """All makes while they are served, and the folder in which they are inspected."""

    folder: Path
    makes: Mapping[str, Make]
    sites: Mapping[str, Served]

    def night(self, out: str) -> Mapping[str, Inspected]:
        """What a night's inspection by one worker without a browser gathers."""
        for site in self.sites.values():
            site.requests.clear()
        words = ["inspect", "--registry", "registry.yaml", "--allow-private", "--no-render", "--kind", "nightly"]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("XUNCHA_")}
        done = subprocess.run(
            [str(XUNCHA), *words, "--out", out],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=250,
            env={**kept, "COLUMNS": "200"},
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return _read(self, self.folder / out)


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Every make, served for the whole session."""
    folder = tmp_path_factory.mktemp("vendors")
    with contextlib.ExitStack() as stack:
        makes = {name: make() for name, make in MAKES.items()}
        sites = {name: stack.enter_context(served(make.answers)) for name, make in makes.items()}
        (folder / "registry.yaml").write_text(_registry(sites), "utf-8")
        yield Stage(folder, makes, sites)


@pytest.fixture(scope="session")
def inspected(stage: Stage) -> Mapping[str, Inspected]:
    """The first night."""
    return stage.night("first")


@pytest.fixture(scope="session")
def inspected_again(stage: Stage, inspected: Mapping[str, Inspected]) -> Mapping[str, Inspected]:
    """The second night, which stands on the first."""
    return stage.night("second")


def _registry(sites: Mapping[str, Served]) -> str:
    units = "".join(
        f"  - code: {name.replace('_', '-')}\n    name: 云溪县{name}\n    kind: department\n    sites:\n"
        f"      - {{name: 云溪县人民政府, home_url: '{site.home}', kind: department, pace: {{interval: 0, connections: 4}}}}\n"
        for name, site in sites.items()
    )
    return f"units:\n{units}canaries: ['{next(iter(sites.values())).home}']\nas_of: 2026-11-20\n"


def _read(stage: Stage, out: Path) -> dict[str, Inspected]:
    results: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in _lines(out / "results.jsonl"):
        results[row["target"]][row["check"]] = row
    findings = _lines(out / "findings.jsonl")
    made = {}
    with Store(f"sqlite:///{stage.folder / 'xuncha-data/xuncha.sqlite3'}", stage.folder / "xuncha-data") as store:
        record = max(store.inspections.all(), key=lambda record: record.started)
        runs = {row.target.address: row.run for row in store.inspections.targets(record.id)}
        for unit in record.units:
            (site,) = unit.sites
            name = unit.code.replace("-", "_")
            run = store.runs.view(runs[site.home_url] or 0)
            coverage = coverage_of(run.visits(), own_hosts_of(site))
            facts = assemble(unit, site, record.as_of, run, coverage=coverage)
            asked = Served(site.home_url, list(stage.sites[name].requests))
            own = tuple(row for row in findings if row["target"] == site.home_url)
            made[name] = Inspected(stage.makes[name], asked, facts, results[site.home_url], own)
    return made


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
