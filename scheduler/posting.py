"""Sending what is to be told: each message once on each channel, again only after a told failure.

A message is claimed in the store before it is sent. A failure of a channel is an answer, never an exception: the night
that it tells of is over, and whatever comes after must not suffer from a mail server.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Protocol

import msgspec
from msgspec import Struct

from checks.model import JSON
from storage.postings import Sent
from storage.store import Store

logger = logging.getLogger(__name__)

MAIL, WEBHOOK = "mail", "webhook"
"""The media. A channel is named by its medium, and by whom it reaches where the medium has several: `mail:a@b.cn`."""
_MEDIA = {MAIL: "邮件", WEBHOOK: "群消息（webhook）"}
SHOWN_ANSWER = 200
"""Characters of what the other side said that a reason repeats."""


class Limits(Struct, frozen=True):
    """`data/posting.yaml`, which says of each what it is and where it comes from."""

    mail_seconds: float
    webhook_seconds: float
    total_seconds: float
    answer_bytes: int
    wecom_bytes: int
    dingtalk_bytes: int


class Attachment(Struct, frozen=True):
    """A file that goes with a mail."""

    name: str
    mime: str
    data: bytes


class Message(Struct, frozen=True):
    """What is to be told. `summary` is for group chats, `text` for mails, `data` for programs.

    `key` is what the message is about: it is sent once for each. `digest` and `told` are kept with it, for whoever
    asks what was told last.
    """

    kind: str
    key: str
    title: str
    summary: str
    text: str
    data: Mapping[str, JSON]
    attachments: tuple[Attachment, ...] = ()
    digest: str = ""
    told: tuple[str, ...] = ()


class Delivery(Struct, frozen=True):
    """What came of handing a message over: SENT, FAILED (it surely did not arrive) or UNSURE; `reason` in Chinese."""

    outcome: Sent
    reason: str = ""


class Channel(Protocol):
    """A way to people."""

    @property
    def name(self) -> str:
        """`mail:` with the mailbox, or `webhook`: what the postings are kept under."""

    def deliver(self, message: Message) -> Delivery:
        """Hands a message over, within a bounded time."""

    def reach(self) -> str:
        """Connects and sends nothing; "" where that went well, else the reason."""


class Posted(Struct, frozen=True):
    """What became of a message on a channel. `outcome` None: it was not to be sent, `reason` says why."""

    channel: str
    outcome: Sent | None
    reason: str = ""

    @property
    def words(self) -> str:
        """In Chinese, for a line."""
        label = self.outcome.label if self.outcome else "未发送"
        return f"{label}（{self.reason}）" if self.reason else label


@cache
def limits() -> Limits:
    """The numbers of the data file, read once."""
    return msgspec.yaml.decode((files("scheduler") / "data" / "posting.yaml").read_bytes(), type=Limits)


def post(store: Store, message: Message, channel: Channel, clock: Callable[[], datetime]) -> Posted:
    """Sends a message on a channel unless it was sent before or somebody is at it."""
    place = (message.kind, message.key, channel.name)
    if not store.postings.claim(*place, clock(), digest=message.digest, told=message.told):
        before = store.postings.get(*place)
        outcome = before.outcome.label if before else ""
        return Posted(channel.name, None, f"{outcome}，不重复发送")
    try:
        delivery = channel.deliver(message)
    except Exception as error:  # a fault of ours: nobody knows how far it came, so that it is not tried again
        logger.exception("sending by %s failed", channel.name)
        delivery = Delivery(Sent.UNSURE, f"程序出错：{type(error).__name__}")
    store.postings.settle(*place, delivery.outcome, clock(), reason=delivery.reason)
    if delivery.outcome is not Sent.SENT:
        logger.warning("%s %s by %s: %s", message.kind, message.key, channel.name, delivery.reason)
    return Posted(channel.name, delivery.outcome, delivery.reason)


def medium_of(channel: str) -> str:
    """The medium of a channel, by its name."""
    return channel.partition(":")[0]


def channel_label(channel: str) -> str:
    """A channel in Chinese, by its name: 邮件 a@b.cn."""
    medium, _, whom = channel.partition(":")
    return f"{_MEDIA.get(medium, medium)} {whom}".rstrip()


def has_failed(posted: Sequence[Posted]) -> bool:
    """Whether a message that was to be sent did not surely arrive."""
    return any(one.outcome in (Sent.FAILED, Sent.UNSURE) for one in posted)


def shortened(text: str, most: int) -> str:
    """A text of at most so many UTF-8 bytes, cut at the end of a line where it can be."""
    if len(text.encode()) <= most:
        return text
    tail = "\n…（余下从略）"
    kept = text.encode()[: most - len(tail.encode())].decode(errors="ignore")
    return (kept.rpartition("\n")[0] or kept) + tail


def without(secrets: Sequence[str], text: str) -> str:
    """What the other side said, on one line, short, and without any secret that it repeats."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "***")
    return " ".join(text.split())[:SHOWN_ANSWER]
