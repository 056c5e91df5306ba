"""Account sources: switches and logins, whether they are there and how long they hold; never what they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import asdict

from console.doctor.symptom import Symptom, limits
from console.settings import Settings
from crawler.accounts.credentials import CredentialsUnusable, logins
from crawler.accounts.expiry import Login, logins_of
from crawler.clock import now
from crawler.facts import Unit


def look(configured: Settings, environ: Mapping[str, str], units: Sequence[Unit]) -> list[Symptom]:
    """Every kind of account source that needs a switch or a login, and whether it has them."""
    try:
        known = logins(environ, configured.credentials_file)
    except CredentialsUnusable as error:
        return [Symptom("凭据文件", False, str(error))]
    switches = {name.replace("_", "-"): is_on for name, is_on in asdict(configured.routes).items()}
    named: dict[str, list[Login]] = {kind: [] for kind in switches}
    for login in logins_of(units, known):
        named.setdefault(login.kind, []).append(login)
    at = now()
    return [_source(kind, switches.get(kind, True), mine, at) for kind, mine in named.items()]


def _source(kind: str, is_on: bool, mine: Sequence[Login], now: datetime) -> Symptom:
    parts = [] if is_on else ["未启用"]
    parts += [f"{login.variable} {_state(login, now)}（{login.accounts} 个账号）" for login in mine]
    missing = any(not login.is_there or _is_dead(login, now) for login in mine)
    ok = None if not mine else not (missing and is_on)
    return Symptom(f"数据来源 {kind}", ok, "；".join(parts) or "已启用，台账未列出凭据变量")


def _state(login: Login, now: datetime) -> str:
    if not login.is_there:
        return "没有凭据"
    if login.ends is None:
        return "凭据已就位"
    if _is_dead(login, now):
        return "凭据已到期"
    days = (login.ends - now).days
    return f"凭据已就位，还有 {days} 天到期{'，请尽快更新' if days <= limits().login_days else ''}"


def _is_dead(login: Login, now: datetime) -> bool:
    return login.ends is not None and login.ends <= now
