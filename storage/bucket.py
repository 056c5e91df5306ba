"""Evidence in an S3-compatible bucket, one for many machines: objects are put where absent, in one request each."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    NotSupportedError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from obstore.store import S3Store

from storage.errors import EvidenceMissing, EvidenceStoreUnavailable
from storage.shelves import OWNERS, Place, Shelved, name_of, sha_of

if TYPE_CHECKING:
    from obstore.store import S3Config

_ADDRESS = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?")
_REGION = "us-east-1"
"""What servers that have no regions expect to be called."""
_PATIENCE = timedelta(seconds=60)
"""How long an object may take, and how long a request is tried again."""


class Keys:
    """A login to a bucket; never shown."""

    def __init__(self, key: str, secret: str, token: str = "") -> None:
        self.key, self.secret, self.token = key, secret, token

    def __repr__(self) -> str:
        return "Keys(…)"


class BucketShelf:
    """Objects of one bucket under one prefix. Raises EvidenceStoreUnavailable for an address that is none."""

    at_once = 16

    def __init__(self, place: Place, keys: Keys) -> None:
        matched = _ADDRESS.fullmatch(place.address)
        if matched is None:
            raise EvidenceStoreUnavailable(f"证据库地址无法识别：{place.address}，应为 s3://存储桶 或 s3://存储桶/前缀")
        self._bucket, prefix = matched[1], (matched[2] or "").strip("/")
        self.place = f"s3://{self._bucket}" + (f"/{prefix}" if prefix else "")
        config: S3Config = {
            "region": place.region or _REGION,
            "access_key_id": keys.key,
            "secret_access_key": keys.secret,
            # A server of one's own is asked by path, unless its address is that of the bucket itself.
            "virtual_hosted_style_request": not place.endpoint
            or (urlsplit(place.endpoint).hostname or "").startswith(f"{self._bucket}."),
        }
        if keys.token:
            config["session_token"] = keys.token
        if place.endpoint:
            config["endpoint"] = place.endpoint
        self._store = S3Store(
            self._bucket,
            prefix=prefix or None,
            config=config,
            client_options={
                "allow_http": place.endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=10),
                "timeout": _PATIENCE,
            },
            retry_config={"max_retries": 3, "retry_timeout": _PATIENCE},
        )

    def where(self, sha: str) -> str:
        """The object's address."""
        return f"{self.place}/{name_of(sha)}"

    def check(self) -> None:
        """Asks for an object that cannot be there: whoever may not read, or has no such bucket, is told so."""
        with self._told():
            for _ in obstore.list(self._store, prefix="00/00", chunk_size=1):
                return

    def note(self, owner: str) -> None:
        """An empty object of that name."""
        with self._told():
            try:
                obstore.put(self._store, f"{OWNERS}/{owner}", b"")
            except FileNotFoundError as error:
                raise self._no_bucket() from error

    def owners(self) -> frozenset[str]:
        """The objects' names."""
        with self._told():
            found = (each["path"] for chunk in obstore.list(self._store, prefix=OWNERS) for each in chunk)
            return frozenset(path.rsplit("/", 1)[-1] for path in found)

    def has(self, sha: str) -> bool:
        """Whether the object is there. An answer without a body cannot say that the bucket is not: `put` does."""
        try:
            with self._told():
                obstore.head(self._store, name_of(sha))
        except FileNotFoundError:
            return False
        return True

    def put(self, sha: str, content: bytes) -> None:
        """One request that the server refuses where the object is there."""
        with self._told():
            try:
                obstore.put(self._store, name_of(sha), content, mode="create")
            except AlreadyExistsError:
                return
            except FileNotFoundError as error:  # what is written is missed by nobody: it can only be the bucket
                raise self._no_bucket() from error

    def get(self, sha: str) -> bytes:
        """The object's bytes."""
        try:
            with self._told():
                return bytes(obstore.get(self._store, name_of(sha)).bytes())
        except FileNotFoundError as error:
            raise EvidenceMissing(f"证据文件不存在：{self.where(sha)}") from error

    def all(self) -> Iterator[Shelved]:
        """Every object, a thousand a request."""
        with self._told():
            for chunk in obstore.list(self._store):
                for found in chunk:
                    sha = sha_of(found["path"])
                    if sha is not None:
                        yield Shelved(sha, found["size"], found["last_modified"])

    def remove(self, shas: Collection[str]) -> None:
        """Deletes objects, a thousand a request."""
        names = [name_of(sha) for sha in shas]
        if names:
            with self._told():
                obstore.delete(self._store, names)

    def leftovers(self, before: datetime) -> Iterator[tuple[str, int]]:
        """None: an object is there when its request has been answered."""
        return iter(())

    def sweep(self, names: Collection[str]) -> None:
        """Nothing to do."""

    def _no_bucket(self) -> EvidenceStoreUnavailable:
        return EvidenceStoreUnavailable(f"证据库没有存储桶 {self._bucket}：{self.place}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turns what a server or the way to it refuses into one Chinese sentence; a missing object passes as it is."""
        try:
            yield
        except FileNotFoundError as error:
            if "NoSuchBucket" in str(error):
                raise self._no_bucket() from error
            raise
        except (PermissionDeniedError, UnauthenticatedError) as error:
            raise EvidenceStoreUnavailable(f"证据库拒绝访问，请核对密钥和权限：{self.place}") from error
        except NotSupportedError as error:
            raise EvidenceStoreUnavailable(f"证据库不支持“不存在才写入”（If-None-Match）：{self.place}") from error
        except (BaseError, TimeoutError, OSError) as error:
            if "NoSuchBucket" in str(error):
                raise self._no_bucket() from error
            words = str(error).split("\n", 1)[0][:300]
            raise EvidenceStoreUnavailable(f"无法使用证据库：{self.place}（{words}）") from error
