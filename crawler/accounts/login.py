"""How a platform is logged in to: an address and a secret from one of our own variables, sent nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.accounts.attempt import SourceFailure
from crawler.accounts.settings import Settings, is_loopback
from crawler.facts import AccountOutcome

PREFIX = "XUNCHA_"
"""A registry may name only our own variables: it is no way to send another program's secrets somewhere."""


@dataclass(frozen=True, slots=True)
class Login:
    """One way in. `base_url` has no trailing slash; `secret` is "" where the variable is unset or none is named.
    `is_gateway` says that the address is the operator's and logs in by itself.
    """

    base_url: str
    variable: str
    secret: str = field(repr=False)
    is_local: bool
    is_gateway: bool = False

    @property
    def host(self) -> str:
        """Host and port."""
        return urlsplit(self.base_url).netloc

    @property
    def is_missing(self) -> bool:
        """Whether a variable is named that holds nothing."""
        return bool(self.variable) and not self.secret


def login_of(settings: Settings, environ: Mapping[str, str], platform: str, entry: str = "cookie_env") -> Login:
    """The login that a `source` entry names. A secret goes to `platform` or to loopback alone.

    Raises AccountSettingsError.
    """
    base_url = settings.address("base_url", platform).rstrip("/")
    local = is_loopback(base_url)
    variable = settings.text(entry)
    if variable and not variable.startswith(PREFIX):
        raise settings.wrong(entry, f"变量名须以 {PREFIX} 开头")
    if variable and base_url != platform and not local:
        raise settings.wrong(entry, f"登录凭据只发往 {platform} 或本机")
    secret = environ.get(variable, "").strip() if variable else ""
    if not (secret.isascii() and secret.isprintable()):
        raise settings.wrong(entry, f"变量 {variable} 的内容不能作为请求头")
    gateway = "login" in settings.known and settings.choice("login", ("cookie", "gateway")) == "gateway"
    if gateway and base_url == platform:
        raise settings.wrong("login", "gateway 须同时填写 base_url")
    return Login(base_url, variable, secret, local, gateway)


def expect(login: Login) -> None:
    """Raises SourceFailure 登录失效 where there is nothing to log in with; a loopback stand-in may need nothing."""
    if login.is_missing or not (login.variable or login.is_local):
        named = f"变量 {login.variable} 为空" if login.variable else "台账未填存放凭据的变量名"
        raise SourceFailure(AccountOutcome.LOGIN_EXPIRED, f"没有登录凭据（{named}），未请求")
