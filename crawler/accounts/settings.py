"""The settings of an account's `source` entry, read strictly: an unknown or wrong one is an error, never a default."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

from msgspec import Struct

from crawler.accounts.errors import AccountSettingsError
from crawler.facts import Account, AccountSourceSpec


class Settings(Struct, frozen=True):
    """One account's settings for a kind of source; every reader raises AccountSettingsError."""

    account: Account
    kind: str
    known: Sequence[str]

    def __post_init__(self) -> None:
        for name in self._spec.settings:
            if name not in self.known:
                raise self.wrong(name, f"{self.kind} 没有这一项，可用的有 {'、'.join(self.known)}")

    @property
    def _spec(self) -> AccountSourceSpec:
        if self.account.source is None:
            raise self.wrong("kind", "未登记数据来源")
        return self.account.source

    def wrong(self, name: str, reason: str) -> AccountSettingsError:
        """The error to raise about one setting."""
        return AccountSettingsError(self.account.key, name, reason)

    def text(self, name: str, default: str = "") -> str:
        """The setting as written, without surrounding space."""
        return str(self._spec.settings.get(name, default)).strip()

    def required(self, name: str) -> str:
        """A setting that must stand there."""
        value = self.text(name)
        if not value:
            raise self.wrong(name, "必填")
        return value

    def address(self, name: str, default: str = "") -> str:
        """An absolute http or https address."""
        value = self.text(name, default) or self.required(name)
        try:
            parts = urlsplit(value)
            is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_good = False
        if not is_good:
            raise self.wrong(name, "不是有效网址")
        return value

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """One of these words; the first where nothing is set."""
        value = self.text(name) or choices[0]
        if value not in choices:
            raise self.wrong(name, f"应为 {'、'.join(choices)} 之一")
        return value

    def number(self, name: str, default: float, *, at_least: float) -> float:
        """A finite number not below `at_least`."""
        value = self.text(name)
        if not value:
            return default
        try:
            number = float(value)
        except ValueError:
            raise self.wrong(name, "不是数字") from None
        if not at_least <= number < 1e9:
            raise self.wrong(name, f"不能小于 {at_least:g}")
        return number


def weibo_uid(settings: Settings) -> str:
    """The account's numeric UID; AccountSettingsError where its platform id is none."""
    uid = settings.account.platform_id
    if not (uid.isascii() and uid.isdigit()):
        raise settings.wrong("platform_id", "微博账号的平台标识应为数字 UID")
    return uid


def is_loopback(url: str) -> bool:
    """Whether an address is this machine's own, so that no platform's terms or limits apply to it."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
