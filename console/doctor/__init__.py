"""`xuncha doctor`: what this machine can do, and which settings are in force and where they come from.

One file a family of looks; each tells what is in order (正常), amiss (异常), or could not be told (未知).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from console.doctor import fleet, keeping, machine, network, sending, sources
from console.doctor.symptom import Symptom
from console.output import say_json
from console.settings import Settings, config_file, settings
from scheduler.registry import load


def examine(registry: Path | None = None, *, json_output: bool) -> int:
    """Prints the findings and the settings in force; 3 where something is amiss. Logins are told to be there or not,
    never shown: those that the accounts of a `registry` name.
    """
    configured = settings()
    units = load(registry).units if registry else ()
    families: Mapping[str, Callable[[], Iterable[Symptom]]] = {
        "本机": lambda: machine.look(configured),
        "数据": lambda: keeping.look(configured),
        "分布式队列": lambda: fleet.look(configured),
        "网络": lambda: network.look(configured),
        "发送渠道": lambda: sending.look(configured),
        "数据来源": lambda: sources.look(configured, os.environ, units),
    }
    symptoms = [symptom for name, look in families.items() for symptom in _looked(name, look)]
    if json_output:
        say_json({"symptoms": symptoms, "settings": shown(configured)})
    else:
        _print(symptoms, shown(configured))
    return 3 if any(symptom.ok is False for symptom in symptoms) else 0


def _looked(family: str, look: Callable[[], Iterable[Symptom]]) -> Iterator[Symptom]:
    """What a family tells; a doctor must not die of what ails it. An error's own words may hold a secret."""
    try:
        yield from look()
    except Exception as error:
        yield Symptom(family, False, f"未能查看：程序出错（{type(error).__name__}）")


def shown(configured: Settings) -> dict[str, Any]:
    """The settings in force, without the password that the database's address may hold."""
    values = configured.model_dump(mode="json")
    try:
        if configured.database:
            values["database"] = make_url(configured.database).render_as_string(hide_password=True)
    except ArgumentError:  # nobody can tell where in it the password is
        values["database"] = "（无法识别，不予显示）"
    return values


def _print(symptoms: list[Symptom], values: Mapping[str, Any]) -> None:
    console = Console(highlight=False)
    signs = {True: "[green]正常[/green]", False: "[red]异常[/red]", None: "[yellow]未知[/yellow]"}
    for symptom in symptoms:
        console.print(f"{signs[symptom.ok]}  {symptom.name}：{escape(symptom.words)}", soft_wrap=True)
    table = Table(title="正在生效的配置", title_justify="left")
    for heading in ("项", "值", "来自"):
        table.add_column(heading, overflow="fold")
    for key, value in values.items():
        table.add_row(key, escape(_said(value)), _origin(key))
    console.print(table)


def _said(value: object) -> str:
    """A setting's value as it is shown."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        value = "、".join(map(str, value))
    return "（空）" if value in (None, "") else str(value)


def _origin(key: str) -> str:
    if f"XUNCHA_{key.upper()}" in os.environ:
        return "环境变量"
    path = config_file()
    if path.exists() and any(line.split("=")[0].strip() == key for line in path.read_text("utf-8").splitlines()):
        return str(path)
    return "默认值"
