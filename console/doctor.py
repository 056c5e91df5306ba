"""`xuncha doctor`: what this machine can do, and which settings are in force and where they come from."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import httpx
import yaml
from msgspec import Struct
from msgspec.structs import asdict
from rich.console import Console
from rich.table import Table

from console.output import say_json
from console.settings import Settings, config_file, settings
from crawler.accounts.credentials import CredentialsUnusable, logins
from crawler.accounts.weibo_web import expiry
from crawler.facts import BEIJING, Unit
from crawler.fetch.browser import system_chromium
from crawler.fetch.network import Canaries
from crawler.fetch.policy import AddressPolicy, GuardedTransport
from scheduler.registry import load
from storage.store import Store

FREE_DISK = 2 * 1024**3
"""Bytes that a quarterly inspection of a city may need at the most."""


class Symptom(Struct, frozen=True):
    """One thing looked at. `ok` None means that it could not be told."""

    name: str
    ok: bool | None
    words: str


def examine(registry: Path | None = None, *, json_output: bool) -> int:
    """Prints the findings and the settings in force; 3 where something is amiss. Logins are told to be there or not,
    never shown: those that the accounts of a `registry` name.
    """
    configured = settings()
    symptoms = [look(configured) for look in _LOOKS]
    symptoms += sources(configured, os.environ, load(registry).units if registry else ())
    if json_output:
        say_json({"symptoms": symptoms, "settings": configured.model_dump(mode="json")})
    else:
        _print(symptoms, configured)
    return 3 if any(symptom.ok is False for symptom in symptoms) else 0


def _print(symptoms: list[Symptom], configured: Settings) -> None:
    console = Console(highlight=False)
    signs = {True: "[green]正常[/green]", False: "[red]异常[/red]", None: "[yellow]未知[/yellow]"}
    for symptom in symptoms:
        console.print(f"{signs[symptom.ok]}  {symptom.name}：{symptom.words}")
    table = Table(title="正在生效的配置", title_justify="left")
    for heading in ("项", "值", "来自"):
        table.add_column(heading, overflow="fold")
    for key, value in configured.model_dump(mode="json").items():
        table.add_row(key, str(value) if value not in ("", []) else "（空）", _origin(key))
    console.print(table)


def _origin(key: str) -> str:
    if f"XUNCHA_{key.upper()}" in os.environ:
        return "环境变量"
    path = config_file()
    if path.exists() and any(line.split("=")[0].strip() == key for line in path.read_text("utf-8").splitlines()):
        return str(path)
    return "默认值"


def _python(configured: Settings) -> Symptom:
    return Symptom("Python", sys.version_info >= (3, 11), sys.version.split()[0])


def _disk(configured: Settings) -> Symptom:
    folder = configured.folder if configured.folder.exists() else configured.folder.absolute().parent
    free = shutil.disk_usage(folder).free
    return Symptom("磁盘", free >= FREE_DISK, f"数据文件夹 {configured.folder} 可用 {free / 1024**3:.1f} GB")


def _database(configured: Settings) -> Symptom:
    try:
        configured.folder.mkdir(parents=True, exist_ok=True)
        with Store(configured.database_url, configured.folder) as store:
            store.upgrade()
    except Exception as error:
        return Symptom("数据库", False, str(error))
    return Symptom("数据库", True, configured.database_url.split("@")[-1])


def _browser(configured: Settings) -> Symptom:
    path = system_chromium()
    if path is None:
        return Symptom("浏览器", None, "系统没有 Chromium，将尝试 Playwright 自带的；都没有时脚本页面记为未能判定")
    return Symptom("浏览器", True, path)


def _dns(configured: Settings) -> Symptom:
    try:
        socket.getaddrinfo("www.gov.cn", 443)
    except OSError as error:
        return Symptom("域名解析", False, f"www.gov.cn 无法解析（{error}）")
    return Symptom("域名解析", True, "www.gov.cn 可以解析")


def _canaries(configured: Settings) -> Symptom:
    addresses = configured.canaries
    if not addresses:
        text = files("crawler").joinpath("data/canaries.yaml").read_text("utf-8")
        addresses = tuple(yaml.safe_load(text)["canaries"])

    async def ask() -> bool | None:
        transport = GuardedTransport(AddressPolicy(allow_private=True), verify=False)
        async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
            return await Canaries(client, addresses).is_up()

    up = asyncio.run(ask())
    return Symptom("本机网络", up, "探测点有应答" if up else "探测点全部没有应答，此时不会把任何网站判为无法访问")


def _contact(configured: Settings) -> Symptom:
    known = configured.contact != Settings.model_fields["contact"].default
    words = configured.contact if known else "尚未配置 contact：访问网站时无法让对方知道联系谁"
    return Symptom("联系方式", True if known else None, words)


def sources(configured: Settings, environ: Mapping[str, str], units: Sequence[Unit]) -> list[Symptom]:
    """Every kind of account source that needs a switch or a login, and whether it has them."""
    try:
        known = logins(environ, configured.credentials_file)
    except CredentialsUnusable as error:
        return [Symptom("凭据文件", False, str(error))]
    routes = asdict(configured.routes)
    switches = {name.replace("_", "-"): is_on for name, is_on in routes.items()}
    named: dict[str, dict[str, int]] = {kind: {} for kind in switches}
    for account in (account for unit in units for account in unit.accounts):
        if account.source is not None:
            variables = named.setdefault(account.source.kind, {})
            for key, value in account.source.settings.items():
                if key.endswith("_env"):
                    variables[str(value)] = variables.get(str(value), 0) + 1
    return [
        _source(kind, switches.get(kind, True), variables, known)
        for kind, variables in named.items()
        if kind in switches or variables
    ]


def _source(kind: str, is_on: bool, variables: Mapping[str, int], known: Mapping[str, str]) -> Symptom:
    parts = [] if is_on else ["未启用"]
    missing = False
    for variable, accounts in variables.items():
        ends = expiry(known.get(variable, "")) if kind == "weibo-web" else None
        is_dead = ends is not None and ends <= datetime.now(BEIJING)
        state = "没有凭据" if not known.get(variable) else "凭据已到期" if is_dead else "凭据已就位"
        missing = missing or state != "凭据已就位"
        parts.append(f"{variable} {state}（{accounts} 个账号）")
    ok = None if not variables else not (missing and is_on)
    return Symptom(f"数据来源 {kind}", ok, "；".join(parts) or "已启用，台账未列出凭据变量")


_LOOKS: tuple[Callable[[Settings], Symptom], ...] = (_python, _disk, _database, _browser, _dns, _canaries, _contact)
