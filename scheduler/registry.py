"""The registry (台账): which units are inspected, with their sites and accounts, read from YAML, XLSX or CSV.

`load` gives a whole, valid Registry or raises RegistryErrors with every problem it found, each with its exact place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from crawler.facts import Account, Unit
from scheduler.errors import RegistryErrors, RegistryProblem
from scheduler.registry_cells import Row
from scheduler.registry_columns import nearest
from scheduler.registry_csv import csv_rows, is_csv_of_registry
from scheduler.registry_rows import Registered, registered
from scheduler.registry_template import write_template
from scheduler.registry_text import decoded
from scheduler.registry_values import Unfit
from scheduler.registry_xlsx import xlsx_rows
from scheduler.registry_yaml import yaml_rows

__all__ = ["Registry", "RegistryErrors", "RegistryProblem", "load", "write_template"]

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes of a registry file; larger ones are refused unread."""


class Registry(Struct, frozen=True):
    """台账 as read. `canaries` are outside addresses that show whether our own network works; `hosts` leads names to
    the addresses they are reached at in place of what DNS says (域名指向); `as_of` is the monitoring time point
    (监测时间点) it asks for, if any. `digest` is the SHA-256 of the content in canonical form, the same whatever format
    it was read from and wherever the file lay.
    """

    units: tuple[Unit, ...]
    canaries: tuple[str, ...]
    hosts: Mapping[str, tuple[str, ...]]
    as_of: datetime | None
    digest: str
    source: Path


def load(path: Path) -> Registry:
    """The registry at `path`: a .yaml, .yml or .xlsx file, a folder of CSV files, or one of those CSV files.

    Relative paths of account tables are resolved against the registry's folder. Raises RegistryErrors with every
    problem found; nothing of a wrong registry is used.
    """
    problems: list[RegistryProblem] = []
    try:
        rows = _rows(path, problems)
    except OSError as error:
        rows = {}
        problems.append(RegistryProblem(path.name, "", 0, "", "无法读取", error.strerror or str(error)))
    result = registered(rows, problems)
    if not problems and not result.units:
        problems.append(RegistryProblem(path.name, "", 0, "", "没有任何单位"))
    if problems:
        raise RegistryErrors(_in_order(problems))
    folder = path if path.is_dir() else path.parent
    return Registry(
        units=tuple(_resolved(unit, folder.absolute()) for unit in result.units),
        canaries=result.canaries,
        hosts=result.hosts,
        as_of=result.as_of,
        digest=_digest(result),
        source=path,
    )


def _rows(path: Path, problems: list[RegistryProblem]) -> Mapping[str, list[Row]]:
    if path.is_dir():
        return csv_rows(path, problems)
    suffix = path.suffix.lower()
    fault = ""
    if not path.exists():
        fault = "文件不存在"
        if path.parent.is_dir() and (near := nearest(path.name, (entry.name for entry in path.parent.iterdir()))):
            fault += f"，是否应为 {near}？"
    elif path.stat().st_size > LARGEST_FILE:
        fault = f"文件超过 {LARGEST_FILE // 1024 // 1024} MB"
    elif suffix == ".csv" and not is_csv_of_registry(path):
        fault = "CSV 台账应为 单位.csv、网站.csv、账号.csv（或 units.csv 等）三个文件，请给出其中之一或所在文件夹"
    elif suffix == ".xls":
        fault = "不支持旧版 .xls，请另存为 .xlsx"
    elif suffix not in (".yaml", ".yml", ".xlsx", ".csv"):
        fault = "不支持的文件类型，台账应为 .yaml、.xlsx 或 .csv"
    if fault:
        problems.append(RegistryProblem(path.name, "", 0, "", fault))
        return {}
    if suffix == ".csv":
        return csv_rows(path.parent, problems)
    if suffix == ".xlsx":
        return xlsx_rows(path.read_bytes(), path.name, problems)
    try:
        text = decoded(path.read_bytes())
    except Unfit as unfit:
        problems.append(RegistryProblem(path.name, "", 0, "", str(unfit)))
        return {}
    return yaml_rows(text, path.name, problems)


def _in_order(problems: list[RegistryProblem]) -> list[RegistryProblem]:
    """The problems by file and sheet in the order these were read, and by row within."""
    places = list(dict.fromkeys((problem.file, problem.sheet) for problem in problems))
    return sorted(problems, key=lambda problem: (places.index((problem.file, problem.sheet)), problem.row))


def _resolved(unit: Unit, folder: Path) -> Unit:
    """The unit with the paths of its accounts' tables made absolute."""

    def account(entry: Account) -> Account:
        if entry.source is None or "path" not in entry.source.settings:
            return entry
        path = str(folder / entry.source.settings["path"])
        return replace(entry, source=replace(entry.source, settings={**entry.source.settings, "path": path}))

    return replace(unit, accounts=tuple(account(entry) for entry in unit.accounts))


def _digest(result: Registered) -> str:
    """SHA-256 over the content as JSON with sorted keys; the order of units, sites and accounts counts."""
    return hashlib.sha256(msgspec.json.encode(result, order="sorted")).hexdigest()
