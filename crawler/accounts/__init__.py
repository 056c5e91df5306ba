"""Account sources (政务新媒体数据来源): one file a source, every fetch in one typed outcome."""

from crawler.accounts.answer import Limits
from crawler.accounts.errors import AccountSettingsError, AccountSourceError, AccountTableError
from crawler.accounts.pacing import Pacer
from crawler.accounts.sources import SETTINGS, AccountSource, fetch_account

__all__ = [
    "SETTINGS",
    "AccountSettingsError",
    "AccountSource",
    "AccountSourceError",
    "AccountTableError",
    "Limits",
    "Pacer",
    "fetch_account",
]
