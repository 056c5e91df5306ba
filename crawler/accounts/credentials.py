"""Logins of account sources: from environment variables `XUNCHA_…`, or from a file that lies in no repository.

The file is TOML, one `XUNCHA_NAME = "value"` a line; the environment stands over it. Values are never shown.
"""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path

from crawler.accounts.login import PREFIX


class CredentialsUnusable(ValueError):
    """The file of logins cannot be used; the text says where and why, and repeats nothing of what stands in it."""


def logins(environ: Mapping[str, str], file: Path | None) -> Mapping[str, str]:
    """Every variable of ours with its value. Raises CredentialsUnusable."""
    own = {name: value for name, value in environ.items() if name.startswith(PREFIX)}
    return {**(_read(file) if file else {}), **own}


def _read(file: Path) -> dict[str, str]:
    try:
        mode = file.stat().st_mode
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CredentialsUnusable(f"凭据文件 {file} 无法读取（{type(error).__name__}）") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CredentialsUnusable(f"凭据文件 {file} 可被他人读取，请执行 chmod 600")
    if any((folder / ".git").exists() for folder in file.resolve().parents):
        raise CredentialsUnusable(f"凭据文件 {file} 位于代码仓库内，请移到仓库之外")
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise CredentialsUnusable(f"凭据文件 {file} 不是有效的 TOML") from None
    for name, value in told.items():
        if not name.startswith(PREFIX) or not isinstance(value, str):
            raise CredentialsUnusable(f"凭据文件 {file} 中的“{name}”应为 {PREFIX} 开头的变量，值为字符串")
    return told
