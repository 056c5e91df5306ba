"""The shelf that evidence goes to, opened with keys that each process reads for itself and nobody hands on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from crawler.accounts.credentials import CredentialsUnusable, logins
from storage.errors import EvidenceStoreUnavailable
from storage.shelves import HERE, Place, Shelf

KEY, SECRET, TOKEN = "XUNCHA_EVIDENCE_KEY", "XUNCHA_EVIDENCE_SECRET", "XUNCHA_EVIDENCE_TOKEN"
"""The variables of the environment, or of the file of logins, that a bucket is opened with."""


def shelf_at(place: Place, environ: Mapping[str, str] = os.environ) -> Shelf | None:
    """The bucket's shelf; None where evidence stays in the data folder.

    Raises EvidenceStoreUnavailable where a key is missing or the address is none.
    """
    if place.address == HERE.address:
        return None
    from storage.bucket import BucketShelf, Keys  # its library takes 40 ms that a machine without a bucket need not pay

    try:
        known = logins(environ, Path(place.credentials_file) if place.credentials_file else None)
    except CredentialsUnusable as error:
        raise EvidenceStoreUnavailable(str(error)) from error
    missing = [name for name in (KEY, SECRET) if not known.get(name)]
    if missing:
        raise EvidenceStoreUnavailable(f"证据库 {place.address} 缺少密钥 {'、'.join(missing)}（环境变量或凭据文件）")
    return BucketShelf(place, Keys(known[KEY], known[SECRET], known.get(TOKEN, "")))
