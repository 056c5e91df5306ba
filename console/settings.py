"""What is in force: `xuncha.toml` (or the file that XUNCHA_CONFIG names) under environment variables `XUNCHA_…`."""

from __future__ import annotations

import os
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from crawler.accounts.routes import Routes
from storage.shelves import Place

if TYPE_CHECKING:
    from scheduler.timetable import Timetable


class BadConfiguration(Exception):
    """A configuration that cannot be used; its text names the key and the reason."""


class Settings(BaseSettings):
    """Every setting with its default; `docs/configuration.md` explains each.

    `contact` stands in the User-Agent, so that whoever runs an inspected site can ask. `canaries` empty means the
    built-in well-known hosts.
    """

    model_config = SettingsConfigDict(env_prefix="XUNCHA_", extra="forbid")

    contact: str = "contact-not-configured"
    database: str = ""
    folder: Path = Path("xuncha-data")
    canaries: tuple[str, ...] = ()
    unjudged_hosts: tuple[str, ...] = ()
    workers: int = 0
    queue: bool = False
    max_pages: int = 2_000
    max_hours: float = 4.0
    max_rendered: int = 30
    weibo_mobile: bool = False
    weibo_web: bool = False
    wechat_backend: bool = False
    credentials_file: Path | None = None
    lexicons: Path | None = None
    trusted_roots: Path | None = None
    templates: Path | None = None
    issuer: str = ""
    rectify_days: int = Field(default=0, ge=0, le=250)
    evidence_store: str = ""
    evidence_endpoint: str = ""
    evidence_region: str = ""
    retention: Path | None = None
    mail_host: str = ""
    mail_port: int = Field(default=0, ge=0, le=65535)
    mail_security: Literal["starttls", "ssl", "none"] = "starttls"
    mail_user: str = ""
    mail_from: str = ""
    mail_to: tuple[str, ...] = ()
    webhook: Literal["", "json", "wecom", "dingtalk"] = ""
    log_format: Literal["console", "json"] = "console"
    metrics: str = ""
    night_starts: time = time(22)
    night_ends: time = time(6)
    report_at: time = time(7, 30)
    reminders_at: time = time(8, 30)
    accounts_at: time = time(12)
    prune_at: time = time(13)
    quarterly_working_days: int = 15
    quarterly_nights: int = 5
    probe_minutes: float = Field(default=45.0, ge=15, le=60)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over file; nothing else."""
        return env_settings, TomlConfigSettingsSource(settings_cls, toml_file=config_file())

    @property
    def timetable(self) -> Timetable:
        """The plan in force. Raises BadConfiguration where the hours make none."""
        from scheduler.timetable import Hours, Timetable  # APScheduler, which few commands need

        try:
            return Timetable(Hours(**{name: getattr(self, name) for name in Hours.__struct_fields__}))
        except ValueError as error:
            raise BadConfiguration(f"配置有误（{config_file()}）：{error}") from error

    @property
    def routes(self) -> Routes:
        """The switches of the undocumented account sources."""
        return Routes(self.weibo_mobile, self.weibo_web, self.wechat_backend)

    @property
    def credentials_path(self) -> str:
        """Where the file of logins lies; "" where none is set."""
        return str(self.credentials_file.absolute()) if self.credentials_file else ""

    @property
    def evidence_place(self) -> Place:
        """Where evidence goes: the data folder, or the bucket that is set."""
        return Place(self.evidence_store, self.evidence_endpoint, self.evidence_region, self.credentials_path)

    @property
    def roots_path(self) -> str:
        """The file of certificates that the office trusts beside Mozilla's list; "" where none is set.

        Raises BadConfiguration where it holds none.
        """
        if self.trusted_roots is None:
            return ""
        from cryptography.x509 import (
            load_pem_x509_certificates,
        )  # 50 ms that a command without such a file need not pay

        try:
            load_pem_x509_certificates(self.trusted_roots.read_bytes())
        except (OSError, ValueError) as error:
            raise BadConfiguration(
                f"trusted_roots 指定的文件 {self.trusted_roots} 不是 PEM 格式的证书：{error}"
            ) from error
        return str(self.trusted_roots.absolute())

    @property
    def lexicon_folder(self) -> Path:
        """Where the office's lexicon files lie: the folder that is set, else one in the data folder."""
        return self.lexicons or self.folder / "lexicons"

    @property
    def database_url(self) -> str:
        """The database in force: the one that is set, else a SQLite file in the data folder."""
        return self.database or f"sqlite:///{self.folder.absolute() / 'xuncha.sqlite3'}"


def config_file() -> Path:
    """The configuration file's path, whether it exists or not."""
    return Path(os.environ.get("XUNCHA_CONFIG", "xuncha.toml"))


def settings() -> Settings:
    """The settings in force. Raises BadConfiguration with file, key and reason."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise BadConfiguration(
            f"配置有误（{config_file()} 或环境变量 XUNCHA_{key.upper()}）：{first['msg']}"
        ) from error
    except ValueError as error:
        raise BadConfiguration(f"配置文件 {config_file()} 无法读取：{error}") from error
