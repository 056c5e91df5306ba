"""One fetch under way: what it is about, every raw body so far, and how it is closed into an AccountFetch."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.accounts.budget import Rest
from crawler.facts import Account, AccountFetch, AccountOutcome, AccountProfile, PostFact

CLOCK_SLACK = timedelta(minutes=10)
"""How far two well-kept clocks may be apart; a time further ahead of ours than this is not believed."""

Keep = Callable[[str, bytes], object]
"""Takes the SHA-256 and the bytes of a raw payload, for the evidence store."""


class SourceFailure(Exception):
    """A fetch cannot go on: the outcome it ends in, and the reason in words. It never leaves this package.

    `rest` is how long a channel that refused with 频率限制 is left alone; `code` is the platform's own or None.
    """

    def __init__(
        self, outcome: AccountOutcome, reason: str, rest: Rest = Rest.BACKOFF, code: int | None = None
    ) -> None:
        self.outcome, self.reason, self.rest, self.code = outcome, reason, rest, code
        super().__init__(reason)


@dataclass(slots=True)
class Attempt:
    """One fetch of one account. `url` is the account's home page, "" where the source knows none: an official is never
    sent to a feed or a file, whose addresses may bear access keys. `secrets` are struck out of whatever is kept.
    """

    source: str
    account: Account
    since: datetime
    until: datetime
    clock: Callable[[], datetime]
    url: str = ""
    keep: Keep | None = None
    bodies: list[bytes] = field(default_factory=list)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def heard(self, body: bytes) -> None:
        """Takes a raw answer in for the evidence store."""
        for secret in filter(None, self.secrets):
            body = body.replace(secret.encode(), b"***")
        self.bodies.append(body)

    def ended(
        self,
        outcome: AccountOutcome,
        *,
        reason: str = "",
        covered_since: datetime | None = None,
        posts: tuple[PostFact, ...] = (),
        profile: AccountProfile | None = None,
    ) -> AccountFetch:
        """The result. Coverage is dropped unless 获取成功, and where `until` still lies ahead of the clock:
        nobody can know today that nothing will be posted tomorrow.
        """
        now = self.clock()
        for secret in filter(None, self.secrets):
            reason = reason.replace(secret, "***")
        if outcome is not AccountOutcome.FETCHED:
            covered_since = None
        elif covered_since is not None and now + CLOCK_SLACK < self.until:
            covered_since, reason = None, joined(reason, "读取时间早于监测时间点，不能证明其后未发布")
        payload = b"\n".join(self.bodies)
        sha256 = hashlib.sha256(payload).hexdigest() if self.bodies else ""
        if sha256 and self.keep is not None:
            self.keep(sha256, payload)
        return AccountFetch(
            source=self.source,
            fetched_at=now,
            since=self.since,
            until=self.until,
            outcome=outcome,
            reason=reason,
            covered_since=covered_since,
            posts=posts,
            profile=profile,
            url=self.url,
            payload_sha256=sha256,
        )

    def failed(self, failure: SourceFailure) -> AccountFetch:
        """The result of a fetch that could not go on."""
        return self.ended(failure.outcome, reason=failure.reason)


def joined(*reasons: str) -> str:
    """The reasons that there are, as one phrase."""
    return "；".join(reason for reason in reasons if reason)
